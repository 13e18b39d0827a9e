"""Links: an experiment and a position as the parameters of an address, and back.

A comparison of runs stands in a link as its first run, as everywhere; what run b, c or d has different stands behind
its letter: `?eta=0.5&b.eta=5&c.cost=cross-entropy`.
"""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any
from urllib.parse import urlencode

from nnviz.errors import FieldError, NnvizError
from nnviz.model.costs import costs_for
from nnviz.run.comparison import FEWEST, LETTERS, Comparison
from nnviz.run.experiment import FIELDS, Experiment, Position, changed, without_misfits
from nnviz.run.fields import whole_number

DEFAULT = Experiment()


def to_params(experiment: Experiment, position: Position) -> dict[str, str]:
    """The parameters of the link that restores both. Default values are left out."""
    params = {
        name: rule.write(getattr(experiment, name))
        for name, rule in FIELDS.items()
        if getattr(experiment, name) != getattr(DEFAULT, name)
    }
    params |= {f.name: str(value) for f in fields(position) if (value := getattr(position, f.name))}
    return params


def query(experiment: Experiment) -> str:
    """The link of a run's start, as it stands behind the `?` of an address."""
    return urlencode(to_params(experiment, Position()))


def from_params(params: Mapping[str, str]) -> tuple[Experiment, Position, list[NnvizError]]:
    """The experiment and position that a link means. A bad value gives an error and counts as left out."""
    values, errors = read_fields(params)
    output = values.get("output", DEFAULT.output)
    allowed = costs_for(output)
    if not allowed:
        errors.append(FieldError("output", output, "one that a cost goes with"))
        del values["output"]
        allowed = costs_for(DEFAULT.output)
    if values.get("cost", DEFAULT.cost) not in allowed:
        if "cost" in values:
            errors.append(FieldError("cost", values["cost"], f"one that goes with the output: {', '.join(allowed)}"))
        values["cost"] = allowed[0]
    experiment, misfits = without_misfits(values)
    position, misplaced = read_position(params, experiment)
    return experiment, position, errors + misfits + misplaced


def read_position(params: Mapping[str, str], experiment: Experiment) -> tuple[Position, list[NnvizError]]:
    """The position in a run that a link means. A bad value gives an error and counts as left out."""
    position: dict[str, int] = {}
    errors: list[NnvizError] = []
    for name, limit in (("step", experiment.steps), ("phase", experiment.phases)):
        if name in params:
            try:
                position[name] = whole_number(0, limit - 1).parse(name, params[name])
            except FieldError as error:
                errors.append(error)
    return Position(**position), errors


def read_fields(params: Mapping[str, str]) -> tuple[dict[str, Any], list[NnvizError]]:
    """The values of an experiment's fields in a link, and what is wrong with those left out."""
    values: dict[str, Any] = {}
    errors: list[NnvizError] = []
    for name in (name for name in FIELDS if name in params):
        try:
            values[name] = FIELDS[name].parse(name, params[name])
        except NnvizError as error:
            errors.append(error)
    return values, errors


# Comparisons


def comparison_to_params(comparison: Comparison, position: Position) -> dict[str, str]:
    """The parameters of the link that restores the comparison and where it is."""
    first, *others = comparison.runs
    different = {
        f"{letter}.{name}": rule.write(getattr(run, name))
        for letter, run in zip(LETTERS[1:], others, strict=False)
        for name, rule in FIELDS.items()
        if getattr(run, name) != getattr(first, name)
    }
    if implied_runs(different) != len(comparison.runs):
        different["runs"] = str(len(comparison.runs))
    return to_params(first, position) | different


def implied_runs(params: Mapping[str, str]) -> int:
    """How many runs the letters in a link speak of."""
    named = [LETTERS.index(name[0]) + 1 for name in params if name[1:2] == "." and name[0] in LETTERS[1:]]
    return max([FEWEST, *named])


def comparison_from_params(params: Mapping[str, str]) -> tuple[Comparison, Position, list[NnvizError]]:
    """The comparison and position that a link means. A bad value gives an error and counts as left out.

    The phase is one of the run with the most phases.
    """
    first, _, errors = from_params({name: text for name, text in params.items() if name not in ("step", "phase")})
    n = implied_runs(params)
    if "runs" in params:
        try:
            n = max(n, whole_number(FEWEST, len(LETTERS)).parse("runs", params["runs"]))
        except FieldError as error:
            errors.append(error)
    others = []
    for letter in LETTERS[1:n]:
        different, wrong = read_differences(params, letter)
        errors += wrong
        try:
            others.append(changed(first, different))
        except NnvizError as error:
            errors.append(NnvizError(f"run {letter}: {error}"))
            others.append(first)
    comparison = Comparison((first, *others))
    position, misplaced = read_position(params, comparison.leader)
    return comparison, comparison.within(position), errors + misplaced


def read_differences(params: Mapping[str, str], letter: str) -> tuple[dict[str, Any], list[NnvizError]]:
    """What a link says about the run of one letter."""
    different: dict[str, Any] = {}
    errors: list[NnvizError] = []
    for key, text in params.items():
        if not key.startswith(f"{letter}."):
            continue
        name = key[2:]
        try:
            if name not in FIELDS:
                raise FieldError(letter, name, f"one of {', '.join(FIELDS)} after the point")
            different[name] = FIELDS[name].parse(key, text)
        except NnvizError as error:
            errors.append(error)
    return different, errors
