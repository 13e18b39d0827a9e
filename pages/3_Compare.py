"""Two to four runs in lock-step: what differs, the same mini-batch in each, and their curves."""

import streamlit as st

from nnviz.ui import compare, page, settings

page.begin("Compare", own_run=False)
settings.sidebar()
compare.follow()
page.navigation(write=False)

ready, differences = st.columns([3, 2], gap="large")
with ready:
    compare.choice()
with differences:
    compare.differences()
compare.side_by_side()
compare.overlaid()
