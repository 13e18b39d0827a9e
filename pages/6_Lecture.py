"""Making a lecture: its beats, what is said and asked at each of them, and where it is played."""

import streamlit as st

from nnviz.ui import page
from nnviz.ui.lecture import beat_list, draft, editor, few_controls_link

page.begin("Lecture", waits=False)
page.navigation()

if draft.is_known():
    editor.actions()
if draft.is_known() and not draft.lecture().beats:
    editor.begin()
left, right = st.columns([2, 3], gap="large")
with left:
    if draft.is_known():
        editor.arrange()
    beat_list.show()
with right:
    if draft.lecture().beats:
        editor.form()
with st.expander("A link with few settings, for a lesson of its own"):
    few_controls_link.show()
