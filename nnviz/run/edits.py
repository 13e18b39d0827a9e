"""What if: changes to a run, each from a certain mini-batch on. They are part of the experiment and of its link.

As text, `40:w.2.3.7=1.5` sets a weight before mini-batch 40 (counted from 0) and lets it learn on from there,
`150:eta=0.5` changes the learning rate from then on, and `0:act.2.3=relu` gives one neuron another activation.
"""

import math
from dataclasses import dataclass

from nnviz.errors import FieldError
from nnviz.model.activations import HIDDEN

MAX_EDITS = 80  # enough for every parameter of a 4-4-4-4 network
RATES = {"eta": (1e-6, 100.0), "lmbda": (0.0, 1000.0)}  # with their least and greatest value
MAX_PARAMETER = 1e6
EXAMPLES = "as in 40:w.2.3.7=1.5, 150:eta=0.5 or 0:act.2.3=relu"


@dataclass(frozen=True, order=True)
class Edit:
    step: int  # the first mini-batch that it concerns, from 0
    target: str  # eta, lmbda, w.<layer>.<j>.<k>, b.<layer>.<j> or act.<layer>.<j>, indices from 0
    value: float | str  # a number, or the name of an activation

    def __str__(self) -> str:
        value = self.value if isinstance(self.value, str) else repr(float(self.value)).removesuffix(".0")
        return f"{self.step}:{self.target}={value}"

    @property
    def kind(self) -> str:
        """eta, lmbda, w, b or act."""
        return self.target.split(".")[0]

    @property
    def indices(self) -> tuple[int, ...]:
        """(layer, j, k) of a weight, (layer, j) of a bias or neuron, () of a rate."""
        return tuple(int(number) for number in self.target.split(".")[1:])

    def words(self) -> str:
        """For the list on the page; neurons and mini-batches count from 1."""
        since = f"from mini-batch {self.step + 1} on"
        if self.kind in RATES:
            name = {"eta": "η", "lmbda": "λ"}[self.kind]
            return f"{name} = {self.value:g} {since}"
        layer, j, *k = self.indices
        if self.kind == "act":
            return f"neuron {j + 1} of layer {layer} is {self.value} {since}"
        if self.kind == "b":
            return f"bias of neuron {j + 1} in layer {layer} = {self.value:g} at mini-batch {self.step + 1}"
        which = f"weight from neuron {k[0] + 1} to neuron {j + 1} of layer {layer}"
        return f"{which} = {self.value:g} at mini-batch {self.step + 1}"


def read_edits(text: str) -> tuple[Edit, ...]:
    """Edits separated by semicolons. Raises ValueError where the text is none."""
    if len(text) > 4000:
        raise ValueError("too long")
    return tuple(read_edit(part) for part in text.split(";") if part.strip())


def read_edit(text: str) -> Edit:
    step, _, rest = text.strip().partition(":")
    target, _, value = rest.partition("=")
    if not (step.isascii() and step.isdigit() and len(step) < 10) or not value:
        raise ValueError(text)
    kind, *indices = target.split(".")
    if not all(i.isascii() and i.isdigit() and len(i) < 6 for i in indices):
        raise ValueError(text)
    return Edit(int(step), target, value if kind == "act" else float(value))


def check_edits(edits: tuple[Edit, ...], sizes: tuple[int, ...], steps: int) -> None:
    """Raise a `FieldError` for the first edit that a run of this shape and length cannot have."""
    if len(edits) > MAX_EDITS:
        raise FieldError("edits", f"{len(edits)} edits", f"at most {MAX_EDITS}")
    for edit in edits:
        if edit.step >= steps:
            raise FieldError("edits", edit, f"at a mini-batch from 0 to {steps - 1}")
        if edit.kind in RATES and not edit.indices:
            low, high = RATES[edit.kind]
            check_number(edit, low, high)
        elif edit.kind in ("w", "b", "act") and within(edit, sizes):
            if edit.kind != "act":
                check_number(edit, -MAX_PARAMETER, MAX_PARAMETER)
            elif edit.value not in HIDDEN or edit.indices[0] == len(sizes):
                raise FieldError("edits", edit, f"a hidden neuron with one of {', '.join(HIDDEN)}")
        else:
            raise FieldError("edits", edit, f"{EXAMPLES}, with indices inside the network")


def within(edit: Edit, sizes: tuple[int, ...]) -> bool:
    """Whether the indices of a weight, bias or neuron are inside a network of these sizes."""
    if len(edit.indices) != (3 if edit.kind == "w" else 2):
        return False
    layer, j, *k = edit.indices
    return 2 <= layer <= len(sizes) and j < sizes[layer - 1] and all(i < sizes[layer - 2] for i in k)


def check_number(edit: Edit, low: float, high: float) -> None:
    if not isinstance(edit.value, float) or not math.isfinite(edit.value) or not low <= edit.value <= high:
        raise FieldError("edits", edit, f"a number from {low:g} to {high:g} for {edit.target}")
