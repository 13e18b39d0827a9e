"""What the board asks of Python. It comes from a browser, so that every part of it is checked."""

from dataclasses import dataclass

from nnviz.lesson.view import CHOICES, Look, read_look
from nnviz.run.experiment import Experiment, Position

MAX_WANTED = 8  # mini-batches in one message
LOOKS = {"cell": "cell", "example": "example"}
VIEWS = {name: name for name in CHOICES} | {"lock": "lock", "lockExample": "lock_example"}  # JavaScript's: the link's


@dataclass(frozen=True)
class Request:
    """Where the board is and what it needs."""

    seq: int  # the number of this message; the answer carries it back
    jump: int  # the last move made by Python that the board knows of
    position: Position
    look: Look  # the pinned cell, the example, and how it draws
    playing: bool
    rests: bool  # nobody is in the middle of moving
    want: tuple[int, ...]  # the mini-batches it does not have
    net: bool  # True where it does not know the network's shape


def read(message: object, experiment: Experiment) -> Request | None:
    """The request in a message, brought within the run; None where it is no message of the board."""
    if not isinstance(message, dict):
        return None
    numbers = [whole(message.get(name)) for name in ("seq", "jump", "step", "phase")]
    if None in numbers:
        return None
    seq, jump, step, phase = numbers
    want = message.get("want")
    want = want[:MAX_WANTED] if isinstance(want, list) else []
    return Request(
        seq=seq,
        jump=jump,
        position=Position(step, phase).within(experiment),
        look=read_look(look_params(message), experiment)[0],
        playing=message.get("playing") is True,
        rests=message.get("rests") is True,
        want=tuple(w for w in want if whole(w) is not None and w < experiment.steps),
        net=message.get("net") is True,
    )


def look_params(message: dict) -> dict[str, str]:
    """What the message says about the look, as a link would say it."""
    view = message.get("view")
    said = {link: message.get(name) for name, link in LOOKS.items()}
    if isinstance(view, dict):
        said |= {link: view.get(name) for name, link in VIEWS.items()}
    return {name: str(value) for name, value in said.items() if isinstance(value, str | int)}


def view_of(look: Look) -> dict[str, str | int | None]:
    """How the board is to draw, in its own names."""
    return {name: getattr(look.view, link) for name, link in VIEWS.items()}


def whole(value: object) -> int | None:
    """The value where it is a whole number from 0 that JSON can carry exactly, else None."""
    fits = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53
    return value if fits else None
