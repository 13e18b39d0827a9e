"""What a link means as a whole: the runs, the position, and what is looked at, for whoever has no session."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from nnviz.datasets.uploads import is_upload_name
from nnviz.errors import NotHereError
from nnviz.lesson.view import Look, read_look
from nnviz.run.comparison import LETTERS, Comparison
from nnviz.run.experiment import Experiment, Position
from nnviz.run.link import comparison_from_params, from_params
from nnviz.run.starting_weights import is_start_name


@dataclass(frozen=True)
class Place:
    """A run, or several beside each other, and what is looked at there."""

    params: Mapping[str, str]  # of its link
    runs: tuple[Experiment, ...]  # one, or those of a comparison
    position: Position
    look: Look

    @property
    def link(self) -> str:
        return f"?{urlencode(self.params)}"

    @property
    def comparison(self) -> Comparison | None:
        return Comparison(self.runs) if len(self.runs) > 1 else None

    @property
    def leader(self) -> Experiment:
        """The run through whose phases it goes."""
        return self.comparison.leader if self.comparison else self.runs[0]

    @property
    def steps(self) -> int:
        """How many mini-batches there are."""
        return min(run.steps for run in self.runs)


def place(params: Mapping[str, str]) -> Place:
    """What a link means. Raises NnvizError for the first bad value, NotHereError for what is private."""
    for name, is_private in (("dataset", is_upload_name), ("init", is_start_name)):
        for field in (name, *(f"{letter}.{name}" for letter in LETTERS)):
            if is_private(params.get(field, "")):
                raise NotHereError(field, params[field], "it stays with the visitor who loaded it")
    if any(name[1:2] == "." for name in params):
        comparison, position, wrong = comparison_from_params(params)
        runs = comparison.runs
        look, wrong_look = read_look(params, comparison.leader)
    else:
        experiment, position, wrong = from_params(params)
        runs = (experiment,)
        look, wrong_look = read_look(params, experiment)
    for error in (*wrong, *wrong_look):
        raise error
    return Place(params, runs, position, look)
