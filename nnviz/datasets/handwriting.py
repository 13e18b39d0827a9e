"""A drawing as an example: strokes of a pen, brought to the size and place that a data set's pictures have.

MNIST's digits fit a box of 20 x 20 pixels, which stands in the 28 x 28 picture so that its centre of mass is in the
middle (LeCun et al. 1998). The UCI digits fill a bitmap of 32 x 32, and each pixel counts a block of 4 x 4
(Alpaydin and Kaynak 1998). The strokes are scaled before they are drawn, so that the pen is as thick as in the data
set, however large the drawing is.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nnviz.arrays import Array
from nnviz.datasets.dataset import Dataset

MAX_STROKES, MAX_POINTS = 100, 2_000
FINE = 4  # the pen is drawn on a grid this much finer than the pixels

Stroke = tuple[tuple[float, float], ...]  # points (x, y), each 0..1 from the left and from the top


@dataclass(frozen=True)
class Manner:
    """How the pictures of a data set came about."""

    side: int  # of the picture that the pen draws on, in pixels
    box: tuple[float, float]  # width and height that what is drawn fits, in the same pixels
    pen: float  # radius of the pen, in the same pixels
    block: int  # how many of these pixels, in both directions, make one of the data set's
    by_mass: bool  # whether the centre of mass is in the middle, or else the box


def manner_of(data: Dataset) -> Manner:
    """MNIST's manner, in proportion for pictures of another size; the UCI digits have their own."""
    rows, columns = data.picture or (1, 1)
    side = min(rows, columns)
    if (rows, columns) == (8, 8):
        return Manner(side=32, box=(26, 32), pen=2.3, block=4, by_mass=False)
    box = side * 20 / 28
    return Manner(side=side, box=(box, box), pen=side * 1.3 / 28, block=1, by_mass=True)


def read_strokes(message: object) -> tuple[Stroke, ...]:
    """The strokes in a message from the pad: whatever in it is no stroke counts as left out."""
    strokes: list[Stroke] = []
    points = 0
    for given in message if isinstance(message, list) else ():
        stroke = tuple(point for point in map(read_point, given if isinstance(given, list) else ()) if point)
        points += len(stroke)
        if len(strokes) == MAX_STROKES or points > MAX_POINTS:
            break
        if stroke:
            strokes.append(stroke)
    return tuple(strokes)


def read_point(given: object) -> tuple[float, float] | None:
    if not isinstance(given, list) or len(given) != 2:
        return None
    if any(isinstance(v, bool) or not isinstance(v, int | float) or not math.isfinite(v) for v in given):
        return None
    x, y = (min(max(float(v), 0.0), 1.0) for v in given)
    return x, y


def as_input(strokes: Sequence[Stroke], data: Dataset) -> Array:
    """The drawing as an input (n_1,) of this data set, in 0..1; all zero where nothing is drawn."""
    rows, columns = data.picture or (1, 1)
    manner = manner_of(data)
    if not strokes:
        return np.zeros(rows * columns)
    picture = ink(fitted(strokes, manner), manner)
    if manner.by_mass:
        picture = centred_by_mass(picture)
    if manner.block > 1:
        n = manner.side // manner.block
        picture = (picture > 0.5).reshape(n, manner.block, n, manner.block).mean(axis=(1, 3))
    page = np.zeros((rows, columns))
    top, left = (rows - len(picture)) // 2, (columns - len(picture)) // 2
    page[top : top + len(picture), left : left + len(picture)] = picture
    return (np.rint(page * data.scale) / data.scale if data.scale > 1 else page).ravel()


def fitted(strokes: Sequence[Stroke], manner: Manner) -> list[Array]:
    """Each stroke's points (n, 2) in pixels: the drawing fills the box, pen included, and stands in the middle."""
    lines = [np.array(stroke) for stroke in strokes]
    points = np.concatenate(lines)
    low, high = points.min(axis=0), points.max(axis=0)
    size = high - low
    room = np.array(manner.box) - 2 * manner.pen
    scale = (room / np.maximum(size, 1e-9)).min() if size.max() > 0.02 else 0.0  # a dot stays a dot
    return [(line - (low + high) / 2) * scale + manner.side / 2 for line in lines]


def ink(lines: Sequence[Array], manner: Manner) -> Array:
    """How much of each pixel (side, side) the pen covers, 0..1."""
    n = manner.side * FINE
    fine = np.zeros((n, n), dtype=bool)
    for line in lines:
        for a, b in zip(line, line[1:] if len(line) > 1 else line, strict=False):
            stamp(fine, a * FINE, b * FINE, manner.pen * FINE)
    return fine.reshape(manner.side, FINE, manner.side, FINE).mean(axis=(1, 3))


def stamp(page: Array, a: Array, b: Array, radius: float) -> None:
    """Mark on `page` what is within `radius` of the line from a to b, points (x, y) in its pixels."""
    low = np.maximum(np.floor(np.minimum(a, b) - radius), 0).astype(int)
    high = np.minimum(np.ceil(np.maximum(a, b) + radius) + 1, len(page)).astype(int)
    x, y = np.meshgrid(np.arange(low[0], high[0]) + 0.5, np.arange(low[1], high[1]) + 0.5)
    d = b - a
    along = np.clip(((x - a[0]) * d[0] + (y - a[1]) * d[1]) / max(d @ d, 1e-12), 0, 1)
    distance = np.hypot(x - a[0] - along * d[0], y - a[1] - along * d[1])
    page[low[1] : high[1], low[0] : high[0]] |= distance <= radius


def centred_by_mass(picture: Array) -> Array:
    """The picture moved by whole pixels so that its centre of mass is in the middle, as far as its ink allows."""
    moved = picture
    for axis in (0, 1):
        weight = moved.sum(axis=1 - axis)
        middle = (weight * (np.arange(len(weight)) + 0.5)).sum() / weight.sum()
        used = np.flatnonzero(weight)
        shift = int(np.rint(len(weight) / 2 - middle))
        moved = np.roll(moved, min(max(shift, -used[0]), len(weight) - 1 - used[-1]), axis=axis)
    return moved
