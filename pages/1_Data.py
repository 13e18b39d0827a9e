"""The data of the run, other data, a pad to draw on, and networks in files."""

import streamlit as st

from nnviz.ui import page, settings, state
from nnviz.ui.data import network_files, overview, pad
from nnviz.ui.safe_text import safe

page.begin("Data")
settings.sidebar()
page.navigation()

data = state.experiment().data
st.header(safe(data.title))
st.caption(data.source)

names = ["This data set", "Other data", "Draw a digit", "Networks in files"]
current, others, draw, files = st.tabs(names, key="data_tab", on_change="rerun")
if current.open:
    with current:
        overview.current()
if others.open:
    with others:
        overview.others()
if draw.open:
    with draw:
        pad.show()
if files.open:
    with files:
        save, load = st.columns(2, gap="large")
        with save:
            network_files.save()
        with load:
            network_files.load()
