import numpy as np
import pytest

from nnviz.model.activations import (
    ACTIVATIONS,
    RELU,
    SIGMOID,
    SOFTMAX,
    TANH,
    hidden_activations,
    sigmoid,
    with_exception,
)

EVERY = pytest.mark.parametrize("activation", ACTIVATIONS.values(), ids=list(ACTIVATIONS))
Z = np.random.default_rng(0).uniform(-4, 4, (5, 7))  # (n_l, m); no z is within 1e-6 of a kink


@EVERY
def test_the_slope_is_that_of_the_function(activation):
    h = 1e-6
    slopes = np.empty_like(Z)
    for j in range(len(Z)):  # one neuron at a time: the outputs of softmax depend on all of them
        nudge = np.zeros_like(Z)
        nudge[j] = h
        slopes[j] = ((activation.fn(Z + nudge) - activation.fn(Z - nudge)) / (2 * h))[j]
    assert np.abs(activation.prime(Z, activation.fn(Z)) - slopes).max() < 1e-8


@EVERY
def test_extreme_weighted_inputs_give_finite_numbers_without_a_warning(activation):
    z = np.array([[-1000.0, 1000.0, 0.0, -709.5], [1000.0, 1000.0, 0.0, 710.0]])
    with np.errstate(over="raise", divide="raise", invalid="raise"):
        a = activation.fn(z)
        prime = activation.prime(z, a)
    assert np.isfinite(a).all()
    assert np.isfinite(prime).all()


@EVERY
def test_the_weighted_inputs_are_left_as_they_are(activation):
    z = Z.copy()
    activation.prime(z, activation.fn(z))
    assert np.array_equal(z, Z)


@EVERY
def test_values_and_slopes_have_the_shape_of_the_weighted_inputs(activation):
    a = activation.fn(Z)
    assert a.shape == activation.prime(Z, a).shape == Z.shape
    assert a.dtype == activation.prime(Z, a).dtype == float


@EVERY
def test_each_one_is_registered_under_its_name_and_has_formulas(activation):
    assert ACTIVATIONS[activation.name] is activation
    assert activation.formula
    assert activation.prime_formula


def test_hidden_layers_take_every_activation_but_softmax():
    assert list(hidden_activations()) == ["sigmoid", "tanh", "relu", "linear"]


@pytest.mark.parametrize(
    ("name", "z", "a"),
    [
        ("sigmoid", [0.0, np.log(3.0), -np.log(3.0)], [0.5, 0.75, 0.25]),
        ("tanh", [0.0, np.log(2.0), -np.log(2.0)], [0.0, 0.6, -0.6]),
        ("relu", [0.0, 2.5, -2.5], [0.0, 2.5, 0.0]),
        ("linear", [0.0, 2.5, -2.5], [0.0, 2.5, -2.5]),
        ("softmax", [0.0, np.log(2.0), np.log(5.0)], [0.125, 0.25, 0.625]),
    ],
)
def test_values_worked_out_by_hand(name, z, a):
    assert ACTIVATIONS[name].fn(np.array(z)[:, np.newaxis])[:, 0] == pytest.approx(a, abs=1e-15)


def test_the_sigmoid_of_a_very_negative_input_is_tiny_and_not_zero():
    assert 0 < sigmoid(np.array([-1000.0]))[0] < 1e-300
    assert sigmoid(np.array([-40.0]))[0] == pytest.approx(np.exp(-40.0), rel=1e-12)


def test_softmax_gives_each_example_a_distribution():
    a = SOFTMAX.fn(Z)
    assert (a > 0).all()
    assert a.sum(axis=0) == pytest.approx(np.ones(Z.shape[1]))


def test_softmax_sees_differences_only():
    assert SOFTMAX.fn(Z + 900.0) == pytest.approx(SOFTMAX.fn(Z), rel=1e-10)


def test_relu_has_slope_0_at_its_kink():
    assert RELU.prime(np.zeros((1, 1)), np.zeros((1, 1)))[0, 0] == 0.0
    assert RELU.has_kink


def test_a_neuron_with_another_activation_leaves_the_others_alone():
    mixed = with_exception(with_exception(SIGMOID, 1, RELU), 3, TANH)
    a = mixed.fn(Z)
    expected = SIGMOID.fn(Z)
    expected[1], expected[3] = RELU.fn(Z[1]), TANH.fn(Z[3])
    assert np.array_equal(a, expected)
    slopes = mixed.prime(Z, a)
    assert np.array_equal(slopes[1], RELU.prime(Z[1], a[1]))
    assert np.array_equal(slopes[0], SIGMOID.prime(Z[0], a[0]))
    assert [mixed.of(j).name for j in range(5)] == ["sigmoid", "relu", "sigmoid", "tanh", "sigmoid"]


def test_a_layer_with_one_relu_neuron_has_a_kink():
    assert with_exception(SIGMOID, 0, RELU).has_kink
    assert with_exception(RELU, 0, SIGMOID).has_kink
    assert not with_exception(SIGMOID, 0, TANH).has_kink


def test_a_neuron_that_is_changed_back_leaves_nothing_behind():
    assert with_exception(with_exception(SIGMOID, 1, RELU), 1, SIGMOID) == SIGMOID
    again = with_exception(with_exception(SIGMOID, 1, RELU), 1, TANH)
    assert (again.low, again.high, again.has_kink) == (-1.0, 1.0, False)
