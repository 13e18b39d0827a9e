"""One value in one registry is all that a new activation, cost, quantity or way of drawing takes."""

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from nnviz import Network
from nnviz.board.message import jsonable, network_info
from nnviz.lesson.band import bands
from nnviz.lesson.cells import Cell, read_cell
from nnviz.lesson.explain import explain
from nnviz.lesson.phase_text import lesson
from nnviz.lesson.quantity import QUANTITIES
from nnviz.lesson.view import VIEW_OPTIONS, read_look
from nnviz.lesson.worked_lines import work_out
from nnviz.model.activations import ACTIVATIONS, hidden_activations
from nnviz.model.costs import COSTS, costs_for
from nnviz.model.gradcheck import check
from nnviz.model.update_rules import UPDATE_RULES
from nnviz.run.experiment import Experiment, Position
from nnviz.run.link import from_params, to_params
from nnviz.run.phases import KINDS
from nnviz.run.trajectory import Trajectory
from tests.added import registered

ROOT = Path(__file__).parents[1]
PARAMS = {"activation": "softplus", "output": "softplus", "cost": "log-cosh", "eta": "0.1", "init": "scaled"}


@pytest.fixture
def experiment() -> Iterator[Experiment]:
    """A run with all that was added."""
    with registered():
        found, _, errors = from_params(PARAMS)
        assert errors == []
        yield found


def test_they_travel_in_the_link(experiment: Experiment) -> None:
    assert (experiment.activation, experiment.output, experiment.cost) == ("softplus", "softplus", "log-cosh")
    assert to_params(experiment, Position()) == PARAMS
    look, errors = read_look({"cell": "ratio.2.3.7", "grid": "plain"}, experiment)
    assert errors == []
    assert look.to_params() == {"cell": "ratio.2.3.7", "grid": "plain"}


def test_they_are_offered(experiment: Experiment) -> None:
    assert "softplus" in hidden_activations()
    assert costs_for("softplus") == ["quadratic", "log-cosh"]


def test_an_output_whose_cost_is_left_out_gets_one_that_goes_with_it(experiment: Experiment) -> None:
    found, _, errors = from_params({"output": "softplus"})
    assert (found.cost, errors) == ("quadratic", [])


def test_they_stand_on_the_board(experiment: Experiment) -> None:
    info = jsonable(network_info(Trajectory.of(experiment).setup))
    assert info["layers"][1]["title"] == "softplus"
    assert info["layers"][1]["ranges"]["a"] == [0.0, None]
    assert info["layers"][1]["ranges"]["sp"] == [0.0, 1.0]
    assert "ratio.2" in info["phases"][-1]["computes"]
    assert "w.2" in info["phases"][-1]["uses"]
    assert next(q["row"] for q in info["quantities"] if q["name"] == "ratio") == 4
    assert "grid" in [option["name"] for option in info["viewOptions"]]


def test_they_are_explained(experiment: Experiment) -> None:
    moment = Trajectory.of(experiment).moment_at(2)
    for text in ("a.2.3.1", "sp.2.3.1", "nabla_a.3.2.0", "cost.3.0.1", "delta.3.2.0", "ratio.2.3.7"):
        cell = read_cell(text, experiment.sizes, moment.m)
        found = explain(moment, cell)
        assert found.factor * sum(term.value for term in found.terms) == pytest.approx(found.value, rel=1e-9)
    assert r"\ln(1 + e^z)" in explain(moment, Cell("a", 2, 3, 1)).equation
    assert any(r"\ln(1 + e^z)" in equation for equation in lesson(moment, 1).equations)
    assert r"\tanh(a_j - y_j)" in " ".join(lesson(moment, 3).equations)


def test_they_are_worked_out_by_hand(experiment: Experiment) -> None:
    small = Experiment(dataset="xor", hidden=(2,), batch=1, activation="softplus", output="softplus", cost="log-cosh")
    text = " ".join(line.numeric for section in work_out(Trajectory.of(small).moment_at(0)) for line in section.lines)
    assert "tanh(" in text and "1 / (1 + e^(−" in text


def test_their_gradients_are_right(experiment: Experiment) -> None:
    moment = Trajectory.of(experiment).moment_at(1)
    assert check(moment.network, moment.trace.x, moment.trace.y, cells=40).worst < 1e-6
    assert (
        Network([2, 2], activation="softplus", output="softplus", cost="log-cosh").trace([[1], [2]], [[0], [1]]).m == 1
    )


def test_an_update_rule_that_remembers_is_one_value(experiment: Experiment) -> None:
    with_momentum, _, errors = from_params({"update": "momentum", "hidden": "4"})
    assert errors == [] and to_params(with_momentum, Position())["update"] == "momentum"
    run = Trajectory.of(with_momentum)
    velocity = [np.zeros_like(w) for w in run.moment_at(0).network.weights]
    for step in range(4):
        moment = run.moment_at(step)
        velocity = [0.5 * v - 3.0 * g for v, g in zip(velocity, moment.trace.nabla_w, strict=True)]
        after = run.moment_at(step + 1).network.weights
        for l, (v, change) in enumerate(zip(velocity, moment.change_w, strict=True)):
            np.testing.assert_allclose(change, v, rtol=1e-12)
            np.testing.assert_array_equal(after[l], moment.network.weights[l] + change)
    far = Trajectory.of(with_momentum)
    np.testing.assert_array_equal(far.moment_at(310).network.weights[0], run.moment_at(310).network.weights[0])
    np.testing.assert_array_equal(far.moment_at(3).change_w[0], run.moment_at(3).change_w[0])
    moment = run.moment_at(2)
    found = explain(moment, Cell("dw", 2, 1, 5))
    assert "momentum" in " ".join(found.notes) and found.value == moment.change_w[0][1, 5]
    band = bands(moment.network, moment.rates, picture=True)[-1]
    assert "".join(part.text for part in band.equation).startswith("Δwˡ comes from (1/m) Σₓ ∇wˡ")
    assert "move by what this rule makes of their gradients" in band.text
    assert lesson(moment, 6).code.startswith("def momentum(")


ELEMENT = "input"  # also the name of an HTML element


def test_the_board_names_no_quantity_phase_activation_or_view_choice() -> None:
    names = {*QUANTITIES, *ACTIVATIONS, *COSTS, *UPDATE_RULES, *KINDS, *VIEW_OPTIONS} - {ELEMENT}
    choices = {choice.name for option in VIEW_OPTIONS.values() for choice in option.choices}
    names |= {name for name in choices if not name.isdigit()}  # numbers stand everywhere
    named = {
        f"{path.name}: {text}"
        for path in (ROOT / "static" / "board").glob("*.js")
        for text in re.findall(r"""(?<![\w`])["']([^"'\n]*)["']""", without_comments(path.read_text("utf-8")))
        if text in names
    }
    assert named == set()


def test_a_name_in_the_board_would_be_noticed() -> None:
    assert re.findall(r"""(?<![\w`])["']([^"'\n]*)["']""", without_comments('if (q === "delta") // "w"')) == ["delta"]


def without_comments(source: str) -> str:
    return re.sub(r"/\*.*?\*/|(?<!:)//[^\n]*", "", source, flags=re.DOTALL)


def test_what_a_quantity_is_made_of_is_what_its_explanation_names() -> None:
    """`Quantity.made_of` gives the outlines of the board, the explanation the cells to walk to: the same panels."""
    for experiment in (Experiment(hidden=(7, 5), lmbda=2.0), Experiment(hidden=(4,), cost="cross-entropy")):
        moment, depth = Trajectory.of(experiment).moment_at(2), len(experiment.sizes)
        for quantity in QUANTITIES.values():
            for layer in quantity.layers(depth):
                named = {(c.name, c.layer) for c in explain(moment, Cell(quantity.name, layer, 0)).depends_on}
                assert named <= set(quantity.made_of(layer, depth)), quantity.name
                if quantity.phases and experiment.cost == "quadratic" and quantity.name not in ("delta", "db"):
                    assert named == set(quantity.made_of(layer, depth)), quantity.name
