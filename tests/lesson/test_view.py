"""What is looked at is part of the link."""

from nnviz.lesson.cells import Cell
from nnviz.lesson.view import Look, View, read_look
from nnviz.run.experiment import Experiment


def test_a_pinned_cell_and_an_example_travel_in_the_link() -> None:
    look = Look(Cell("w", 2, 3, 7), 4)
    assert look.to_params() == {"cell": "w.2.3.7", "example": "4"}
    assert read_look(look.to_params(), Experiment()) == (look, [])


def test_the_mean_of_the_mini_batch_is_a_choice_of_its_own_and_not_the_first() -> None:
    assert Look().example == 0
    assert Look(example=None).to_params() == {"example": "mean"}
    assert read_look({"example": "mean"}, Experiment()) == (Look(example=None), [])


def test_a_pinned_number_of_an_example_shows_that_example() -> None:
    look, errors = read_look({"cell": "delta.2.3.4"}, Experiment())
    assert (look.example, errors) == (4, [])
    assert look.to_params() == {"cell": "delta.2.3.4"}
    first = Look(look.cell, 0)
    assert first.to_params() == {"cell": "delta.2.3.4", "example": "0"}
    assert read_look(first.to_params(), Experiment()) == (first, [])


def test_looking_at_nothing_leaves_the_link_as_it_is() -> None:
    assert Look().to_params() == {}


def test_a_bad_cell_or_example_gives_a_message_and_the_other_one_stays() -> None:
    look, errors = read_look({"cell": "w.2.99.0", "example": "3"}, Experiment())
    assert look == Look(None, 3)
    assert [error.field for error in errors] == ["cell"]
    look, errors = read_look({"cell": "w.2.0.0", "example": "11"}, Experiment())
    assert look == Look(Cell("w", 2, 0, 0), 0)
    assert "example must be a whole number from 0 to 10, got 11" in str(errors[0])


def test_how_the_board_draws_travels_in_the_link() -> None:
    look = Look(view=View.of({"scale": "locked", "magnitudes": "log"}, lock=12))
    assert look.to_params() == {"scale": "locked", "lock": "12", "magnitudes": "log"}
    assert read_look(look.to_params(), Experiment()) == (look, [])
    look, errors = read_look({"scale": "<b>", "lock": "-1", "first": "matrix"}, Experiment())
    assert look == Look(view=View.of({"first": "matrix"}))
    assert {error.field for error in errors} == {"scale", "lock"}
