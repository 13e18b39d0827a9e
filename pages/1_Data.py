"""The data of the run, other data, a pad to draw on, and networks in files."""

import streamlit as st

from nnviz.ui import data, drawing, frame, networks, settings, state

frame.open("Data")
settings.sidebar()
frame.navigation()

st.header(state.experiment().data.title)
st.caption(state.experiment().data.source)

names = ["This data set", "Other data", "Draw a digit", "Networks in files"]
current, others, pad, files = st.tabs(names, key="data_tab", on_change="rerun")
if current.open:
    with current:
        data.current()
if others.open:
    with others:
        data.others()
if pad.open:
    with pad:
        drawing.show()
if files.open:
    with files:
        save, load = st.columns(2, gap="large")
        with save:
            networks.save()
        with load:
            networks.load()
