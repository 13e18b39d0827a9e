"""Uploading data: they belong to the session that uploaded them and end with it."""

import io
import struct
import zlib
from collections.abc import Sequence
from pathlib import PurePath

import numpy as np
import streamlit as st
from PIL import Image

from nnviz.arrays import Array
from nnviz.datasets import Dataset, uploads
from nnviz.datasets.uploads import LIMITS, Decoder, Options
from nnviz.errors import DatasetError
from nnviz.ui import dataset_box, state
from nnviz.ui.safe_text import safe
from nnviz.untrusted import megabytes

TYPES = ["csv", "tsv", "txt", "npz", "zip", "png"]
MOST_SIDE = 32  # pictures larger than this are scaled
SCALED_TO = 28
NO_PICTURE = "it is not a PNG picture that can be read"
BROKEN_PNG = (
    OSError, SyntaxError, ValueError, EOFError, TypeError, IndexError, KeyError, struct.error, zlib.error,
    Image.DecompressionBombError, Image.DecompressionBombWarning,
)  # fmt: skip


def show() -> None:
    """Choose files, say how to read them, and take them."""
    st.markdown(
        "**A table** as CSV: numeric columns and one with the class. **Arrays** as npz: `x` with one example a row and "
        "`y` with a class each. **Pictures** as PNG: in a zip with one folder for each class, or several files called "
        "`class_1.png`."
    )
    files = st.file_uploader(
        f"Your files, at most {megabytes(LIMITS.bytes)}", TYPES, accept_multiple_files=True, key="own_files"
    )
    st.caption(
        f"Up to {LIMITS.rows:,} examples of up to {LIMITS.columns:,} inputs, 2 to {LIMITS.classes} classes. "
        "The data belong to your session. No other visitor sees them, and they are deleted when the session ends."
    )
    if not files:
        return
    try:
        options, inverted = how_to_read(files[0].name, files[0].getvalue())
        if st.button("Use these data", key="own_use", type="primary"):
            take(read([(file.name, file.getvalue()) for file in files], options, inverted))
    except DatasetError as error:
        st.error(safe(error))


def how_to_read(name: str, content: bytes) -> tuple[Options, bool]:
    """Widgets for what the file leaves open."""
    ending = ending_of(name)
    if ending in ("zip", "png"):
        return Options(), st.checkbox(
            "Dark ink on light paper",
            key="own_inverted",
            help="Inverts the pictures: ink becomes light and paper dark.",
        )
    label = None
    if ending != "npz":
        names = uploads.header(content)
        label = st.selectbox("Column with the class", names, index=len(names) - 1, key="own_label")
    left, right = st.columns(2)
    standardise = left.checkbox("Standardise", key="own_standardise", help="Each column to mean 0 and deviation 1.")
    picture = right.checkbox("The inputs are pixels", key="own_picture", help="Of a square picture, row by row.")
    return Options(label, standardise, picture), False


def read(files: Sequence[tuple[str, bytes]], options: Options, inverted: bool = False) -> Dataset:
    """The data set in these (name, content) pairs. Raises DatasetError."""
    (name, content), *more = files
    ending = ending_of(name)
    if ending == "png":
        return uploads.from_files(files, "Your pictures", decoder(inverted))
    if more:
        raise DatasetError(f"one file is needed, or several pictures; there are {len(files)} files")
    if ending == "zip":
        return uploads.from_pictures(content, name, decoder(inverted))
    return uploads.from_npz(content, name, options) if ending == "npz" else uploads.from_csv(content, name, options)


def take(data: Dataset) -> None:
    """Make it the data of the session's run; what the session uploaded before is gone."""
    dataset_box.choose(state.upload(data))
    st.rerun()


def ending_of(name: str) -> str:
    return PurePath(name).suffix.lower().removeprefix(".")


def decoder(inverted: bool = False) -> Decoder:
    """How PNG pictures are read; `inverted`: dark ink on light paper."""
    return Decoder(size, lambda content: decode(content, inverted))


def size(content: bytes) -> tuple[int, int]:
    """A PNG's width and height from its header. Raises ValueError for anything else."""
    try:
        with Image.open(io.BytesIO(content), formats=["PNG"]) as picture:
            return picture.size
    except BROKEN_PNG:
        raise ValueError(NO_PICTURE) from None


def decode(content: bytes, inverted: bool = False) -> Array:
    """A PNG as grey levels (rows, columns) uint8; a large picture is scaled. Raises ValueError for anything else."""
    try:
        with Image.open(io.BytesIO(content), formats=["PNG"]) as picture:
            paper = Image.new("RGBA", picture.size, "white" if inverted else "black")
            grey = Image.alpha_composite(paper, picture.convert("RGBA")).convert("L")
    except BROKEN_PNG:
        raise ValueError(NO_PICTURE) from None
    if max(grey.size) > MOST_SIDE:
        grey = grey.resize((SCALED_TO, SCALED_TO), Image.Resampling.BOX)
    levels = np.asarray(grey)
    return 255 - levels if inverted else levels
