"""A digit drawn by hand goes through the network: the toy that everybody tries first."""

import streamlit as st

from nnviz.ui import arrival, draw, page, settings, state
from nnviz.ui.step import board

page.begin("Draw", waits=False)
draw.open_at_the_answer()
settings.sidebar()
shown = state.experiment()


@st.fragment
def draw_and_see() -> None:
    request = board.follow_board()
    if state.experiment() != shown:
        st.rerun()
    page.navigation(write=board.is_idle(request))
    if draw.needs_pictures():
        return
    arrival.settle()  # first: the answer is that of the mini-batch shown
    with st.container(key="draw"):
        left, right = st.columns([2, 7], gap="medium")
        with left:
            is_another = draw.pad()
        with right:
            board.show_board(None if is_another else request, follows=True)


draw_and_see()
