"""Every explanation's terms make up the number that the trace has."""

from copy import copy
from dataclasses import replace

import numpy as np
import pytest

from nnviz.errors import FieldError
from nnviz.lesson.cells import Cell, read_cell, shape, values
from nnviz.lesson.explain import explain
from nnviz.lesson.phase_text import lesson
from nnviz.lesson.quantity import QUANTITIES
from nnviz.model.activations import ACTIVATIONS, hidden_activations
from nnviz.model.costs import COSTS
from nnviz.run.edits import Edit, read_edits
from nnviz.run.experiment import Experiment
from nnviz.run.moment import AddedExample
from nnviz.run.trajectory import Trajectory

PAIRS = [
    (cost.name, output)
    for cost in COSTS.values()
    for output, activation in ACTIVATIONS.items()
    if cost.rule_for(activation)
]


def corners(run: Trajectory, name: str, layer: int, m: int) -> list[Cell]:
    """The first, the last and a middle cell of a quantity in one layer."""
    rows, columns = shape(QUANTITIES[name], layer, run.experiment.sizes, m)
    places = {(0, 0), (rows - 1, columns - 1), (rows // 2, columns // 2)}
    return [Cell(name, layer, j, k) for j, k in sorted(places)]


def assert_adds_up(run: Trajectory, step: int) -> None:
    moment = run.moment_at(step)
    for name, quantity in QUANTITIES.items():
        for layer in quantity.layers(len(run.experiment.sizes)):
            for cell in corners(run, name, layer, moment.m):
                for example in (None, 0, moment.m - 1):
                    found = explain(moment, cell, example)
                    total = found.factor * sum(term.value for term in found.terms)
                    own = example if quantity.is_gradient else None
                    assert found.value == values(moment, name, layer, own)[cell.j, cell.k]
                    np.testing.assert_allclose(total, found.value, rtol=1e-9, atol=1e-14, err_msg=f"{cell} {example}")


@pytest.mark.parametrize("activation", hidden_activations())
@pytest.mark.parametrize(("cost", "output"), PAIRS)
def test_terms_add_up_to_the_value_shown(activation: str, cost: str, output: str) -> None:
    run = Trajectory.of(
        Experiment(hidden=(7, 5), activation=activation, output=output, cost=cost, init="scaled", eta=0.1, lmbda=2.0)
    )
    assert_adds_up(run, 0)
    assert_adds_up(run, 3)


def test_terms_add_up_where_parameters_and_a_neuron_are_edited() -> None:
    edits = read_edits("0:act.2.3=relu;1:w.2.3.7=1.5;2:b.3.1=-0.5;2:eta=0.5;3:lmbda=1")
    run = Trajectory.of(Experiment(hidden=(7,), edits=edits))
    for step in range(5):
        assert_adds_up(run, step)


def test_terms_add_up_where_biases_are_frozen() -> None:
    assert_adds_up(Trajectory.of(Experiment(hidden=(4,), biases="frozen")), 2)


@pytest.fixture(scope="module")
def run() -> Trajectory:
    return Trajectory.of(Experiment(hidden=(7, 5), init="scaled"))


def test_what_a_number_is_made_of_names_it_among_what_it_goes_into(run: Trajectory) -> None:
    moment = run.moment_at(2)
    for text in ("z.3.1.2", "delta.3.1.2", "nabla_w.3.1.4", "a.3.1.2", "delta.4.1.2", "nabla_b.2.1", "sp.3.1.2"):
        cell = read_cell(text, run.experiment.sizes, moment.m)
        for part in explain(moment, cell).depends_on:
            assert cell in explain(moment, part).used_by, f"{part} does not know that it goes into {cell}"


def test_one_can_walk_from_the_cost_down_to_an_input(run: Trajectory) -> None:
    moment, cell, steps = run.moment_at(0), Cell("cost", 4, 0, 3), 0
    while explain(moment, cell).depends_on:
        cell = explain(moment, cell).depends_on[0]
        if cell.name == "z":
            cell = next(c for c in explain(moment, cell).depends_on if c.name == "a")
            steps += 1
        steps += 1
    assert cell.name == "a" and cell.layer == 1 and cell.k == 3
    assert steps == 7  # the output, then z and a of each layer before


def test_the_largest_terms_come_first_and_the_rest_is_summed(run: Trajectory) -> None:
    found = explain(run.moment_at(0), Cell("z", 2, 0, 0))
    sizes = [abs(term.value) for term in found.terms]
    assert sizes == sorted(sizes, reverse=True)
    count, rest = found.rest
    assert count == len(found.terms) - 4
    assert rest == pytest.approx(sum(term.value for term in found.terms[4:]))
    assert f"{count} more" in found.numbers


def test_the_mean_gradient_has_one_term_for_each_example_and_each_can_be_opened(run: Trajectory) -> None:
    moment, cell = run.moment_at(0), Cell("nabla_w", 3, 1, 2)
    mean = explain(moment, cell)
    assert len(mean.terms) == moment.m
    alone = [explain(moment, cell, example).value for example in range(moment.m)]
    assert mean.value == pytest.approx(np.mean(alone))


def test_bp2_is_split_into_what_comes_back_and_the_slope(run: Trajectory) -> None:
    moment = run.moment_at(0)
    found = explain(moment, Cell("delta", 2, 1, 3))
    back = moment.network.weights[1][:, 1] @ moment.trace.deltas[1][:, 3]
    assert sum(term.value for term in found.terms) == pytest.approx(back)
    assert found.factor == moment.trace.primes[0][1, 3]
    assert found.factor_cell == Cell("sp", 2, 1, 3)


def test_with_cross_entropy_the_slope_cancels_and_it_is_said_why() -> None:
    run = Trajectory.of(Experiment(hidden=(4,), cost="cross-entropy"))
    moment = run.moment_at(0)
    found = explain(moment, Cell("delta", 3, 1, 2))
    assert found.value == moment.trace.activations[-1][1, 2] - moment.trace.y[1, 2]
    assert any("cancel" in note for note in found.notes)


def test_a_saturated_neuron_is_named_as_such() -> None:
    run = Trajectory.of(Experiment(hidden=(200,)))
    moment = run.moment_at(0)
    j, x = np.argwhere(moment.trace.primes[-1] < 0.01)[0]
    assert any("saturated" in note for note in explain(moment, Cell("delta", 3, int(j), int(x))).notes)


def test_a_linear_network_keeps_bp3_and_says_so() -> None:
    run = Trajectory.of(Experiment(hidden=(4,), activation="linear", output="linear", init="scaled", eta=0.01))
    moment = run.moment_at(0)
    found = explain(moment, Cell("nabla_b", 2, 1, 0), example=2)
    assert found.value == moment.trace.deltas[0][1, 2]
    assert any("The gradient of a bias is still δ, not 1." in note for note in found.notes)


def test_one_neuron_with_another_slope_ends_what_is_said_of_a_linear_network() -> None:
    edits = (Edit(0, "act", (2, 0), "tanh"),)
    run = Trajectory.of(Experiment(hidden=(4,), activation="linear", output="linear", eta=0.01, edits=edits))
    assert not explain(run.moment_at(0), Cell("nabla_b", 2, 1, 0)).notes


@pytest.mark.parametrize(("init", "cell", "drawn"), [("zeros", "w.2.0.0", 0), ("he", "b.2.0", 0), ("he", "w.2.0.0", 1)])
def test_only_what_is_drawn_is_said_to_be(init: str, cell: str, drawn: int) -> None:
    moment = Trajectory.of(Experiment(hidden=(4,), init=init)).moment_at(0)
    found = explain(moment, read_cell(cell, moment.network.sizes, moment.m))
    assert any("drawn with seed" in note for note in found.notes) == bool(drawn)
    assert any("starts it at 0" in note for note in found.notes) != bool(drawn)


def test_a_weight_whose_mini_batch_before_would_take_long_is_explained_without_it() -> None:
    moment = replace(Trajectory.of(Experiment(hidden=(4,))).moment_at(3), before=lambda: None)
    found = explain(moment, Cell("w", 2, 0, 0))
    assert found.value == moment.network.weights[0][0, 0]
    assert "mini-batch 3, which is not computed here" in found.notes[0]


def test_a_change_that_is_no_sum_names_its_rule_instead_of_an_empty_equation() -> None:
    moment = Trajectory.of(Experiment(hidden=(4,))).moment_at(0)
    network = copy(moment.network)
    network.update_rule = replace(network.update_rule, name="momentum", summands=())
    found = explain(replace(moment, network=network), Cell("dw", 2, 0, 0))
    assert found.value == moment.change_w[0][0, 0]
    assert found.equation.endswith(r"= \text{momentum}")


def test_an_input_that_was_added_is_not_said_to_be_of_the_data() -> None:
    added = AddedExample((0.5,) * 64, 3)
    moment = Trajectory.of(Experiment(hidden=(4,))).moment_with(0, added)
    assert "that you added" in explain(moment, Cell("a", 1, 0, 10)).notes[0]
    assert "of the data set" in explain(moment, Cell("a", 1, 0, 9)).notes[0]
    assert "11" in lesson(moment, 5).text


@pytest.mark.parametrize(
    "text",
    ["", "w", "w.2", "w.2.3", "q.1.2.3", "w.9.0.0", "w.2.99999.0", "w.2.-1.0", "w.2.1e3.0", "b.2.0.0", "w.2.٣.0"],
)
def test_a_hostile_cell_gives_an_error_that_names_it(text: str) -> None:
    with pytest.raises(FieldError, match="cell must be"):
        read_cell(text, (64, 7, 10), 10)


def test_a_cell_reads_back_as_it_is_written(run: Trajectory) -> None:
    for name, quantity in QUANTITIES.items():
        for layer in quantity.layers(4):
            for cell in corners(run, name, layer, 10):
                assert read_cell(str(cell), run.experiment.sizes, 10) == cell
