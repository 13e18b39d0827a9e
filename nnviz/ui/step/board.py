"""The board with its transport on a page: what it is sent, and following where it goes.

The board moves by itself and says where it is; Python answers with the words of that place and the mini-batches that
the board does not have. One fragment holds both, so that a press reruns nothing else.
"""

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlencode

import streamlit as st

from nnviz.board import component, request
from nnviz.board.message import (
    Computing,
    Message,
    Place,
    compared,
    encode,
    encode_compared,
    network_info,
    run_id,
)
from nnviz.figures import colours
from nnviz.run.comparison import Comparison
from nnviz.run.experiment import Position
from nnviz.run.link import comparison_to_params, to_params
from nnviz.run.moment import Moment
from nnviz.run.trajectory import Trajectory
from nnviz.ui import arrival, few_controls, state
from nnviz.ui.step import zoom
from nnviz.ui.step.curve import curve
from nnviz.ui.step.paths import paths

KEY = "board"


def follow_board() -> request.Request | None:
    """Take over the position of the board, unless Python has moved since; what it asks, or None."""
    asked = request.read(st.session_state.get(KEY, {}).get("board"), state.experiment())
    return follow(asked, [state.run()])


def follow_comparison(comparison: Comparison) -> request.Request | None:
    """The same for a board that shows all runs of a comparison."""
    asked = request.read(st.session_state.get(KEY, {}).get("board"), comparison.leader)
    if asked is not None:
        steps = comparison.steps
        asked = replace(
            asked,
            position=comparison.within(asked.position),
            want=tuple(step for step in asked.want if step < steps),
            target=asked.target if asked.target is not None and asked.target < steps else None,
        )
    return follow(asked, [state.store().get(run) for run in comparison.runs])


def follow(asked: request.Request | None, runs: Sequence[Trajectory]) -> request.Request | None:
    """Go where the board is, if all runs that it shows can be there at once."""
    if asked is None or asked.jump != st.session_state.jump:
        return None
    if asked.is_new:  # a newly mounted board has no position yet: Python's stays
        return asked
    wanted = Position(asked.target, asked.position.phase) if asked.target is not None else None
    if wanted is None:
        arrival.cancel()
    else:
        state.set_target(wanted, consent=asked.consent)
    if arrival.approach(runs, asked.position.step):
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
    moments = [m for step in wanted if (m := state.moment_within(step, arrival.AT_ONCE))]
    message = replace(
        common(asked, computing, run_id(experiment, state.added_example())),
        compact=compact,
        follows=follows,
        first_look=first_look,
        curve=curve() if asked and asked.curve else None,
        paths=paths(),
        network=network_info(state.run().setup) if is_new(asked) else None,
        experiment=urlencode(to_params(experiment, Position()) | few_controls.link()) if is_new(asked) else None,
    )
    if zoomed := mount(encode(message, moments)):
        zoom.dialog(zoomed)


def show_comparison(asked: request.Request | None, comparison: Comparison) -> None:
    """Draw the board with all runs of a comparison, the one with the most phases leading."""
    runs = [state.store().get(run) for run in comparison.runs]
    computing = arrival.settle(runs)
    wanted = steps_to_send(asked, comparison.steps)
    infos = [replace(network_info(run.setup), steps=comparison.steps) if is_new(asked) else None for run in runs]
    start = comparison_to_params(comparison, Position()) | few_controls.link()
    experiment = urlencode(start) if is_new(asked) else None
    message = replace(common(asked, computing, run_id(comparison)), experiment=experiment)
    mini_batches = [moments for step in wanted if (moments := moments_of(runs, step))]
    mount(encode_compared(compared(message, comparison, infos), mini_batches))


def moments_of(runs: Sequence[Trajectory], step: int) -> list[Moment]:
    """The mini-batch in each of the runs; none if one of them takes too long."""
    moments = [moment for run in runs if (moment := run.moment_within(step, arrival.AT_ONCE))]
    return moments if len(moments) == len(runs) else []


def is_new(asked: request.Request | None) -> bool:
    """Whether the board does not know the network yet."""
    return asked is None or asked.is_new


def steps_to_send(asked: request.Request | None, steps: int, first_look: bool = False) -> Sequence[int]:
    """The mini-batches that the board is sent; what it said is counted as answered."""
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


def common(asked: request.Request | None, computing: Computing | None, run: str) -> Message:
    """What every board is told besides the numbers."""
    position, look = state.position(), state.look()
    return Message(
        run=run,
        jump=st.session_state.jump,
        seq=st.session_state.answered,
        position=Place(position.step, position.phase, look.example),
        cell=str(look.cell) if look.cell else None,
        compact=False,
        follows=False,
        first_look=False,
        computing=computing,
        colors=colours.PALETTES if is_new(asked) else None,
        view=look.view if is_new(asked) else None,
    )


def neighbours(step: int, steps: int) -> list[int]:
    """This mini-batch, the next and the one before, if the run has them."""
    return [at for at in (step, step + 1, step - 1) if 0 <= at < steps]
