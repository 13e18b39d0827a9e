"""Moments of runs for whoever asks by address: mini-batches as the board takes them, lessons, one number explained.

A run is a value, so an address means the same bits for ever. Nothing here is of a session: what a visitor uploaded or
loaded is private and not served.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from latex2mathml.converter import convert

from nnviz.board.message import (
    MAX_WANTED,
    VERSION,
    Message,
    NetworkInfo,
    compared,
    encode,
    encode_compared,
    network_info,
    run_id,
)
from nnviz.board.message import Place as MessagePlace
from nnviz.errors import FieldError
from nnviz.figures.colours import PALETTES
from nnviz.lesson.cells import Cell, in_words, short_name, within
from nnviz.lesson.explain import explain as explained
from nnviz.lesson.explanation import Term
from nnviz.lesson.phase_text import lesson
from nnviz.lesson.place import Place, place
from nnviz.number_text import MINUS, shown
from nnviz.run import store
from nnviz.run.experiment import Experiment, Position
from nnviz.run.fields import one_of, whole_number
from nnviz.run.link import comparison_to_params, query
from nnviz.run.moment import Moment
from nnviz.web.limits import BYTES, COMPUTING

FLOAT32 = 4  # bytes
PER_NEURON = 6  # times that, for a neuron and an example: z, slope, and delta and a with twice the bytes
NAMED = 24  # numbers that an explained one is made of, or goes into


class TooMuchError(Exception):
    """The answer would take more computing than strangers are given."""


def moment_at(experiment: Experiment, step: int) -> Moment:
    """A mini-batch of a run. Raises TooMuchError if it takes too long to compute."""
    moment = store.shared().get(experiment).moment_within(step, COMPUTING)
    if moment is None:
        raise TooMuchError
    return moment


def frames(params: Mapping[str, str]) -> bytes:
    """`count` mini-batches from the link's on, as a message to the board; with `network`, all that the board needs."""
    at = place(params)
    one_of(lambda: {str(VERSION): VERSION}).parse("version", params.get("version", str(VERSION)))
    count = whole_number(1, MAX_WANTED).parse("count", params.get("count", "1"))
    steps = range(at.position.step, min(at.position.step + count, at.steps))
    return opening(at, steps) if "network" in params else with_mini_batches(message(at), at, steps)


def opening(at: Place, steps: Sequence[int], most: int | None = None) -> bytes:
    """A message with which a board can open, and these mini-batches: as many as fit into `most` bytes or an answer."""
    about = replace(message(at), experiment=start_of(at), colors=PALETTES, view=at.look.view)
    return with_mini_batches(about, at, steps, [network_info(store.shared().get(run).setup) for run in at.runs], most)


def start_of(at: Place) -> str:
    """The link of the start of a place's run or runs."""
    if at.comparison:
        return urlencode(comparison_to_params(at.comparison, Position()))
    return query(at.runs[0])


def with_mini_batches(
    about: Message, at: Place, steps: Sequence[int], infos: Sequence[NetworkInfo] = (), most: int | None = None
) -> bytes:
    """The message with those of these mini-batches that fit into one answer; the first one in any case."""
    first = [moment_at(run, steps[0]) for run in at.runs]
    fit = max(1, (most or BYTES) // sum(map(bytes_of, first)))
    mini_batches = [first, *([moment_at(run, step) for run in at.runs] for step in steps[1:fit])]
    if at.comparison is None:
        about = replace(about, network=infos[0] if infos else None)
        return encode(about, [moments[0] for moments in mini_batches])
    steps_of_all = [replace(info, steps=at.steps) for info in infos] or [None] * len(at.runs)
    return encode_compared(compared(about, at.comparison, steps_of_all), mini_batches)


def bytes_of(moment: Moment) -> int:
    """About how much a message needs for it: its weights, and what each neuron has of each example."""
    inputs, *neurons = moment.network.sizes
    weights = sum(w.size for w in moment.network.weights)
    return FLOAT32 * (weights + moment.m * (inputs + PER_NEURON * sum(neurons)))


def message(at: Place) -> Message:
    return Message(
        run=run_id(at.comparison or at.runs[0]),
        jump=0,
        seq=0,
        position=MessagePlace(at.position.step, at.position.phase, at.look.example),
        cell=str(at.look.cell) if at.look.cell else None,
        compact=False,
        follows=False,
        first_look=False,
    )


def lessons(params: Mapping[str, str]) -> bytes:
    """Every phase's sentence, its equations as KaTeX and as MathML, and its code."""
    at = place(params)
    moment = moment_at(at.leader, at.position.step)
    phases = [lesson(moment, phase) for phase in range(at.leader.phases)]
    return as_json(
        [
            {"text": one.text, "code": one.code, "equations": [drawn(equation) for equation in one.equations]}
            for one in phases
        ]
    )


def explain(params: Mapping[str, str]) -> bytes:
    """The link's pinned number: its equation, its numbers, what it is made of and goes into."""
    at = place(params)
    look = at.look
    if look.cell is None:
        raise FieldError("cell", params.get("cell", ""), "a quantity, layer and indices, as in w.2.3.7")
    moment = moment_at(at.leader, at.position.step)
    example = look.example if look.example is not None and look.example < moment.m else None
    found = explained(moment, within(look.cell, moment.m), example)
    return as_json(
        {
            "cell": str(found.cell),
            "title": in_words(found.cell),
            "alone": found.example is not None and found.cell.quantity.is_gradient,
            "equation": drawn(found.equation),
            "factor": shown(found.factor) if found.factor_cell or found.factor != 1.0 else None,
            "terms": [term_text(term) for term in found.terms[: len(found.terms) - found.rest[0]]],
            "rest": {"count": found.rest[0], "value": shown(found.rest[1])} if found.rest[0] else None,
            "value": shown(found.value),
            "notes": found.notes,
            "madeOf": names(found.depends_on),
            "goesInto": names(found.used_by),
        }
    )


def drawn(equation: str) -> dict[str, str]:
    return {"katex": equation, "mathml": convert(equation, display="block")}


def term_text(term: Term) -> dict[str, str]:
    """A summand as text: the numbers multiplied in it, and what they are."""
    if term.argument is not None:
        [(text, _, cell)] = term.factors
        name = "σ′" if "'" in text else "σ"
        symbols = f"{name}({short_name(cell)})" if cell else ""
        return {"numbers": f"{name}({shown(term.argument)})", "symbols": symbols, "value": shown(term.value)}
    numbers = [shown(value) for _, value, _ in term.factors]
    bracketed = [f"({n})" if n.startswith(MINUS) else n for n in numbers]
    return {
        "numbers": " · ".join(bracketed if len(numbers) > 1 else numbers),
        "symbols": " ".join(short_name(cell) for _, _, cell in term.factors if cell),
        "value": shown(term.value),
    }


def names(cells: tuple[Cell, ...]) -> list[dict[str, str]]:
    return [{"cell": str(cell), "name": short_name(cell)} for cell in cells[:NAMED]]


def as_json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


ANSWERS: dict[str, Callable[[Mapping[str, str]], bytes]] = {"frames": frames, "lessons": lessons, "explain": explain}
