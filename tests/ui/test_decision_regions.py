"""Decision regions and neurons over the plane, drawn by any page."""

import pytest
from streamlit.testing.v1 import AppTest

PAGE = "from nnviz.ui import decision_regions, state\nstate.restore()\ndecision_regions.show()"


def shown(**params: str) -> AppTest:
    at = AppTest.from_string(PAGE, default_timeout=30)
    for name, value in params.items():
        at.query_params[name] = value
    at.run()
    assert not at.exception
    return at


@pytest.mark.parametrize(("dataset", "m"), [("moons", 10), ("spiral-c3", 10), ("xor", 4)])
def test_regions_and_one_sheet_for_each_layer(dataset: str, m: int) -> None:
    at = shown(dataset=dataset, hidden="5,4", step="3")
    (chart,) = at.get("plotly_chart")
    assert f"of the mini-batch's {m} points" in chart.proto.alt
    assert len(at.get("image")) == 3


def test_a_run_that_has_diverged_is_drawn_too() -> None:
    shown(dataset="moons", hidden="4", activation="linear", output="linear", eta="100", step="400")


def test_more_neurons_than_fit_are_counted() -> None:
    assert any("The first 48 of 60 neurons" in c.value for c in shown(dataset="moons", hidden="60").caption)


def test_pictures_are_no_points() -> None:
    assert not shown().get("plotly_chart")
