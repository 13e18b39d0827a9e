"""Rows of a weight matrix as pictures of the input's shape, in the diverging colours."""

import math
from collections.abc import Sequence

import numpy as np

from nnviz.arrays import Array
from nnviz.figures.colours import PALETTES

GAP = 2


def weight_sheet(w: Array, shape: tuple[int, int], top: float, mode: str, columns: int, cell: int = 40) -> Array:
    """One picture for each row of w (n_l, n_{l-1}), side by side: (height, width, 4) uint8, gaps transparent.

    A value of -top has the first colour of the diverging scale, 0 the middle one, top the last.
    """
    rows, cols = shape
    zoom = max(1, round(cell / max(rows, cols)))
    h, w_cell = rows * zoom + GAP, cols * zoom + GAP
    columns = min(columns, len(w))
    page = np.zeros((math.ceil(len(w) / columns) * h - GAP, columns * w_cell - GAP, 4), dtype=np.uint8)
    pictures = signed_colours(w, top, mode)
    for i, picture in enumerate(pictures):
        above, left = (i // columns) * h, (i % columns) * w_cell
        block = picture.reshape(rows, cols, 3).repeat(zoom, axis=0).repeat(zoom, axis=1)
        cell_of_page = page[above : above + rows * zoom, left : left + cols * zoom]
        cell_of_page[..., :3], cell_of_page[..., 3] = block, 255
    return page


def signed_colours(values: Array, top: float, mode: str) -> Array:
    """The colours (..., 3) uint8 of signed values on the diverging scale from -top to top; nan is like 0."""
    scaled = np.nan_to_num(np.clip(values / (top or 1.0), -1.0, 1.0))
    return on_palette((scaled + 1.0) / 2.0, PALETTES[mode]["diverging"])


def size_colours(values: Array, top: float, mode: str) -> Array:
    """The colours (..., 3) uint8 of values on the sequential scale from 0 to top; nan is like 0."""
    return on_palette(np.nan_to_num(np.clip(values / (top or 1.0), 0.0, 1.0)), PALETTES[mode]["sequential"])


def on_palette(places: Array, colours: Sequence[str]) -> Array:
    """The colours at these places, 0..1, of a palette, interpolated."""
    palette = np.array([rgb(colour) for colour in colours], dtype=float)
    at = places * (len(palette) - 1)
    low = np.minimum(at.astype(int), len(palette) - 2)
    part = (at - low)[..., np.newaxis]
    return np.rint(palette[low] * (1.0 - part) + palette[low + 1] * part).astype(np.uint8)


def rgb(colour: str) -> tuple[int, int, int]:
    """#rrggbb as three numbers 0..255."""
    return tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))
