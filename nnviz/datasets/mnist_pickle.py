"""The book's `mnist.pkl.gz`, read without running what a pickle may say.

A pickle is a small program. This reader looks at every instruction first, admits only those that NumPy arrays of plain
numbers need, and lets them call nothing but its own two functions below, which make such arrays.
"""

import gzip
import io
import math
import pickle
import pickletools
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from nnviz.arrays import Array
from nnviz.errors import DatasetError

MAX_BYTES = 256 * 2**20  # unpacked; the book's file is 220 MB
MAX_INSTRUCTIONS = 2_000
MAX_MEMO = 1_000
TRAINING, VALIDATION, N_INPUTS = 50_000, 10_000, 784
STEPS = 256  # a pixel p stands in the book's file as p / 256

ARRAY_INSTRUCTIONS = (
    "PROTO FRAME STOP MARK TUPLE EMPTY_TUPLE TUPLE1 TUPLE2 TUPLE3 GLOBAL STACK_GLOBAL REDUCE BUILD NONE INT LONG LONG1 "
    "BININT BININT1 BININT2 NEWTRUE NEWFALSE BINSTRING SHORT_BINSTRING BINBYTES SHORT_BINBYTES UNICODE "
    "BINUNICODE SHORT_BINUNICODE GET BINGET LONG_BINGET PUT BINPUT LONG_BINPUT MEMOIZE"
)
ADMITTED = frozenset(ARRAY_INSTRUCTIONS.split())
TYPES = frozenset(f"{kind}{size}" for kind in "iu" for size in (1, 2, 4, 8)) | {"f4", "f8"}


class ArrayType:
    """Stands for numpy.ndarray in the pickle, where it is an argument only."""


def new_array(kind: object, shape: object, code: object) -> Array:
    """numpy's `_reconstruct`: always an empty array, which the instruction BUILD then fills."""
    if kind is not ArrayType or shape != (0,):
        raise pickle.UnpicklingError("an array must start empty")
    return np.empty(0, np.int8)


def number_type(code: object, *options: object) -> np.dtype:
    """numpy's `dtype`, for plain numbers only."""
    if code not in TYPES:
        raise pickle.UnpicklingError(f"{code!r} is not a type of plain numbers")
    return np.dtype(str(code))


FUNCTIONS = {
    ("numpy.core.multiarray", "_reconstruct"): new_array,
    ("numpy._core.multiarray", "_reconstruct"): new_array,
    ("numpy", "ndarray"): ArrayType,
    ("numpy", "dtype"): number_type,
}


class ArrayUnpickler(pickle.Unpickler):
    """An unpickler for NumPy arrays of numbers and tuples of them."""

    def find_class(self, module: str, name: str) -> object:
        if (module, name) not in FUNCTIONS:
            raise pickle.UnpicklingError(f"it asks for {module}.{name}; only NumPy arrays are admitted")
        return FUNCTIONS[module, name]


def check_instructions(stream: Any) -> None:
    """Raise UnpicklingError at the first instruction that arrays do not need."""
    for count, (instruction, argument, _) in enumerate(pickletools.genops(stream)):
        name = instruction.name
        if name not in ADMITTED:
            raise pickle.UnpicklingError(f"the instruction {name} is not admitted")
        if count > MAX_INSTRUCTIONS:
            raise pickle.UnpicklingError("it has too many instructions")
        if name.endswith(("PUT", "GET")) and int(argument or 0) > MAX_MEMO:
            raise pickle.UnpicklingError("it refers to too many objects")


class Limited:
    """At most `limit` bytes of a stream; what is asked for beyond is an error."""

    def __init__(self, stream: io.BufferedIOBase, limit: int) -> None:
        self.stream, self.left = stream, limit

    def _counted(self, data: bytes) -> bytes:
        self.left -= len(data)
        if self.left < 0:
            raise pickle.UnpicklingError("it is larger than any mnist.pkl.gz")
        return data

    def read(self, size: int = -1) -> bytes:
        return self._counted(self.stream.read(self.left + 1 if size is None or size < 0 else min(size, self.left + 1)))

    def readline(self, size: int = -1) -> bytes:
        return self._counted(self.stream.readline(self.left + 1 if size is None or size < 0 else size))


def load_arrays(path: Path, limit: int = MAX_BYTES) -> object:
    """What a pickle of NumPy arrays holds, gzip or not. Raises DatasetError for anything else."""
    try:
        with path.open("rb") as file:
            opener = gzip.open if file.read(2) == b"\x1f\x8b" else open
        with opener(path, "rb") as stream:
            check_instructions(Limited(stream, limit))
            stream.seek(0)
            return ArrayUnpickler(Limited(stream, limit), encoding="latin1").load()
    except OSError as problem:
        raise DatasetError(f"{path.name} cannot be read: {problem.strerror or problem}") from None
    except (EOFError, zlib.error) as problem:
        raise DatasetError(f"{path.name} is broken: {problem}") from None
    except (pickle.UnpicklingError, ValueError, TypeError, AttributeError, IndexError, KeyError) as problem:
        raise DatasetError(f"{path.name} is not the book's file: {problem}") from None
    except (MemoryError, OverflowError, AssertionError, SystemError) as problem:
        raise DatasetError(f"{path.name} is not the book's file: {problem or 'it is broken'}") from None


def read_book(path: Path) -> tuple[Array, Array]:
    """Images (60000, 784) as bytes 0..255 and labels (60000,): the book's training and validation data in turn."""
    content = load_arrays(path)
    if not isinstance(content, tuple) or len(content) != 3:
        raise DatasetError(f"{path.name} must hold training, validation and test data, as the book's file does")
    images, labels = np.empty((TRAINING + VALIDATION, N_INPUTS), np.uint8), np.empty(TRAINING + VALIDATION, np.uint8)
    start = 0
    for pair, n in zip(content, (TRAINING, VALIDATION), strict=False):
        x, y = pair if isinstance(pair, tuple) and len(pair) == 2 else (np.empty(0), np.empty(0))
        check_array(path, x, (n, N_INPUTS))
        check_array(path, y, (n,))
        for at in range(0, n, 1000):
            some = np.asarray(x[at : at + 1000], dtype=float) * STEPS
            if not (np.abs(some - np.rint(some)) < 1e-3).all() or some.min() < 0 or some.max() > 255:
                raise DatasetError(f"{path.name} must hold pixels as 0, 1/256, ... 255/256")
            images[start + at : start + at + 1000] = np.rint(some)
        if y.min() < 0 or y.max() > 9:
            raise DatasetError(f"{path.name} must hold labels from 0 to 9")
        labels[start : start + n] = y
        start += n
    return images, labels


def check_array(path: Path, array: object, shape: tuple[int, ...]) -> None:
    if not isinstance(array, np.ndarray) or array.shape != shape or math.prod(shape) == 0:
        found = array.shape if isinstance(array, np.ndarray) else type(array).__name__
        raise DatasetError(f"{path.name} must hold an array of shape {shape} there, it holds {found}")
