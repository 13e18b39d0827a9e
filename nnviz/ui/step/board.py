"""The board with its transport on a page: what it is sent, and following where it goes.

The board moves by itself and says where it is; Python answers with the words of that place and the mini-batches that
the board does not have. One fragment holds both, so that a press reruns nothing else.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from nnviz.board import component, request
from nnviz.board.message import Beside, Computing, Message, Place, encode, network_info
from nnviz.figures import colours
from nnviz.run.comparison import Comparison
from nnviz.run.experiment import Experiment, Position
from nnviz.run.trajectory import Trajectory
from nnviz.ui import arrival, state
from nnviz.ui.step import predict_first, zoom
from nnviz.ui.step.curve import curve

KEY = "board"


def follow_board(runs: Sequence[Trajectory] = (), leader: Experiment | None = None) -> request.Request | None:
    """Take over the position of the board, unless Python has moved since; what it asks, or None.

    `runs`: all that the board shows, and `leader` the one whose phases it goes through; by default the session's own.
    """
    asked = request.read(st.session_state.get(KEY, {}).get("board"), leader or state.experiment())
    if asked is None or asked.jump != st.session_state.jump:
        return None
    if asked.is_new:  # a newly mounted board has no position yet: Python's stays
        return asked
    wanted = Position(asked.target, asked.position.phase) if asked.target is not None else None
    if wanted is None:
        arrival.cancel()
    else:
        state.set_target(wanted, consent=asked.consent)
    shown = runs or [state.run()]
    if all([run.approach(asked.position.step, arrival.AT_ONCE, arrival.viewer()) for run in shown]):
        state.move(asked.position, asked.look)
    elif wanted is None:  # the board went where nothing is computed yet
        state.move(state.position(), asked.look)
        state.set_target(asked.position)
    return asked


def end_first_look(asked: request.Request | None) -> None:
    """Draw the rest of the page, once the board has said that it is on the screen."""
    if asked:
        st.session_state.page_seen = True
        st.rerun()


def is_idle(asked: request.Request | None) -> bool:
    """Whether the visitor has stopped moving, so that the address bar may say where they are."""
    return asked is None or asked.rests


def show_board(asked: request.Request | None, follows: bool, compact: bool = False) -> None:
    """Draw the board, or a less high one: all it needs if it is new, else the answer to what it asked.

    `follows` tells the board that something beside it belongs to the mini-batch shown, and so has to hear of each move.
    At a visitor's first look it brings one mini-batch only, and the board says when that is painted.
    """
    computing = arrival.settle()
    experiment = state.experiment()
    first_look = state.is_first_look() and not compact
    wanted = steps_to_send(asked, experiment.steps, first_look)
    if follows:
        state.moment(state.position().step)  # first: the mini-batches after it are replayed from there
    is_new = asked is None or asked.is_new
    told = replace(
        message(asked, computing, run_id(experiment, state.added_example())),
        hidden=predict_first.hidden_panel(),
        compact=compact,
        follows=follows,
        first_look=first_look,
        curve=curve() if asked and asked.curve else None,
        network=network_info(state.run().setup) if is_new else None,
    )
    moments = [m for step in wanted if (m := state.moment_within(step, arrival.AT_ONCE))]
    if zoomed := mount(encode(told, moments)):
        zoom.dialog(zoomed)


def show_comparison(asked: request.Request | None, comparison: Comparison) -> None:
    """Draw the board with all runs of a comparison, the one with the most phases leading."""
    runs = [state.store().get(run) for run in comparison.runs]
    computing = arrival.settle(runs)
    wanted = steps_to_send(asked, comparison.steps)
    is_new = asked is None or asked.is_new
    infos = [replace(network_info(run.setup), steps=comparison.steps) if is_new else None for run in runs]
    leader, *others = [comparison.deepest, *(n for n in range(len(runs)) if n != comparison.deepest)]
    told = replace(
        message(asked, computing, run_id(comparison)),
        title=comparison.title(leader),
        place=leader,
        network=infos[leader],
        beside=tuple(Beside(comparison.title(number), number, infos[number]) for number in others),
    )
    there = [step for step in wanted if all(run.moment_within(step, arrival.AT_ONCE) for run in runs)]
    moments = [[run.moment_at(step) for step in there] for run in runs]
    mount(encode(told, moments[leader], [moments[number] for number in others]))


def steps_to_send(asked: request.Request | None, steps: int, first_look: bool = False) -> Sequence[int]:
    """The mini-batches that the board is sent, of a run of so many; what it said is counted as answered."""
    answered = st.session_state.get("answered", 0)
    st.session_state.answered = asked.seq if asked else answered
    if asked is None or asked.is_new:
        step = state.position().step
        return [step] if first_look else sorted(neighbours(step, steps))
    return sorted(asked.want) if asked.seq != answered else ()


def mount(data: bytes) -> str | None:
    """Put the board on the page; the panel that it asks to have enlarged."""
    result = component.mount(key=KEY, data=data, on_board_change=lambda: None, on_zoom_change=lambda: None)
    return result.zoom


def message(asked: request.Request | None, computing: Computing | None, run: str) -> Message:
    """What the board is told besides the numbers, wherever it stands."""
    position, look = state.position(), state.look()
    is_new = asked is None or asked.is_new
    return Message(
        run=run,
        jump=st.session_state.jump,
        seq=st.session_state.answered,
        position=Place(position.step, position.phase, look.example),
        cell=str(look.cell) if look.cell else None,
        hidden=None,
        compact=False,
        follows=False,
        first_look=False,
        computing=computing,
        colors=colours.PALETTES if is_new else None,
        view=look.view if is_new else None,
    )


def neighbours(step: int, steps: int) -> list[int]:
    """This mini-batch, the next and the one before, if the run has them."""
    return [at for at in (step, step + 1, step - 1) if 0 <= at < steps]


def run_id(*shown: object) -> str:
    """What the mini-batches on the board belong to; another one makes it forget them."""
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:12]
