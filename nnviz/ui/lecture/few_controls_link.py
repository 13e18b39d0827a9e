"""Building a link that hides settings, for a lesson with few knobs."""

from urllib.parse import urlencode

import streamlit as st

from nnviz.ui import state
from nnviz.ui.few_controls import HIDE, LABELS


def show() -> None:
    """Choose what to hide; the link of the visitor's run that hides it."""
    names = st.multiselect(
        "Hide these settings", list(LABELS), format_func=lambda name: LABELS[name], key="few_controls"
    )
    if names:
        params = state.own_link() | {HIDE: ",".join(names)}
        address = str(st.context.url or "").rsplit("/", 1)[0]
        st.code(f"{address}/?{urlencode(params)}", language=None, wrap_lines=True)
        st.caption("It opens your run at its place, without these settings. Whoever has the link can still change it.")
