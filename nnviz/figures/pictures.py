"""Pictures of examples as grey images, many on one sheet."""

import math

import numpy as np

from nnviz.arrays import Array


def sheet(x: Array, shape: tuple[int, int], columns: int, cell: int = 48, gap: int = 4) -> Array:
    """Pictures x (n_1, m), values in 0..1, side by side on a white sheet: (height, width) uint8.

    Dark ink on white in both themes, as on paper. Each picture is enlarged by whole pixels to at least `cell`.
    """
    rows, cols = shape
    zoom = max(1, math.ceil(cell / max(rows, cols)))
    h, w = rows * zoom, cols * zoom
    m = x.shape[1]
    lines = math.ceil(m / columns)
    page = np.full((lines * (h + gap) - gap, min(columns, m) * (w + gap) - gap), 255, dtype=np.uint8)
    for i in range(m):
        ink = np.rint(255 * (1.0 - np.clip(x[:, i].reshape(shape), 0.0, 1.0))).astype(np.uint8)
        top, left = (i // columns) * (h + gap), (i % columns) * (w + gap)
        page[top : top + h, left : left + w] = np.kron(ink, np.ones((zoom, zoom), dtype=np.uint8))
    return page
