"""What is looked at and how: a pinned cell, one example, and how the board draws.

Like the position these are part of the link, not of the run.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields

from nnviz.errors import FieldError
from nnviz.lesson.cells import Cell, read_cell
from nnviz.run.experiment import Experiment, one_of, whole_number

CHOICES = {
    "scale": ("panel", "shared", "locked"),  # each panel's own, one for all layers of a quantity, or locked
    "base": ("panel", "shared"),  # which of the two was locked
    "magnitudes": ("linear", "log"),
    "gradient": ("signed", "size"),
    "first": ("pictures", "matrix"),  # the first layer's weights of picture data
}


@dataclass(frozen=True)
class View:
    """How the board draws. The first of each of the `CHOICES` is the default."""

    scale: str = "panel"
    base: str = "panel"
    magnitudes: str = "linear"
    gradient: str = "signed"
    first: str = "pictures"
    lock: int | None = None  # the mini-batch, from 0, at which the scale was locked
    lock_example: int | None = None  # the example whose gradients were shown there


@dataclass(frozen=True)
class Look:
    cell: Cell | None = None  # the number that is explained
    example: int | None = None  # the one looked at, from 0; None for the mean over the mini-batch
    view: View = View()

    def to_params(self) -> dict[str, str]:
        """The parameters that a link needs for this; what has its default value stays out of it."""
        cell = {"cell": str(self.cell)} if self.cell else {}
        example = {"example": str(self.example)} if self.example is not None else {}
        view = {
            field.name: str(value)
            for field in fields(View)
            if (value := getattr(self.view, field.name)) != field.default
        }
        return cell | example | view


def read_look(params: Mapping[str, str], experiment: Experiment) -> tuple[Look, list[FieldError]]:
    """What a link looks at; a bad value gives an error and counts as left out."""
    errors: list[FieldError] = []
    examples = whole_number(0, experiment.batch)  # one more than the mini-batch has: an example of one's own
    readers = {
        "cell": lambda text: read_cell(text, experiment.sizes, experiment.batch + 1),
        "example": lambda text: examples.parse("example", text),
        "lock": lambda text: whole_number(0, experiment.steps - 1).parse("lock", text),
        "lock_example": lambda text: examples.parse("lock_example", text),
    }
    for name, choices in CHOICES.items():
        readers[name] = lambda text, name=name, choices=choices: one_of(lambda: choices).parse(name, text)
    found = {}
    for name, reader in readers.items():
        if name in params:
            try:
                found[name] = reader(params[name])
            except FieldError as error:
                errors.append(error)
    view = View(**{field.name: found[field.name] for field in fields(View) if field.name in found})
    return Look(found.get("cell"), found.get("example"), view), errors
