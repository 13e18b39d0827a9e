from itertools import product

import numpy as np
import pytest

from nnviz import Network
from nnviz.errors import FieldError
from nnviz.model import gradcheck
from nnviz.model.activations import ACTIVATIONS, hidden_activations
from nnviz.model.costs import COSTS
from nnviz.model.gradcheck import check, check_parameter, error_by_step, numeric_gradient, relative_error
from nnviz.model.initializers import INITIALIZERS

HIDDEN_SIZES = [(), (5,), (5, 4)]  # nets of 2, 3 and 4 layers
OUTPUTS = [
    (output, cost.name)
    for cost in COSTS.values()
    for output, activation in ACTIVATIONS.items()
    if cost.rule_for(activation)
]


def mini_batch(network, m=4, seed=0):
    """x (n_1, m) of both signs and one-hot y (n_L, m)."""
    rng = np.random.default_rng(seed)
    n_in, n_out = network.sizes[0], network.sizes[-1]
    return rng.uniform(-1, 1, (n_in, m)), np.eye(n_out)[rng.integers(0, n_out, m)].T


def cells(array):
    return [(array, tuple(cell)) for cell in np.ndindex(array.analytic.shape)]


def index_of(array, cell):
    return cell if array.kind == "w" else cell[:1]


@pytest.mark.parametrize("init", INITIALIZERS)
@pytest.mark.parametrize("hidden", HIDDEN_SIZES, ids=["2 layers", "3 layers", "4 layers"])
@pytest.mark.parametrize(("output", "cost"), OUTPUTS, ids=["-".join(pair) for pair in OUTPUTS])
@pytest.mark.parametrize("activation", hidden_activations())
def test_backprop_agrees_with_central_differences(activation, output, cost, hidden, init):
    network = Network([6, *hidden, 3], activation=activation, output=output, cost=cost, init=init, seed=3)
    x, y = mini_batch(network)
    found = check(network, x, y)
    assert found.worst < 1e-6
    for array in (*found.weights, *found.biases):
        for cell in zip(*np.nonzero(array.kinks), strict=True):
            there = check_parameter(network, x, y, array.kind, array.layer, index_of(array, cell))
            low, high = sorted((there.left, there.right))
            assert there.kink
            assert low - 1e-4 <= there.analytic <= high + 1e-4  # C curves by about h between p and p + h


def test_kinks_are_met_where_relu_starts_from_zero():
    network = Network([6, 3], output="relu", init="zeros")
    found = check(network, *mini_batch(network))
    assert found.weights[0].kinks.any()
    assert found.biases[0].kinks.any()


def test_no_kinks_are_met_without_relu():
    for activation, init in product(["sigmoid", "tanh", "linear"], INITIALIZERS):
        network = Network([6, 5, 3], activation=activation, init=init)
        found = check(network, *mini_batch(network))
        assert not any(array.kinks.any() for array in (*found.weights, *found.biases))


def test_a_kink_within_h_is_seen_and_one_further_away_is_not():
    network = Network([1, 1, 1], activation="relu", output="linear", init="zeros")
    network.weights = [
        np.array([[2e-6]]),
        np.array([[1.0]]),
    ]  # z^2 = 2e-6 for x = 1: the kink is 2e-6 below w^2
    x, y = np.ones((1, 1)), np.ones((1, 1))
    near = check_parameter(network, x, y, "w", 2, (0, 0), h=1e-5)
    assert near.kink
    assert near.right == pytest.approx(near.analytic, abs=1e-4)
    assert near.left == pytest.approx(0.2 * near.analytic, rel=1e-3)  # 2e-6 of the way the cost falls, 8e-6 not
    far = check_parameter(network, x, y, "w", 2, (0, 0), h=1e-6)
    assert not far.kink
    assert far.relative_error < 1e-6


def test_a_relu_neuron_in_a_layer_of_others_has_its_kink():
    network = Network([2, 3, 2], init="scaled").with_neuron(2, 1, "relu")
    network.biases[0] = network.biases[0].copy()
    x, y = mini_batch(network, m=1)
    network.biases[0][1] -= (network.weights[0] @ x + network.biases[0])[1]  # z of that neuron is 0
    assert check_parameter(network, x, y, "b", 2, (1,)).kink
    assert not check_parameter(network, x, y, "b", 2, (0,)).kink


@pytest.mark.parametrize("kind", ["w", "b"])
@pytest.mark.parametrize("layer", [2, 3, 4])
def test_one_parameter_alone_and_the_whole_network_give_the_same(kind, layer):
    network = Network([6, 5, 4, 3], activation="tanh", cost="cross-entropy", init="scaled")
    x, y = mini_batch(network)
    found = check(network, x, y)
    array = (found.weights if kind == "w" else found.biases)[layer - 2]
    assert (array.kind, array.layer) == (kind, layer)
    for cell in np.ndindex(array.analytic.shape):
        index = index_of(array, cell)
        assert numeric_gradient(network, x, y, kind, layer, index) == pytest.approx(array.numeric[cell], abs=1e-9)
        alone = check_parameter(network, x, y, kind, layer, index)
        assert alone.analytic == array.analytic[cell]
        assert alone.numeric == array.numeric[cell]
        assert alone.relative_error == array.relative_error[cell]
        assert alone.numeric == pytest.approx((alone.left + alone.right) / 2, abs=1e-9)


def test_the_slope_of_a_cost_worked_out_by_hand():
    network = Network([1, 1], output="linear", init="zeros")
    network.weights, network.biases = [np.array([[2.0]])], [np.array([[1.0]])]
    x, y = np.array([[1.0, 3.0]]), np.array([[0.0, 5.0]])  # a = 3, 7; a - y = 3, 2; C_x = 4.5, 2
    assert gradcheck.mean_cost(network, x, y) == pytest.approx(3.25)
    assert numeric_gradient(network, x, y, "w", 2, (0, 0)) == pytest.approx((3 * 1 + 2 * 3) / 2, rel=1e-8)
    assert numeric_gradient(network, x, y, "b", 2, (0,)) == pytest.approx((3 + 2) / 2, rel=1e-8)


def test_one_example_may_be_flat():
    network = Network([6, 5, 3])
    x, y = mini_batch(network, m=1)
    assert check(network, x[:, 0], y[:, 0]).worst == check(network, x, y).worst
    assert numeric_gradient(network, x[:, 0], y[:, 0], "w", 2, (1, 2)) == numeric_gradient(
        network, x, y, "w", 2, (1, 2)
    )


def test_a_wrong_gradient_is_found(monkeypatch):
    network = Network([6, 5, 3])
    x, y = mini_batch(network)
    assert check(network, x, y).worst < 1e-6
    monkeypatch.setattr("nnviz.model.equations.backpropagate", lambda w, delta, prime: w.T @ delta)  # sigma' forgotten
    found = check(network, x, y)
    assert found.worst > 1e-3
    assert found.weights[0].error > 1e-3  # where delta^2 went wrong
    assert found.weights[1].error < 1e-6  # delta^3 is still right


def test_the_network_is_left_as_it_is():
    network = Network([6, 5, 3])
    for array in (*network.weights, *network.biases):
        array.setflags(write=False)  # as in a trajectory
    weights, biases = network.weights, network.biases
    check(network, *mini_batch(network))
    check_parameter(network, *mini_batch(network), "b", 3, (1,))
    assert network.weights is weights
    assert network.biases is biases


def test_a_part_of_the_parameters_can_be_checked():
    network = Network([6, 5, 3])
    x, y = mini_batch(network)
    whole, part = check(network, x, y), check(network, x, y, cells=4)
    for array, full in zip((*part.weights, *part.biases), (*whole.weights, *whole.biases), strict=True):
        assert array.checked.sum() == min(4, array.analytic.size)
        assert np.array_equal(array.numeric[array.checked], full.numeric[array.checked])
        assert np.isnan(array.numeric[~array.checked]).all()
        assert full.checked.all()
    assert part.worst < 1e-6


def test_a_diverged_network_is_not_called_right():
    network = Network([2, 2], output="linear")
    network.weights = [np.full((2, 2), np.nan)]
    assert np.isnan(check(network, *mini_batch(network)).worst)


class TestErrorByStep:
    HS = 10.0 ** np.arange(-13, 1)

    def errors(self):
        network = Network([6, 5, 3], init="scaled")
        return error_by_step(network, *mini_batch(network), "w", 2, (0, 1), self.HS)

    def test_it_is_a_V_with_its_tip_between_rounding_and_curvature(self):
        errors = self.errors()
        assert errors.shape == self.HS.shape
        assert 1e-7 < self.HS[errors.argmin()] < 1e-3
        assert errors.min() < 1e-7
        assert errors[0] > 1e3 * errors.min()
        assert errors[-1] > 1e3 * errors.min()

    def test_the_right_arm_rises_with_the_square_of_h(self):
        errors = dict(zip(self.HS, self.errors(), strict=True))
        assert errors[1e-1] / errors[1e-2] == pytest.approx(100, rel=0.05)


class TestRelativeError:
    def test_values_worked_out_by_hand(self):
        analytic = np.array([1.0, -2.0, 0.0, 0.0, 1e-10])
        numeric = np.array([1.0, -1.0, 0.0, 1e-8, -1e-10])
        assert relative_error(analytic, numeric) == pytest.approx([0.0, 0.5, 0.0, 1.0, 0.02])

    def test_both_gradients_count_alike(self):
        one, other = np.random.default_rng(0).standard_normal((2, 3, 4))
        assert np.array_equal(relative_error(one, other), relative_error(other, one))
        assert relative_error(one, other).shape == (3, 4)


@pytest.mark.parametrize(
    ("kind", "layer", "index", "message"),
    [
        ("z", 2, (0, 0), "kind must be w or b, got z"),
        ("w", 1, (0, 0), "layer must be a whole number from 2 to 3, got 1"),
        ("w", 4, (0, 0), "layer must be a whole number from 2 to 3, got 4"),
        ("w", 2, (5, 0), r"index must be \(j, k\) with j below 5 and k below 6, got \(5, 0\)"),
        ("w", 2, (0, -1), "index must be"),
        ("w", 2, (0,), "index must be"),
        ("b", 3, (3,), r"index must be \(j,\) with j below 3, got \(3,\)"),
        ("b", 3, (0, 0), "index must be"),
    ],
)
def test_a_parameter_that_is_not_there_is_refused(kind, layer, index, message):
    network = Network([6, 5, 3])
    for ask in (numeric_gradient, check_parameter):
        with pytest.raises(FieldError, match=message):
            ask(network, *mini_batch(network), kind, layer, index)
