"""MNIST and its relatives, from files on this computer; MNIST fetches its own when it is asked to.

The files lie in a folder of their own for each set, such as `mnist`, inside the folder that the environment variable
NNVIZ_DATA names, or in the user's cache. Once they are there, nothing needs the network.
"""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from nnviz.datasets.dataset import Dataset
from nnviz.datasets.download import Fetcher, Progress, Published
from nnviz.datasets.idx import read_idx
from nnviz.datasets.mnist_pickle import read_book
from nnviz.errors import DatasetError, NotHereError

VARIABLE = "NNVIZ_DATA"
TRAINING, HELD_OUT = 50_000, 10_000  # Nielsen's split of the 60,000 training pictures
SIDE = 28

IMAGES, LABELS = "train-images-idx3-ubyte", "train-labels-idx1-ubyte"
BOOK = "mnist.pkl.gz"
MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
)
FILES = (
    Published(f"{IMAGES}.gz", 9_912_422, "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"),
    Published(f"{LABELS}.gz", 28_881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
    Published(
        "t10k-images-idx3-ubyte.gz", 1_648_877, "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"
    ),
    Published("t10k-labels-idx1-ubyte.gz", 4_542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"),
)
DIGITS = tuple(str(digit) for digit in range(10))
CLOTHES = (
    "T-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot",
)  # fmt: skip
KANA = ("お", "き", "す", "つ", "な", "は", "ま", "や", "れ", "を")


@dataclass(frozen=True)
class Family:
    """A data set published in MNIST's format."""

    name: str  # in a link, and of its folder
    title: str
    source: str
    classes: tuple[str, ...]
    learns_to: str  # what a network learns with it
    files: tuple[Published, ...] = ()  # what can be downloaded
    mirrors: tuple[str, ...] = ()


FAMILIES = {
    family.name: family
    for family in (
        Family(
            "mnist",
            "MNIST handwritten digits",
            "Y. LeCun, C. Cortes, C. Burges, The MNIST database of handwritten digits (1998), CC BY-SA 3.0.",
            DIGITS,
            "read digits",
            FILES,
            MIRRORS,
        ),
        Family(
            "fashion-mnist",
            "Fashion-MNIST",
            "H. Xiao, K. Rasul, R. Vollgraf, Fashion-MNIST (2017), MIT licence.",
            CLOTHES,
            "recognize clothes",
        ),
        Family(
            "kmnist",
            "KMNIST, cursive Japanese",
            "T. Clanuwat et al., Deep Learning for Classical Japanese Literature (2018), KMNIST, CC BY-SA 4.0.",
            KANA,
            "read cursive Japanese",
        ),
    )
}


def cache_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Where data sets are kept: what NNVIZ_DATA names, or nnviz in the user's cache."""
    if named := environ.get(VARIABLE):
        return Path(named).expanduser()
    if sys.platform == "win32" and (local := environ.get("LOCALAPPDATA")):
        return Path(local) / "nnviz"
    return Path(environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "nnviz"


def folder_of(family: Family, root: Path | None = None) -> Path:
    return (root or cache_folder()) / family.name


def find(folder: Path, name: str) -> Path | None:
    """An IDX file, packed or not; some programs write a dot for the first hyphen of `-idx`."""
    names = (f"{name}.gz", name, f"{name.replace('-idx', '.idx')}.gz", name.replace("-idx", ".idx"))
    return next((folder / n for n in names if (folder / n).is_file()), None)


def is_here(family: Family, root: Path | None = None) -> bool:
    """Whether the files are on this computer."""
    folder = folder_of(family, root)
    if find(folder, IMAGES) and find(folder, LABELS):
        return True
    return family.name == "mnist" and (folder / BOOK).is_file()


def load(family: Family, root: Path | None = None) -> Dataset:
    """The data set from its files. Raises NotHereError where there are none, DatasetError where they are broken."""
    folder = folder_of(family, root)
    images, labels = find(folder, IMAGES), find(folder, LABELS)
    if images and labels:
        x, y = read_idx(images), read_idx(labels)
    elif family.name == "mnist" and (folder / BOOK).is_file():
        x, y = read_book(folder / BOOK)
    else:
        raise NotHereError("dataset", family.name, where_to_put(family, root))
    n = TRAINING + HELD_OUT
    if x.shape not in ((n, SIDE, SIDE), (n, SIDE * SIDE)) or y.shape != (n,):
        raise DatasetError(
            f"{family.title}: the files must hold {n:,} pictures of {SIDE} x {SIDE} and as many labels, "
            f"they hold arrays of shape {x.shape} and {y.shape}"
        )
    if y.max() >= len(family.classes):
        raise DatasetError(f"{family.title}: labels must be from 0 to {len(family.classes) - 1}, one is {y.max()}")
    return Dataset(
        title=family.title,
        learns_to=family.learns_to,
        source=f"{family.source} The 60,000 training pictures, split as in the book.",
        inputs=x.reshape(n, SIDE * SIDE),
        labels=y.astype(int),
        n_train=TRAINING,
        classes=family.classes,
        scale=255.0,
        picture=(SIDE, SIDE),
    )


def where_to_put(family: Family, root: Path | None = None) -> str:
    """What a user without a network connection can do."""
    files = f"{IMAGES}.gz and {LABELS}.gz" + (f", or the book's {BOOK}," if family.name == "mnist" else "")
    first = "download it on the Data page, or " if family.files else ""
    return (
        f"{first}put {files} into the folder {shown(folder_of(family, root))} "
        f"(the environment variable {VARIABLE} names another one)"
    )


def shown(path: Path) -> str:
    """A path with ~ for the home folder."""
    try:
        return str(Path("~") / path.relative_to(Path.home()))
    except (ValueError, RuntimeError):
        return str(path)


def download(family: Family, progress: Progress, root: Path | None = None, fetcher: Fetcher | None = None) -> None:
    """Fetch the published files. Raises DatasetError with what to do where that fails."""
    if not family.files:
        raise NotHereError("dataset", family.name, where_to_put(family, root))
    fetcher = fetcher or Fetcher(family.mirrors)
    try:
        fetcher.fetch(family.files, folder_of(family, root), progress)
    except DatasetError as problem:
        by_hand = where_to_put(family, root).removeprefix("download it on the Data page, or ")
        raise DatasetError(f"{family.title} could not be fetched: {problem}. Without a network, {by_hand}.") from None
