"""What a run is: an `Experiment` of names and numbers, and a `Position` in it. Both stand in the link."""

import math
from dataclasses import dataclass, replace
from typing import Any

from nnviz import datasets
from nnviz.errors import FieldError, NnvizError
from nnviz.model.activations import ACTIVATIONS, hidden_activations
from nnviz.model.costs import COSTS, costs_for, output_error_rule
from nnviz.model.initializers import INITIALIZERS
from nnviz.model.update_rules import UPDATE_RULES
from nnviz.run import starting_weights
from nnviz.run.edits import EXAMPLES, Edit, canonical, check_edits, read_edits
from nnviz.run.fields import Field, layer_sizes, number, one_of, whole_number
from nnviz.run.phases import phases

MAX_LAYERS, MAX_NEURONS = 5, 400
MAX_BATCH = 256  # examples in a mini-batch


def is_dataset(name: Any) -> bool:
    """Whether there is a data set of that name. Raises FieldError, which says why not, if there is none."""
    return isinstance(name, str) and datasets.canonical(name) == name and bool(datasets.get(name))


def is_start(name: Any) -> bool:
    """Whether a network can start like that. Raises NotHereError for a loaded network that is not kept."""
    return name in INITIALIZERS or bool(starting_weights.get(name))


BIASES = {"learned": "moved by the update", "frozen": "left as they are"}

FIELDS: dict[str, Field] = {
    "dataset": Field(datasets.canonical, is_dataset, datasets.accepted, label="data"),
    "hidden": layer_sizes(MAX_LAYERS, MAX_NEURONS, "hidden layers"),
    "activation": one_of(hidden_activations, "activation"),
    "output": one_of(lambda: ACTIVATIONS, "output activation"),
    "cost": one_of(lambda: COSTS, "cost"),
    "init": Field(
        str,
        is_start,
        lambda: f"one of {', '.join(INITIALIZERS)}, or a network loaded from a file",
        label="starting weights",
    ),
    "update": one_of(lambda: UPDATE_RULES, "update rule"),
    "eta": number(1e-6, 100.0, "learning rate η"),
    "batch": whole_number(1, MAX_BATCH, "mini-batch size m"),
    "lmbda": number(0.0, 1000.0, "L2 λ"),
    "seed": whole_number(0, 2**32 - 1, "seed"),
    "biases": one_of(lambda: BIASES, "biases"),
    "edits": Field(
        read_edits,
        lambda edits: isinstance(edits, tuple) and all(isinstance(edit, Edit) for edit in edits),
        lambda: f"edits separated by semicolons, {EXAMPLES}",
        lambda edits: ";".join(map(str, edits)),
        "edits",
    ),
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
    update: str = "gradient descent"  # the update rule
    eta: float = 3.0  # the learning rate
    batch: int = 10  # m, the size of a mini-batch
    lmbda: float = 0.0  # L2 regularization, as in network2.py
    seed: int = 0
    biases: str = "learned"  # or frozen: the update leaves them as they are
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
            object.__setattr__(self, "edits", canonical(self.edits))  # equal runs are equal values
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

    @property
    def weights_set_by_hand(self) -> int:
        """How many weights are set by hand before the first mini-batch."""
        return sum(edit.step == 0 and edit.kind == "w" for edit in self.edits)

    def summary(self) -> str:
        """In a line: `64-30-10 · sigmoid · quadratic · large weights · η 3 · m 10`."""
        sizes = self.sizes
        parts = ["-".join(map(str, sizes)), self.activation]
        if self.output != self.activation:
            parts.append(f"{self.output} output")
        n, by_hand = sum(a * b for a, b in zip(sizes, sizes[1:], strict=False)), self.weights_set_by_hand
        start = "weights set by hand" if by_hand == n else f"{self.init} weights"
        parts += [self.cost, start]
        if 0 < by_hand < n:
            parts.append(f"{by_hand} of {n:,} weights set by hand")
        parts += [f"η {self.eta:g}", f"m {self.batch}"]
        if self.lmbda:
            parts.append(f"λ {self.lmbda:g}")
        return " · ".join(parts)


def changed(experiment: Experiment, changes: dict[str, Any]) -> Experiment:
    """The experiment with some fields changed; a new output alone brings a cost that goes with it."""
    changes = dict(changes)
    if "output" in changes and "cost" not in changes and experiment.cost not in costs_for(changes["output"]):
        changes["cost"] = next(iter(costs_for(changes["output"])), experiment.cost)  # if none goes with it: an error
    return replace(experiment, **changes)


def without_misfits(values: dict[str, Any]) -> tuple[Experiment, list[NnvizError]]:
    """The experiment of these values, and why some were dropped: edits or a loaded network that do not fit it."""
    values, errors = dict(values), []
    while True:
        try:
            return Experiment(**values), errors
        except FieldError as error:
            errors.append(error)
            del values[error.field]


@dataclass(frozen=True)
class Position:
    """Where in a run: the mini-batch, counted from 0 over all epochs, and the phase inside it, from 0."""

    step: int = 0
    phase: int = 0

    def within(self, experiment: Experiment) -> "Position":
        """This position, or the nearest one that the run has."""
        return Position(
            min(max(self.step, 0), experiment.steps - 1),
            min(max(self.phase, 0), experiment.phases - 1),
        )
