"""How the fields of an experiment read from text, how they are written, and what is accepted.

Links, widgets and messages all use the same `Field`, so that they cannot disagree.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from nnviz.errors import FieldError, NotHereError
from nnviz.number_text import read_float, read_int, written


@dataclass(frozen=True)
class Field:
    """One field: text to value, value to text, and which values it takes."""

    read: Callable[[str], Any]  # text -> value; raises ValueError if the text means none
    accepts: Callable[[Any], bool]
    accepted: Callable[[], str]  # what is accepted, in words
    write: Callable[[Any], str] = str
    label: str = ""  # what it is called on the screen

    def check(self, name: str, value: Any) -> None:
        """Raise FieldError if the value is not accepted."""
        try:
            fine = self.accepts(value)
        except (TypeError, OverflowError):  # a list for a name, 10**400 for a number
            fine = False
        if not fine:
            raise FieldError(name, value, self.accepted())

    def parse(self, name: str, text: str) -> Any:
        """The value that a text means. Raises FieldError."""
        try:
            value = self.read(text)
            self.check(name, value)
        except NotHereError:
            raise
        except FieldError as error:
            raise FieldError(name, text, error.accepted) from None
        except (ValueError, OverflowError):
            raise FieldError(name, text, self.accepted()) from None
        return value


def one_of(names: Callable[[], Mapping], label: str = "") -> Field:
    """One of the names of a registry."""
    return Field(str, lambda name: name in names(), lambda: f"one of {', '.join(names())}", label=label)


def number(low: float, high: float, label: str = "") -> Field:
    return Field(
        lambda text: read_float(with_decimal_point(text)),
        lambda value: math.isfinite(value) and low <= value <= high,
        lambda: f"a number from {low:g} to {high:g}",
        written,
        label,
    )


def with_decimal_point(text: str) -> str:
    """0,5 as 0.5: what is typed with a decimal comma."""
    return text.replace(",", ".") if text.count(",") == 1 and "." not in text else text


def whole_number(low: int, high: int, label: str = "") -> Field:
    return Field(
        read_int,
        lambda value: isinstance(value, int) and not isinstance(value, bool) and low <= value <= high,
        lambda: f"a whole number from {low} to {high:,}",
        label=label,
    )


def layer_sizes(max_layers: int, max_neurons: int, label: str = "") -> Field:
    """The sizes of hidden layers, as in 30,20, or with spaces or semicolons between them."""

    def read(text: str) -> tuple[int, ...]:
        text = text.strip()
        return () if text == "none" else tuple(map(read_int, re.split(r"\s*[,;]\s*|\s+", text)))

    return Field(
        read,
        lambda sizes: (
            isinstance(sizes, tuple)
            and len(sizes) <= max_layers
            and all(isinstance(n, int) and 1 <= n <= max_neurons for n in sizes)
        ),
        lambda: f"up to {max_layers} layer sizes from 1 to {max_neurons}, as in 30,20, or none",
        lambda sizes: ",".join(map(str, sizes)) or "none",
        label,
    )
