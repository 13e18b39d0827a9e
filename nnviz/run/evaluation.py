"""How well a network does on a data set: its cost and its accuracy."""

from dataclasses import dataclass

import numpy as np

from nnviz.arrays import Array
from nnviz.datasets import Dataset
from nnviz.model.equations import classes
from nnviz.model.network import EVALUATED, Network


@dataclass(frozen=True)
class Evaluation:
    """How well the network does before mini-batch `step`: at the start, then at the end of epochs."""

    step: int
    cost: float  # over the training set, with the L2 term 1/2 lmbda/n sum ||w||^2, as it is minimized
    accuracy: float  # share of the training set classified correctly, 0..1
    held_out_cost: float | None  # mean C_x, without the L2 term; None if the data set holds nothing out
    held_out_accuracy: float | None

    @property
    def tested_cost(self) -> float:
        """Over the held-out examples, or over the training set where nothing is held out."""
        return self.cost if self.held_out_cost is None else self.held_out_cost

    @property
    def tested_accuracy(self) -> float:
        """Over the same examples, 0..1."""
        return self.accuracy if self.held_out_accuracy is None else self.held_out_accuracy


def evaluate(network: Network, data: Dataset, step: int, lmbda: float) -> Evaluation:
    """Cost and accuracy over all examples, before mini-batch `step`."""
    cost, accuracy = performance(network, data, data.training)
    cost += l2_term(network, lmbda, data.n_train)
    if not len(data.held_out):
        return Evaluation(step, cost, accuracy, None, None)
    return Evaluation(step, cost, accuracy, *performance(network, data, data.held_out))


def l2_term(network: Network, lmbda: float, n: int) -> float:
    """1/2 lmbda/n sum ||w||^2 over all layers, as in network2.total_cost."""
    with np.errstate(all="ignore"):
        return 0.5 * (lmbda / n) * sum(float((w**2).sum()) for w in network.weights) if lmbda else 0.0


def performance(network: Network, data: Dataset, rows: Array) -> tuple[float, float]:
    """The mean cost C_x and the share classified correctly (0..1) over these rows of the data set."""
    cost, correct = 0.0, 0
    with np.errstate(all="ignore"):
        for start in range(0, len(rows), EVALUATED):
            some = rows[start : start + EVALUATED]
            a = network.feedforward(data.x(some))
            cost += float(network.cost.fn(a, data.y(some)).sum())
            correct += int((classes(a) == data.labels[some]).sum())
    return cost / len(rows), correct / len(rows)
