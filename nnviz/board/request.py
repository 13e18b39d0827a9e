"""What the board asks of Python. It comes from a browser, so that every part of it is checked."""

from dataclasses import dataclass

from nnviz.board.message import MAX_WANTED, VERSION
from nnviz.lesson.view import MEAN, VIEW_OPTIONS, Look, read_look
from nnviz.run.experiment import Experiment, Position


@dataclass(frozen=True)
class Request:
    """Where the board is and what it needs."""

    seq: int  # the number of this message; the answer carries it back
    jump: int  # the last move made by Python that the board knows of
    position: Position
    look: Look  # the pinned cell, the example, and how it draws
    playing: bool
    rests: bool  # True if the viewer has stopped moving
    want: tuple[int, ...]  # the mini-batches that it does not have
    target: int | None  # the mini-batch that the viewer asked for and that is not there yet
    consent: bool  # True if it is to be computed however long that takes
    is_new: bool  # True if it does not know the network
    curve: bool  # True if it asks for the run's curve


def read(message: object, experiment: Experiment) -> Request | None:
    """The request in a message, brought within the run; None if it is no message of this version of the board."""
    if not isinstance(message, dict) or message.get("version") != VERSION:
        return None
    seq, jump, step, phase = (whole(message.get(name)) for name in ("seq", "jump", "step", "phase"))
    if seq is None or jump is None or step is None or phase is None:
        return None
    want = message.get("want")
    want = want[:MAX_WANTED] if isinstance(want, list) else []
    target = whole(message.get("target"))
    return Request(
        seq=seq,
        jump=jump,
        position=Position(step, phase).within(experiment),
        look=read_look(look_params(message), experiment)[0],
        playing=message.get("playing") is True,
        rests=message.get("rests") is True,
        want=tuple(w for w in want if whole(w) is not None and w < experiment.steps),
        target=target if target is not None and target < experiment.steps else None,
        consent=message.get("consent") is True,
        is_new=message.get("isNew") is True,
        curve=message.get("curve") is True,
    )


def look_params(message: dict) -> dict[str, str]:
    """What the message says about the look, as a link would say it."""
    view = message.get("view")
    view = view if isinstance(view, dict) else {}
    choices = view.get("choices")
    choices = choices if isinstance(choices, dict) else {}
    values = {name: choices.get(name) for name in VIEW_OPTIONS}
    values |= {"lock": view.get("lock"), "lock_example": view.get("lockExample")}
    values |= {"cell": message.get("cell")}
    values |= {"example": MEAN if message.get("example") is None else message["example"]}
    return {name: str(value) for name, value in values.items() if isinstance(value, str | int)}


def whole(value: object) -> int | None:
    """The value if it is a whole number from 0 that JSON can carry exactly, else None."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53:
        return value
    return None
