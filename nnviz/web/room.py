"""A room as a value: what a lecturer's board shows, for all who follow it, and the question that is put to them.

A room's code is a digest of a secret that stays in the lecturer's browser; only its holder drives. Everything that
comes from a device is checked here, and what it does is another value: `led` by the lecturer, `voted` by a follower.
`rooms.py` and `redis_rooms.py` keep rooms.
"""

import hashlib
import json
import time
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from nnviz.errors import NnvizError
from nnviz.lecture.lecture import MOST_ANSWER, MOST_BEATS, MOST_LINK, MOST_NOTES, MOST_QUESTION, MOST_TITLE
from nnviz.web import limits

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # without those that are mistaken for each other
CODE_LETTERS = 6
SECRET = range(16, 129)  # letters of a secret
LINK = MOST_LINK  # letters of a link, at most
QUESTION, ANSWER = MOST_QUESTION, MOST_ANSWER  # letters
ANSWERS = range(2, 9)  # of one question
ROUNDS = 2  # of votes on one question: people talk in between
DEVICE = range(8, 65)  # letters of the name that a device gives itself
PRESSES = ("next", "back", "ask", "blank")  # what a lecturer's remote can have the lecturer's screen do
NOTES = MOST_NOTES  # letters of what only the lecturer sees
TITLE = MOST_TITLE  # letters of a beat's title
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}  # kinds of letters that no text here has: Unicode's names


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


def lock_of(secret: str) -> str:
    """What a room keeps to know its secret again. Many secrets have one code, none that can be found has one lock."""
    return hashlib.sha256(f"nnviz lock {secret}".encode()).hexdigest()


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
    counts: tuple[tuple[int, ...], ...] = ()  # by round that is over, how many chose each answer

    def closed(self, votes: Sequence[int], **shown: bool) -> "Poll":
        """No vote is taken any more. `votes`: the choices of this round."""
        if not self.is_open:
            return replace(self, **shown)
        counts = tuple(votes.count(i) for i in range(len(self.answers)))
        return replace(self, is_open=False, counts=(*self.counts, counts), **shown)

    def told(self) -> dict[str, Any]:
        """What the followers may know."""
        about = asdict(self)
        if not self.is_revealed:
            about |= {"right": None, "why": ""}
        return about if self.is_shown else about | {"counts": None}


@dataclass(frozen=True)
class Stage:
    """Where a lecture is, for the lecturer's eyes."""

    at: int  # the beat, from 0
    of: int
    title: str
    following: str  # the title of the next beat; empty after the last one
    notes: str


@dataclass(frozen=True)
class State:
    code: str
    lock: str
    seq: int = 0  # grows with each change
    link: str = ""
    poll: Poll | None = None
    is_blank: bool = False  # whether the lecturer has the screens dark
    stage: Stage | None = None
    press: tuple[int, str] | None = None  # the last press on a remote, with its number
    is_closed: bool = False

    @property
    def is_new(self) -> bool:
        """Whether nothing was shown or asked here yet."""
        return not self.link and self.poll is None

    def told(self) -> dict[str, Any]:
        """What a follower is told."""
        poll = self.poll.told() if self.poll else None
        beat = {"at": self.stage.at, "of": self.stage.of, "title": self.stage.title} if self.stage else None
        about = {"seq": self.seq, "room": self.code, "link": self.link, "poll": poll, "beat": beat}
        return about | {"blank": self.is_blank, "closed": self.is_closed}

    def told_to_leader(self, followers: int, answered: int) -> dict[str, Any]:
        """What the lecturer is told: besides all that, how many are there and have answered, not what."""
        stage = asdict(self.stage) if self.stage else None
        return self.told() | {"followers": followers, "answered": answered, "stage": stage, "press": self.press}

    def record(self) -> str:
        """All of it, as JSON."""
        return as_json(asdict(self))

    @classmethod
    def of(cls, record: str | bytes) -> "State":
        """A state from its record, which nnviz has written itself."""
        found = json.loads(record)
        if poll := found["poll"]:
            tuples = {name: tuple(poll[name]) for name in ("answers",)}
            tuples |= {"place": poll["place"] and tuple(poll["place"]), "counts": tuple(map(tuple, poll["counts"]))}
            found["poll"] = Poll(**poll | tuples)
        if found["stage"]:
            found["stage"] = Stage(**found["stage"])
        found["press"] = found["press"] and tuple(found["press"])
        return cls(**found)


def check_secret(secret: object) -> None:
    """Raises RoomError if it is none."""
    if not isinstance(secret, str) or len(secret) not in SECRET or not secret.isascii():
        raise RoomError(f"secret must be text of {SECRET[0]} to {SECRET[-1]} letters, all of them ASCII")


def opened(secret: object) -> State:
    """A new room of this secret. Raises RoomError if it is none."""
    check_secret(secret)
    secret = str(secret)
    # From the clock, so that it also grows when a server that knows nothing of the room opens it again.
    return State(code_of(secret), lock_of(secret), seq=int(time.time() * 1000))


def led(state: State, message: Mapping[str, object], votes: Sequence[int] = ()) -> State:
    """The room after what the lecturer's device says. `votes`: the choices of this round. Raises RoomError."""
    known = [name for name in message if name in ACTIONS]
    if not known:
        raise RoomError(f"a message must have one of {', '.join(ACTIONS)}")
    for name in known:
        state = ACTIONS[name](state, message[name], votes)
    return replace(state, seq=state.seq + 1)


def shows_link(state: State, link: object, _votes: Sequence[int]) -> State:
    return replace(state, link=text(link, "link", LINK))


def asks(state: State, asked: object, _votes: Sequence[int]) -> State:
    """Put a question to the room, in place of the one before."""
    if not isinstance(asked, dict):
        raise RoomError("ask must have a question and answers")
    answers = asked.get("answers")
    if not isinstance(answers, list) or len(answers) not in ANSWERS:
        raise RoomError(f"answers must be {ANSWERS[0]} to {ANSWERS[-1]} texts")
    right = asked.get("right")
    if right is not None and (type(right) is not int or not 0 <= right < len(answers)):
        raise RoomError("right must be the number of an answer, from 0")
    poll = Poll(
        state.seq + 1,
        text(asked.get("question"), "question", QUESTION),
        tuple(text(answer, "answer", ANSWER) for answer in answers),
        right,
        text(asked.get("why") or " ", "why", QUESTION),
        place(asked.get("place")),
    )
    return replace(state, poll=poll)


def asks_again(state: State, _: object, _votes: Sequence[int]) -> State:
    """A second round, beside the first."""
    poll = asked_in(state)
    if not poll.is_shown or poll.is_revealed or poll.round >= ROUNDS:
        raise RoomError(f"a question is asked again once its answers are shown, and at most {ROUNDS} times in all")
    return replace(state, poll=replace(poll, round=poll.round + 1, is_open=True, is_shown=False))


def shows_answers(state: State, _: object, votes: Sequence[int]) -> State:
    return replace(state, poll=asked_in(state).closed(votes, is_shown=True))


def reveals(state: State, _: object, votes: Sequence[int]) -> State:
    return replace(state, poll=asked_in(state).closed(votes, is_shown=True, is_revealed=True))


def asked_in(state: State) -> Poll:
    if state.poll is None:
        raise RoomError("nothing was asked")
    return state.poll


def blanks(state: State, is_blank: object, _votes: Sequence[int]) -> State:
    if not isinstance(is_blank, bool):
        raise RoomError("blank must be true or false")
    return replace(state, is_blank=is_blank)


def stages(state: State, stage: object, _votes: Sequence[int]) -> State:
    """Where the lecture is; None after it."""
    if stage is None:
        return replace(state, stage=None)
    if not isinstance(stage, dict):
        raise RoomError("stage must say which beat it is")
    at, of = stage.get("at"), stage.get("of")
    if type(at) is not int or type(of) is not int or not 0 <= at < of <= MOST_BEATS:
        raise RoomError("at and of must be the number of a beat and how many there are")
    title, following = (text(stage.get(name) or " ", name, TITLE) for name in ("title", "following"))
    notes = text(stage.get("notes") or " ", "notes", NOTES, lines=True)
    return replace(state, stage=Stage(at, of, title, following, notes))


def presses(state: State, press: object, _votes: Sequence[int]) -> State:
    """A press on the lecturer's remote, for the lecturer's screen to do."""
    if press not in PRESSES:
        raise RoomError(f"press must be one of {', '.join(PRESSES)}")
    return replace(state, press=(state.seq + 1, str(press)))


ACTIONS: dict[str, Callable[[State, object, Sequence[int]], State]] = {
    "link": shows_link,
    "ask": asks,
    "ask_again": asks_again,
    "show": shows_answers,
    "reveal": reveals,
    "end_poll": lambda state, _, _votes: replace(state, poll=None),
    "blank": blanks,
    "stage": stages,
    "press": presses,
    "close": lambda state, _, _votes: replace(state, is_closed=True),
}


def voted(state: State, message: Mapping[str, object]) -> tuple[str, int]:
    """The device that answers and its choice, which it may change until the round is closed. Raises RoomError."""
    device, choice = message.get("device"), message.get("choice")
    if not isinstance(device, str) or len(device) not in DEVICE or not device.isprintable():
        raise RoomError(f"device must be text of {DEVICE[0]} to {DEVICE[-1]} letters")
    poll = state.poll
    if poll is None or not poll.is_open or (message.get("poll"), message.get("round")) != (poll.number, poll.round):
        raise RoomError("this question is not open any more")
    if type(choice) is not int or not 0 <= choice < len(poll.answers):
        raise RoomError("choice must be the number of an answer, from 0")
    return device, choice


def taken(state: State, choice: int) -> dict[str, Any]:
    """What a device is told whose answer was taken."""
    return {"voted": choice, "poll": asked_in(state).number, "round": asked_in(state).round}


def as_json(value: dict[str, Any]) -> str:
    return json.dumps(value, separators=(",", ":"))


def place(value: object) -> tuple[int, int] | None:
    """A mini-batch and a phase."""
    if value is None:
        return None
    if isinstance(value, list) and len(value) == 2 and all(type(n) is int and 0 <= n < 2**53 for n in value):
        return value[0], value[1]
    raise RoomError("place must be a mini-batch and a phase")


def text(value: object, name: str, most: int, lines: bool = False) -> str:
    """Text that can be shown. `lines`: whether it may have several of them."""
    if not isinstance(value, str) or not 0 < len(value) <= most:
        raise RoomError(f"{name} must be text of 1 to {most} letters")
    seen = value.replace("\n", "") if lines else value
    if any(unicodedata.category(letter) in UNSEEN for letter in seen):
        raise RoomError(f"{name} must be text without control characters")
    return value


def read(message: str | bytes, most: int = limits.MESSAGE_BYTES) -> dict[str, object]:
    """A device's message of at most so many bytes. Raises RoomError if it is none."""
    raw = message.encode("utf-8", "surrogatepass") if isinstance(message, str) else message
    if len(raw) > most:
        raise RoomError(f"a message must have at most {most:,} bytes")
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
