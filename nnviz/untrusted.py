"""Reading files from outside: nothing larger than announced, no pickles, no surprises.

Everything here takes bytes or a path and gives bytes or NumPy arrays, or raises the error class it is given with a
message that can be shown as it is.
"""

import gzip
import io
import math
import tokenize
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.lib import format as npy

from nnviz.arrays import Array
from nnviz.errors import NnvizError

GZIP_MAGIC = b"\x1f\x8b"
ZIP_MAGIC = b"PK\x03\x04"
MAX_MEMBERS = 20_000  # files in one zip
BROKEN_ZIP = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError, ValueError, IndexError
)  # fmt: skip

BROKEN_NPY = (
    ValueError, KeyError, SyntaxError, TypeError, MemoryError, RecursionError, EOFError, tokenize.TokenError
)  # fmt: skip


def read_limited(path: Path, limit: int, error: type[NnvizError]) -> bytes:
    """The bytes of a file, unpacked where it is gzip; an error where they are more than `limit`."""
    try:
        with path.open("rb") as raw:
            packed = raw.read(2) == GZIP_MAGIC
            raw.seek(0)
            data = unzipped(raw, limit, path.name, error) if packed else raw.read(limit + 1)
    except OSError as problem:
        raise error(f"{path.name} cannot be read: {problem.strerror or problem}") from None
    if len(data) > limit:
        raise error(f"{path.name} must be at most {megabytes(limit)}, it is larger")
    return data


def unzipped(raw: io.BufferedIOBase, limit: int, name: str, error: type[NnvizError]) -> bytes:
    """What is in a gzip stream, at most one byte more than `limit`."""
    try:
        with gzip.GzipFile(fileobj=raw) as stream:
            return stream.read(limit + 1)
    except (gzip.BadGzipFile, EOFError, zlib.error) as problem:
        raise error(f"{name} is broken: {problem}") from None


def zip_members(data: bytes, limit: int, error: type[NnvizError]) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each file in a zip, in its order; all of them together are at most `limit` bytes."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [m for m in archive.infolist() if not m.is_dir()]
            check_members(members, limit, error)
            for member in members:
                with archive.open(member) as stream:
                    yield member.filename, stream.read(member.file_size)
    except NnvizError:
        raise
    except BROKEN_ZIP as problem:
        raise error(f"the zip file is broken: {problem}") from None


def check_members(members: list[zipfile.ZipInfo], limit: int, error: type[NnvizError]) -> None:
    if len(members) > MAX_MEMBERS:
        raise error(f"a zip file may hold {MAX_MEMBERS:,} files, this one has {len(members):,}")
    if any(member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for member in members):
        raise error("the files in a zip must be stored or deflated, as zip programs do by default")
    total = sum(member.file_size for member in members)
    if total > limit:
        raise error(f"what a zip file holds must be at most {megabytes(limit)}, this is {megabytes(total)}")


def read_npz(data: bytes, limit: int, error: type[NnvizError]) -> dict[str, Array]:
    """The arrays of an npz file: numbers, truth values or text, never pickled objects."""
    if not data.startswith(ZIP_MAGIC):
        raise error("this is not an npz file, as numpy.savez writes it")
    return {
        name.removesuffix(".npy"): read_npy(name, content, error)
        for name, content in zip_members(data, limit, error)
        if name.endswith(".npy")
    }


def read_npy(name: str, content: bytes, error: type[NnvizError]) -> Array:
    """One array of an npz file. Its header is held against the bytes that follow before any memory is taken."""
    stream = io.BytesIO(content)
    try:
        version = npy.read_magic(stream)
        read_header = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}[version]
        shape, by_columns, dtype = read_header(stream)
    except BROKEN_NPY as problem:
        raise error(f"the array {name} is broken: {problem}") from None
    if dtype.kind not in "fiubUS":
        raise error(f"the array {name} must hold numbers or text, it holds {dtype}")
    body = content[stream.tell() :]
    if any(n < 0 for n in shape) or math.prod(shape) * dtype.itemsize != len(body):
        raise error(f"the array {name} is broken: {len(body)} bytes do not make the shape {shape}")
    if dtype.itemsize == 0:
        raise error(f"the array {name} must hold numbers or text, it holds empty text")
    try:
        return np.frombuffer(body, dtype).reshape(shape, order="F" if by_columns else "C")
    except (ValueError, OverflowError) as problem:  # more dimensions, or larger ones, than NumPy has
        raise error(f"the array {name} is broken: {problem}") from None


def megabytes(size: int) -> str:
    return f"{size / 2**20:,.0f} MB" if size >= 2**20 else f"{size:,} bytes"
