"""The run's curve: what it says, and when it is computed."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from nnviz.run.evaluation import evaluate
from nnviz.run.experiment import Experiment
from nnviz.run.store import TrajectoryStore
from nnviz.run.trainer import Trainer
from nnviz.ui import state
from nnviz.ui.step import curve

SHORT = Experiment(dataset="moons", hidden=(3,))


class SessionState(dict):
    """As Streamlit's: what is set as an attribute is an item."""

    __setattr__ = dict.__setitem__


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> Iterator[SimpleNamespace]:
    """A session that looks at a run, with a store and a trainer of its own."""
    store = TrajectoryStore()
    session = SimpleNamespace(experiment=SHORT, trainer=Trainer(store))
    monkeypatch.setattr(state, "experiment", lambda: session.experiment)
    monkeypatch.setattr(state, "run", lambda: store.get(session.experiment))
    monkeypatch.setattr(state, "trainer", lambda: session.trainer)
    monkeypatch.setattr(state, "session_id", lambda: "one")
    monkeypatch.setattr(curve.st, "session_state", SessionState())
    yield session
    session.trainer.pause("one.curve")


def learn_the_pace() -> None:
    state.run().moment_at(1)


def test_it_is_computed_to_the_end_and_then_grows_no_more(session: SimpleNamespace) -> None:
    assert curve.curve().grows  # the pace is not known yet, so that it does not begin
    assert not session.trainer.is_on("one.curve")
    learn_the_pace()
    assert curve.curve().grows
    assert session.trainer.wait(60)
    whole = curve.curve()
    assert not whole.grows
    assert (whole.text, whole.is_share) == ("{} of the held-out examples right", True)
    last = evaluate(state.run().network_at(SHORT.steps), SHORT.data, SHORT.steps, 0.0)
    assert whole.points[-1] == (SHORT.steps, last.held_out_accuracy)


def test_a_run_that_takes_long_shows_only_what_is_there(
    session: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    learn_the_pace()
    monkeypatch.setattr(curve, "AFFORDABLE", 0.0)
    assert curve.curve() == curve.Curve("{} of the held-out examples right", True, (), False)
    assert not session.trainer.is_on("one.curve")


def test_a_computation_that_failed_does_not_begin_again(
    session: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    learn_the_pace()
    monkeypatch.setattr("nnviz.run.monitor.evaluate", lambda *_: 1 / 0)
    assert curve.curve().grows
    assert session.trainer.wait(60)
    assert not curve.curve().grows


def test_targets_that_stand_for_no_class_have_a_cost(session: SimpleNamespace) -> None:
    session.experiment = Experiment(dataset="typed:0.05,0.1>0.01,0.99", hidden=(2,), batch=1)
    assert curve.curve().text == "cost {} over the training examples"
    assert not curve.curve().is_share
