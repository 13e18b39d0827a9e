"""Editing: what can be done with the lecture, and the chosen beat as a form."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from nnviz.errors import FieldError, NnvizError
from nnviz.lecture.lecture import Beat, Lecture, beat_of, fields_of, read, write
from nnviz.lecture.places import places
from nnviz.lecture.shelf import shipped
from nnviz.ui.lecture import draft
from nnviz.ui.safe_text import safe

PLAYER = "nnviz/v1/view?lecture="
LABELS = {
    "title": "Title",
    "text": "Text",
    "link": "Place",
    "step": "Mini-batch, from 0",
    "phase": "Phase, from 0",
    "cell": "Pinned number",
    "light": "Light",
    "hide": "Hide",
    "ask": "Question",
    "notes": "Notes, for you alone",
}
HELP = {
    "text": "Paragraphs and - lists. [words](#delta.3) light a panel, [words](#w.2.3.7) a number; $z = w a$ is a "
    "formula.",
    "link": "?name=value for what changes against the beat before, /?name=value for all of it",
    "light": "panels or numbers, such as delta.3 w.2.3.7, lit while this beat is shown",
    "hide": "panels, such as delta.2, hidden while this beat is shown",
    "ask": "phase: what the phase asks. sign delta.3.4.0: the sign of a number. Or a question, and under it its "
    "answers: - [ ] a wrong one, - [x] the right one.",
}
LINES = (("title",), ("text",), ("link",), ("step", "phase", "cell"), ("light", "hide"), ("ask",), ("notes",))
AREAS = {"text": 170, "ask": 110, "notes": 80}  # fields of several lines, with their height in pixels


def actions() -> None:
    """Play, undo, files, and lectures to begin with."""
    lecture = draft.lecture()
    trouble = draft.trouble()
    with st.container(horizontal=True, vertical_alignment="bottom", key="lecture_actions"):
        typed = st.text_input("Title of the lecture", lecture.title, key=f"lecture_title_{lecture.title}")
        if (title := " ".join(typed.split())) != lecture.title:
            rename(title)
        if lecture.beats and not trouble:
            st.link_button("Play", f"{PLAYER}draft", type="primary")
        st.button("Undo", on_click=draft.undo, disabled=not draft.can_undo(), key="lecture_undo_button")
        st.download_button(
            "Save the file",
            lambda: write(lecture),
            "lecture.md",
            "text/markdown",
            key="lecture_save",
            on_click="ignore",
            disabled=not lecture.beats,
        )
        with st.popover("Open"):
            opens()
    if trouble:
        st.error(f"This lecture cannot be played yet: {safe(trouble)}")
    if refused := st.session_state.get("lecture_refused"):
        st.error(f"Not taken: {safe(refused)}")
    if kept := draft.unread():
        source, why = kept
        where = "The lecture kept in this browser cannot be read"
        st.warning(f"{where}: {safe(why)}. It stays there until you make another.")
        st.download_button("Save it as it is", source, "lecture.md", "text/markdown", key="lecture_unread_save")


def rename(title: str) -> None:
    """Call the lecture something else, unless the file would not keep it."""
    old = draft.lecture()
    new = Lecture(title, old.about, old.beats)
    try:
        draft.change(read(write(new)))
    except NnvizError as error:
        st.error(safe(error))
        return
    st.rerun()


def opens() -> None:
    """A file, or a lecture that ships, in place of this one; *undo* brings it back."""
    file = st.file_uploader("A lecture file", ["md", "txt"], key="lecture_file")
    if file is not None and st.button("Open this file", key="lecture_open"):
        try:
            new = read(file.getvalue().decode("utf-8"))
            places(new)
            if not new.beats:
                raise NnvizError("This file has no beats; a line --- begins one")
        except UnicodeDecodeError:
            st.error("This file is no text in UTF-8.")
        except NnvizError as error:
            st.error(safe(error))
        else:
            take(new)
            st.rerun()
    st.caption("Or start from one that ships:")
    begin_with_another()


def begin() -> None:
    """What a lecture is, and those that ship: to play, or to begin with."""
    st.markdown(
        "A lecture is a list of *beats*: a place in a run, a few words, perhaps a question. Page Down goes from one to "
        "the next. These ship with nnviz; play them, or take one and change it."
    )
    for name, lecture in shipped().items():
        with st.container(horizontal=True, vertical_alignment="center", key=f"shipped_{name}"):
            st.markdown(f"**{lecture.title}**  \n{len(lecture.beats)} beats. {lecture.about}", width="stretch")
            st.link_button("Play", f"{PLAYER}{name}")
            st.button("Begin with it", key=f"lecture_begin_{name}", on_click=take, args=(lecture,))
    st.markdown("Or add the view that you see on any other page: *Share*, *Add to the lecture*.")


def begin_with_another() -> None:
    for name, lecture in shipped().items():
        label = f"{lecture.title} ({len(lecture.beats)} beats)"
        st.button(label, key=f"lecture_open_{name}", on_click=take, args=(lecture,))


def take(lecture: Lecture) -> None:
    draft.change(lecture, 0)


def arrange() -> None:
    """Beats added, moved and taken out."""
    lecture, at = draft.lecture(), draft.chosen()
    last = len(lecture.beats) - 1
    with st.container(horizontal=True, key="beat_actions"):
        st.button("Add a beat", key="beat_add", on_click=add_beat)
        if not lecture.beats:
            return
        st.button("Earlier", key="beat_up", on_click=move_beat, args=(-1,), disabled=at == 0)
        st.button("Later", key="beat_down", on_click=move_beat, args=(1,), disabled=at == last)
        st.button("Delete", key="beat_delete", on_click=delete_beat)


def add_beat() -> None:
    lecture, at = draft.lecture(), draft.chosen()
    if lecture.beats:
        draft.change(lecture.inserted(at + 1, Beat()), at + 1)
    else:
        draft.change(lecture.inserted(0, Beat(link="/?")), 0)


def move_beat(by: int) -> None:
    at = draft.chosen()
    draft.change(draft.lecture().moved(at, by), at + by)


def delete_beat() -> None:
    at = draft.chosen()
    draft.change(draft.lecture().without(at), max(at - 1, 0))


def form() -> None:
    """The chosen beat, field by field; each is taken as soon as one leaves it."""
    at = draft.chosen()
    beat = draft.lecture().beats[at]
    written = fields_of(beat)
    place = draft.place()
    for names in LINES:
        for column, name in zip(st.columns(len(names)), names, strict=True):
            field(column, name, written[name], place)
    where, why = st.session_state.get("beat_trouble", (None, ""))
    if where == place:
        st.error(f"Not taken yet: {safe(why)}")


def field(column: DeltaGenerator, name: str, value: str, place: str) -> None:
    key = key_of(name, place)
    st.session_state.setdefault(key, value)
    options = {"key": key, "help": HELP.get(name), "on_change": take_fields, "args": (place,)}
    if name in AREAS:
        column.text_area(LABELS[name], height=AREAS[name], **options)
    else:
        column.text_input(LABELS[name], **options)


def key_of(name: str, place: str) -> str:
    return f"beat_{name}_{place}"


def take_fields(place: str) -> None:
    """Take the fields of a beat, or say which one is not accepted; what was typed stays.

    `place` is where they were drawn: if another beat is shown by now, they are not that one's.
    """
    if place != draft.place():
        return
    given = {name: st.session_state[key_of(name, place)] for name in LABELS}
    st.session_state.beat_trouble = (None, "")
    try:
        new = draft.lecture().with_beat(draft.chosen(), beat_of(given))
        places(read(write(new)))
    except FieldError as error:
        st.session_state.beat_trouble = (place, error.named(LABELS.get(error.field, error.field)))
    except NnvizError as error:
        st.session_state.beat_trouble = (place, str(error))
    else:
        draft.change(new, is_typed=True)
