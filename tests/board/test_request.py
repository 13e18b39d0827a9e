"""What the board sends comes from a browser and is brought within bounds, or ignored."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nnviz.board.request import MAX_WANTED, read, view_of
from nnviz.lesson.cells import Cell
from nnviz.lesson.view import Look, View
from nnviz.run.experiment import Experiment, Position

EXPERIMENT = Experiment()
GOOD = {"seq": 7, "jump": 2, "step": 12, "phase": 3, "example": 4, "cell": "w.2.3.7", "playing": True, "want": [12, 13]}


def test_a_message_of_the_board_is_read() -> None:
    request = read({**GOOD, "net": True, "view": {"scale": "locked", "lock": 3, "lockExample": None}}, EXPERIMENT)
    assert (request.seq, request.jump, request.position) == (7, 2, Position(12, 3))
    assert request.look == Look(Cell("w", 2, 3, 7), 4, View(scale="locked", lock=3))
    assert request.want == (12, 13)
    assert request.playing and request.net


@pytest.mark.parametrize("message", [None, "x", 3, [], {}, {"seq": 1}, {**GOOD, "step": -1}, {**GOOD, "step": "1"}])
def test_what_is_no_message_is_ignored(message: object) -> None:
    assert read(message, EXPERIMENT) is None


@pytest.mark.parametrize(
    ("field", "value"),
    [("seq", True), ("seq", 1.5), ("jump", None), ("phase", 2**60), ("phase", [1])],
)
def test_numbers_must_be_whole_numbers_that_json_carries(field: str, value: object) -> None:
    assert read({**GOOD, field: value}, EXPERIMENT) is None


def test_a_position_outside_the_run_is_brought_to_its_end() -> None:
    assert read({**GOOD, "step": 10**9, "phase": 99}, EXPERIMENT).position == Position(4499, 6)


def test_hostile_wishes_are_left_out() -> None:
    wanted = ["12", -1, 10**12, None, {"a": 1}, 5]
    request = read({**GOOD, "want": wanted, "example": 10**6, "cell": "<script>"}, EXPERIMENT)
    assert request.want == (5,)
    assert request.look == Look()


def test_only_a_few_mini_batches_are_sent_at_once() -> None:
    assert len(read({**GOOD, "want": list(range(1000))}, EXPERIMENT).want) == MAX_WANTED


def test_unknown_view_options_are_left_out() -> None:
    hostile = {"scale": "evil", "x": "y" * 10**6, "lock": -1, "first": ["matrix"]}
    assert read({**GOOD, "view": hostile}, EXPERIMENT).look.view == View()


def test_a_view_goes_to_the_board_and_comes_back_the_same() -> None:
    view = View("locked", "shared", "log", "size", "matrix", 12, 3)
    assert read({**GOOD, "view": view_of(Look(view=view))}, EXPERIMENT).look.view == view


json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=10,
)


@settings(derandomize=True, max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.fixed_dictionaries({}, optional={name: json for name in (*GOOD, "net", "view")}))
def test_no_message_raises(message: dict) -> None:
    request = read(message, EXPERIMENT)
    assert request is None or request.position == request.position.within(EXPERIMENT)
