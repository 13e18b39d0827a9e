"""Two to four runs side by side: the first one, and what the others have different."""

from dataclasses import dataclass
from typing import Any

from nnviz.errors import FieldError, NnvizError
from nnviz.run.experiment import FIELDS, Experiment, Position, changed

LETTERS = "abcd"
FEWEST = 2


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
    def deepest(self) -> int:
        """The number of the first run with the most phases, from 0: it leads, and the others wait for its phases."""
        return max(range(len(self.runs)), key=lambda number: (self.runs[number].phases, -number))

    @property
    def leader(self) -> Experiment:
        """The run through whose phases all go."""
        return self.runs[self.deepest]

    @property
    def differences(self) -> dict[str, tuple[str, ...]]:
        """The fields in which the runs differ, with the text of each run's value."""
        return {
            name: tuple(rule.write(getattr(run, name)) for run in self.runs)
            for name, rule in FIELDS.items()
            if len({getattr(run, name) for run in self.runs}) > 1
        }

    def with_first(self, first: Experiment) -> "Comparison":
        """Replace run A. The other runs keep their differing fields if the result is valid."""
        before = self.runs[0]
        others = []
        for run in self.runs[1:]:
            different = {name: getattr(run, name) for name in FIELDS if getattr(run, name) != getattr(before, name)}
            try:
                others.append(changed(first, different))
            except NnvizError:
                others.append(first)
        return Comparison((first, *others))

    def with_value(self, number: int, name: str, value: Any) -> "Comparison":
        """One field of one run (from 0) changed. Raises NnvizError if the value does not go with the rest."""
        runs = list(self.runs)
        runs[number] = changed(runs[number], {name: value})
        return Comparison(tuple(runs))

    def with_another(self) -> "Comparison":
        return Comparison((*self.runs, self.runs[-1]))

    def without(self, number: int) -> "Comparison":
        return Comparison(tuple(run for i, run in enumerate(self.runs) if i != number))

    def within(self, position: Position) -> Position:
        """The position, or the nearest one that all runs have."""
        return Position(min(position.step, self.steps - 1), min(position.phase, self.leader.phases - 1))

    def title(self, number: int) -> str:
        """A run's letter and what it has different, as `B: cost cross-entropy`."""
        different = [f"{FIELDS[name].label} {texts[number]}" for name, texts in self.differences.items()]
        return f"{LETTERS[number].upper()}: {', '.join(different)}" if different else LETTERS[number].upper()
