import numpy as np
import pytest

from nnviz.run.experiment import Experiment
from nnviz.run.monitor import EVALUATIONS, HISTOGRAMS, SAMPLES, Monitor
from nnviz.run.trajectory import Trajectory

SMALL = Experiment(hidden=(8,), cost="cross-entropy", init="scaled", eta=0.5, lmbda=5.0)


def watched(experiment, step):
    run, monitor = Trajectory.of(experiment), Monitor(experiment)
    for _ in monitor.advance(run, step):
        pass
    return run, monitor


@pytest.fixture(scope="module")
def small():
    return watched(SMALL, 450)


def test_the_training_cost_has_the_l2_term_as_network2_adds_it(small):
    run, monitor = small
    network, data = run.network_at(300), SMALL.data
    total = 0.0
    for row in data.training:  # network2.total_cost, one example after another
        a, y = network.feedforward(data.x([row])), data.y([row])
        total += np.sum(np.nan_to_num(-y * np.log(a) - (1 - y) * np.log(1 - a))) / data.n_train
    total += 0.5 * (SMALL.lmbda / data.n_train) * sum(np.linalg.norm(w) ** 2 for w in network.weights)
    assert monitor.evaluations(300)[-1].cost == pytest.approx(total, rel=1e-9)


def test_accuracy_is_the_share_of_the_examples_that_evaluate_counts(small):
    run, monitor = small
    data, network = SMALL.data, run.network_at(150)
    pairs = [(data.inputs[row] / data.scale, data.labels[row]) for row in data.held_out]
    assert monitor.evaluations(150)[-1].held_out_accuracy == network.evaluate(pairs) / len(pairs)


def test_there_is_an_evaluation_at_the_start_and_after_each_epoch(small):
    assert [e.step for e in small[1].evaluations(450)] == [0, 150, 300, 450]


def test_a_sample_holds_the_length_of_the_gradient_and_the_share_of_saturated_neurons(small):
    run, monitor = small
    sample = monitor.samples(450)[5]
    trace = run.trace_at(sample.step)
    for layer, (gradient, saturated) in enumerate(zip(sample.gradients, sample.saturated, strict=True)):
        assert gradient == pytest.approx(np.sqrt((trace.nabla_w[layer] ** 2).sum()))
        assert saturated == (trace.primes[layer] < 0.01).sum() / trace.primes[layer].size
    assert sample.cost == pytest.approx(trace.cost.mean())


def test_what_was_seen_up_to_a_step_holds_nothing_later(small):
    _, monitor = small
    assert max(s.step for s in monitor.samples(200)) <= 200
    assert max(monitor.weights_spread(2, 200).steps) <= 200
    assert len(monitor.weights_spread(2, 200).counts) == len(monitor.weights_spread(2, 200).steps)


def test_each_histogram_counts_every_weight(small):
    run, monitor = small
    for layer, w in enumerate(run.network_at(0).weights, 2):
        assert (monitor.weights_spread(layer, 450).counts.sum(axis=1) == w.size).all()


@pytest.mark.parametrize("stops", [(450,), (7, 8, 100, 150, 151, 450), (450, 10)])
def test_the_way_there_makes_no_difference(small, stops):
    run, monitor = Trajectory.of(SMALL), Monitor(SMALL)
    for stop in stops:
        for _ in monitor.advance(run, stop, at_once=13):
            pass
    assert monitor.evaluations(450) == small[1].evaluations(450)
    assert monitor.samples(450) == small[1].samples(450)


def test_long_runs_keep_a_bounded_number_of_entries():
    experiment = Experiment(dataset="xor", hidden=(2,), batch=1)
    _, monitor = watched(experiment, experiment.steps)
    assert monitor.finished
    assert 100 < len(monitor.evaluations(experiment.steps)) <= EVALUATIONS + 1
    assert 100 < len(monitor.samples(experiment.steps)) <= SAMPLES
    assert 50 < len(monitor.weights_spread(2, experiment.steps).steps) <= HISTOGRAMS
    assert monitor.evaluations(experiment.steps)[-1].held_out_cost is None


def test_a_run_that_diverges_ends_there():
    experiment = Experiment(activation="linear", output="linear", eta=50.0)
    run, monitor = watched(experiment, 4500)
    assert monitor.finished
    assert monitor.diverged == run.divergence.step < 150
    assert monitor.reached < 4500


def test_before_the_first_mini_batch_the_l2_term_is_that_of_the_starting_weights():
    experiment = Experiment(hidden=(4,))
    _, plain = watched(experiment, 0)
    _, with_l2 = watched(Experiment(hidden=(4,), lmbda=5.0), 0)
    weights = Trajectory.of(experiment).network_at(0).weights
    expected = plain.evaluations(0)[0].cost + 0.5 * 5.0 / 1500 * sum((w**2).sum() for w in weights)
    assert with_l2.evaluations(0)[0].cost == pytest.approx(expected)
