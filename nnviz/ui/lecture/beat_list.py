"""The beats as a list with small pictures of their boards. All of it is JavaScript, static/beats/, which also keeps the
lecture in the browser."""

import streamlit as st
from streamlit.components import v2

from nnviz.board.component import loader
from nnviz.errors import NnvizError
from nnviz.lecture.lecture import Beat, write
from nnviz.lecture.places import places
from nnviz.ui.lecture import draft

mount = v2.component("nnviz_beats", js=loader("beats"))
UNTITLED = "without a title"


def show() -> None:
    """The list; a press on a beat chooses it."""
    lecture = draft.lecture()
    beats = [
        {"title": beat.title or UNTITLED, "asks": beat.question is not None, "link": link}
        for beat, link in zip(lecture.beats, links(), strict=True)
    ]
    result = mount(
        key="beats",
        data={
            "text": write(lecture) if draft.is_known() else None,
            "keeps": draft.is_known() and draft.unread() is None,
            "beats": beats,
            "chosen": draft.chosen(),
        },
        on_kept_change=lambda: None,
        on_choose_change=lambda: None,
        on_added_change=lambda: None,
    )
    if not draft.is_known() and isinstance(result.kept, str):
        draft.take_kept(result.kept)
        st.rerun()
    if isinstance(result.added, list) and draft.is_known():
        add(result.added)
        st.rerun()
    if isinstance(result.choose, int) and result.choose != draft.chosen():
        draft.choose(result.choose)
        st.rerun()


def add(links_added: list[object]) -> None:
    """Take in the views that were added on other pages, as beats at the end."""
    new = draft.lecture()
    for link in links_added:
        if isinstance(link, str) and link.startswith("?"):
            new = new.inserted(len(new.beats), Beat(link=f"/{link}"))
    draft.change(new, len(new.beats) - 1)


def links() -> list[str]:
    """Each beat's whole link; empty where a place does not exist."""
    try:
        return [at.link for at in places(draft.lecture())]
    except NnvizError:
        return [""] * len(draft.lecture().beats)
