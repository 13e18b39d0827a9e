"""The Step page: the board, and beside and under it what is said of the moment that it shows."""

import streamlit as st

from nnviz.lesson.view import ASKS
from nnviz.run.experiment import Experiment
from nnviz.ui import decision_regions, page, room, settings, state
from nnviz.ui.step import board, lessons


def show() -> None:
    page.begin("Step", waits=False)
    board.follow_board()  # here for what is drawn outside the fragment; the fragment follows by itself
    first_look = state.is_first_look()
    if not first_look:
        settings.sidebar()
    with st.container(key="stage"):
        # Before the fragment: what a full run draws after it can be lost if the board already asks for the next run.
        # The place is there at the first look, too: the fragment's own place on the page, by which it is known, stays.
        with st.container():
            if not first_look and not lessons.change_with_mini_batch():
                lessons.lessons()
        step_through(state.experiment(), first_look)


@st.fragment
def step_through(drawn: Experiment, first_look: bool) -> None:
    """The board and what belongs to its mini-batch. `drawn`: the run for which the rest of the page was drawn."""
    request = board.follow_board()
    if state.experiment() != drawn:  # a what-if: the settings and the lessons outside change with it
        st.rerun()
    with st.container(key="step"):
        board.show_board(request, follows=lessons.belong_to_mini_batch() or state.experiment().data.is_plane)
    links = page.navigation_place()  # after the board in the order of the tabulator key, above it on the screen
    if first_look:
        return board.end_first_look(request)
    page.navigation(links, write=board.is_idle(request), buttons=False)  # after the board, which is waited for
    room.button()
    lessons.show()
    gives_away = state.look().view.has(ASKS)  # a map of the answers
    if state.experiment().data.is_plane and not gives_away and not (request and request.playing):
        with st.container(key="below"), st.container(key="hides_regions"):
            decision_regions.show(state.moment(state.position().step))
