"""The Lecture page without a browser, and settings that a link hides."""

from collections.abc import Callable
from dataclasses import replace

from streamlit.testing.v1 import AppTest

from nnviz.lecture.lecture import MOST_BEATS, Lecture, beat_of, fields_of
from nnviz.lecture.shelf import shipped
from nnviz.ui.few_controls import LABELS, read
from tests.pages.conftest import ran
from tests.pages.conftest import read as shown

PAGE = "pages/6_Lecture.py"


def with_lecture(open_page: Callable[..., AppTest]) -> AppTest:
    page = open_page(PAGE)
    page.session_state.lecture = shipped()["one-mini-batch"]
    return ran(page.run())


def test_a_lecture_is_arranged_and_undone(open_page: Callable[..., AppTest]) -> None:
    page = with_lecture(open_page)
    titles = [beat.title for beat in page.session_state.lecture.beats]
    ran(page.button(key="beat_down").click().run())
    assert [beat.title for beat in page.session_state.lecture.beats][:2] == [titles[1], titles[0]]
    assert page.session_state.lecture_beat == 1
    ran(page.button(key="beat_delete").click().run())
    assert len(page.session_state.lecture.beats) == len(titles) - 1
    for _ in range(2):
        ran(page.button(key="lecture_undo_button").click().run())
    assert [beat.title for beat in page.session_state.lecture.beats] == titles
    assert page.button(key="lecture_undo_button").disabled


def test_a_beat_taken_out_of_order_says_why_the_lecture_cannot_be_played(open_page: Callable[..., AppTest]) -> None:
    page = with_lecture(open_page)
    page.session_state.lecture = page.session_state.lecture.with_beat(0, beat_of({**FIELDS, "phase": "99"}))
    ran(page.run())
    assert "played yet: line 6: phase must be a whole number from 0 to 6, got 99" in shown(page.error[0].value)


FIELDS = dict.fromkeys(fields_of(shipped()["one-mini-batch"].beats[0]), "")


def test_every_beat_is_the_same_after_its_form() -> None:
    for lecture in shipped().values():
        for beat in lecture.beats:
            assert beat_of(fields_of(beat)) == beat


def test_a_link_hides_settings_and_says_which_it_does_not_know() -> None:
    assert read({"hide": "eta,batch"}) == (("eta", "batch"), [])
    hides, wrong = read({"hide": "eta,<b>,eta"})
    assert hides == ("eta",)
    assert [error.value for error in wrong] == ["<b>"]
    assert read({}) == ((), [])


def test_hidden_settings_are_not_there_and_the_run_is_as_the_link_says(open_page: Callable[..., AppTest]) -> None:
    page = open_page("pages/1_Data.py", hide="eta,preset", eta="2")
    labels = {box.label for box in [*page.text_input, *page.selectbox]}
    assert not labels & {LABELS["eta"], LABELS["preset"]}
    assert LABELS["batch"] in labels
    assert page.session_state.experiment.eta == 2
    assert page.query_params["hide"] == "eta,preset"


def test_the_lecture_page_builds_such_a_link(open_page: Callable[..., AppTest]) -> None:
    page = open_page(PAGE, eta="2")
    ran(page.multiselect(key="few_controls").select("eta").run())
    assert page.code[0].value.endswith("/?eta=2&hide=eta")


def test_an_edit_and_a_button_at_once_meet_the_beat_that_was_edited(open_page: Callable[..., AppTest]) -> None:
    page = with_lecture(open_page)
    titles = [beat.title for beat in page.session_state.lecture.beats]
    field = next(box for box in page.text_input if box.label == "Title")
    field.input("Another title")
    ran(page.button(key="beat_add").click().run())
    assert [beat.title for beat in page.session_state.lecture.beats] in (
        ["Another title", "", *titles[1:]],
        [titles[0], "", *titles[1:]],  # the press came first, and the fields are those of the new beat
    )


def test_a_lecture_is_called_something_else_and_spaces_at_the_end_do_not_count(
    open_page: Callable[..., AppTest],
) -> None:
    page = with_lecture(open_page)
    before = page.session_state.lecture.title
    for typed, title in ((f"{before} ", before), ("  Ten  digits ", "Ten digits")):
        field = next(box for box in page.text_input if box.label == "Title of the lecture")
        ran(field.input(typed).run())
        assert page.session_state.lecture.title == title


def test_a_draft_that_cannot_be_read_is_not_thrown_away(open_page: Callable[..., AppTest]) -> None:
    page = open_page(PAGE)
    page.session_state.lecture_unread = ("---\nphase: x\n", "line 2: phase must be a whole number")
    page.session_state.lecture = Lecture()
    ran(page.run())
    assert "cannot be read" in page.warning[0].value
    page.session_state.lecture = shipped()["one-mini-batch"]
    ran(page.run())
    assert not page.warning


def test_a_lecture_that_its_file_would_not_keep_is_refused(open_page: Callable[..., AppTest]) -> None:
    page = with_lecture(open_page)
    full = page.session_state.lecture
    page.session_state.lecture = replace(full, beats=full.beats[:1] * MOST_BEATS)
    ran(page.run())
    ran(page.button(key="beat_add").click().run())
    assert len(page.session_state.lecture.beats) == MOST_BEATS
    assert "at most 200 beats" in shown(page.error[0].value)


def test_a_comparison_hides_settings_too_and_its_link_says_so(open_page: Callable[..., AppTest]) -> None:
    page = open_page("pages/3_Compare.py", hide="eta", **{"b.cost": "cross-entropy"})
    assert page.query_params["hide"] == "eta"
    ran(page.run())
    assert "eta" in page.session_state.hides
