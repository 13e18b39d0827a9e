"""What a run is: an `Experiment` of names and numbers, and a `Position` in it. Both travel in links.

Every field has one entry in `FIELDS`: how it reads from text, how it is written, and what is accepted. Links, widgets
and messages all use that entry.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from nnviz import datasets
from nnviz.errors import FieldError, NnvizError, NotHereError
from nnviz.model.activations import ACTIVATIONS, HIDDEN
from nnviz.model.costs import COSTS, costs_for, output_error_rule
from nnviz.model.initializers import INITIALIZERS
from nnviz.run import starting_weights
from nnviz.run.edits import EXAMPLES, Edit, check_edits, read_edits
from nnviz.run.phases import phases

MAX_LAYERS, MAX_NEURONS = 5, 400


@dataclass(frozen=True)
class Field:
    """How one field of an experiment stands in a link, and which values it takes."""

    read: Callable[[str], Any]  # text -> value; raises ValueError where the text means none
    accepts: Callable[[Any], bool]
    accepted: Callable[[], str]  # what is accepted, in words
    write: Callable[[Any], str] = str

    def check(self, name: str, value: Any) -> None:
        try:
            fine = self.accepts(value)
        except (TypeError, OverflowError):  # a list for a name, 10**400 for a number
            fine = False
        if not fine:
            raise FieldError(name, value, self.accepted())

    def parse(self, name: str, text: str) -> Any:
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


def one_of(names: Callable[[], Mapping]) -> Field:
    return Field(str, lambda name: name in names(), lambda: f"one of {', '.join(names())}")


def plain(text: str) -> str:
    """`text` if it holds ASCII without `_` only: Python also reads 1_000 and １ as numbers."""
    if not text.isascii() or "_" in text:
        raise ValueError
    return text


def number(low: float, high: float) -> Field:
    return Field(
        lambda text: float(plain(text)),
        lambda value: math.isfinite(value) and low <= value <= high,
        lambda: f"a number from {low:g} to {high:g}",
        lambda value: f"{value:g}" if float(f"{value:g}") == value else repr(float(value)),
    )


def whole_number(low: int, high: int) -> Field:
    return Field(
        lambda text: int(plain(text)),
        lambda value: isinstance(value, int) and low <= value <= high,
        lambda: f"a whole number from {low} to {high:,}",
    )


def read_layers(text: str) -> tuple[int, ...]:
    text = text.strip()
    return () if text in ("", "none") else tuple(int(n) for n in plain(text).split(","))


LAYERS = Field(
    read_layers,
    lambda sizes: (
        isinstance(sizes, tuple)
        and len(sizes) <= MAX_LAYERS
        and all(isinstance(n, int) and 1 <= n <= MAX_NEURONS for n in sizes)
    ),
    lambda: f"up to {MAX_LAYERS} layer sizes from 1 to {MAX_NEURONS}, as in 30,20, or none",
    lambda sizes: ",".join(map(str, sizes)) or "none",
)

EDITS = Field(
    read_edits,
    lambda edits: isinstance(edits, tuple) and all(isinstance(edit, Edit) for edit in edits),
    lambda: f"edits separated by semicolons, {EXAMPLES}",
    lambda edits: ";".join(map(str, edits)),
)


def is_dataset(name: Any) -> bool:
    """Whether there is a data set of that name. Raises FieldError, which says why not, where there is none."""
    return isinstance(name, str) and datasets.canonical(name) == name and bool(datasets.get(name))


def is_start(name: Any) -> bool:
    """Whether a network can start like that. Raises NotHereError for a loaded network that is not kept."""
    return name in INITIALIZERS or bool(starting_weights.get(name))


DATASET = Field(datasets.canonical, is_dataset, datasets.accepted)
INIT = Field(str, is_start, lambda: f"one of {', '.join(INITIALIZERS)}, or a network loaded from a file")

BIASES = {"learned": "moved by the update", "frozen": "left as they are"}

FIELDS: dict[str, Field] = {
    "dataset": DATASET,
    "hidden": LAYERS,
    "activation": one_of(lambda: HIDDEN),
    "output": one_of(lambda: ACTIVATIONS),
    "cost": one_of(lambda: COSTS),
    "init": INIT,
    "eta": number(1e-6, 100.0),
    "batch": whole_number(1, 256),
    "lmbda": number(0.0, 1000.0),
    "seed": whole_number(0, 2**32 - 1),
    "biases": one_of(lambda: BIASES),
    "edits": EDITS,
}


@dataclass(frozen=True)
class Experiment:
    """Everything that determines a run. Equal experiments are the same run, bit for bit."""

    dataset: str = "digits"  # a name that datasets.get knows
    hidden: tuple[int, ...] = (30,)  # sizes of the hidden layers, 2..L-1
    activation: str = "sigmoid"  # of the hidden layers
    output: str = "sigmoid"  # activation of the output layer
    cost: str = "quadratic"
    init: str = "large"  # an initializer, or a network loaded from a file: see nnviz/run/starting_weights.py
    eta: float = 3.0  # the learning rate
    batch: int = 10  # m, the size of a mini-batch
    lmbda: float = 0.0  # L2 regularization, as in network2.py
    seed: int = 0
    biases: str = "learned"  # or frozen: the update leaves them alone
    edits: tuple[Edit, ...] = ()  # what if: see nnviz/run/edits.py

    def __post_init__(self) -> None:
        for name, rule in FIELDS.items():
            rule.check(name, getattr(self, name))
        output_error_rule(COSTS[self.cost], ACTIVATIONS[self.output])
        start = starting_weights.get(self.init)
        if start and start.sizes != self.sizes:
            wanted, given = ("-".join(map(str, sizes)) for sizes in (self.sizes, start.sizes))
            raise FieldError("init", f"one with {given}", f"a network with the run's sizes {wanted}")
        if self.edits:
            check_edits(self.edits, self.sizes, self.steps)

    @property
    def data(self) -> datasets.Dataset:
        return datasets.get(self.dataset)

    @property
    def sizes(self) -> tuple[int, ...]:
        """n_l for l = 1..L."""
        return (self.data.n_inputs, *self.hidden, self.data.n_outputs)

    @property
    def phases(self) -> int:
        """How many phases a mini-batch has: 2L + 1."""
        return len(phases(len(self.sizes)))

    @property
    def batches_per_epoch(self) -> int:
        """The last mini-batch of an epoch holds what is left, as in the book."""
        return math.ceil(self.data.n_train / self.batch)

    @property
    def steps(self) -> int:
        """How many mini-batches the whole run has."""
        return self.data.epochs * self.batches_per_epoch

    def summary(self) -> str:
        """In a line: `64-30-10 · sigmoid · quadratic · large weights · η 3 · m 10`."""
        parts = ["-".join(map(str, self.sizes)), self.activation]
        if self.output != self.activation:
            parts.append(f"{self.output} output")
        by_hand = any(edit.step == 0 and edit.kind == "w" for edit in self.edits)
        start = "weights set by hand" if by_hand else f"{self.init} weights"
        parts += [self.cost, start, f"η {self.eta:g}", f"m {self.batch}"]
        if self.lmbda:
            parts.append(f"λ {self.lmbda:g}")
        return " · ".join(parts)


@dataclass(frozen=True)
class Position:
    """Where in a run: the mini-batch, counted from 0 over all epochs, and the phase inside it, from 0."""

    step: int = 0
    phase: int = 0

    def moved(self, experiment: Experiment, *, phases: int = 0, steps: int = 0) -> "Position":
        """This position moved by phases or by mini-batches, stopping at both ends of the run."""
        if phases:
            at = self.step * experiment.phases + self.phase + phases
            at = min(max(at, 0), experiment.steps * experiment.phases - 1)
            return Position(*divmod(at, experiment.phases))
        return replace(self, step=min(max(self.step + steps, 0), experiment.steps - 1))

    def within(self, experiment: Experiment) -> "Position":
        """This position, or the nearest one that the run has."""
        return Position(
            min(max(self.step, 0), experiment.steps - 1),
            min(max(self.phase, 0), experiment.phases - 1),
        )


DEFAULT = Experiment()


def to_params(experiment: Experiment, position: Position) -> dict[str, str]:
    """The parameters of the link that restores both. What has its default value stays out of it."""
    params = {
        name: rule.write(getattr(experiment, name))
        for name, rule in FIELDS.items()
        if getattr(experiment, name) != getattr(DEFAULT, name)
    }
    params |= {f.name: str(value) for f in fields(position) if (value := getattr(position, f.name))}
    return params


def without_misfits(values: dict[str, Any]) -> tuple[Experiment, list[NnvizError]]:
    """The experiment of these values; an edit or a loaded network that does not fit it counts as left out."""
    values, errors = dict(values), []
    while True:
        try:
            return Experiment(**values), errors
        except FieldError as error:
            errors.append(error)
            del values[error.field]


def from_params(params: Mapping[str, str]) -> tuple[Experiment, Position, list[NnvizError]]:
    """The experiment and position that a link means; a bad value gives an error and counts as left out."""
    errors: list[NnvizError] = []
    values: dict[str, Any] = {}
    for name, rule in FIELDS.items():
        if name in params:
            try:
                values[name] = rule.parse(name, params[name])
            except NnvizError as error:
                errors.append(error)
    allowed = costs_for(values.get("output", DEFAULT.output))
    if values.get("cost", DEFAULT.cost) not in allowed:
        if "cost" in values:
            errors.append(FieldError("cost", values["cost"], f"one that goes with the output: {', '.join(allowed)}"))
        values["cost"] = allowed[0]
    experiment, misfits = without_misfits(values)
    errors += misfits
    position = {}
    for name, limit in (("step", experiment.steps), ("phase", experiment.phases)):
        if name in params:
            try:
                position[name] = whole_number(0, limit - 1).parse(name, params[name])
            except FieldError as error:
                errors.append(error)
    return experiment, Position(**position), errors
