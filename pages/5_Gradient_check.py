"""Backpropagation held against an independent computation, layer by layer, at the current mini-batch."""

import streamlit as st

from nnviz.ui import gradient_check, page, settings, state

page.begin("Gradient check")
settings.sidebar()
page.navigation()

st.markdown(
    "Is backpropagation right? Move one parameter by ±h, run the network twice, and see how the cost changes: "
    "that is the slope, computed without any of BP1 to BP4."
)
st.latex(r"\frac{\partial C}{\partial w} \approx \frac{C(w + h) - C(w - h)}{2h}")
gradient_check.where()
cells, h = gradient_check.options()
if gradient_check.wanted():
    gradient_check.show(state.run(), state.position().step, cells, h)
else:
    st.caption("Press Check to compare the gradients of this mini-batch with their central differences.")
