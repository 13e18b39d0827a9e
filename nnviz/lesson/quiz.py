"""Predict first: questions about a number that is still hidden, and whether an answer is right."""

from dataclasses import dataclass

import numpy as np

from nnviz.arrays import Array
from nnviz.lesson.cells import Cell, short_name


@dataclass(frozen=True)
class Question:
    text: str
    answers: tuple[str, str]
    right: int | None  # the index of the right answer; None where neither is


def questions(cell: Cell, values: Array) -> tuple[Question, ...]:
    """What to ask about one cell of a panel's values (rows, columns): its sign, and its size against a neighbour."""
    value = float(values[cell.j, cell.k])
    asked = []
    if (values < 0).any():
        asked.append(Question(f"Is {short_name(cell)} positive or negative?", ("positive", "negative"), side(-value)))
    neighbour = beside(cell, len(values))
    if neighbour is not None:
        other = float(values[neighbour.j, neighbour.k])
        text = f"Is {short_name(cell)} larger or smaller than {short_name(neighbour)}?"
        asked.append(Question(text, ("larger", "smaller"), side(other - value)))
    return tuple(asked)


def beside(cell: Cell, rows: int) -> Cell | None:
    """The cell of the next neuron in the layer, or of the one before where there is none."""
    if rows < 2:
        return None
    return cell._replace(j=cell.j + 1 if cell.j + 1 < rows else cell.j - 1)


def side(difference: float) -> int | None:
    """0 for a negative difference, 1 for a positive one, None where there is none."""
    return None if difference == 0 or not np.isfinite(difference) else int(difference > 0)
