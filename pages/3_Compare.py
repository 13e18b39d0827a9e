"""Two to four runs in lock-step: their scenes beside each other, what differs, and their curves."""

import streamlit as st

from nnviz.ui import compare, page, settings

page.begin("Compare", waits=False, own_run=False, several=True)
settings.sidebar()
compare.follow()
page.navigation(write=False)

compare.choice()
with st.container(key="runs"):
    compare.side_by_side()
compare.differences()
compare.overlaid()
