"""The By hand page: small networks with every line on the screen."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from nnviz.run.experiment import Position
from nnviz.run.link import to_params
from nnviz.run.presets import BY_HAND
from tests.pages.conftest import ran, read

PAGE = "pages/4_By_hand.py"


def paper(at: AppTest) -> list[str]:
    return [html.proto.body for html in at.get("html") if "class='paper" in html.proto.body]


def test_a_large_network_gives_way_to_the_worked_example_and_stays_the_visitors_own(open_page: Callable) -> None:
    at = open_page(PAGE, hidden="20", step="3")
    assert len(paper(at)) == 7
    assert any("64-20-10" in caption.value and "too large" in caption.value for caption in at.caption)
    assert at.session_state["experiment"] == BY_HAND[0].experiment
    ran(at.run())
    own, link = at.session_state["own"]
    assert own.hidden == (20,) and link["hidden"] == "20" and link["step"] == "3"
    ran(at.button(key="by_hand_1").click().run())
    assert "own" not in at.session_state
    assert not any("too large" in caption.value for caption in at.caption)


@pytest.mark.parametrize("number", range(len(BY_HAND)))
def test_every_ready_network_shows_all_its_sections(open_page: Callable, number: int) -> None:
    at = open_page(PAGE)
    ran(at.button(key=f"by_hand_{number}").click().run())
    assert len(paper(at)) == 7


def test_later_phases_keep_their_lines_hidden(open_page: Callable) -> None:
    at = open_page(PAGE, **to_params(BY_HAND[0].experiment, Position(0, 2)))
    kinds = [html.split("'")[1].split()[1] for html in paper(at)]
    assert kinds == ["done", "now", "later", "later", "later", "later", "later"]


def test_numbers_typed_in_make_a_run(open_page: Callable) -> None:
    at = open_page(PAGE, **to_params(BY_HAND[1].experiment, Position(0, 0)))
    at.session_state["drawer_Type in your own numbers"] = True
    ran(at.run())
    ran(at.text_input(key="own_sizes").set_value("2-3-1").run())
    ran(at.button(key="own_go").click().run())
    assert "typed:" in str(at.query_params["dataset"])
    assert len(paper(at)) == 7


@pytest.mark.parametrize("sizes", ["9-9", "2", "2-3-4-1-1", "a-b", "0-1", "２-２"])
def test_layer_sizes_that_do_not_fit_are_refused_with_a_reason(open_page: Callable, sizes: str) -> None:
    at = open_page(PAGE, **to_params(BY_HAND[1].experiment, Position(0, 0)))
    at.session_state["drawer_Type in your own numbers"] = True
    ran(at.run())
    ran(at.text_input(key="own_sizes").set_value(sizes).run())
    assert "Layer sizes must be 2 to 4 numbers from 1 to 4" in read(at.error[0].value)
