"""The Step page, which people land on: one mini-batch at a time through feedforward, backpropagation and update."""

import streamlit as st

from nnviz.ui import frame, settings, stepping, words

frame.open("Step")
settings.sidebar()


@st.fragment
def step_through() -> None:
    asked = stepping.follow_board()
    frame.navigation(write=not (asked and asked.playing))
    board, beside = st.columns([5, 2], gap="medium")
    with board.container(key="step"):
        stepping.show_board(asked)
    with beside:
        words.show()


step_through()
