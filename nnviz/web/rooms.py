"""Rooms: what a lecturer's board shows, for all who follow it, and the questions that are put to them.

A room's code is the digest of a secret that stays in the lecturer's browser; only its holder drives. Everything that
comes from a device is checked here. `Rooms` keeps all of it in the process; nothing is written down, and nothing is
kept after the room.
"""

import asyncio
import hashlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from nnviz.errors import NnvizError
from nnviz.web import limits

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # without those that are mistaken for each other
CODE_LETTERS = 6
SECRET = range(16, 129)  # letters of a secret
LINK = 1_500  # letters of a link, at most
QUESTION, ANSWER = 300, 80  # letters
ANSWERS = range(2, 9)  # of one question
DEVICE = range(8, 65)  # letters of the name that a device gives itself


class RoomError(NnvizError):
    """A message that a room does not take; it says why."""


def code_of(secret: str) -> str:
    """The room's code, which is shared; the secret cannot be had from it."""
    number = int.from_bytes(hashlib.sha256(f"nnviz room {secret}".encode()).digest()[:8])
    letters = []
    for _ in range(CODE_LETTERS):
        number, at = divmod(number, len(LETTERS))
        letters.append(LETTERS[at])
    return "".join(letters)


@dataclass(frozen=True)
class Poll:
    """A question to the room. A round is one vote of all; people talk, and then a second one is asked for."""

    number: int
    question: str
    answers: tuple[str, ...]
    right: int | None  # None if no answer is known to be right
    why: str  # what is said when it is revealed
    place: tuple[int, int] | None  # the mini-batch and phase whose numbers are hidden until then
    round: int = 1
    is_open: bool = True
    is_shown: bool = False  # whether all see how many chose what
    is_revealed: bool = False  # whether the right answer is marked

    def told(self, counts: list[list[int]]) -> dict[str, Any]:
        """What the followers may know."""
        about = asdict(self)
        if not self.is_revealed:
            about |= {"right": None, "why": ""}
        return about | {"counts": counts if self.is_shown else None}


@dataclass
class Room:
    code: str
    link: str = ""
    seq: int = 0
    poll: Poll | None = None
    votes: list[dict[str, int]] = field(default_factory=list)  # by round, the choice of each device
    followers: int = 0
    leaders: int = 0
    seen: float = 0.0  # when a lecturer was last there
    is_closed: bool = False
    told: str = ""  # what followers are told, as JSON: written once for all of them
    changed: asyncio.Event = field(default_factory=asyncio.Event)  # for followers; replaced with each change
    counted: asyncio.Event = field(default_factory=asyncio.Event)  # for the lecturer, who also sees how many there are

    def __post_init__(self) -> None:
        self.told = as_json(self.state())

    @property
    def counts(self) -> list[list[int]]:
        """By round, how many chose each answer."""
        if self.poll is None:
            return []
        return [[list(votes.values()).count(i) for i in range(len(self.poll.answers))] for votes in self.votes]

    def state(self) -> dict[str, Any]:
        """What a follower is told."""
        poll = self.poll.told(self.counts) if self.poll else None
        return {"seq": self.seq, "room": self.code, "link": self.link, "poll": poll, "closed": self.is_closed}

    @property
    def told_to_leader(self) -> str:
        """What the lecturer is told: besides all that, how many are there and have answered, not what."""
        answered = len(self.votes[-1]) if self.votes else 0
        return as_json(self.state() | {"followers": self.followers, "answered": answered})

    def change(self) -> None:
        """Something that followers see is another."""
        self.seq += 1
        self.told = as_json(self.state())
        changed, self.changed = self.changed, asyncio.Event()
        changed.set()
        self.count()

    def count(self) -> None:
        """Something that only the lecturer sees is another."""
        counted, self.counted = self.counted, asyncio.Event()
        counted.set()


class Rooms:
    """All rooms of the process."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._rooms: dict[str, Room] = {}
        self._clock = clock

    def open(self, secret: object) -> Room:
        """The room of this secret; it is made if it is not there. Raises RoomError."""
        if not isinstance(secret, str) or len(secret) not in SECRET:
            raise RoomError(f"secret must be text of {SECRET[0]} to {SECRET[-1]} letters")
        self.sweep()
        code = code_of(secret)
        if code not in self._rooms and len(self._rooms) >= limits.ROOMS:
            raise RoomError(f"this server has {limits.ROOMS} rooms, which is as many as it takes; try again later")
        room = self._rooms.setdefault(code, Room(code))
        room.seen = self._clock()
        return room

    def find(self, code: str) -> Room:
        """The room with this code. Raises RoomError if there is none."""
        room = self._rooms.get(code.upper())
        if room is None:
            raise RoomError(f"there is no room {code.upper()[:12]} here now")
        return room

    def sweep(self) -> None:
        """Close the rooms whose lecturer has been away too long."""
        for room in list(self._rooms.values()):
            if not room.leaders and self._clock() - room.seen > limits.LIFETIME:
                self.close(room)

    def close(self, room: Room) -> None:
        self._rooms.pop(room.code, None)
        room.is_closed = True
        room.change()

    def left(self, room: Room) -> None:
        """One of the lecturer's devices has gone."""
        room.leaders -= 1
        room.seen = self._clock()

    def __len__(self) -> int:
        return len(self._rooms)


def lead(rooms: Rooms, room: Room, message: Mapping[str, object]) -> None:
    """Do what the lecturer's device says. Raises RoomError for what it may not say."""
    actions: dict[str, Callable[[object], None]] = {
        "link": lambda value: set_link(room, value),
        "ask": lambda value: ask(room, value),
        "ask_again": lambda _: ask_again(room),
        "show": lambda value: room_poll(room, is_shown=True, is_open=False),
        "reveal": lambda value: room_poll(room, is_shown=True, is_open=False, is_revealed=True),
        "end_poll": lambda _: end_poll(room),
        "close": lambda _: rooms.close(room),
    }
    known = [name for name in message if name in actions]
    if not known:
        raise RoomError(f"a message must have one of {', '.join(actions)}")
    for name in known:
        actions[name](message[name])


def set_link(room: Room, link: object) -> None:
    room.link = text(link, "link", LINK)
    room.change()


def ask(room: Room, asked: object) -> None:
    """Put a question to the room, in place of the one before."""
    if not isinstance(asked, dict):
        raise RoomError("ask must have a question and answers")
    answers = asked.get("answers")
    if not isinstance(answers, list) or len(answers) not in ANSWERS:
        raise RoomError(f"answers must be {ANSWERS[0]} to {ANSWERS[-1]} texts")
    right = asked.get("right")
    if right is not None and (type(right) is not int or not 0 <= right < len(answers)):
        raise RoomError("right must be the number of an answer, from 0")
    number = room.poll.number + 1 if room.poll else room.seq + 1
    room.poll = Poll(
        number,
        text(asked.get("question"), "question", QUESTION),
        tuple(text(answer, "answer", ANSWER) for answer in answers),
        right,
        text(asked.get("why") or " ", "why", QUESTION),
        place(asked.get("place")),
    )
    room.votes = [{}]
    room.change()


def ask_again(room: Room) -> None:
    """A second round, beside the first."""
    if room.poll is None:
        raise RoomError("nothing was asked")
    room.poll = replace(room.poll, round=room.poll.round + 1, is_open=True, is_shown=False, is_revealed=False)
    room.votes.append({})
    room.change()


def room_poll(room: Room, **changes: bool) -> None:
    if room.poll is None:
        raise RoomError("nothing was asked")
    room.poll = replace(room.poll, **changes)
    room.change()


def end_poll(room: Room) -> None:
    room.poll, room.votes = None, []
    room.change()


def vote(room: Room, message: Mapping[str, object]) -> dict[str, Any]:
    """Take a device's answer, which it may change until the round is closed. Raises RoomError."""
    device, choice = message.get("device"), message.get("choice")
    if not isinstance(device, str) or len(device) not in DEVICE:
        raise RoomError(f"device must be text of {DEVICE[0]} to {DEVICE[-1]} letters")
    poll = room.poll
    if poll is None or not poll.is_open or (message.get("poll"), message.get("round")) != (poll.number, poll.round):
        raise RoomError("this question is not open any more")
    if type(choice) is not int or not 0 <= choice < len(poll.answers):
        raise RoomError("choice must be the number of an answer, from 0")
    votes = room.votes[-1]
    if device not in votes and len(votes) >= limits.FOLLOWERS:
        raise RoomError("this room is full")
    votes[device] = choice
    room.count()  # the lecturer sees that one more has answered
    return {"voted": choice, "poll": poll.number, "round": poll.round}


def as_json(value: dict[str, Any]) -> str:
    return json.dumps(value, separators=(",", ":"))


def place(value: object) -> tuple[int, int] | None:
    """A mini-batch and a phase."""
    if value is None:
        return None
    if isinstance(value, list) and len(value) == 2 and all(type(n) is int and 0 <= n < 2**53 for n in value):
        return value[0], value[1]
    raise RoomError("place must be a mini-batch and a phase")


def text(value: object, name: str, most: int) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= most or not value.isprintable():
        raise RoomError(f"{name} must be text of 1 to {most} letters")
    return value


def read(message: str | bytes) -> dict[str, object]:
    """A device's message. Raises RoomError if it is none."""
    if len(message) > limits.MESSAGE_BYTES:
        raise RoomError(f"a message must have at most {limits.MESSAGE_BYTES} bytes")
    try:
        found = json.loads(message)
    except (ValueError, RecursionError):
        raise RoomError("a message must be JSON") from None
    if not isinstance(found, dict):
        raise RoomError("a message must be a JSON object")
    return found


class Rate:
    """How fast a device may speak: so many messages in a second, on average."""

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._clock = most, clock
        self._left, self._at = float(most), clock()

    def allows(self) -> bool:
        now = self._clock()
        self._left = min(self._most, self._left + (now - self._at) * self._most)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True
