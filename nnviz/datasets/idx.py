"""The IDX format, in which MNIST and its relatives are published: a small header, then the numbers as bytes.

The header is 0, 0, the type of the numbers (8: unsigned bytes, the only one accepted), how many dimensions there are,
and their sizes, each as 4 bytes with the highest first. Source: Y. LeCun, C. Cortes, C. Burges, the MNIST page.
"""

import math
from pathlib import Path

import numpy as np

from nnviz.arrays import Array
from nnviz.errors import DatasetError
from nnviz.untrusted import read_limited

UNSIGNED_BYTES = 8
MAX_DIMENSIONS = 3
MAX_BYTES = 128 * 2**20  # unpacked; MNIST's training pictures are 47 MB


def read_idx(path: Path) -> Array:
    """The array in an IDX file, packed with gzip or not."""
    return parse_idx(read_limited(path, MAX_BYTES, DatasetError), path.name)


def parse_idx(data: bytes, name: str = "the file") -> Array:
    """The array (any shape up to three dimensions) of unsigned bytes that `data` holds; it cannot be written to."""
    if len(data) < 4 or data[:2] != b"\0\0":
        raise DatasetError(f"{name} is no IDX file: it must start with two zero bytes")
    kind, dimensions = data[2], data[3]
    if kind != UNSIGNED_BYTES:
        raise DatasetError(f"{name} must hold unsigned bytes (type 8), its type is {kind}")
    if not 1 <= dimensions <= MAX_DIMENSIONS:
        raise DatasetError(f"{name} must have 1 to {MAX_DIMENSIONS} dimensions, it has {dimensions}")
    start = 4 + 4 * dimensions
    if len(data) < start:
        raise DatasetError(f"{name} is cut off in its header, after {len(data)} bytes")
    shape = tuple(int(n) for n in np.frombuffer(data, ">u4", dimensions, 4))
    if len(data) - start != math.prod(shape):
        sizes = " x ".join(map(str, shape))
        raise DatasetError(f"{name} must hold {sizes} bytes after its header, it holds {len(data) - start:,}")
    return np.frombuffer(data, np.uint8, offset=start).reshape(shape)
