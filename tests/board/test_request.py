"""What the board sends comes from a browser and is brought within bounds, or ignored."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nnviz.board.message import MAX_WANTED, VERSION, jsonable
from nnviz.board.request import read
from nnviz.lesson.cells import Cell
from nnviz.lesson.view import Look, View
from nnviz.run.experiment import Experiment, Position

EXPERIMENT = Experiment()
GOOD = {
    "version": VERSION,
    "seq": 7,
    "jump": 2,
    "step": 12,
    "phase": 3,
    "example": 4,
    "cell": "w.2.3.7",
    "playing": True,
    "want": [12, 13],
}


def test_a_message_of_the_board_is_read() -> None:
    request = read(
        {**GOOD, "isNew": True, "view": {"choices": {"scale": "locked"}, "lock": 3, "lockExample": None}}, EXPERIMENT
    )
    assert (request.seq, request.jump, request.position) == (7, 2, Position(12, 3))
    assert request.look == Look(Cell("w", 2, 3, 7), 4, View.of({"scale": "locked"}, lock=3))
    assert request.want == (12, 13)
    assert request.playing and request.is_new and not request.curve
    assert read({**GOOD, "curve": True}, EXPERIMENT).curve


@pytest.mark.parametrize(
    "message",
    [None, "x", 3, [], {}, {"seq": 1}, {**GOOD, "step": -1}, {**GOOD, "step": "1"}, {**GOOD, "version": VERSION - 1}],
)
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
    hostile = {"choices": {"scale": "evil", "x": "y" * 10**6, "first": ["matrix"]}, "lock": -1}
    assert read({**GOOD, "view": hostile}, EXPERIMENT).look.view == View()


def test_a_view_goes_to_the_board_and_comes_back_the_same() -> None:
    chosen = {"scale": "locked", "base": "shared", "magnitudes": "log", "gradient": "size", "first": "matrix"}
    view = View.of(chosen, 12, 3)
    assert read({**GOOD, "view": jsonable(view)}, EXPERIMENT).look.view == view


json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=10,
)


@settings(derandomize=True, max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.fixed_dictionaries({}, optional={name: json for name in (*GOOD, "isNew", "view", "target", "consent")}))
def test_no_message_raises(message: dict) -> None:
    request = read(message, EXPERIMENT)
    assert request is None or request.position == request.position.within(EXPERIMENT)


def test_the_mini_batch_that_is_waited_for_comes_with_the_visitors_consent() -> None:
    request = read({**GOOD, "target": 4000, "consent": True}, EXPERIMENT)
    assert (request.target, request.consent) == (4000, True)
    for hostile in (4500, -1, "4000", True, 10**30):
        assert read({**GOOD, "target": hostile, "consent": 1}, EXPERIMENT).target is None
    assert not read({**GOOD, "consent": 1}, EXPERIMENT).consent
