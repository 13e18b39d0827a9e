"""A data set in numbers: counts, mean pictures, how its inputs are spread."""

from dataclasses import dataclass

import numpy as np

from nnviz.arrays import Array
from nnviz.datasets.dataset import Dataset

BINS = 32
SLICE = 2_000  # examples looked at together


@dataclass(frozen=True)
class Statistics:
    """Of the training examples; inputs as the network sees them."""

    counts: Array  # (classes,), training examples of each class
    held_out: Array  # (classes,), the same for the examples held out
    class_means: Array  # (classes, n_1), the mean input of each class; nan for a class without examples
    mean: Array  # (n_1,), of each input
    sd: Array  # (n_1,), its standard deviation
    low: Array  # (n_1,), its least value
    high: Array  # (n_1,)
    edges: Array  # of the bins of the histogram over all inputs, one more than bins
    histogram: Array  # how many values each bin holds

    @property
    def constant(self) -> int:
        """How many inputs never change, so that their weights learn nothing about the data."""
        return int((self.sd == 0).sum())


def statistics(data: Dataset) -> Statistics:
    """Sums over slices of the training examples, so that MNIST needs no second copy of its pixels."""
    n, k = data.n_inputs, len(data.classes)
    sums, squares = np.zeros((k, n)), np.zeros(n)
    low, high = np.full(n, np.inf), np.full(n, -np.inf)
    slices = [slice(start, min(start + SLICE, data.n_train)) for start in range(0, data.n_train, SLICE)]
    for rows in slices:
        x = data.inputs[rows] / data.scale  # (m, n_1)
        sums += np.eye(k)[data.labels[rows]].T @ x
        squares += np.einsum("ij,ij->j", x, x)
        low, high = np.minimum(low, x.min(axis=0)), np.maximum(high, x.max(axis=0))
    counts = np.bincount(data.labels[: data.n_train], minlength=k)
    mean = sums.sum(axis=0) / data.n_train
    variance = np.where(low < high, np.maximum(squares / data.n_train - mean**2, 0), 0)
    edges = bins(data, float(low.min()), float(high.max()))
    with np.errstate(invalid="ignore"):
        class_means = sums / counts[:, np.newaxis]
    return Statistics(
        counts=counts,
        held_out=np.bincount(data.labels[data.n_train :], minlength=k),
        class_means=class_means,
        mean=mean,
        sd=np.sqrt(variance),
        low=low,
        high=high,
        edges=edges,
        histogram=np.sum([histogram(data, rows, edges) for rows in slices], axis=0),
    )


def histogram(data: Dataset, rows: slice, edges: Array) -> Array:
    """How many inputs of these examples are in each bin; bytes are counted by level, which is much faster."""
    if data.inputs.dtype != np.uint8 or data.scale == 1:
        return np.histogram(data.inputs[rows] / data.scale, edges)[0]
    levels = np.bincount(data.inputs[rows].ravel(), minlength=int(data.scale) + 1)
    return np.histogram(np.arange(len(levels)) / data.scale, edges, weights=levels)[0].astype(int)


def bins(data: Dataset, low: float, high: float) -> Array:
    """The edges of a histogram's bins: each bin has as many levels of grey as the others, where there are levels."""
    if data.scale == 1:
        return np.linspace(low, high if high > low else low + 1, BINS + 1)
    levels = int(data.scale) + 1
    return (np.linspace(0, levels, min(levels, BINS) + 1) - 0.5) / data.scale
