"""The data of the run, other data, and networks in files."""

import streamlit as st

from nnviz.ui import page, settings, state
from nnviz.ui.data import network_files, overview
from nnviz.ui.safe_text import safe

page.begin("Data")
settings.sidebar()
page.navigation()

data = state.experiment().data
st.header(safe(data.title))
st.caption(data.source)

names = ["Look at the data", "Choose or bring other data", "Save or load a network"]
current, others, files = st.tabs(names, key="data_tab", on_change="rerun")
if current.open:
    with current:
        overview.current()
if others.open:
    with others:
        overview.others()
if files.open:
    with files:
        save, load = st.columns(2, gap="large")
        with save:
            network_files.save()
        with load:
            network_files.load()
