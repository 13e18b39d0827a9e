"""The Gradient check page holds backprop against central differences."""

from collections.abc import Callable

from tests.pages.conftest import ran

PAGE = "pages/5_Gradient_check.py"


def test_it_opens_with_the_result(open_page: Callable) -> None:
    at = open_page(PAGE, hidden="6")
    assert len(at.get("plotly_chart")) == 4
    assert any("Backpropagation agrees" in m.value for m in at.markdown)


def test_every_array_is_checked_and_agrees(open_page: Callable) -> None:
    at = open_page(PAGE, hidden="6,5", step="3")
    ran(at.selectbox(key="check_cells").select(400).run())
    assert len(at.get("plotly_chart")) == 6
    assert any("Backpropagation agrees" in m.value for m in at.markdown)
    assert any("all 30 parameters" in m.value for m in at.markdown)
    assert any("of 384 parameters" in m.value or "all 384" in m.value for m in at.markdown)


def test_a_step_that_is_too_large_is_noticed(open_page: Callable) -> None:
    at = open_page(PAGE, hidden="6")
    ran(at.select_slider(key="check_h").set_value(-2).run())
    assert any("differ by more than" in m.value for m in at.markdown)


def test_stop_takes_the_results_away(open_page: Callable) -> None:
    at = open_page(PAGE, hidden="6")
    ran(at.button(key="check_stop").click().run())
    assert not at.get("plotly_chart")
    ran(at.button(key="check_start").click().run())
    assert at.get("plotly_chart")
