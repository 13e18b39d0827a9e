"""Rooms: who drives, what is told to whom, questions in rounds, and what hostile devices can do."""

import asyncio
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnviz.web import limits, rooms
from nnviz.web.rooms import Rate, Room, RoomError, Rooms

SECRET = "a secret of the lecturer's browser"
ASK = {"question": "Is δ negative?", "answers": ["yes", "no"], "right": 1, "why": "It is 0.3.", "place": [12, 3]}


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def room() -> Room:
    return Rooms().open(SECRET)


def say(room: Room, **message: object) -> None:
    rooms.lead(Rooms(), room, message)


def told(room: Room) -> dict:
    return json.loads(room.told)


def vote(room: Room, device: str, choice: int) -> dict:
    return rooms.vote(room, {"poll": room.poll.number, "round": room.poll.round, "device": device, "choice": choice})


def test_the_code_is_the_secrets_and_does_not_tell_it() -> None:
    code = rooms.code_of(SECRET)
    assert code == Rooms().open(SECRET).code  # also after the server was started again
    assert len(code) == 6
    assert not set(code) & set("01OI")
    assert rooms.code_of(SECRET + " ") != code


def test_a_move_is_told_with_a_number_that_grows(room: Room) -> None:
    say(room, link="?step=3")
    say(room, link="?step=4")
    assert told(room) == {"seq": 2, "room": room.code, "link": "?step=4", "poll": None, "closed": False}


def test_followers_are_not_told_what_is_right_before_it_is_revealed(room: Room) -> None:
    say(room, ask=ASK)
    vote(room, "device 1", 1)
    for secret in ("0.3", '"right":1', '"counts":[['):
        assert secret not in room.told
    say(room, show=True)
    assert told(room)["poll"]["counts"] == [[0, 1]]
    assert told(room)["poll"]["right"] is None
    say(room, reveal=True)
    assert (told(room)["poll"]["right"], told(room)["poll"]["why"]) == (1, "It is 0.3.")


def test_the_lecturer_sees_how_many_have_answered_and_not_what(room: Room) -> None:
    say(room, ask=ASK)
    room.followers = 3
    vote(room, "device 1", 1)
    vote(room, "device 2", 0)
    seen = json.loads(room.told_to_leader)
    assert (seen["answered"], seen["followers"], seen["poll"]["counts"]) == (2, 3, None)


def test_a_device_has_one_answer_a_round_and_may_change_it(room: Room) -> None:
    say(room, ask=ASK)
    vote(room, "device 1", 0)
    vote(room, "device 1", 1)
    vote(room, "device 2", 1)
    say(room, show=True)
    assert told(room)["poll"]["counts"] == [[0, 2]]
    with pytest.raises(RoomError, match="not open"):
        vote(room, "device 1", 0)


def test_a_second_round_stands_beside_the_first(room: Room) -> None:
    say(room, ask=ASK)
    vote(room, "device 1", 0)
    say(room, show=True)
    first = room.poll
    say(room, ask_again=True)
    with pytest.raises(RoomError, match="not open"):  # an answer to the first round that came late
        rooms.vote(room, {"poll": first.number, "round": 1, "device": "device 1", "choice": 0})
    vote(room, "device 1", 1)
    say(room, reveal=True)
    assert told(room)["poll"]["counts"] == [[1, 0], [0, 1]]
    say(room, end_poll=True)
    assert told(room)["poll"] is None
    assert room.votes == []


def test_a_question_of_another_number_takes_no_answers_of_the_one_before(room: Room) -> None:
    say(room, ask=ASK)
    number = room.poll.number
    say(room, ask=ASK | {"question": "And now?"})
    assert room.poll.number != number
    with pytest.raises(RoomError, match="not open"):
        rooms.vote(room, {"poll": number, "round": 1, "device": "device 1", "choice": 0})


def test_a_room_whose_lecturer_is_away_too_long_ends_and_others_stay() -> None:
    clock = Clock()
    all_rooms = Rooms(clock)
    left, stays = all_rooms.open(SECRET), all_rooms.open(SECRET + "2")
    left.leaders = stays.leaders = 1
    all_rooms.left(left)
    clock.now = limits.LIFETIME - 1
    all_rooms.sweep()
    assert len(all_rooms) == 2
    clock.now = limits.LIFETIME + 1
    all_rooms.sweep()
    assert left.is_closed
    assert all_rooms.find(stays.code) is stays
    with pytest.raises(RoomError, match="no room"):
        all_rooms.find(left.code)


def test_there_are_so_many_rooms_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ROOMS", 2)
    all_rooms = Rooms()
    first = all_rooms.open(SECRET)
    all_rooms.open(SECRET + "2")
    with pytest.raises(RoomError, match="2 rooms"):
        all_rooms.open(SECRET + "3")
    assert all_rooms.open(SECRET) is first
    all_rooms.close(first)
    all_rooms.open(SECRET + "3")


def test_whoever_waits_hears_of_a_change_and_of_the_end() -> None:
    async def waits() -> tuple[str, str]:
        room = Rooms().open(SECRET)
        changed = room.changed
        asyncio.get_running_loop().call_soon(lambda: say(room, link="?step=9"))
        await asyncio.wait_for(changed.wait(), 5)
        first, changed = room.told, room.changed
        asyncio.get_running_loop().call_soon(lambda: say(room, close=True))
        await asyncio.wait_for(changed.wait(), 5)
        return first, room.told

    first, last = asyncio.run(waits())
    assert json.loads(first)["link"] == "?step=9"
    assert json.loads(last)["closed"] is True


def test_speaking_too_fast_is_noticed_and_a_rest_helps() -> None:
    clock = Clock()
    rate = Rate(20, clock)
    assert all(rate.allows() for _ in range(20))
    assert not rate.allows()
    clock.now = 1.0
    assert sum(rate.allows() for _ in range(30)) == 20


PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
JSON = PLAIN | st.lists(PLAIN, max_size=3) | st.dictionaries(st.text(max_size=8), PLAIN, max_size=2)
NAMES = ("link", "ask", "ask_again", "show", "reveal", "end_poll", "secret", "poll", "round", "device", "choice")
ASKED = st.fixed_dictionaries(
    {}, optional={"question": JSON, "answers": st.lists(PLAIN, max_size=10), "right": JSON, "why": JSON, "place": JSON}
)
MESSAGES = st.dictionaries(st.sampled_from(NAMES), JSON | ASKED, max_size=3).map(json.dumps) | st.text() | st.binary()
TOGETHER, LISTS = 25, 400  # 10,000 messages


@settings(max_examples=LISTS, deadline=None)
@given(st.lists(MESSAGES, min_size=TOGETHER, max_size=TOGETHER))
def test_hostile_messages_leave_a_room_that_can_be_told(messages: list[str | bytes]) -> None:
    room = Rooms().open(SECRET)
    say(room, ask=ASK)
    vote(room, "device 1", 0)
    for message in messages:
        for take in (lambda read: rooms.lead(Rooms(), room, read), lambda read: rooms.vote(room, read)):
            try:
                take(rooms.read(message))
            except RoomError as refused:
                assert len(str(refused)) < 200
    assert len(room.told) < 4 * limits.MESSAGE_BYTES
    assert json.loads(room.told)["room"] == room.code
    assert sum(map(len, room.votes)) <= 2 * TOGETHER


@pytest.mark.parametrize("message", ["[" * 2000, "9" * 3000, '{"a": NaN}', "[]", "7", "\ud800"])
def test_what_is_no_message_is_refused(message: str) -> None:
    try:
        assert isinstance(rooms.read(message), dict)
    except RoomError:
        return
    assert message.startswith("{")
