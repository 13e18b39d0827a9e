"""The Step page, which people land on: one mini-batch at a time through feedforward, backpropagation and update."""

import streamlit as st

from nnviz.ui import frame, plane, settings, state, stepping, words

frame.open("Step")
stepping.follow_board()
first_look = state.is_first_look()
if not first_look:
    settings.sidebar()


@st.fragment
def step_through() -> None:
    asked = stepping.follow_board()
    links = frame.navigation_place()
    with st.container(key="step"):
        stepping.show_board(asked, follows=words.belong_to_mini_batch() or state.experiment().data.is_plane)
    if first_look:
        return stepping.end_first_look(asked)
    frame.navigation(links, write=stepping.rests(asked))  # after the board, which is waited for
    words.show()
    if state.experiment().data.is_plane and not (asked and asked.playing):
        with st.container(key="below"):
            plane.show(state.moment(state.position().step))


with st.container(key="stage"):
    step_through()
    if not first_look:
        words.place()
        words.lessons()
