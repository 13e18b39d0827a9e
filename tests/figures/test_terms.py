"""The terms of an explanation as bars."""

import pytest

from nnviz.figures.terms import BARS, terms
from nnviz.lesson.cells import Cell
from nnviz.lesson.explain import explain
from nnviz.run.experiment import Experiment
from nnviz.run.trajectory import Trajectory


def test_the_bars_add_up_to_the_sum_of_the_terms() -> None:
    run = Trajectory.of(Experiment())
    found = explain(run.moment_at(0), Cell("z", 2, 3, 1))
    bars = terms(found, "light").data[0]
    assert len(bars.x) == BARS + 1
    assert sum(bars.x) == pytest.approx(found.value)
    assert bars.y[-1] == f"{len(found.terms) - BARS} more"
    assert all("w²" in label or "b²" in label for label in bars.y[:-1])


def test_every_bar_has_a_name_of_its_own() -> None:
    run = Trajectory.of(Experiment(lmbda=1.0))
    moment = run.moment_at(1)
    for text in (Cell("dw", 2, 0, 20), Cell("w", 2, 0, 20), Cell("delta", 3, 1, 2), Cell("nabla_w", 3, 1, 2)):
        labels = terms(explain(moment, text), "dark").data[0].y
        assert len(set(labels)) == len(labels), labels
        assert not any("\\" in label or "{" in label for label in labels), labels
