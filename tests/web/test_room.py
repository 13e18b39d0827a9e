"""A room as a value: who drives, what is told to whom, questions in rounds, and what hostile devices can do."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnviz.web import limits, room
from nnviz.web.room import Rate, RoomError, State

SECRET = "a secret of the lecturer's browser"
ASK = {"question": "Is δ negative?", "answers": ["yes", "no"], "right": 1, "why": "It is 0.3.", "place": [12, 3]}


@pytest.fixture
def state() -> State:
    return room.opened(SECRET)


def said(state: State, *votes: int, **message: object) -> State:
    return room.led(state, message, votes)


def vote(state: State, device: str, choice: object) -> tuple[str, int]:
    poll = state.poll
    return room.voted(state, {"poll": poll.number, "round": poll.round, "device": device, "choice": choice})


def test_the_code_is_the_secrets_and_does_not_tell_it(state: State) -> None:
    assert room.code_of(SECRET) == state.code
    assert len(state.code) == 6
    assert not set(state.code) & set("01OI")
    assert room.code_of(SECRET + " ") != state.code
    assert SECRET not in state.record()


def test_a_move_is_told_with_a_number_that_grows_also_after_the_server_was_started_again(state: State) -> None:
    moved = said(said(state, link="?step=3"), link="?step=4")
    assert moved.seq == state.seq + 2
    assert moved.told() | {"seq": 0} == {
        "seq": 0,
        "room": state.code,
        "link": "?step=4",
        "poll": None,
        "beat": None,
        "blank": False,
        "closed": False,
    }
    assert room.opened(SECRET).seq >= state.seq


def test_followers_are_not_told_what_is_right_before_it_is_revealed(state: State) -> None:
    asked = said(state, ask=ASK)
    for secret in ("0.3", '"right": 1', "[["):
        assert secret not in json.dumps(asked.told())
    shown = said(asked, 1, show=True)
    assert shown.told()["poll"]["counts"] == ((0, 1),)
    assert shown.told()["poll"]["right"] is None
    revealed = said(shown, reveal=True)
    assert (revealed.told()["poll"]["right"], revealed.told()["poll"]["why"]) == (1, "It is 0.3.")


def test_only_the_lecturer_is_told_of_notes_presses_and_numbers(state: State) -> None:
    stage = {"at": 2, "of": 9, "title": "The error", "following": "Back", "notes": "Wait.\nThen ask."}
    led = said(state, stage=stage, press="next")
    assert led.told_to_leader(3, 2) | led.told() == led.told_to_leader(3, 2)
    assert {name: led.told_to_leader(3, 2)[name] for name in ("followers", "answered", "stage")} == {
        "followers": 3,
        "answered": 2,
        "stage": stage,
    }
    assert led.told_to_leader(3, 2)["press"][1] == "next"
    assert "Wait" not in json.dumps(led.told())
    assert led.told()["beat"] == {"at": 2, "of": 9, "title": "The error"}
    assert said(led, press="next").press[0] > led.press[0]  # a second press is another one


def test_a_second_round_stands_beside_the_first_and_there_is_no_third(state: State) -> None:
    first = said(state, ask=ASK)
    with pytest.raises(RoomError, match="once its answers are shown"):
        said(first, ask_again=True)
    again = said(said(first, 0, show=True), ask_again=True)
    with pytest.raises(RoomError, match="not open"):  # an answer to the first round that came late
        room.voted(again, {"poll": first.poll.number, "round": 1, "device": "device 1", "choice": 0})
    shown = said(again, 1, 1, show=True)
    assert shown.told()["poll"]["counts"] == ((1, 0), (0, 2))
    with pytest.raises(RoomError, match="at most 2 times"):
        said(shown, ask_again=True)
    assert said(shown, reveal=True).poll.counts == shown.poll.counts
    assert said(shown, end_poll=True).poll is None


def test_answers_are_taken_while_a_round_is_open(state: State) -> None:
    asked = said(state, ask=ASK)
    assert vote(asked, "device 1", 1) == ("device 1", 1)
    for wrong in (-1, 2, True, "0", None, 0.0):
        with pytest.raises(RoomError, match="choice must be"):
            vote(asked, "device 1", wrong)
    for closed in (said(asked, show=True), said(asked, reveal=True)):
        with pytest.raises(RoomError, match="not open"):
            vote(closed, "device 1", 0)
    other = said(asked, ask=ASK | {"question": "And now?"})
    with pytest.raises(RoomError, match="not open"):
        room.voted(other, {"poll": asked.poll.number, "round": 1, "device": "device 1", "choice": 0})


def test_a_record_restores_all_of_a_room(state: State) -> None:
    stage = {"at": 0, "of": 1, "title": "One", "following": "", "notes": "n"}
    full = said(state, link="?step=4", ask=ASK, blank=True, stage=stage | {"following": "x"}, press="back")
    for kept in (state, full, said(full, 0, 1, show=True), replace(full, is_closed=True)):
        assert State.of(kept.record()) == kept


def test_what_the_board_asks_is_taken(state: State) -> None:
    """Its indices are set apart by a thin space, which is no letter for Python's isprintable."""
    question = "The largest change is that of w³₁\u2009₂₃. Is Δw negative?\u00a0"
    assert said(state, ask=ASK | {"question": question}).poll.question == question
    for hidden in ("\u202e", "\x00", "\u2028"):
        with pytest.raises(RoomError, match="control characters"):
            said(state, ask=ASK | {"question": f"Is it {hidden}?"})


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_speaking_too_fast_is_noticed_and_a_rest_helps() -> None:
    clock = Clock()
    rate = Rate(20, clock)
    assert all(rate.allows() for _ in range(20))
    assert not rate.allows()
    clock.now = 1.0
    assert sum(rate.allows() for _ in range(30)) == 20


PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
JSON = PLAIN | st.lists(PLAIN, max_size=3) | st.dictionaries(st.text(max_size=8), PLAIN, max_size=2)
NAMES = (
    "link",
    "ask",
    "ask_again",
    "show",
    "reveal",
    "end_poll",
    "secret",
    "poll",
    "round",
    "device",
    "choice",
    "blank",
    "stage",
    "press",
)
ASKED = st.fixed_dictionaries(
    {}, optional={"question": JSON, "answers": st.lists(PLAIN, max_size=10), "right": JSON, "why": JSON, "place": JSON}
)
MESSAGES = st.dictionaries(st.sampled_from(NAMES), JSON | ASKED, max_size=3).map(json.dumps) | st.text() | st.binary()
TOGETHER, LISTS = 25, 400  # 10,000 messages


@settings(max_examples=LISTS, deadline=None)
@given(st.lists(MESSAGES, min_size=TOGETHER, max_size=TOGETHER))
def test_hostile_messages_leave_a_room_that_can_be_told(messages: list[str | bytes]) -> None:
    state = said(room.opened(SECRET), ask=ASK)
    for message in messages:
        try:
            state = room.led(state, room.read(message), [0, 1])
        except RoomError as refused:
            assert len(str(refused)) < 200
        try:
            room.voted(state, room.read(message))
        except RoomError as refused:
            assert len(str(refused)) < 200
    assert len(state.record()) < 8 * limits.MESSAGE_BYTES
    assert State.of(state.record()) == state


@pytest.mark.parametrize("message", ["[" * 2000, "9" * 3000, '{"a": NaN}', "[]", "7", "\ud800", "ü" * 2000])
def test_what_is_no_message_is_refused(message: str) -> None:
    try:
        assert isinstance(room.read(message), dict)
    except RoomError:
        return
    assert message.startswith("{")
