"""A data set: inputs with their classes, split into a training and a held-out part."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from nnviz.arrays import Array
from nnviz.errors import NnvizError


@dataclass(frozen=True)
class Dataset:
    title: str  # in words, as in "Handwritten digits (UCI)"
    source: str  # where the data come from and under which licence
    inputs: Array  # (N, n_1), one example a row, in any number type; the first n_train rows are for training
    labels: Array  # (N,), the class of each example, 0..
    n_train: int
    classes: tuple[str, ...]  # the name of each class
    scale: float = 1.0  # an input is inputs / scale, so that pixels can be kept as bytes
    picture: tuple[int, int] | None = None  # (rows, columns) where an input is a picture
    epochs: int = 30  # how long a run on these data is
    one_output: bool = False  # two classes as the single target 0 or 1 in place of one-hot vectors
    targets: Array | None = None  # (N, n_L), where the targets are not made from the classes
    names: tuple[str, ...] = field(default=())  # of the inputs, where they are no picture
    learns_to: str = ""  # what a network learns with it, after "learns to"; empty: to tell its classes apart

    def __post_init__(self) -> None:
        if len(self.inputs) != len(self.labels) or not 0 < self.n_train <= len(self.labels):
            raise NnvizError(
                f"{self.title}: {len(self.inputs)} inputs, {len(self.labels)} labels and "
                f"{self.n_train} for training do not fit together"
            )
        if self.labels.min() < 0 or self.labels.max() >= len(self.classes):
            raise NnvizError(f"{self.title}: labels must be from 0 to {len(self.classes) - 1}")
        self.inputs.setflags(write=False)
        self.labels.setflags(write=False)

    @property
    def n_inputs(self) -> int:
        return self.inputs.shape[1]

    @property
    def n_outputs(self) -> int:
        if self.targets is not None:
            return self.targets.shape[1]
        return 1 if self.one_output else len(self.classes)

    @property
    def task(self) -> str:
        """What a network learns with it: `read digits`."""
        return self.learns_to or f"tell {len(self.classes)} classes apart"

    @property
    def is_plane(self) -> bool:
        """Whether an input is a point (x_1, x_2), so that all of them can be seen at once."""
        return self.n_inputs == 2 and self.picture is None

    @property
    def training(self) -> Array:
        """The row numbers (n_train,) of the training examples."""
        return np.arange(self.n_train)

    @property
    def held_out(self) -> Array:
        """The row numbers (N - n_train,) of the examples that training never sees."""
        return np.arange(self.n_train, len(self.labels))

    def x(self, rows: Sequence[int] | Array) -> Array:
        """The inputs (n_1, m) of these rows, one column for each."""
        return (self.inputs[rows] / self.scale).T

    def y(self, rows: Sequence[int] | Array) -> Array:
        """The targets (n_L, m) of these rows, one column for each."""
        if self.targets is not None:
            return self.targets[rows].T
        return self.targets_of(self.labels[rows])

    def targets_of(self, labels: Array) -> Array:
        """The targets (n_L, m) that stand for these classes (m,)."""
        if self.one_output:
            return labels[np.newaxis, :].astype(float)
        return np.eye(self.n_outputs)[labels].T
