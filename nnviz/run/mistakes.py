"""Which classes a trained network confuses, and which examples it gets most wrong."""

from dataclasses import dataclass

import numpy as np

from nnviz.arrays import Array
from nnviz.datasets import Dataset
from nnviz.model.equations import classes, epoch_order
from nnviz.model.network import EVALUATED, Network
from nnviz.run.experiment import Experiment


@dataclass(frozen=True)
class Review:
    """What the network makes of some examples of the data set."""

    rows: Array  # (N,), which examples
    labels: Array  # (N,), their classes
    predictions: Array  # (N,), what the network says
    costs: Array  # (N,), C_x of each

    def confusion(self, n_classes: int) -> Array:
        """(class, prediction): how many examples of a class were taken for each class."""
        table = np.zeros((n_classes, n_classes), dtype=int)
        np.add.at(table, (self.labels, self.predictions), 1)
        return table

    def most_wrong(self, most: int) -> Array:
        """Indices into `rows` of the misclassified examples, the costliest first."""
        wrong = np.flatnonzero(self.labels != self.predictions)
        order = np.argsort(-np.nan_to_num(self.costs[wrong], nan=np.inf), kind="stable")
        return wrong[order][:most]


def review(network: Network, data: Dataset, rows: Array) -> Review:
    """What the network makes of these examples."""
    predictions, costs = np.zeros(len(rows), dtype=int), np.zeros(len(rows))
    with np.errstate(all="ignore"):
        for start in range(0, len(rows), EVALUATED):
            some = slice(start, start + EVALUATED)
            a = network.feedforward(data.x(rows[some]))
            predictions[some] = classes(a)
            costs[some] = network.cost.fn(a, data.y(rows[some]))
    return Review(rows, data.labels[rows], predictions, costs)


def last_seen(experiment: Experiment, row: int, step: int) -> tuple[int, int]:
    """The last mini-batch before `step` that has a training example, and the example's place in it, both from 0.

    Where the run has not come to the example yet, it is the first mini-batch that will have it.
    """
    per_epoch, m = experiment.batches_per_epoch, experiment.batch
    for epoch in range(max(step - 1, 0) // per_epoch, -1, -1):
        order = epoch_order(experiment.seed, epoch, experiment.data.n_train)
        batch, place = divmod(int(np.flatnonzero(order == row)[0]), m)
        at = epoch * per_epoch + batch
        if at < step or epoch == 0:
            return at, place
    raise AssertionError("epoch 0 has every training example")
