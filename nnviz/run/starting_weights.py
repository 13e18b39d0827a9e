"""Networks that were loaded from files, as the start of a run.

An experiment names such a start by its content, `file-` and 16 hexadecimal digits, in place of an initializer. The
parameters themselves stay here, shared by all sessions of the process, the least recently used ones go first.
"""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from nnviz.arrays import Array
from nnviz.errors import NotHereError

PREFIX = "file-"
NAME_DIGITS = 16
MAX_BYTES = 64 * 2**20
MAX_STARTS = 200


@dataclass(frozen=True)
class Start:
    """The parameters that a run starts from; the arrays cannot be written to."""

    weights: tuple[Array, ...]  # w^l (n_l, n_{l-1}), l = 2..L
    biases: tuple[Array, ...]  # b^l (n_l, 1), l = 2..L

    @property
    def sizes(self) -> tuple[int, ...]:
        """n_l for l = 1..L."""
        return (self.weights[0].shape[1], *(len(b) for b in self.biases))

    @property
    def nbytes(self) -> int:
        return sum(array.nbytes for array in (*self.weights, *self.biases))

    @property
    def name(self) -> str:
        """`file-` and a digest of the sizes and all parameters."""
        digest = hashlib.sha256(repr(self.sizes).encode())
        for array in (*self.weights, *self.biases):
            digest.update(np.ascontiguousarray(array, dtype="<f8").tobytes())
        return PREFIX + digest.hexdigest()[:NAME_DIGITS]


class Starts:
    """The starts known to this process, bounded in number and bytes; safe to use from several threads."""

    def __init__(self, max_bytes: int = MAX_BYTES, max_starts: int = MAX_STARTS) -> None:
        self.max_bytes, self.max_starts = max_bytes, max_starts
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, Start] = OrderedDict()

    def register(self, weights: Iterable[Array], biases: Iterable[Array]) -> str:
        """Keep a copy of these parameters; the name by which an experiment starts from them."""
        start = Start(*(tuple(fixed(array) for array in arrays) for arrays in (weights, biases)))
        name = start.name
        with self._lock:
            self._kept[name] = start
            self._kept.move_to_end(name)
            while len(self._kept) > 1 and self._too_much():
                self._kept.popitem(last=False)
        return name

    def get(self, name: str) -> Start | None:
        """The start of this name, or None where it is not kept."""
        with self._lock:
            if name in self._kept:
                self._kept.move_to_end(name)
            return self._kept.get(name)

    def __contains__(self, name: str) -> bool:
        with self._lock:
            return name in self._kept

    def __len__(self) -> int:
        return len(self._kept)

    def _too_much(self) -> bool:
        return len(self._kept) > self.max_starts or sum(s.nbytes for s in self._kept.values()) > self.max_bytes


STARTS = Starts()


def fixed(array: Array) -> Array:
    """A read-only copy in float64."""
    copy = np.array(array, dtype=float)
    copy.setflags(write=False)
    return copy


def is_start_name(name: str) -> bool:
    digits = name.removeprefix(PREFIX)
    return name.startswith(PREFIX) and len(digits) == NAME_DIGITS and set(digits) <= set("0123456789abcdef")


def get(name: str) -> Start | None:
    """The start that a run's `init` names; None for an initializer's name. Raises NotHereError where it is not kept."""
    if not is_start_name(name):
        return None
    start = STARTS.get(name)
    if start is None:
        file = f"nnviz-{name.removeprefix(PREFIX)}"
        raise NotHereError(
            "init",
            name,
            f"load its file again on the Data page; saved by nnviz it is called {file}.json or .npz",
        )
    return start
