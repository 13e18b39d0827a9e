"""The board with its transport on a page: what it is sent, and following where it goes.

The board moves by itself and says where it is; Python answers with the words of that place and the mini-batches that
the board does not have. One fragment holds both, so that a press reruns nothing else.
"""

import hashlib

import streamlit as st

from nnviz.board import component, request
from nnviz.board.message import Computing, Message, Place, encode, network_info
from nnviz.figures import colours
from nnviz.run.experiment import Position
from nnviz.ui import arrival, state
from nnviz.ui.step import predict_first, zoom
from nnviz.ui.step.curve import curve

KEY = "board"


def follow_board() -> request.Request | None:
    """Take over the position of the board, unless Python has moved since; what it asks, or None."""
    asked = request.read(st.session_state.get(KEY, {}).get("board"), state.experiment())
    if asked is None or asked.jump != st.session_state.jump:
        return None
    if asked.is_new:  # a newly mounted board has no position yet: Python's stays
        return asked
    wanted = Position(asked.target, asked.position.phase) if asked.target is not None else None
    if wanted is None:
        arrival.cancel()
    else:
        state.set_target(wanted, consent=asked.consent)
    if state.run().approach(asked.position.step, arrival.AT_ONCE, arrival.viewer()):
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
    answered = st.session_state.get("answered", 0)
    is_new = asked is None or asked.is_new
    if is_new:
        step = state.position().step
        wanted = [step] if first_look else neighbours(step, experiment.steps)
    else:
        wanted = asked.want if asked and asked.seq != answered else ()
    st.session_state.answered = asked.seq if asked else answered
    if follows:
        state.moment(state.position().step)  # first: the mini-batches after it are replayed from there
    moments = [m for step in sorted(wanted) if (m := state.moment_within(step, arrival.AT_ONCE))]
    result = component.mount(
        key=KEY,
        data=encode(message(asked, computing, follows, compact, first_look), moments),
        on_board_change=lambda: None,
        on_zoom_change=lambda: None,
    )
    if result.zoom:
        zoom.dialog(result.zoom)


def message(
    asked: request.Request | None, computing: Computing | None, follows: bool, compact: bool, first_look: bool
) -> Message:
    """What the board is told besides the numbers."""
    position, look = state.position(), state.look()
    is_new = asked is None or asked.is_new
    return Message(
        run=run_id(),
        jump=st.session_state.jump,
        seq=st.session_state.answered,
        position=Place(position.step, position.phase, look.example),
        cell=str(look.cell) if look.cell else None,
        hidden=predict_first.hidden_panel(),
        compact=compact,
        follows=follows,
        first_look=first_look,
        computing=computing,
        curve=curve() if asked and asked.curve else None,
        network=network_info(state.run().setup) if is_new else None,
        colors=colours.PALETTES if is_new else None,
        view=look.view if is_new else None,
    )


def neighbours(step: int, steps: int) -> list[int]:
    """This mini-batch, the next and the one before, if the run has them."""
    return [at for at in (step, step + 1, step - 1) if 0 <= at < steps]


def run_id() -> str:
    """What the mini-batches on the board belong to; another one makes it forget them."""
    return hashlib.sha256(repr((state.experiment(), state.added_example())).encode()).hexdigest()[:12]
