"""A part of the page that costs nothing while it is closed."""

from typing import Any

import streamlit as st


class LazyExpander:
    """An expander whose contents are computed only while it is open: `with LazyExpander(title) as is_open:`."""

    def __init__(self, title: str) -> None:
        self.expander = st.expander(title, key=f"drawer_{title}", on_change="rerun")

    def __enter__(self) -> bool:
        self.expander.__enter__()
        return bool(self.expander.open)

    def __exit__(self, *error: Any) -> None:
        self.expander.__exit__(*error)
