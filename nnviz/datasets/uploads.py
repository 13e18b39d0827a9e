"""Uploaded data: CSV, npz, or pictures. A set is known for as long as the session of some visitor holds it.

`UPLOADS` knows each uploaded set by a name made from its content. Two visitors who upload the same file share the set;
it is gone when the last of them has left (nnviz/ui/session_data.py).
"""

import csv
import hashlib
import io
import math
import re
import secrets
import threading
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from nnviz.arrays import Array
from nnviz.datasets.dataset import Dataset
from nnviz.errors import DatasetError, shortened
from nnviz.number_text import written
from nnviz.untrusted import megabytes, read_npz, zip_members

T = TypeVar("T")


@dataclass(frozen=True)
class Limits:
    """The most that an upload may hold."""

    bytes: int = 16 * 2**20  # of the file
    unpacked: int = 64 * 2**20  # of what a zip or npz file holds
    rows: int = 20_000
    columns: int = 1_024  # inputs of an example; 32 x 32 pixels
    values: int = 4_000_000  # rows times columns
    classes: int = 20
    pixels: int = 2048 * 2048  # of one picture before it is scaled
    all_pixels: int = 32 * 2**20  # of all pictures together
    text: int = 40  # characters in the name of a class or column that are shown


LIMITS = Limits()
HELD_OUT = 0.2  # share of the examples that training never sees
SPLIT_SEED = 0
PREFIX = "own-"
REMEDY = "an upload belongs to the session it was made in. Load the file again on the Data page"
NAME_DIGITS = 16
X_NAMES = ("x", "inputs", "images", "data", "x_train")
Y_NAMES = ("y", "labels", "label", "target", "targets", "classes", "y_train")

SECRET = secrets.token_bytes(16)  # so that a name cannot be worked out from a guess at the content


@dataclass(frozen=True)
class Options:
    """How a table is to be read."""

    label: str | None = None  # the label column's name; None for the last one
    standardise: bool = False  # each column to mean 0 and standard deviation 1
    picture: bool = False  # the inputs are the pixels of a square picture


class Uploads:
    """The uploaded sets by name, each with the number of sessions that hold it; safe to use from several threads."""

    def __init__(self, secret: bytes = SECRET) -> None:
        self._secret = secret
        self._lock = threading.Lock()
        self._sets: dict[str, Dataset] = {}
        self._holders: dict[str, int] = {}

    def hold(self, data: Dataset) -> str:
        """Make a set known until `release`, called once for each `hold`; its name."""
        name = self.name_of(data)
        with self._lock:
            self._sets.setdefault(name, data)
            self._holders[name] = self._holders.get(name, 0) + 1
        return name

    def release(self, name: str) -> None:
        """One session fewer holds this set; with the last one it is gone."""
        with self._lock:
            self._holders[name] -= 1
            if not self._holders[name]:
                del self._holders[name], self._sets[name]

    def find(self, name: str) -> Dataset | None:
        with self._lock:
            return self._sets.get(name)

    def __contains__(self, name: str) -> bool:
        return self.find(name) is not None

    def name_of(self, data: Dataset) -> str:
        """`own-` and a keyed digest of everything in the set."""
        digest = hashlib.blake2b(key=self._secret, digest_size=NAME_DIGITS // 2)
        for part in (data.inputs, data.labels):
            digest.update(f"{part.shape}{part.dtype}".encode())
            digest.update(np.ascontiguousarray(part).data)
        digest.update(repr((data.title, data.classes, data.n_train, data.scale, data.picture, data.names)).encode())
        return PREFIX + digest.hexdigest()


UPLOADS = Uploads()


def is_upload_name(name: str) -> bool:
    digits = name.removeprefix(PREFIX)
    return name.startswith(PREFIX) and len(digits) == NAME_DIGITS and set(digits) <= set("0123456789abcdef")


# Tables


def header(data: bytes) -> list[str]:
    """The names of a CSV file's columns: of its first line, or made up where that holds numbers only."""
    lines = rows_of(decoded(data))
    first = next(lines, None)
    if first is None:
        raise DatasetError("the CSV file is empty; a line for each example is needed")
    return column_names(first[1])


def from_csv(data: bytes, title: str, options: Options = Options()) -> Dataset:
    """A data set from CSV: numeric columns and one with labels, separated by comma, semicolon or tab."""
    lines = rows_of(decoded(data))
    first = next(lines, None)
    if first is None:
        raise DatasetError("the CSV file is empty; a line for each example is needed")
    names = column_names(first[1])
    if len(names) < 2:
        raise DatasetError("the CSV file has one column; it needs one with labels and at least one with numbers")
    if len(names) > LIMITS.columns + 1:
        raise DatasetError(f"the CSV file has {len(names):,} columns; at most {LIMITS.columns + 1:,} are accepted")
    if options.label is not None and options.label not in names:
        first_ones = ", ".join(shortened(name) for name in names[:10])
        raise DatasetError(f"label must be one of the columns {first_ones}, got {shortened(options.label)}")
    at = len(names) - 1 if options.label is None else names.index(options.label)
    if all(number(cell) is not None for cell in first[1]):  # no header
        lines = chain_first(first, lines)
    values, labels = table(lines, names, at)
    inputs = np.frombuffer(values).reshape(len(labels), -1)
    return build(inputs, labels, title, options, tuple(names[:at] + names[at + 1 :]), f"column {shortened(names[at])}")


def table(lines: Iterator[tuple[int, list[str]]], names: list[str], at: int) -> tuple[array, list[str]]:
    """The numbers, row after row, and the labels."""
    values = array("d")
    labels: list[str] = []
    for line, cells in lines:
        if len(cells) != len(names):
            raise DatasetError(f"row {line}: {len(names)} columns are needed, as in the first row; it has {len(cells)}")
        if len(labels) == LIMITS.rows or len(values) + len(names) - 1 > LIMITS.values:
            raise DatasetError(
                f"row {line}: at most {LIMITS.rows:,} rows and {LIMITS.values:,} numbers are accepted, there are more"
            )
        for name, cell in zip(names, cells, strict=True):
            if name is names[at]:
                labels.append(cell.strip())
                if not labels[-1]:
                    raise DatasetError(f"row {line}, column {shortened(name)}: a label is needed, the cell is empty")
                continue
            value = number(cell)
            if value is None:
                raise DatasetError(f"row {line}, column {shortened(name)}: a number is needed, got {shortened(cell)}")
            values.append(value)
    if not labels:
        raise DatasetError("the CSV file has no rows under its header; a row for each example is needed")
    return values, labels


def decoded(data: bytes) -> str:
    if len(data) > LIMITS.bytes:
        raise DatasetError(f"a file must be at most {megabytes(LIMITS.bytes)}, this one is {megabytes(len(data))}")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        row = data.count(b"\n", 0, problem.start) + 1
        raise DatasetError(f"row {row}: the CSV file must be text in UTF-8") from None


def rows_of(text: str) -> Iterator[tuple[int, list[str]]]:
    """(line number from 1, cells) of each line that is not blank."""
    first_line = text[:100_000].partition("\n")[0]
    delimiter = max(",;\t", key=first_line.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, cells
    except csv.Error as problem:
        raise DatasetError(f"row {reader.line_num}: {problem}") from None


def chain_first(first: tuple[int, list[str]], rest: Iterator) -> Iterator:
    yield first
    yield from rest


def column_names(cells: list[str]) -> list[str]:
    """Names from a header; made-up ones for a line of numbers; every name once."""
    if all(number(cell) is not None for cell in cells):
        return [f"column {i}" for i in range(1, len(cells) + 1)]
    names: list[str] = []
    taken: set[str] = set()
    for i, cell in enumerate(cells, 1):
        name = " ".join(cell.split())[: LIMITS.text] or f"column {i}"
        while name in taken:
            name = f"{name} ({i})"
        names.append(name)
        taken.add(name)
    return names


def number(cell: str) -> float | None:
    """A finite number that float64 holds, written with a dot; None for anything else."""
    cell = cell.strip()
    if not cell.isascii() or "_" in cell or len(cell) > 60:
        return None
    try:
        value = float(cell)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


# Arrays


def from_npz(data: bytes, title: str, options: Options = Options()) -> Dataset:
    """A data set from npz: `x` (one example a row, or pictures) and `y` (a label each), or names like these."""
    if len(data) > LIMITS.bytes:
        raise DatasetError(f"a file must be at most {megabytes(LIMITS.bytes)}, this one is {megabytes(len(data))}")
    arrays = read_npz(data, LIMITS.unpacked, DatasetError)
    x, y = named(arrays, X_NAMES), named(arrays, Y_NAMES)
    if x.ndim < 2 or x.dtype.kind not in "fiub":
        raise DatasetError(f"x must hold numbers, one example a row; its shape is {x.shape}, its type {x.dtype}")
    y = y.reshape(-1) if y.ndim == 2 and y.shape[1] == 1 else y
    if y.ndim == 2 and y.dtype.kind in "fiub" and y.shape[-1] >= 2 and ((y == 0) | (y == 1)).all():
        y = y.argmax(axis=1)  # one-hot
    if y.ndim != 1 or len(y) != len(x):
        raise DatasetError(f"y must hold a label for each of the {len(x)} examples; its shape is {y.shape}")
    shape = x.shape[1:] if x.ndim == 3 else None
    inputs = x.reshape(len(x), math.prod(x.shape[1:]))
    check_size(*inputs.shape)
    if inputs.dtype.kind == "f" and len(wrong := np.argwhere(~np.isfinite(inputs))):
        row, column = wrong[0]
        raise DatasetError(f"row {row + 1}, column {column + 1}: a finite number is needed, got {inputs[row, column]}")
    labels = [label_text(value) for value in y.tolist()]
    return build(inputs, labels, title, options, (), "y", picture=shape)


def named(arrays: Mapping[str, Array], names: tuple[str, ...]) -> Array:
    """The array with one of these names, in any case."""
    for key, found in arrays.items():
        if key.lower() in names:
            return found
    there = ", ".join(shortened(key) for key in list(arrays)[:10]) or "none"
    raise DatasetError(f"the npz file needs an array called {' or '.join(names[:4])}; it has: {there}")


def label_text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    return " ".join(str(value).split())


# Pictures


@dataclass(frozen=True)
class Decoder:
    """How a picture's file is read. Both raise ValueError for what is no picture."""

    size: Callable[[bytes], tuple[int, int]]  # its width and height, without decoding it
    levels: Callable[[bytes], Array]  # its grey levels (rows, columns) uint8, ink 255 on paper 0


def from_pictures(data: bytes, title: str, decoder: Decoder) -> Dataset:
    """A data set from a zip with one folder of pictures for each class."""
    if len(data) > LIMITS.bytes:
        raise DatasetError(f"a file must be at most {megabytes(LIMITS.bytes)}, this one is {megabytes(len(data))}")
    return from_files(zip_members(data, LIMITS.unpacked, DatasetError), title, decoder)


def from_files(files: Iterable[tuple[str, bytes]], title: str, decoder: Decoder) -> Dataset:
    """The same from (name, content) pairs; the class is the last folder, or the name before the first `_` or `-`."""
    wanted = [(name, content) for name, content in files if name.lower().endswith(".png") and "__MACOSX" not in name]
    if not wanted:
        raise DatasetError("no PNG pictures were found; put them in one folder for each class")
    check_pictures(wanted, decoder)
    pictures: list[Array] = []
    labels: list[str] = []
    for name, content in wanted:
        label = class_in(name)
        if not label:
            raise DatasetError(f"{shortened(name)}: a folder named after its class is needed, or class_1.png")
        picture = part_of(name, decoder.levels, content)
        if picture.ndim != 2 or (pictures and picture.shape != pictures[0].shape):
            sizes = " and ".join(" x ".join(map(str, p.shape)) for p in (*pictures[:1], picture))
            raise DatasetError(f"{shortened(name)}: all pictures must have one size, there are {sizes}")
        check_size(len(pictures) + 1, picture.size)
        pictures.append(picture)
        labels.append(label)
    inputs = np.stack(pictures).reshape(len(pictures), -1).astype(np.uint8)
    return build(inputs, labels, title, Options(), (), "the folders", picture=pictures[0].shape)


def check_pictures(files: Sequence[tuple[str, bytes]], decoder: Decoder) -> None:
    """Raise DatasetError if decoding all pictures would take too long. Only their headers are read."""
    if len(files) > LIMITS.rows:
        raise DatasetError(f"at most {LIMITS.rows:,} pictures are accepted, there are more")
    total = 0
    for name, content in files:
        width, height = part_of(name, decoder.size, content)
        total += width * height
        if width * height > LIMITS.pixels:
            raise DatasetError(
                f"{shortened(name)}: a picture may have {LIMITS.pixels:,} pixels, it has {width} x {height}"
            )
    if total > LIMITS.all_pixels:
        raise DatasetError(f"all pictures together may have {LIMITS.all_pixels:,} pixels, these have {total:,}")


def part_of(name: str, read: Callable[[bytes], T], content: bytes) -> T:
    """What `read` finds in a picture's file. Raises DatasetError, which names the file."""
    try:
        return read(content)
    except ValueError as problem:
        raise DatasetError(f"{shortened(name)}: {problem}") from None


def class_in(name: str) -> str:
    folder, _, file = name.replace("\\", "/").strip("/").rpartition("/")
    if folder:
        return folder.rpartition("/")[2].strip()
    stem = file.rpartition(".")[0]
    cut = min((stem.find(sign) for sign in "_-" if sign in stem), default=-1)
    return stem[:cut].strip() if cut > 0 else ""


# What all have in common


def check_size(rows: int, columns: int) -> None:
    if not 2 <= rows <= LIMITS.rows:
        if rows < 2:
            return  # said by build, when all have been counted
        raise DatasetError(f"at most {LIMITS.rows:,} rows are accepted, there are {rows:,}")
    if not 1 <= columns <= LIMITS.columns:
        raise DatasetError(f"an example must have 1 to {LIMITS.columns:,} inputs, it has {columns:,}")
    if rows * columns > LIMITS.values:
        raise DatasetError(f"at most {LIMITS.values:,} numbers are accepted, {rows:,} x {columns:,} are more")


def build(
    inputs: Array,
    labels: list[str],
    title: str,
    options: Options,
    names: tuple[str, ...],
    where: str,
    picture: tuple[int, int] | None = None,
) -> Dataset:
    """The data set of these inputs (N, n_1) and labels, shuffled by a fixed seed and split."""
    if len(labels) < 2:
        raise DatasetError(f"at least 2 examples are needed, there {'is 1' if labels else 'are none'}")
    check_size(*inputs.shape)
    numbers, classes = numbered(labels, where)
    if options.picture and picture is None:
        side = math.isqrt(inputs.shape[1])
        if side * side != inputs.shape[1]:
            raise DatasetError(
                f"a square picture needs a square number of inputs, such as 64 or 784; there are {inputs.shape[1]}"
            )
        picture = (side, side)
    scale = 1.0
    if picture:
        inputs, scale = as_pixels(inputs)
    elif options.standardise:
        inputs = standardised(inputs)
    else:
        inputs = inputs.astype(float)
    order = np.random.default_rng(SPLIT_SEED).permutation(len(labels))
    return Dataset(
        title=shortened(re.sub(r"[^\w .,()-]", " ", title), LIMITS.text),
        source="Uploaded by you. It stays in this session: no other visitor sees it, and it ends with the session.",
        inputs=np.ascontiguousarray(inputs[order]),
        labels=numbers[order],
        n_train=len(labels) - int(HELD_OUT * len(labels)),
        classes=classes,
        scale=scale,
        picture=picture,
        names=() if picture else names or tuple(f"column {i}" for i in range(1, inputs.shape[1] + 1)),
    )


def numbered(labels: list[str], where: str) -> tuple[Array, tuple[str, ...]]:
    """Labels as numbers (N,) and the classes that these mean: by number where all are numbers, else by name."""
    values = {label: number(label) for label in set(labels)}
    if None not in values.values():  # 1 and 1.0 are one class
        values = {label: written(value) for label, value in values.items() if value is not None}
        labels, numeric = [values[label] for label in labels], True
    else:
        numeric = False
    names = set(labels)
    if not 2 <= len(names) <= LIMITS.classes:
        raise DatasetError(f"{where} must name 2 to {LIMITS.classes} classes, it has {len(names):,} different values")
    ordered = sorted(names, key=lambda label: (float(label) if numeric else 0.0, label))
    index = {label: i for i, label in enumerate(ordered)}
    return np.array([index[label] for label in labels]), tuple(shortened(label, LIMITS.text) for label in ordered)


def as_pixels(inputs: Array) -> tuple[Array, float]:
    """Pixels and the scale that brings them to 0..1: bytes for whole numbers up to 255, floats in 0..1 as they are."""
    low, high = float(inputs.min()), float(inputs.max())
    if low < 0 or high > 255:
        raise DatasetError(f"pixels must be from 0 to 255, these are from {low:g} to {high:g}")
    if high <= 1 and inputs.dtype != np.uint8:
        return inputs.astype(float), 1.0
    if not (inputs == np.rint(inputs)).all():
        return inputs.astype(float), 255.0 if high > 16 else 16.0
    return inputs.astype(np.uint8), 16.0 if high <= 16 else 255.0


def standardised(inputs: Array) -> Array:
    """Each column with mean 0 and standard deviation 1; a column of equal numbers becomes 0."""
    with np.errstate(over="ignore", invalid="ignore"):
        x = inputs.astype(float)
        size = np.abs(x).max(axis=0)
        x = x / np.where(size > 0, size, 1.0)  # so that no square overflows
        sd = x.std(axis=0)
        return (x - x.mean(axis=0)) / np.where(sd > 1e-12, sd, 1.0)
