"""What if: edits change a run from their mini-batch on, and only from there."""

import numpy as np
import pytest

from nnviz.errors import FieldError
from nnviz.model.gradcheck import check
from nnviz.run.edits import Edit, read_edits
from nnviz.run.experiment import Experiment, Position
from nnviz.run.link import from_params, to_params
from nnviz.run.trajectory import Trajectory


def edited(text: str, **fields: object) -> Trajectory:
    return Trajectory.of(Experiment(hidden=(6, 5), edits=read_edits(text), **fields))


def test_a_weight_is_set_before_its_mini_batch_and_learns_on() -> None:
    run, plain = edited("4:w.2.3.7=1.5"), edited("")
    for step in range(4):
        np.testing.assert_array_equal(run.network_at(step).weights[0], plain.network_at(step).weights[0])
    before = plain.network_at(4).weights[0].copy()
    before[3, 7] = 1.5
    np.testing.assert_array_equal(run.network_at(4).weights[0], before)
    moment = run.moment_at(4)
    np.testing.assert_array_equal(run.network_at(5).weights[0], moment.network.weights[0] + moment.change_w[0])


def test_a_bias_can_be_set_at_the_start() -> None:
    assert edited("0:b.3.2=-4").network_at(0).biases[1][2, 0] == -4


def test_a_rate_changes_from_its_mini_batch_on() -> None:
    run = edited("3:eta=0.25;5:lmbda=15")
    assert [run.moment_at(step).rates.eta for step in range(2, 5)] == [3.0, 0.25, 0.25]
    assert run.moment_at(4).rates.decay == 0
    assert run.moment_at(5).rates.decay == 0.25 * 15 / 1500


@pytest.mark.parametrize("activation", ["relu", "tanh", "linear"])
def test_one_neuron_with_another_activation_keeps_the_gradients_right(activation: str) -> None:
    run = edited(f"2:act.2.3={activation}", init="scaled")
    for step in (1, 2):
        network, trace = run.network_at(step), run.moment_at(step).trace
        assert check(network, trace.x, trace.y).worst < 1e-6
    z, a = trace.zs[0], trace.activations[1]
    expected = {"relu": np.maximum(z[3], 0), "tanh": np.tanh(z[3]), "linear": z[3]}[activation]
    np.testing.assert_array_equal(a[3], expected)
    others = np.arange(6) != 3
    np.testing.assert_allclose(a[others], 1 / (1 + np.exp(-z[others])))


def test_every_route_through_an_edited_run_gives_the_same_bits() -> None:
    text = "0:act.2.3=relu;3:w.2.3.7=1.5;5:eta=0.5;7:b.2.1=0"
    there = [edited(text).network_at(9).weights, edited(text)]
    back = there[1]
    for step in (12, 2, 9, 4, 9):
        found = back.network_at(step).weights
    for one, other in zip(there[0], found, strict=True):
        np.testing.assert_array_equal(one, other)


def test_edits_travel_in_the_link() -> None:
    experiment = Experiment(edits=read_edits("40:w.2.3.7=1.5;150:eta=0.5;0:act.2.3=relu"))
    params = to_params(experiment, Position(3, 2))
    assert params["edits"] == "0:act.2.3=relu;40:w.2.3.7=1.5;150:eta=0.5"
    assert from_params(params) == (experiment, Position(3, 2), [])


@pytest.mark.parametrize(
    "text",
    [
        "x", "1:w.2.0.0", "1:w.2.0=1", "1:w.9.0.0=1", "1:w.2.0.99=1", "999999:eta=1", "1:eta=nan", "1:eta=0",
        "1:w.2.0.0=inf", "1:act.2.0=softmax", "1:act.3.0=relu", "1:act.2.0=evil", "-1:eta=1", "1:q=1", "1:eta.2=1",
        ";".join(f"{i}:eta=1" for i in range(81)), "1:w.2.0.0=" + "9" * 5000,
        "1:w.2.0.0=1_0", "1:eta=٣", "٣:eta=1", "1:w.2.0.٣=1", "1:eta=",
    ],
)  # fmt: skip
def test_a_hostile_edit_gives_a_message_and_is_left_out(text: str) -> None:
    experiment, position, errors = from_params({"edits": text, "eta": "2", "step": "5"})
    assert experiment == Experiment(eta=2.0)
    assert position == Position(5, 0)
    assert [error.field for error in errors] == ["edits"]
    assert "edits must be" in str(errors[0])


def test_an_edit_in_words_counts_from_one() -> None:
    assert Edit(40, "w", (2, 3, 7), 1.5).words() == "weight from neuron 8 to neuron 4 of layer 2 = 1.5 at mini-batch 41"


def test_too_large_a_number_is_refused_by_the_experiment() -> None:
    with pytest.raises(FieldError, match="a number from"):
        Experiment(edits=(Edit(0, "w", (2, 0, 0), 1e9),))


@pytest.mark.parametrize(
    ("text", "one"),
    [
        ("4:w.02.3.7=1.50", "4:w.2.3.7=1.5"),
        ("04:eta=5e-1", "4:eta=0.5"),
        ("4:b.2.1=-0.0", "4:b.2.1=0"),
        ("5:eta=1;4:eta=2", "4:eta=2;5:eta=1"),
        ("4:eta=1;4:eta=2", "4:eta=2"),
    ],
)
def test_equal_edits_have_one_spelling(text: str, one: str) -> None:
    experiment, _, errors = from_params({"edits": text})
    assert errors == []
    assert to_params(experiment, Position())["edits"] == one
    assert experiment == from_params({"edits": one})[0]


def test_a_message_about_a_long_edit_is_short() -> None:
    _, _, (error,) = from_params({"edits": "1:eta." + "9" * 3900 + "=1"})
    assert len(str(error)) < 400
