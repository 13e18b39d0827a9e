"""Small networks with every number on one screen, worked out line by line as on paper."""

import streamlit as st

from nnviz.ui import by_hand, page, settings, state
from nnviz.ui.lazy_expander import LazyExpander
from nnviz.ui.step import board

page.begin("By hand", waits=False, own_run=not by_hand.is_example_shown())
by_hand.show_example_if_too_large()
settings.sidebar()
drawn = state.experiment()


@st.fragment
def work() -> None:
    request = board.follow_board()
    if state.experiment() != drawn:  # other numbers were typed in: the settings change with them
        st.rerun()
    page.navigation(write=board.is_idle(request))
    by_hand.choose()
    experiment, run = state.experiment(), state.run()
    board.show_board(request, follows=True, compact=True)
    moment = run.moment_at(state.position().step)
    by_hand.paper(moment, state.position().phase)
    by_hand.downloads(moment)
    with LazyExpander("Type in your own numbers") as is_open:
        if is_open:
            by_hand.typed_in(experiment, run.network_at(0).state)


work()
