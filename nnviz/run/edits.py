"""What if: changes to a run, each from a certain mini-batch on. They are part of the experiment and of its link.

As text, `40:w.2.3.7=1.5` sets a weight before mini-batch 40 (counted from 0) and lets it learn on from there,
`150:eta=0.5` changes the learning rate from then on, and `0:act.2.3=relu` gives one neuron another activation.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from nnviz.errors import FieldError, shortened
from nnviz.model.activations import hidden_activations
from nnviz.number_text import read_float, shown, written

MAX_EDITS = 80  # enough for every parameter of a 4-4-4-4 network
MAX_TEXT = 4000  # characters of all edits in a link
RATES = {"eta": (1e-6, 100.0), "lmbda": (0.0, 1000.0)}  # with their least and greatest value
INDICES = {"eta": 0, "lmbda": 0, "w": 3, "b": 2, "act": 2}  # kind -> how many indices it has
MAX_PARAMETER = 1e6
EXAMPLES = "as in 40:w.2.3.7=1.5, 150:eta=0.5 or 0:act.2.3=relu"


@dataclass(frozen=True, order=True)
class Edit:
    step: int  # the first mini-batch that it concerns, from 0
    kind: str  # eta, lmbda, w, b or act
    indices: tuple[int, ...]  # (layer, j, k) of a weight, (layer, j) of a bias or neuron, () of a rate
    value: float | str  # a number, or the name of an activation

    def __str__(self) -> str:
        value = self.value if isinstance(self.value, str) else written(self.value)
        return f"{self.step}:{self.target}={value}"

    @property
    def target(self) -> str:
        """What is changed, as text: eta, w.2.3.7, act.2.3."""
        return ".".join([self.kind, *map(str, self.indices)])

    def words(self) -> str:
        """For the list on the page; neurons and mini-batches count from 1."""
        since = f"from mini-batch {self.step + 1:,} on"
        if self.kind in RATES:
            name = {"eta": "η", "lmbda": "λ"}[self.kind]
            return f"{name} = {shown(float(self.value))} {since}"
        layer, j, *k = self.indices
        if self.kind == "act":
            return f"neuron {j + 1} of layer {layer} is {self.value} {since}"
        if self.kind == "b":
            return (
                f"bias of neuron {j + 1} in layer {layer} = {shown(float(self.value))} at mini-batch {self.step + 1:,}"
            )
        which = f"weight from neuron {k[0] + 1} to neuron {j + 1} of layer {layer}"
        return f"{which} = {shown(float(self.value))} at mini-batch {self.step + 1:,}"


def canonical(edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """The edits in their one order. Of two that set the same thing at the same mini-batch the later one counts."""
    return tuple(sorted({(e.step, e.kind, e.indices): e for e in edits}.values()))


def read_edits(text: str) -> tuple[Edit, ...]:
    """Edits separated by semicolons. Raises ValueError if the text is none."""
    if len(text) > MAX_TEXT:
        raise ValueError("too long")
    return canonical(read_edit(part) for part in text.split(";") if part.strip())


def read_edit(text: str) -> Edit:
    """One edit. Raises ValueError if the text is none."""
    step, _, rest = text.strip().partition(":")
    target, _, value = rest.partition("=")
    kind, *indices = target.split(".")
    return read_value(whole(step), kind, tuple(map(whole, indices)), value)


def read_value(step: int, kind: str, indices: tuple[int, ...], text: str) -> Edit:
    """The edit that gives a target the value of a text. Raises ValueError if the text means no value."""
    if not text:
        raise ValueError(text)
    return Edit(step, kind, indices, text if kind == "act" else read_float(text))


def whole(text: str) -> int:
    """A whole number of at most 9 digits. Raises ValueError if the text is none."""
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise ValueError(text)
    return int(text)


def check_edits(edits: tuple[Edit, ...], sizes: tuple[int, ...], steps: int) -> None:
    """Raise a `FieldError` for the first edit that a run of this shape and length cannot have."""
    if len(edits) > MAX_EDITS:
        raise FieldError("edits", f"{len(edits)} edits", f"at most {MAX_EDITS}")
    for edit in edits:
        if edit.step >= steps:
            raise FieldError("edits", edit, f"at a mini-batch from 0 to {steps - 1}")
        if edit.kind in RATES and not edit.indices:
            check_number(edit, *RATES[edit.kind])
        elif edit.kind in ("w", "b", "act") and is_within(edit, sizes):
            if edit.kind != "act":
                check_number(edit, -MAX_PARAMETER, MAX_PARAMETER)
            elif edit.value not in hidden_activations() or edit.indices[0] == len(sizes):
                raise FieldError("edits", edit, f"a hidden neuron with one of {', '.join(hidden_activations())}")
        else:
            raise FieldError("edits", edit, f"{EXAMPLES}, with indices inside the network")


def is_within(edit: Edit, sizes: tuple[int, ...]) -> bool:
    """Whether the indices of a weight, bias or neuron are inside a network of these sizes."""
    if len(edit.indices) != INDICES[edit.kind]:
        return False
    layer, j, *k = edit.indices
    return 2 <= layer <= len(sizes) and j < sizes[layer - 1] and all(i < sizes[layer - 2] for i in k)


def check_number(edit: Edit, low: float, high: float) -> None:
    if not isinstance(edit.value, float) or not math.isfinite(edit.value) or not low <= edit.value <= high:
        raise FieldError("edits", edit, f"a number from {low:g} to {high:g} for {shortened(edit.target)}")
