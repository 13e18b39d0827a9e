"""The Draw page without a browser: the drawing as an example, its target, data that cannot be drawn."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from nnviz.run.experiment import Experiment
from nnviz.run.trajectory import Trajectory
from tests.pages.conftest import ran

SEVEN = [[[0.25, 0.2], [0.75, 0.2], [0.45, 0.9]]]


@pytest.fixture
def drawn(open_page: Callable) -> AppTest:
    at = open_page("pages/0_Draw.py")
    at.session_state["pad"] = {"strokes": SEVEN}
    return ran(at.run())


def test_the_answer_is_what_the_network_computes_and_is_the_target_at_first(drawn: AppTest) -> None:
    example = drawn.session_state["drawn_example"]
    a = Trajectory.of(Experiment()).network_at(0).feedforward([[v] for v in example.values])
    assert example.label == int(a.argmax())
    assert not example.is_meant
    assert any(m.value.startswith(f"### It says {example.label}\n") for m in drawn.markdown)
    assert drawn.session_state["look"].example == 10


def test_what_one_meant_is_the_target(drawn: AppTest) -> None:
    ran(drawn.button_group(key="draw_target").select(7).run())
    meant = drawn.session_state["drawn_example"]
    assert (meant.label, meant.is_meant) == (7, True)


def test_a_class_that_these_data_do_not_have_is_not_meant_any_more(open_page: Callable) -> None:
    at = open_page("pages/0_Draw.py")
    at.session_state["pad"] = {"strokes": SEVEN}
    at.session_state["draw_target"] = 11
    ran(at.run())
    assert at.session_state["draw_target"] is None
    assert not at.session_state["drawn_example"].is_meant


def test_a_drawing_is_used_on_other_pages_if_it_is_wanted_there(drawn: AppTest) -> None:
    ran(drawn.button(key="draw_use").click().run())
    assert drawn.session_state["added_example"] == drawn.session_state["drawn_example"]
    ran(drawn.button(key="draw_remove").click().run())
    assert drawn.session_state["added_example"] is None


def test_points_of_the_plane_cannot_be_drawn_and_digits_are_one_press_away(open_page: Callable) -> None:
    at = open_page("pages/0_Draw.py", dataset="moons")
    assert "reads numbers, not pictures" in at.info[0].value
    ran(at.button(key="draw_digits").click().run())
    assert not at.info
