"""Making a lecture: its beats, what is said and asked at each of them, and where it is played."""

import streamlit as st

from nnviz.ui import page
from nnviz.ui.lecture import beat_list, draft, editor, few_controls_link

page.begin("Lecture", waits=False)
page.navigation()

if draft.is_known():
    editor.actions()
left, right = st.columns([2, 3], gap="large")
with left:
    if draft.is_known():
        editor.arrange()
    beat_list.show()
with right:
    if draft.lecture().beats:
        editor.form()
    elif draft.is_known():
        st.info(
            "A lecture is a list of beats: a place in a run, a few words, perhaps a question. Add the view that you "
            "see on any other page with *Share*, *Add to the lecture*; or open one that ships and change it."
        )
with st.expander("A link with few settings, for a lesson of its own"):
    few_controls_link.show()
