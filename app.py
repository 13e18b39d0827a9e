"""The Step page, on which visitors land: a mini-batch at a time through feedforward, backpropagation and update."""

import streamlit as st

from nnviz.ui import decision_regions, page, settings, state
from nnviz.ui.step import board, lessons

page.begin("Step", waits=False)
board.follow_board()  # here for what is drawn outside the fragment; the fragment follows by itself
drawn = state.experiment()
first_look = state.is_first_look()
if not first_look:
    settings.sidebar()


@st.fragment
def step_through() -> None:
    request = board.follow_board()
    if state.experiment() != drawn:  # a what-if: the settings and the lessons outside change with it
        st.rerun()
    links = page.navigation_place()
    with st.container(key="step"):
        board.show_board(request, follows=lessons.belong_to_mini_batch() or state.experiment().data.is_plane)
    if first_look:
        return board.end_first_look(request)
    page.navigation(links, write=board.is_idle(request))  # after the board, which is waited for
    lessons.show()
    if state.experiment().data.is_plane and not (request and request.playing):
        with st.container(key="below"):
            decision_regions.show(state.moment(state.position().step))


with st.container(key="stage"):
    # Before the fragment: what a full run draws after it can be lost if the board already asks for the next run. The
    # place is there at the first look, too: the fragment's own place on the page, by which it is known, stays the same.
    with st.container():
        if not first_look and not lessons.change_with_mini_batch():
            lessons.lessons()
    step_through()
