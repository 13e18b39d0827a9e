"""Rows of a weight matrix as pictures of the input's shape, in the diverging colours."""

import math

import numpy as np

from nnviz.arrays import Array
from nnviz.figures.colours import rgb_of

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
    return rgb_of((scaled + 1.0) / 2.0, "diverging", mode)
