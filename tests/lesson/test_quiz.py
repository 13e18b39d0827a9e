"""Predict first: what is asked, and which answer is right."""

import numpy as np

from nnviz.lesson.cells import Cell
from nnviz.lesson.quiz import questions

VALUES = np.array([[0.5, -1.0], [0.25, 2.0], [0.25, 0.0]])


def right_answers(cell: Cell, values: np.ndarray = VALUES) -> list[str]:
    return ["neither" if q.right is None else q.answers[q.right] for q in questions(cell, values)]


def test_the_sign_and_the_size_against_the_next_neuron_are_asked() -> None:
    assert right_answers(Cell("z", 2, 0, 0)) == ["positive", "larger"]
    assert right_answers(Cell("z", 2, 0, 1)) == ["negative", "smaller"]


def test_the_last_neuron_is_held_against_the_one_before() -> None:
    assert right_answers(Cell("z", 2, 2, 1)) == ["neither", "smaller"]


def test_equal_numbers_make_neither_answer_right() -> None:
    assert right_answers(Cell("z", 2, 1, 0)) == ["positive", "neither"]


def test_the_sign_is_not_asked_where_nothing_is_negative() -> None:
    assert right_answers(Cell("a", 2, 0, 0), np.abs(VALUES)) == ["larger"]


def test_a_layer_of_one_neuron_has_no_neighbour() -> None:
    assert questions(Cell("a", 3, 0, 0), np.array([[0.5]])) == ()
