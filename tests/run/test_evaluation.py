import numpy as np
import pytest

from nnviz import Network
from nnviz.run.evaluation import evaluate, performance
from nnviz.run.experiment import Experiment
from nnviz.run.trajectory import Trajectory

RUN = Experiment(hidden=(8,), lmbda=2.0)


def test_cost_and_accuracy_are_what_evaluating_every_example_gives():
    data, network = RUN.data, Trajectory.of(RUN).network_at(300)
    found = evaluate(network, data, 300, 0.0)
    for rows, cost, accuracy in [
        (data.training, found.cost, found.accuracy),
        (data.held_out, found.held_out_cost, found.held_out_accuracy),
    ]:
        outputs = [network.feedforward(data.x([row])) for row in rows]
        costs = [0.5 * ((a - data.y([row])) ** 2).sum() for a, row in zip(outputs, rows, strict=True)]
        right = [int(a.argmax()) == data.labels[row] for a, row in zip(outputs, rows, strict=True)]
        assert cost == pytest.approx(np.mean(costs), rel=1e-12)
        assert accuracy == np.mean(right)


def test_a_data_set_without_held_out_examples_says_so():
    experiment = Experiment(dataset="xor", hidden=(2,), batch=4)
    found = evaluate(Trajectory.of(experiment).network_at(1), experiment.data, 1, 0.0)
    assert found.held_out_cost is None
    assert found.held_out_accuracy is None
    assert 0 <= found.accuracy <= 1


def test_evaluating_in_portions_changes_nothing():
    network, data = Network([64, 8, 10]), RUN.data
    rows = np.arange(1400)  # more than are evaluated at once
    one, other = performance(network, data, rows[:700]), performance(network, data, rows[700:])
    assert performance(network, data, rows) == pytest.approx(np.mean([one, other], axis=0), rel=1e-12)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_thirty_epochs_reach_97_percent_of_the_held_out_digits(seed):
    experiment = Experiment(hidden=(30,), cost="cross-entropy", init="scaled", eta=0.5, seed=seed)
    network = Trajectory.of(experiment).network_at(4500)
    assert evaluate(network, experiment.data, 4500, 0.0).held_out_accuracy >= 0.97
