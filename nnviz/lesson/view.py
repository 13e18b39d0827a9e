"""What is looked at and how: a pinned cell, one example, and how the board draws.

Like the position these stand in the link; they are no part of the run. To add a way of drawing, name a `ViewOption` in
`VIEW_OPTIONS`: its buttons, the link and the messages follow. What a choice does is said by its effects, which
static/board/net.js names.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from nnviz.errors import FieldError
from nnviz.lesson.cells import Cell, read_cell
from nnviz.run.experiment import Experiment
from nnviz.run.fields import one_of, whole_number

ROW_SCALE, FIXED_SCALE, DECADES, UNSIGNED, TILES = "rowScale", "fixedScale", "decades", "unsigned", "tiles"  # effects
SCENE, PARAMETERS, ONE_SCALE, ASKS, SUBTRACTS = "scene", "parameters", "oneScale", "asks", "subtracts"
PRESENTS = "presents"  # the board alone, large, for a projector

MEAN = "mean"  # in a link, in place of an example


@dataclass(frozen=True)
class Choice:
    name: str  # in a link
    label: str  # on its button
    effects: tuple[str, ...] = ()


@dataclass(frozen=True)
class ViewOption:
    name: str  # in a link
    label: str  # beside its buttons
    choices: tuple[Choice, ...]  # the first one is the default
    pictures_only: bool = False  # True if it makes sense only for data that are pictures
    several_only: bool = False  # True if it makes sense only where several runs are shown
    has_button: bool = False  # True if it has a button of its own, apart from the others
    keeps: str | None = None  # the option whose choice it keeps while the scale is locked; it has no buttons itself


VIEW_OPTIONS = {
    option.name: option
    for option in (
        ViewOption(
            "layout",
            "show",
            (Choice("one", "one example", (SCENE,)), Choice("all", "all numbers")),
        ),
        ViewOption(
            "matrices",
            "matrices",
            (Choice("current", "of the phase"), Choice("weights", "w always", (PARAMETERS,))),
        ),
        ViewOption(
            "scale",
            "scale",
            (
                Choice("panel", "per panel"),
                Choice("shared", "shared by row", (ROW_SCALE,)),
                Choice("locked", "locked", (FIXED_SCALE,)),
            ),
        ),
        ViewOption("base", "", (Choice("panel", ""), Choice("shared", "", (ROW_SCALE,))), keeps="scale"),
        ViewOption("magnitudes", "magnitudes", (Choice("linear", "linear"), Choice("log", "log", (DECADES,)))),
        ViewOption("gradient", "gradient", (Choice("signed", "∇w"), Choice("size", "|∇w|", (UNSIGNED,)))),
        ViewOption(
            "first",
            "w²",
            (Choice("pictures", "pictures", (TILES,)), Choice("matrix", "matrix")),
            pictures_only=True,
        ),
        ViewOption(
            "run_scale",
            "runs",
            (Choice("shared", "on one scale", (ONE_SCALE,)), Choice("own", "each on its own")),
            several_only=True,
        ),
        ViewOption(
            "against",
            "show B, C, D",
            (Choice("nothing", "as they are"), Choice("first", "less A", (SUBTRACTS,))),
            several_only=True,
        ),
        ViewOption("present", "", (Choice("0", ""), Choice("1", "", (PRESENTS,))), has_button=True),
        ViewOption("predict", "", (Choice("after", ""), Choice("first", "", (ASKS,))), has_button=True),
    )
}


@dataclass(frozen=True)
class View:
    """How the board draws."""

    chosen: tuple[tuple[str, str], ...] = ()  # (option, choice), by name, if it is not the default
    lock: int | None = None  # the mini-batch, from 0, at which the scale was locked
    lock_example: int | None = None  # the example whose gradients were shown there

    @classmethod
    def of(cls, choices: Mapping[str, str], lock: int | None = None, lock_example: int | None = None) -> "View":
        """The view with these choices; defaults are left out, so that equal views are equal values."""
        different = {name: choice for name, choice in choices.items() if choice != default(name)}
        return cls(tuple(sorted(different.items())), lock, lock_example)

    @property
    def choices(self) -> dict[str, str]:
        """The choice of each option."""
        return {name: default(name) for name in VIEW_OPTIONS} | dict(self.chosen)

    def has(self, effect: str) -> bool:
        """Whether one of the choices has this effect on the board."""
        return any(
            effect in choice.effects
            for name, chosen in self.choices.items()
            for choice in VIEW_OPTIONS[name].choices
            if choice.name == chosen
        )


def default(option: str) -> str:
    return VIEW_OPTIONS[option].choices[0].name


@dataclass(frozen=True)
class Look:
    cell: Cell | None = None  # the number that is explained
    example: int | None = 0  # the one looked at, from 0; None for the mean over the mini-batch
    view: View = View()

    def to_params(self) -> dict[str, str]:
        """The parameters that a link needs for this; defaults are left out."""
        numbers = {"lock": self.view.lock, "lock_example": self.view.lock_example}
        cell = {"cell": str(self.cell)} if self.cell else {}
        example = (
            {}
            if self.example == example_of(self.cell)
            else {"example": MEAN if self.example is None else str(self.example)}
        )
        given = {name: str(n) for name, n in numbers.items() if n is not None}
        return cell | example | dict(self.view.chosen) | given


def read_look(params: Mapping[str, str], experiment: Experiment) -> tuple[Look, list[FieldError]]:
    """What a link looks at. A bad value gives an error and counts as left out."""
    errors: list[FieldError] = []
    examples = whole_number(0, experiment.batch)  # one more than the mini-batch has: the viewer may have added one
    readers = {
        "cell": lambda text: read_cell(text, experiment.sizes, experiment.batch + 1),
        "example": lambda text: None if text == MEAN else examples.parse("example", text),
        "lock": lambda text: whole_number(0, experiment.steps - 1).parse("lock", text),
        "lock_example": lambda text: examples.parse("lock_example", text),
    }
    for name, option in VIEW_OPTIONS.items():
        rule = one_of(lambda option=option: {choice.name: choice for choice in option.choices})
        readers[name] = lambda text, name=name, rule=rule: rule.parse(name, text)
    values = {}
    for name, reader in readers.items():
        if name in params:
            try:
                values[name] = reader(params[name])
            except FieldError as error:
                errors.append(error)
    choices = {name: values[name] for name in VIEW_OPTIONS if name in values}
    view = View.of(choices, values.get("lock"), values.get("lock_example"))
    cell = values.get("cell")
    return Look(cell, values.get("example", example_of(cell)), view), errors


def example_of(cell: Cell | None) -> int:
    """The example that is looked at if nothing else is said: the pinned number's own, else the first one."""
    return cell.k if cell and cell.quantity.columns == "examples" else 0
