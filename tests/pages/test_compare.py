"""The Compare page without a browser."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from nnviz.run.comparison_presets import COMPARISONS
from nnviz.run.experiment import Position
from nnviz.run.link import comparison_to_params as to_params
from nnviz.ui import state
from tests.pages.conftest import ran


@pytest.fixture
def open_compare(open_page: Callable) -> Callable[..., AppTest]:
    def opened(**params: str) -> AppTest:
        at = open_page("app.py")
        at.switch_page("pages/3_Compare.py")
        for name, value in params.items():
            at.query_params[name] = value
        return ran(at.run())

    return opened


def params(at: AppTest) -> dict[str, str]:
    return {k: v[0] if isinstance(v, list) else v for k, v in at.query_params.items()}


def said(at: AppTest) -> str:
    return " ".join(m.value for m in at.markdown)


@pytest.mark.parametrize("ready", COMPARISONS, ids=lambda ready: ready.name)
def test_every_ready_comparison_renders_and_is_its_own_link(open_compare: Callable, ready: object) -> None:
    link = to_params(ready.comparison, Position(3))
    at = open_compare(**link)
    assert params(at) == link
    assert at.selectbox(key="ready").value == ready.name
    assert ready.look in said(at)
    assert ready.hint in said(at)
    assert not at.warning


def test_choosing_a_ready_comparison_puts_it_into_the_link(open_compare: Callable) -> None:
    at = open_compare()
    ran(at.selectbox(key="ready").select(COMPARISONS[3].name).run())
    assert params(at) == to_params(COMPARISONS[3].comparison, COMPARISONS[3].opens_at)


def test_the_visitors_own_run_is_there_again_on_the_step_page(open_page: Callable) -> None:
    at = open_page("app.py", step="3")
    at.switch_page("pages/3_Compare.py")
    assert "hidden" in params(ran(at.run()))  # a ready comparison of another network
    links = [link.proto.query_string for link in at.get("page_link")]
    assert "step=3" in links[0]
    assert "hidden" not in links[0]


def test_a_value_of_b_can_be_changed_and_a_bad_one_is_refused(open_compare: Callable) -> None:
    at = open_compare(**{"hidden": "8", "b.eta": "0.5"})
    ran(at.text_input(key="value_B_eta").set_value("7").run())
    assert params(at)["b.eta"] == "7"
    ran(at.text_input(key="value_B_eta").set_value("-7").run())
    assert params(at)["b.eta"] == "7"
    assert any("learning rate η must be a number from" in error.value for error in at.error)


def test_runs_can_be_added_and_removed(open_compare: Callable) -> None:
    at = open_compare(**{"hidden": "8", "b.eta": "0.5"})
    ran(at.button(key="run_add").click().run())
    ran(at.button(key="run_add").click().run())
    assert params(at)["d.eta"] == "0.5"
    assert "run_add" not in {button.key for button in at.button}
    ran(at.button(key="remove_C").click().run())
    assert "d.eta" not in params(at)


def test_the_settings_change_the_first_run_and_the_others_follow(open_compare: Callable) -> None:
    at = open_compare(**{"hidden": "8", "b.eta": "0.5"})
    ran(at.text_input(key="set_seed").set_value("3").run())
    assert params(at) == {"hidden": "8", "seed": "3", "b.eta": "0.5"}


def test_a_hostile_link_gives_messages_and_a_working_page(open_compare: Callable) -> None:
    at = open_compare(**{"b.eta": "<script>", "c.hidden": "1|2`", "runs": "99", "eta": "nan"})
    assert len(at.warning) == 4
    assert at.get("vega_lite_chart")


def test_training_draws_the_curves_of_all_runs(open_compare: Callable) -> None:
    at = open_compare(**{"hidden": "8", "b.eta": "0.5", "c.eta": "0.1"})
    ran(at.button(key="compare_train").click().run())
    assert state.trainer().wait(120)
    ran(ran(at.run()).run())
    assert "A: 4,500 of 4,500 · B: 4,500 of 4,500 · C: 4,500 of 4,500" in said(at)
    accuracy = at.get("vega_lite_chart")[-1].proto.alt
    assert accuracy.startswith("Held-out accuracy, % over the mini-batches: A from")
