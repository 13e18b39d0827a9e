import numpy as np
import pytest

from nnviz.errors import FieldError
from nnviz.lesson.cells import values
from nnviz.lesson.quantity import QUANTITIES
from nnviz.run.experiment import Experiment
from nnviz.run.phases import phases
from nnviz.run.trajectory import Trajectory

RUN = Experiment(hidden=(6, 5), batch=4, lmbda=2.0)
SIZES = RUN.sizes
DEPTH = len(SIZES)
EVERY = pytest.mark.parametrize("quantity", QUANTITIES.values(), ids=list(QUANTITIES))
REVEALED_IN = {
    "w": None,
    "b": None,
    "z": "feedforward",
    "a": "feedforward",
    "sp": "backpropagate",
    "delta": "backpropagate",
    "nabla_a": "output error",
    "cost": "output error",
    "nabla_w": "gradients",
    "nabla_b": "gradients",
    "dw": "update",
    "db": "update",
}


@pytest.fixture(scope="module")
def moment():
    return Trajectory.of(RUN).moment_at(3)


def cells(quantity):
    return [(quantity, layer) for layer in quantity.layers(DEPTH)]


EVERY_PANEL = [panel for quantity in QUANTITIES.values() for panel in cells(quantity)]
PANELS = pytest.mark.parametrize(("quantity", "layer"), EVERY_PANEL, ids=[f"{q.name}{l}" for q, l in EVERY_PANEL])


@PANELS
def test_a_panel_has_the_rows_and_columns_it_claims(quantity, layer, moment):
    rows = 1 if quantity.name == "cost" else SIZES[layer - 1]
    columns = {"inputs": SIZES[layer - 2], "none": 1, "examples": 4}[quantity.columns]
    assert quantity.get(moment, layer).shape == (rows, columns)


@PANELS
def test_a_panel_appears_in_the_phase_that_computes_it(quantity, layer):
    kind, number = REVEALED_IN[quantity.name], quantity.phase(layer, DEPTH)
    if kind is None:
        assert number == -1  # the parameters are there from the start
        return
    phase = phases(DEPTH)[number]
    if kind == "backpropagate" and layer == DEPTH:
        kind = "output error"
    if quantity.name == "a" and layer == 1:
        kind = "input"
    assert phase.kind == kind
    if kind in ("feedforward", "backpropagate"):
        assert phase.layer == layer


def test_the_panels_show_the_numbers_of_the_trace(moment):
    t = moment.trace
    for i, layer in enumerate(range(2, DEPTH + 1)):
        shown = {name: values(moment, name, layer) for name in ("w", "b", "z", "a", "sp", "delta")}
        held = {
            "w": moment.network.weights[i],
            "b": moment.network.biases[i],
            "z": t.zs[i],
            "a": t.activations[i + 1],
            "sp": t.primes[i],
            "delta": t.deltas[i],
        }
        assert all(np.array_equal(shown[name], held[name]) for name in held)
        assert np.array_equal(values(moment, "nabla_w", layer), t.nabla_w[i])
        assert np.array_equal(values(moment, "nabla_b", layer), t.nabla_b[i])
        assert np.array_equal(values(moment, "dw", layer), moment.change_w[i])
        assert np.array_equal(values(moment, "db", layer), moment.change_b[i])
    assert np.array_equal(values(moment, "a", 1), t.x)
    assert np.array_equal(values(moment, "nabla_a", DEPTH), t.nabla_a)
    assert np.array_equal(values(moment, "cost", DEPTH)[0], t.cost)


@PANELS
@pytest.mark.parametrize("example", range(4))
def test_one_example_is_its_column_its_own_gradient_or_what_all_share(quantity, layer, example, moment):
    shown, whole = values(moment, quantity.name, layer, example), quantity.get(moment, layer)
    if quantity.columns == "examples":
        assert np.array_equal(shown[:, 0], whole[:, example])
        assert shown.shape == (len(whole), 1)
    elif quantity.is_gradient:
        i = ("nabla_b", "nabla_w").index(quantity.name)
        assert np.array_equal(shown, moment.trace.gradients_of(example)[i][layer - 2])
    else:
        assert np.array_equal(shown, whole)


@EVERY
@pytest.mark.parametrize("example", [-1, 4])
def test_an_example_that_is_not_in_the_mini_batch_is_refused(quantity, example, moment):
    with pytest.raises(FieldError, match="example must be a number from 0 to 3"):
        values(moment, quantity.name, DEPTH, example)


@EVERY
def test_every_quantity_is_known_by_its_name_and_has_words_and_symbols(quantity):
    assert QUANTITIES[quantity.name] is quantity
    assert quantity.symbol
    assert quantity.latex
    assert quantity.title


def test_symbols_carry_their_layer():
    assert QUANTITIES["w"].with_layer(2) == "w²"
    assert QUANTITIES["sp"].with_layer(3) == "σ′(z³)"
    assert QUANTITIES["delta"].with_layer(12) == "δ¹²"


def test_only_the_input_has_activations_without_weights():
    assert [name for name, q in QUANTITIES.items() if 1 in q.layers(DEPTH)] == ["a"]
    assert list(QUANTITIES["nabla_a"].layers(DEPTH)) == list(QUANTITIES["cost"].layers(DEPTH)) == [DEPTH]
