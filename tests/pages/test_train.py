"""The Train page without a browser: its buttons, its conditions, what it shows after."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from nnviz.run.evaluation import evaluate
from nnviz.run.experiment import Experiment
from nnviz.run.link import to_params
from nnviz.run.presets import PRESETS
from nnviz.run.trajectory import Trajectory
from nnviz.ui import state
from nnviz.ui.train import training
from tests.pages.conftest import ran

SECONDS = 120  # a wait may take so long on a busy machine


def said(at: AppTest) -> str:
    """What stands over the progress bar."""
    return at.get("progress")[0].proto.text


def keys(at: AppTest) -> set[str]:
    """The buttons of the transport that can be pressed."""
    return {button.key for button in at.button if button.key.startswith("train_") and not button.disabled}


def computed(at: AppTest) -> AppTest:
    """Run the page again once all that was asked for is computed."""
    assert state.trainer().wait(SECONDS)
    return ran(ran(at.run()).run())  # the growing view sees the end, then the page shows it


@pytest.fixture
def open_train(open_page: Callable) -> Callable[..., AppTest]:
    def opened(**params: str) -> AppTest:
        at = open_page("app.py", **params)
        return ran(at.switch_page("pages/2_Train.py").run())

    return opened


def test_nothing_is_trained_before_somebody_starts(open_train: Callable) -> None:
    at = open_train()
    assert said(at) == "Nothing is trained yet. Start runs 4,500 mini-batches."
    found = evaluate(Trajectory.of(Experiment()).network_at(0), Experiment().data, 0, 0.0)
    begins = f"At its start the network gets **{100 * found.held_out_accuracy:.1f} %** of the held-out examples right."
    assert begins in [m.value for m in at.markdown]
    assert keys(at) == {"train_start"}


def test_a_started_run_comes_to_its_end(open_train: Callable) -> None:
    at = open_train(hidden="8")
    ran(at.button(key="train_start").click().run())
    assert keys(at) == {"train_pause", "train_stop"}
    computed(at)
    assert said(at) == "4,500 of 4,500 mini-batches · epoch 30.0 of 30 · done"
    assert any(m.value.startswith("After 30 epochs the network gets **") for m in at.markdown)
    charts = at.get("vega_lite_chart")
    assert len(charts) == 4
    assert "held out from" in charts[0].proto.alt


def test_fewer_epochs_end_it_sooner(open_train: Callable) -> None:
    at = open_train(hidden="8")
    at.number_input(key="until_epochs_30").set_value(2)
    computed(ran(at.button(key="train_start").click().run()))
    assert said(at).startswith("300 of 300 mini-batches")


def test_an_accuracy_ends_it(open_train: Callable) -> None:
    at = open_train(cost="cross-entropy", init="scaled", eta="0.5")
    at.number_input(key="until_accuracy").set_value(90.0)
    computed(ran(at.button(key="train_start").click().run()))
    assert "the accuracy is 9" in said(at)
    assert said(at).startswith(("150 of", "300 of", "450 of"))


def test_pause_resume_and_stop(open_train: Callable) -> None:
    at = open_train(hidden="8")
    at.selectbox(key="pace").select("20 mini-batches a second")
    ran(at.button(key="train_start").click().run())
    ran(at.button(key="train_pause").click().run())
    assert "paused" in said(at)
    assert keys(at) == {"train_resume", "train_stop"}
    ran(at.button(key="train_resume").click().run())
    assert keys(at) == {"train_pause", "train_stop"}
    ran(at.button(key="train_stop").click().run())
    assert "you stopped it" in said(at)
    assert keys(at) == {"train_start"}


def test_a_run_that_is_known_already_is_shown_on_the_first_visit(open_train: Callable) -> None:
    computed(ran(open_train(hidden="8").button(key="train_start").click().run()))
    other = open_train(hidden="8")  # another session
    assert said(other).startswith("4,500 of 4,500")


def test_other_settings_begin_another_run(open_train: Callable) -> None:
    at = computed(ran(open_train(hidden="8").button(key="train_start").click().run()))
    ran(at.text_input(key="set_hidden").set_value("9").run())
    assert said(at).startswith("Nothing is trained yet")


def test_the_confusion_matrix_and_the_most_wrong_link_to_their_mini_batches(open_train: Callable) -> None:
    at = open_train(hidden="8")
    at.number_input(key="until_epochs_30").set_value(1)
    computed(ran(at.button(key="train_start").click().run()))
    assert any("Confusion matrix" in chart.proto.alt for chart in at.get("plotly_chart"))
    links = [link.proto for link in at.get("page_link") if "taken for" in link.proto.label]
    assert len(links) == 12
    assert all("step=" in link.query_string and "example=" in link.query_string for link in links)


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_every_preset_can_be_trained(open_train: Callable, preset: object) -> None:
    at = open_train(**to_params(preset.experiment, training.Position()))
    at.number_input(key=f"until_epochs_{preset.experiment.data.epochs}").set_value(1)
    computed(ran(at.button(key="train_start").click().run()))
    assert "done" in said(at)


SHOWN = {  # tab -> the element that it is about
    "Mistakes": "plotly_chart",
    "Histograms": "plotly_chart",
    "First-layer weights": "image",
    "Export": "download_button",
}


@pytest.mark.parametrize("tab", SHOWN)
@pytest.mark.parametrize("dataset", ["digits", "xor"])
def test_every_tab_renders_before_and_after(open_train: Callable, tab: str, dataset: str) -> None:
    at = open_train(dataset=dataset, hidden="3", batch="4")
    at.session_state["review"] = tab
    ran(at.run())
    computed(ran(at.button(key="train_start").click().run()))
    assert at.get(SHOWN[tab])


def test_a_run_that_diverges_says_where_and_why(open_train: Callable) -> None:
    at = open_train(activation="linear", output="linear", eta="50")
    computed(ran(at.button(key="train_start").click().run()))
    assert "the run diverged" in said(at)
    assert any("Try η" in error.value for error in at.error)


def test_a_look_that_began_before_a_press_cannot_undo_it(open_train: Callable) -> None:
    at = open_train(hidden="8")
    at.selectbox(key="pace").select("20 mini-batches a second")
    ran(at.button(key="train_start").click().run())
    late = at.session_state["training_seen"]  # as the view's timer wrote it
    assert late.status == "running"
    ran(at.button(key="train_stop").click().run())
    at.session_state["training_seen"] = late
    ran(at.run())
    assert "you stopped it" in said(at)
