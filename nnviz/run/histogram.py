"""Histograms over time: how the values of an array spread, step after step, in bounded memory."""

import math

import numpy as np

from nnviz.arrays import Array

BINS = 64
LEAST, GREATEST = 2.0**-1000, 2.0**1000  # magnitudes beyond are counted in the outermost bins: a run may diverge
DECADES = (-12, 4)  # magnitudes from 1e-12 to 1e4 have bins of their own


class SignedHistograms:
    """Counts of signed values in equal bins from -reach to reach, one row a step.

    Where a value lies outside, the reach doubles and each pair of neighbouring bins becomes one, for all steps alike:
    no value is lost and all rows share their bins, whatever the run does.
    """

    def __init__(self) -> None:
        self.reach = 0.0  # 0 until a value other than 0 is seen
        self.steps: list[int] = []
        self._rows: list[Array] = []  # (BINS,) counts each

    def add(self, step: int, values: Array) -> None:
        """Count the values of one step; those that are not finite numbers are left out."""
        finite = values[np.isfinite(values)]
        largest = float(np.abs(finite).max(initial=0.0))
        largest = min(max(largest, LEAST), GREATEST) if largest > 0.0 else 0.0
        if self.reach == 0.0 and largest > 0.0:
            self.reach = 2.0 ** math.ceil(math.log2(largest))
        while largest > self.reach:
            self._rows = [doubled(row) for row in self._rows]
            self.reach *= 2.0
        reach = self.reach or 1.0
        bins = np.floor((np.clip(finite / reach, -1.0, 1.0) + 1.0) * (BINS / 2)).astype(int)
        self._rows.append(np.bincount(np.minimum(bins, BINS - 1), minlength=BINS))
        self.steps.append(step)

    @property
    def nbytes(self) -> int:
        return len(self._rows) * BINS * 8

    @property
    def edges(self) -> Array:
        """The limits of the bins (BINS + 1,)."""
        return np.linspace(-(self.reach or 1.0), self.reach or 1.0, BINS + 1)

    @property
    def counts(self) -> Array:
        """(steps, BINS): how many values each step has in each bin."""
        return np.array(self._rows).reshape(-1, BINS)


class MagnitudeHistograms:
    """Counts of magnitudes |v| in bins of a quarter of a decade, one row a step; a value of 0 is in no bin."""

    def __init__(self) -> None:
        self.steps: list[int] = []
        self._rows: list[Array] = []

    def add(self, step: int, values: Array) -> None:
        """Count the magnitudes of one step; those beyond the bins are counted in the outermost one."""
        sizes = np.abs(values[np.isfinite(values) & (values != 0.0)])
        inside = np.clip(np.log10(sizes, where=sizes > 0, out=np.zeros_like(sizes)), *DECADES)
        self._rows.append(np.histogram(inside, BINS, DECADES)[0])
        self.steps.append(step)

    @property
    def nbytes(self) -> int:
        return len(self._rows) * BINS * 8

    @property
    def edges(self) -> Array:
        """The limits of the bins (BINS + 1,), as powers of ten."""
        return np.linspace(*DECADES, BINS + 1)

    @property
    def counts(self) -> Array:
        """(steps, BINS): how many values each step has in each bin."""
        return np.array(self._rows).reshape(-1, BINS)


def doubled(row: Array) -> Array:
    """The counts of a row in bins twice as wide that reach twice as far."""
    pairs = row.reshape(-1, 2).sum(axis=1)
    rest = np.zeros(len(row) // 4, dtype=row.dtype)
    return np.concatenate([rest, pairs, rest])
