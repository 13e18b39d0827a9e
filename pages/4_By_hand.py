"""Small networks with every number on one screen, worked out line by line as on paper."""

import streamlit as st

from nnviz.lesson.worked_lines import fits
from nnviz.run.trajectory import Parameters
from nnviz.ui import by_hand, page, settings, state
from nnviz.ui.lazy_expander import Drawer
from nnviz.ui.step import board

page.open("By hand")
settings.sidebar()


@st.fragment
def work() -> None:
    asked = board.follow_board()
    page.navigation(write=board.rests(asked))
    by_hand.choose()
    experiment, position, run = state.experiment(), state.position(), state.run()
    if not fits(experiment):
        st.info(
            f"The current network ({experiment.summary()}) is too large for paper. Choose one of these, or set up to "
            "4-4-4-4 neurons and a mini-batch of 1 in the settings."
        )
        return
    board.show_board(asked, follows=True, transport_only=True)
    moment, network = run.moment_at(position.step), run.network_at(position.step)
    by_hand.paper(moment, network, position.phase)
    by_hand.downloads(experiment, moment, network)
    with Drawer("Type in your own numbers") as is_open:
        if is_open:
            by_hand.typed_in(experiment, Parameters.of(run.network_at(0)))


work()
