"""The Step page, which people land on: one mini-batch at a time through feedforward, backpropagation and update."""

import streamlit as st

from nnviz.ui import decision_regions, page, settings, state
from nnviz.ui.step import board, lessons

page.open("Step")
board.follow_board()
first_look = state.is_first_look()
if not first_look:
    settings.sidebar()


@st.fragment
def step_through() -> None:
    asked = board.follow_board()
    links = page.navigation_place()
    with st.container(key="step"):
        board.show_board(asked, follows=lessons.belong_to_mini_batch() or state.experiment().data.is_plane)
    if first_look:
        return board.end_first_look(asked)
    page.navigation(links, write=board.rests(asked))  # after the board, which is waited for
    lessons.show()
    if state.experiment().data.is_plane and not (asked and asked.playing):
        with st.container(key="below"):
            decision_regions.show(state.moment(state.position().step))


with st.container(key="stage"):
    step_through()
    if not first_look:
        lessons.place()
        lessons.lessons()
