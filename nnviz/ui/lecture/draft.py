"""The lecture that a visitor makes: a value, the ones before it for *undo*, and the copy that the browser keeps."""

import streamlit as st

from nnviz.errors import NnvizError
from nnviz.lecture.lecture import Lecture, read, write
from nnviz.lecture.places import places

MOST_UNDO = 50


def is_known() -> bool:
    """Whether the browser has said which lecture it keeps."""
    return "lecture" in st.session_state


def lecture() -> Lecture:
    return st.session_state.get("lecture", Lecture())


def chosen() -> int:
    """The beat that is edited, from 0."""
    return min(st.session_state.get("lecture_beat", 0), max(len(lecture().beats) - 1, 0))


def choose(at: int) -> None:
    st.session_state.lecture_beat = at
    st.session_state.lecture_fields = st.session_state.get("lecture_fields", 0) + 1


def place() -> str:
    """Names the fields that show the chosen beat: others whenever another beat, or another text of it, is shown."""
    return f"{chosen()}_{st.session_state.get('lecture_fields', 0)}"


def change(new: Lecture, at: int | None = None, is_typed: bool = False) -> None:
    """Have another lecture; the one before comes back with *undo*. `is_typed`: the fields already show it."""
    if new == lecture() and is_known():
        return
    try:
        read(write(new))
    except NnvizError as error:
        st.session_state.lecture_refused = str(error)
        return
    st.session_state.lecture_refused = ""
    before = st.session_state.setdefault("lecture_undo", [])
    if is_known():
        before.append((lecture(), chosen()))
        del before[:-MOST_UNDO]
    st.session_state.lecture = new
    if not is_typed:
        choose(chosen() if at is None else at)


def can_undo() -> bool:
    return bool(st.session_state.get("lecture_undo"))


def undo() -> None:
    st.session_state.lecture, at = st.session_state.lecture_undo.pop()
    choose(at)


def take_kept(source: str) -> None:
    """Go on with the lecture that the browser kept. What cannot be read stays there until the visitor makes another."""
    try:
        st.session_state.lecture = read(source)
    except NnvizError as error:
        st.session_state.lecture_unread = (source, str(error))
        st.session_state.lecture = Lecture()


def unread() -> tuple[str, str] | None:
    """What the browser kept and cannot be read, and why; None once there is a lecture, or if it was read."""
    return None if lecture().beats else st.session_state.get("lecture_unread")


def trouble() -> str:
    """What keeps the lecture from being played; empty if nothing does."""
    try:
        places(read(write(lecture())))
    except NnvizError as error:
        return str(error)
    return ""
