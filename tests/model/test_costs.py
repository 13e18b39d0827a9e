import numpy as np
import pytest

from nnviz import Network
from nnviz.errors import NnvizError
from nnviz.model.activations import ACTIVATIONS
from nnviz.model.costs import COSTS, costs_for, output_error_rule

PAIRS = [
    (cost, ACTIVATIONS[output])
    for cost in COSTS.values()
    for output, activation in ACTIVATIONS.items()
    if cost.rule_for(activation)
]
REFUSED = [
    (cost, output) for cost in COSTS.values() for output in ACTIVATIONS.values() if cost.rule_for(output) is None
]
EVERY = pytest.mark.parametrize("cost", COSTS.values(), ids=list(COSTS))


def named(pairs):
    return [f"{cost.name} with {output.name}" for cost, output in pairs]


def outputs_and_targets():
    """a strictly between 0 and 1 and one-hot y, (3, 4) each."""
    rng = np.random.default_rng(1)
    return rng.uniform(0.05, 0.95, (3, 4)), np.eye(3)[[0, 2, 1, 1]].T


@EVERY
def test_nabla_a_is_the_slope_of_the_cost(cost):
    a, y = outputs_and_targets()
    h = 1e-6
    for j in range(len(a)):
        nudge = np.zeros_like(a)
        nudge[j] = h
        slope = (cost.fn(a + nudge, y) - cost.fn(a - nudge, y)) / (2 * h)
        assert cost.nabla_a(a, y)[j] == pytest.approx(slope, rel=1e-7, abs=1e-9)


@EVERY
def test_every_example_has_its_own_cost(cost):
    a, y = outputs_and_targets()
    together = cost.fn(a, y)
    alone = [cost.fn(a[:, [x]], y[:, [x]])[0] for x in range(4)]
    assert together.shape == (4,)
    assert together == pytest.approx(alone, rel=1e-14)


@EVERY
def test_costs_and_slopes_are_finite_and_free_of_warnings_at_0_and_1(cost):
    a = np.array([[0.0, 1.0, 0.0, 1.0], [1.0, 0.0, 1.0, 0.0]])
    y = np.array([[0.0, 0.0, 1.0, 1.0], [1.0, 1.0, 0.0, 0.0]])
    with np.errstate(all="raise"):
        assert np.isfinite(cost.fn(a, y)).all()
        assert np.isfinite(cost.nabla_a(a, y)).all()


@EVERY
def test_a_perfect_output_costs_nothing_and_a_wrong_one_something(cost):
    y = np.eye(2)
    assert cost.fn(y, y) == pytest.approx([0.0, 0.0], abs=1e-12)
    assert (cost.fn(1.0 - y, y) > 0.5).all()


@pytest.mark.parametrize(
    ("name", "c"),
    [
        ("quadratic", 0.5 * (0.75**2 + 0.5**2)),
        ("cross-entropy", -(np.log(0.25) + np.log(0.5))),
        ("log-likelihood", -np.log(0.25)),
    ],
)
def test_costs_worked_out_by_hand(name, c):
    a, y = np.array([[0.25], [0.5]]), np.array([[1.0], [0.0]])
    assert COSTS[name].fn(a, y)[0] == pytest.approx(c, rel=1e-14)


@pytest.mark.parametrize(("cost", "output"), PAIRS, ids=named(PAIRS))
def test_the_output_error_is_the_slope_of_the_cost_by_z(cost, output):
    z = np.random.default_rng(2).uniform(0.2, 2.0, (3, 4)) * [[1], [-1], [1]]  # away from the kink of relu
    _, y = outputs_and_targets()
    a = output.fn(z)
    rule = output_error_rule(cost, output)
    delta = rule.fn(cost.nabla_a(a, y), output.prime(z, a), a, y)
    h = 1e-6
    for j in range(len(z)):
        nudge = np.zeros_like(z)
        nudge[j] = h
        slope = (cost.fn(output.fn(z + nudge), y) - cost.fn(output.fn(z - nudge), y)) / (2 * h)
        assert delta[j] == pytest.approx(slope, rel=1e-6, abs=1e-8)


@pytest.mark.parametrize(("cost", "output"), REFUSED, ids=named(REFUSED))
def test_a_pair_that_makes_no_sense_is_refused_with_the_pairs_that_do(cost, output):
    with pytest.raises(NnvizError) as caught:
        Network([2, 3, 2], output=output.name, cost=cost.name)
    message = str(caught.value)
    assert f"cost {cost.name} does not go with output {output.name}" in message
    for other in COSTS.values():
        outputs = [name for name, activation in ACTIVATIONS.items() if other.rule_for(activation)]
        assert f"{other.name} with {', '.join(outputs)}" in message


def test_every_output_has_a_cost_and_the_chain_rule_needs_neurons_that_do_not_depend_on_each_other():
    assert {output: costs_for(output) for output in ACTIVATIONS} == {
        "sigmoid": ["quadratic", "cross-entropy"],
        "tanh": ["quadratic"],
        "relu": ["quadratic"],
        "linear": ["quadratic"],
        "softmax": ["log-likelihood"],
    }


def test_the_names_are_those_of_the_links():
    assert list(COSTS) == [cost.name for cost in COSTS.values()] == ["quadratic", "cross-entropy", "log-likelihood"]


@pytest.mark.parametrize("total", [0.0, 0.3, 1.0, 2.5])
def test_softmax_has_the_right_error_for_targets_that_do_not_sum_to_1(total):
    z = np.random.default_rng(3).standard_normal((3, 4))
    y = np.random.default_rng(4).random((3, 4))
    y *= total / y.sum(axis=0)
    cost, softmax = COSTS["log-likelihood"], ACTIVATIONS["softmax"]
    a = softmax.fn(z)
    delta = output_error_rule(cost, softmax).fn(cost.nabla_a(a, y), softmax.prime(z, a), a, y)
    h = 1e-6
    for j in range(3):
        nudge = np.zeros_like(z)
        nudge[j] = h
        slope = (cost.fn(softmax.fn(z + nudge), y) - cost.fn(softmax.fn(z - nudge), y)) / (2 * h)
        assert delta[j] == pytest.approx(slope, rel=1e-6, abs=1e-8)


@pytest.mark.parametrize(("cost", "output"), PAIRS, ids=named(PAIRS))
def test_the_summands_of_an_output_error_add_up_to_it(cost, output):
    rule = output_error_rule(cost, output)
    a, y = np.array([[0.2], [0.7], [0.1]]), np.array([[0.0], [1.5], [0.25]])
    delta = rule.fn(cost.nabla_a(a, y), output.prime(a, a), a, y)
    for j in range(3) if rule.summands else ():
        parts = [part.factor(y[:, 0], j) * (a[j, 0] if part.of_activation else 1.0) for part in rule.summands]
        assert sum(parts) == pytest.approx(delta[j, 0], rel=1e-14)
