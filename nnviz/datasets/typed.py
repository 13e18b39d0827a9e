"""A data set typed in by hand. Its name is its content, so that a link carries it: `typed:0.05,0.1>0.01,0.99`."""

import math

import numpy as np

from nnviz.datasets.dataset import Dataset
from nnviz.errors import FieldError

PREFIX = "typed:"
MOST_NUMBERS, MOST_ROWS = 4, 16
GREATEST = 1e6
ACCEPTED = (
    f"inputs > targets, as in {PREFIX}0.05,0.1>0.01,0.99, with 1 to {MOST_NUMBERS} numbers each; "
    f"up to {MOST_ROWS} examples, separated by semicolons"
)


def typed(name: str) -> Dataset:
    """The data set that `name` spells out; every example is for training."""
    try:
        rows = [row.split(">") for row in name.removeprefix(PREFIX).split(";")]
        x = np.array([numbers(left) for left, _ in rows])
        y = np.array([numbers(right) for _, right in rows])
    except ValueError:
        raise FieldError("dataset", name, ACCEPTED) from None
    if x.ndim != 2 or y.ndim != 2 or len(x) > MOST_ROWS:
        raise FieldError("dataset", name, ACCEPTED)
    return Dataset(
        title="Typed by hand",
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


def numbers(text: str) -> list[float]:
    """Numbers separated by commas. Raises ValueError where there are none, too many, or one is out of bounds."""
    values = [float(part) for part in text.split(",")]
    if len(values) > MOST_NUMBERS or not all(math.isfinite(v) and abs(v) <= GREATEST for v in values):
        raise ValueError(text)
    return values


def spell(x: list[list[float]], y: list[list[float]]) -> str:
    """The name of the data set with these inputs and targets, one example a row."""
    rows = [",".join(f"{v!r}" for v in a) + ">" + ",".join(f"{v!r}" for v in b) for a, b in zip(x, y, strict=True)]
    return PREFIX + ";".join(rows)
