import numpy as np
import pytest

from nnviz.run.experiment import Experiment
from nnviz.run.mistakes import Review, last_seen, review
from nnviz.run.trajectory import Trajectory

E = Experiment(hidden=(6,))


def test_the_review_agrees_with_the_network_example_by_example():
    network, data = Trajectory.of(E).network_at(200), E.data
    rows = data.held_out[:40]
    found = review(network, data, rows)
    for i, row in enumerate(rows):
        a = network.feedforward(data.x([row]))
        assert found.predictions[i] == a.argmax()
        assert found.costs[i] == pytest.approx(0.5 * ((a - data.y([row])) ** 2).sum())


def test_the_confusion_matrix_counts_classes_in_rows_and_predictions_in_columns():
    found = Review(np.arange(4), np.array([0, 1, 1, 2]), np.array([0, 2, 1, 2]), np.ones(4))
    np.testing.assert_array_equal(found.confusion(3), [[1, 0, 0], [0, 1, 1], [0, 0, 1]])


def test_the_most_wrong_are_the_costliest_of_the_misclassified_and_nan_is_the_worst():
    costs = np.array([9.0, 1.0, 3.0, np.nan, 2.0])
    found = Review(np.arange(5), np.zeros(5, int), np.array([0, 1, 1, 1, 1]), costs)
    assert found.most_wrong(3).tolist() == [3, 2, 4]


@pytest.mark.parametrize("step", [1, 10, 150, 151, 433, 4500])
def test_an_example_was_last_seen_in_the_mini_batch_that_has_it(step):
    run = Trajectory.of(E)
    for row in (0, 7, 1499):
        at, place = last_seen(E, row, step)
        assert run.rows(at)[place] == row
        between = range(at + 1, step)
        assert all(row not in run.rows(other) for other in between)


def test_an_example_not_seen_yet_is_found_in_the_first_epoch():
    at, place = last_seen(E, 3, 0)
    assert at < E.batches_per_epoch
    assert Trajectory.of(E).rows(at)[place] == 3
