"""The paths that the board draws for the pinned number: from what it is made of, and to what it goes into."""

from nnviz.board.message import Paths
from nnviz.lesson.explain import explain
from nnviz.ui import state
from nnviz.ui.step import pinned_number

MOST = 24  # numbers in each direction


def paths() -> Paths | None:
    """To the numbers that the pinned one is made of and goes into."""
    moment = state.moment(state.position().step)
    cell = pinned_number.cell_of(moment)
    if cell is None:
        return None
    explanation = explain(moment, cell, state.example_of(moment))
    made_of, goes_into = (
        tuple(str(other) for other in cells[:MOST]) for cells in (explanation.depends_on, explanation.used_by)
    )
    return Paths(str(cell), made_of, goes_into)
