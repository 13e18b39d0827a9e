"""Two to four runs side by side: the first one, and what the others have different. All of it is a link.

In the link the first run stands as everywhere, and what run b, c or d has different stands behind its letter:
`?eta=0.5&b.eta=5&c.cost=cross-entropy`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from nnviz.errors import FieldError, NnvizError
from nnviz.model.costs import costs_for
from nnviz.run import experiment as links
from nnviz.run.experiment import FIELDS, Experiment, Position, whole_number

LETTERS = "abcd"
FEWEST = 2

LABELS = {
    "dataset": "data",
    "hidden": "hidden layers",
    "activation": "activation",
    "output": "output activation",
    "cost": "cost",
    "init": "starting weights",
    "eta": "learning rate η",
    "batch": "mini-batch size m",
    "lmbda": "L2 λ",
    "seed": "seed",
    "biases": "biases",
    "edits": "edits",
}


@dataclass(frozen=True)
class Comparison:
    runs: tuple[Experiment, ...]  # two to four

    def __post_init__(self) -> None:
        if not FEWEST <= len(self.runs) <= len(LETTERS):
            raise FieldError("runs", len(self.runs), f"from {FEWEST} to {len(LETTERS)}")

    @property
    def steps(self) -> int:
        """How many mini-batches all of the runs have."""
        return min(run.steps for run in self.runs)

    @property
    def differences(self) -> dict[str, tuple[str, ...]]:
        """The fields in which the runs differ, with the text of each run's value."""
        return {
            name: tuple(rule.write(getattr(run, name)) for run in self.runs)
            for name, rule in FIELDS.items()
            if len({getattr(run, name) for run in self.runs}) > 1
        }

    def with_first(self, first: Experiment) -> "Comparison":
        """Another first run; the others keep what they have different, as far as it goes with it."""
        before = self.runs[0]
        others = []
        for run in self.runs[1:]:
            own = {name: getattr(run, name) for name in FIELDS if getattr(run, name) != getattr(before, name)}
            try:
                others.append(changed(first, own))
            except NnvizError:
                others.append(first)
        return Comparison((first, *others))

    def with_value(self, number: int, name: str, value: Any) -> "Comparison":
        """One field of one run (from 0) changed. Raises NnvizError where the value does not go with the rest."""
        runs = list(self.runs)
        runs[number] = changed(runs[number], {name: value})
        return Comparison(tuple(runs))

    def with_another(self) -> "Comparison":
        return Comparison((*self.runs, self.runs[-1]))

    def without(self, number: int) -> "Comparison":
        return Comparison(tuple(run for i, run in enumerate(self.runs) if i != number))

    def within(self, position: Position) -> Position:
        """The position, or the nearest one that all runs have."""
        return Position(min(position.step, self.steps - 1), min(position.phase, self.runs[0].phases - 1))


def changed(experiment: Experiment, own: Mapping[str, Any]) -> Experiment:
    """The experiment with some fields changed; a new output alone brings a cost that goes with it."""
    own = dict(own)
    if "output" in own and "cost" not in own and experiment.cost not in costs_for(own["output"]):
        own["cost"] = costs_for(own["output"])[0]
    return replace(experiment, **own)


def to_params(comparison: Comparison, position: Position) -> dict[str, str]:
    """The parameters of the link that restores the comparison and where it is."""
    first, *others = comparison.runs
    params = links.to_params(first, position)
    own = {
        f"{letter}.{name}": rule.write(getattr(run, name))
        for letter, run in zip(LETTERS[1:], others, strict=False)
        for name, rule in FIELDS.items()
        if getattr(run, name) != getattr(first, name)
    }
    if implied(own) != len(comparison.runs):
        own["runs"] = str(len(comparison.runs))
    return params | own


def implied(params: Mapping[str, str]) -> int:
    """How many runs the letters in a link speak of."""
    named = [LETTERS.index(name[0]) + 1 for name in params if name[1:2] == "." and name[0] in LETTERS[1:]]
    return max([FEWEST, *named])


def from_params(params: Mapping[str, str]) -> tuple[Comparison, Position, list[NnvizError]]:
    """The comparison and position that a link means; a bad value gives an error and counts as left out."""
    first, position, errors = links.from_params(params)
    n = implied(params)
    if "runs" in params:
        try:
            n = max(n, whole_number(FEWEST, len(LETTERS)).parse("runs", params["runs"]))
        except FieldError as error:
            errors.append(error)
    others = []
    for letter in LETTERS[1:n]:
        own, wrong = read_own(params, letter)
        errors += wrong
        try:
            others.append(changed(first, own))
        except NnvizError as error:
            errors.append(NnvizError(f"run {letter}: {error}"))
            others.append(first)
    comparison = Comparison((first, *others))
    return comparison, comparison.within(position), errors


def read_own(params: Mapping[str, str], letter: str) -> tuple[dict[str, Any], list[NnvizError]]:
    """What a link says about the run of one letter."""
    own: dict[str, Any] = {}
    errors: list[NnvizError] = []
    for key, text in params.items():
        if not key.startswith(f"{letter}."):
            continue
        name = key[2:]
        try:
            if name not in FIELDS:
                raise FieldError(letter, name, f"one of {', '.join(FIELDS)} after the point")
            own[name] = FIELDS[name].parse(key, text)
        except NnvizError as error:
            errors.append(error)
    return own, errors


assert set(LABELS) == {field.name for field in fields(Experiment)}
