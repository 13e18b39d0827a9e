"""The frame of every page: its configuration, the restored state, the navigation, what went wrong with a link."""

import gc
from functools import cache
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from nnviz.ui import arrival, dataset_box, room, state
from nnviz.ui.safe_text import safe

ROOT = Path(__file__).parent.parent.parent
ICON = Path(__file__).parent / "icon.png"
STYLE = Path(__file__).parent / "style.css"


@cache
def pages() -> dict[str, str]:
    """Every page's file, relative to app.py, with the label it has in the navigation."""
    files = sorted((ROOT / "pages").glob("*.py"), key=lambda file: int(file.name.split("_")[0]))
    return {"app.py": "Step"} | {f"pages/{file.name}": label(file) for file in files}


def label(file: Path) -> str:
    """`pages/4_By_hand.py` -> `By hand`."""
    return " ".join(file.stem.split("_")[1:])


@cache
def freeze_imports() -> None:
    """Keep the collector from walking all imported modules over and over; done once in the process."""
    gc.collect()
    gc.freeze()


def begin(title: str, *, waits: bool = True, own_run: bool = True, several: bool = False) -> None:
    """Start a page. It may be the first one of a session, reached by a deep link.

    `waits`: whether to say here that a mini-batch is being computed; a board says it itself.
    `several`: whether it shows the runs of a comparison.
    `own_run`: whether the page shows the run that the visitor works on; if not, that one is set aside meanwhile.
    """
    st.session_state.entered = st.session_state.get("on_page") != title
    st.session_state.on_page = title
    if own_run:
        st.session_state.pop("own", None)
    else:
        state.set_own_aside()
    st.set_page_config(page_title=f"{title} · nnviz", page_icon=ICON, layout="wide", initial_sidebar_state="collapsed")
    freeze_imports()
    st.html(STYLE)
    state.restore(several)
    if not several:  # a comparison may have been in a phase that this run does not have
        state.move(state.position().within(state.experiment()), state.look())
    with st.container(key="notices"):
        link_errors(state.errors())
        dataset_box.offer(state.errors())
        if own_run and waits:
            arrival.notice()
        elif own_run:
            arrival.settle()


def is_entered() -> bool:
    """Whether the visitor has just come to this page."""
    return st.session_state.entered


def link_errors(errors: list) -> None:
    """What was wrong with a link."""
    for error in errors:
        text = f"Part of the link was ignored: {safe(error)}."
        st.warning(text, icon=":material/link_off:")


def navigation_place() -> DeltaGenerator:
    """Where the navigation stands, for a page that draws something else first."""
    return st.container(horizontal=True, key="navigation")


def navigation(place: DeltaGenerator | None = None, write: bool = True, buttons: bool = True) -> None:
    """Links to all pages, each carrying where the session is, as the address bar does unless `write` is False.

    `buttons`: whether sharing and the room follow here; if not, the page puts them behind what one tabs to first.
    """
    st.session_state.page_seen = True
    with place or navigation_place():
        link = state.own_link()
        for file, text in pages().items():
            st.page_link(file, label=text, query_params=link)
        if buttons:
            room.button()
    if write:
        state.write_link()


def theme() -> str:
    """light or dark."""
    return st.context.theme.type or "light"
