"""Two to four runs in lock-step: what differs, the same mini-batch in each, and their curves."""

import streamlit as st

from nnviz.ui import comparing, frame, settings

frame.open("Compare")
settings.sidebar()
comparing.follow()
frame.navigation(write=False)

ready, differences = st.columns([3, 2], gap="large")
with ready:
    comparing.choice()
with differences:
    comparing.differences()
comparing.side_by_side()
comparing.overlaid()
