"""Stepping through a run: the board with its transport, and the words that belong to its position.

One fragment holds both, so that a press reruns nothing else. The board moves by itself and says where it is; Python
answers with the words of that place and the mini-batches that the board does not have.
"""

import hashlib

import streamlit as st

from nnviz.board import component, message, request
from nnviz.figures import colours
from nnviz.ui import state
from nnviz.ui.step import predict_first, zoom

KEY = "board"
FAR = 5000  # mini-batches that are computed without a word


def follow_board() -> request.Request | None:
    """Take over the position of the board, unless Python has moved since; what it asks, or None."""
    asked = request.read(st.session_state.get(KEY, {}).get("board"), state.experiment())
    if asked is None or asked.jump != st.session_state.jump:
        return None
    if not asked.net:  # a board that does not know the network has just been made, and knows no place either
        state.move(asked.position, asked.look)
    return asked


def end_first_look(asked: request.Request | None) -> None:
    """Draw the rest of the page, once the board has said that it is on the screen."""
    if asked:
        st.session_state.page_seen = True
        st.rerun()


def catch_up() -> None:
    """Compute the run up to the session's position, with a progress bar where that takes a while."""
    run, step = state.run(), state.position().step
    start = run.reached
    if step - start < FAR:
        return
    bar = st.progress(0.0, "Computing the mini-batches up to here")
    for reached in run.advance(step):
        bar.progress((reached - start) / (step - start), f"Computing mini-batch {reached:,} of {step:,}")
    bar.empty()


def rests(asked: request.Request | None) -> bool:
    """Whether nobody is in the middle of moving, so that the address bar may say where they are."""
    return asked is None or asked.rests


def show_board(asked: request.Request | None, follows: bool, transport_only: bool = False) -> None:
    """Draw the board, or its transport alone: all it needs where it is new, else the answer to what it asked.

    `follows` tells the board that something beside it belongs to the mini-batch shown, and so has to hear of each move.
    At a visitor's first look it brings one mini-batch only, and the board says when that is painted.
    """
    catch_up()
    experiment, position = state.experiment(), state.position()
    first_look = state.is_first_look() and not transport_only
    answered = st.session_state.get("answered", 0)
    new = asked is None or asked.net
    if new:
        wanted = [position.step] if first_look else neighbours(position.step, experiment.steps)
    else:
        wanted = asked.want if asked.seq != answered else ()
    st.session_state.answered = asked.seq if asked else answered
    header = {
        "run": run_id(),
        "jump": st.session_state.jump,
        "seq": st.session_state.answered,
        "position": {
            "step": position.step,
            "phase": position.phase,
            "example": state.look().example,
        },
        "cell": str(state.look().cell) if state.look().cell else None,
        "veiled": predict_first.hidden_panel(),
        "transportOnly": transport_only,
        "follows": follows,
        "firstLook": first_look,
    }
    if new:
        header |= {"net": message.network_header(experiment), "colors": colours.PALETTES}
        header["view"] = request.view_of(state.look())  # else the board draws as it said it does
    if follows:
        state.moment(position.step)  # first: the mini-batches after it are replayed from there
    moments = [state.moment(step) for step in sorted(wanted)]
    result = component.mount(
        key=KEY,
        data=message.encode(header, moments, experiment.data),
        on_board_change=lambda: None,
        on_zoom_change=lambda: None,
    )
    if result.zoom:
        zoom.dialog(result.zoom)


def neighbours(step: int, steps: int) -> list[int]:
    """This mini-batch, the next and the one before, where the run has them."""
    return [at for at in (step, step + 1, step - 1) if 0 <= at < steps]


def run_id() -> str:
    """What the mini-batches on the board belong to; another one makes it forget them."""
    return hashlib.sha256(repr((state.experiment(), state.extra())).encode()).hexdigest()[:12]
