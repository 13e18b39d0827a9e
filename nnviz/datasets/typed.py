"""A data set typed in by hand. Its name is its content, so that a link carries it: `typed:0.05,0.1>0.01,0.99`."""

import math

import numpy as np

from nnviz.datasets.dataset import Dataset
from nnviz.errors import FieldError
from nnviz.number_text import read_float, written

PREFIX = "typed:"
MOST_NUMBERS, MOST_ROWS = 4, 16
GREATEST = 1e6
ACCEPTED = (
    f"inputs > targets, as in {PREFIX}0.05,0.1>0.01,0.99, with 1 to {MOST_NUMBERS} numbers each; "
    f"up to {MOST_ROWS} examples, separated by semicolons"
)


def typed(name: str) -> Dataset:
    """The data set that `name` spells out; every example is for training."""
    x, y = (np.array(part) for part in rows(name))
    return Dataset(
        title="Typed by hand",
        learns_to="give these targets",
        source="Numbers typed in on the By hand page.",
        inputs=x,
        labels=(y[:, 0] > 0.5).astype(int) if y.shape[1] == 1 else y.argmax(axis=1),
        targets=y,
        n_train=len(x),
        classes=("0", "1") if y.shape[1] == 1 else tuple(str(j + 1) for j in range(y.shape[1])),
        names=tuple(f"x{k + 1}" for k in range(x.shape[1])),
        epochs=1000,
        one_output=y.shape[1] == 1,
    )


def rows(name: str) -> tuple[list[list[float]], list[list[float]]]:
    """The inputs and the targets that a name spells out, one example a row. Raises FieldError."""
    try:
        pairs = [row.split(">") for row in name.removeprefix(PREFIX).split(";")]
        x, y = [numbers(left) for left, _ in pairs], [numbers(right) for _, right in pairs]
    except ValueError:
        raise FieldError("dataset", name, ACCEPTED) from None
    if len({len(row) for row in x}) != 1 or len({len(row) for row in y}) != 1 or len(x) > MOST_ROWS:
        raise FieldError("dataset", name, ACCEPTED)
    return x, y


def canonical(name: str) -> str:
    """The one name of the data set that this name spells out: `typed:1.0>1` is `typed:1>1`. Raises FieldError."""
    return spell(*rows(name))


def numbers(text: str) -> list[float]:
    """Numbers separated by commas. Raises ValueError if there are none, too many, or one is out of bounds."""
    values = [read_float(part) for part in text.split(",")]
    if len(values) > MOST_NUMBERS or not all(math.isfinite(v) and abs(v) <= GREATEST for v in values):
        raise ValueError(text)
    return values


def spell(x: list[list[float]], y: list[list[float]]) -> str:
    """The name of the data set with these inputs and targets, one example a row."""
    pairs = [
        ",".join(map(written, inputs)) + ">" + ",".join(map(written, targets))
        for inputs, targets in zip(x, y, strict=True)
    ]
    return PREFIX + ";".join(pairs)
