"""The words beside the board: where one is, the phase's equation with its shapes, the code that computes it."""

import streamlit as st

from nnviz.lesson import lesson, where
from nnviz.ui import pinned, predicting, state, what_if
from nnviz.ui.drawer import Drawer


def show() -> None:
    """Everything here belongs to the session's position; the board marks it while it is behind."""
    experiment, position = state.experiment(), state.position()
    with st.container(key="words"):
        with st.container(key="where"):
            st.markdown(f"**{where(experiment, position.step, position.phase)}**")
        divergence = state.run().divergence
        if divergence and position.step >= divergence.step:
            at = where(experiment, divergence.step, experiment.phases - 1)
            st.error(f"The run diverged: some parameters stopped being finite numbers at {at}. {divergence.cause}")
        moment = state.run().moment_at(position.step)
        if state.look().cell:
            pinned.show(moment)
        said = lesson(experiment, position.phase, moment.trace.m)
        st.markdown("\n\n".join([said.text, *(f"$$\n{equation}\n$$" for equation in said.equations)]))
        st.code(said.code, language="python", wrap_lines=True)
        if not state.look().cell:
            pinned.show(moment)
        what_if.edits(moment)
        with Drawer("More: choose a number, predict, what if") as is_open:
            if is_open:
                pinned.choose(moment)
                predicting.switch()
                what_if.choose(moment.step)
