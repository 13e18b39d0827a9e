"""The Step page, which people land on: one mini-batch at a time through feedforward, backpropagation and update."""

import streamlit as st

from nnviz.ui import frame, plane, settings, state, stepping, words

frame.open("Step")
first = state.is_first_look()
if not first:
    settings.sidebar()


@st.fragment
def step_through() -> None:
    asked = stepping.follow_board()
    with st.container(key="step"):
        stepping.show_board(asked)
    if state.is_first_look():
        return stepping.end_first_look(asked)
    words.show()
    if state.experiment().data.is_plane and not (asked and asked.playing):
        with st.container(key="below"):
            plane.show(state.moment(state.position().step))


frame.following_navigation(later=first)
with st.container(key="stage"):
    words.lessons(later=first)
    step_through()
