"""One mini-batch of a run, with everything that holds there: what is on the screen."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from nnviz.arrays import Array
from nnviz.model.equations import classes
from nnviz.model.network import Network, Trace
from nnviz.model.update_rules import Rates, freeze
from nnviz.run.experiment import Experiment
from nnviz.run.setup import Setup


@dataclass(frozen=True)
class AddedExample:
    """An example that a visitor adds to the mini-batch on the screen, as a drawn digit; the run never learns it."""

    values: tuple[float, ...]  # the input, n_1 numbers
    label: int  # its class, from 0, which stands in its target
    is_meant: bool = True  # False if the label is only the network's answer, since the visitor has not said theirs


@dataclass(frozen=True)
class Moment:
    """One mini-batch of a run, before its update. Its arrays cannot be written to."""

    setup: Setup
    step: int  # counted from 0 over the whole run
    rows: Array  # (m,), which examples of the data set are in the mini-batch
    network: Network  # its parameters before the update, and the activations that hold here
    trace: Trace
    rates: Rates  # what this mini-batch's update uses
    # The mini-batch before, if there is one; it gives None if that one would take long to compute.
    before: Callable[[], "Moment | None"] | None = field(default=None, compare=False)
    added: AddedExample | None = None  # its column in the trace comes after those of `rows`

    @property
    def experiment(self) -> Experiment:
        return self.setup.experiment

    @property
    def m(self) -> int:
        """The number of examples, an added one included."""
        return self.trace.m

    @property
    def change_w(self) -> tuple[Array, ...]:
        """What the update adds to w^l (n_l, n_{l-1}), l = 2..L."""
        return self._changes[0]

    @property
    def change_b(self) -> tuple[Array, ...]:
        """What the update adds to b^l (n_l, 1), l = 2..L."""
        return self._changes[1]

    @cached_property
    def _changes(self) -> tuple[tuple[Array, ...], tuple[Array, ...]]:
        net, trace, rates = self.network, self.trace, self.rates
        rule = net.update_rule.change
        with np.errstate(all="ignore"):  # a run that has diverged shows nan and inf
            change_w = [
                rule(w, nabla_w, memory, rates.eta, rates.decay)[0]
                for w, nabla_w, memory in zip(net.weights, trace.nabla_w, net.weight_memories, strict=True)
            ]
            change_b = [
                rule(b, nabla_b, memory, rates.eta, 0.0)[0] if rates.learn_biases else np.zeros_like(b)
                for b, nabla_b, memory in zip(net.biases, trace.nabla_b, net.bias_memories, strict=True)
            ]
        return freeze(tuple(change_w)), freeze(tuple(change_b))

    @property
    def labels(self) -> Array:
        """The class of each column of the trace."""
        labels = self.setup.data.labels[self.rows]
        return labels if self.added is None else np.append(labels, self.added.label)

    @property
    def predictions(self) -> Array:
        """The class (m,) that the network gives each example."""
        return classes(self.trace.activations[-1])

    def set_by_hand(self, target: str) -> float | None:
        """The value that a parameter, as in w.2.3.7, was set to right before this mini-batch; None if it was not."""
        values = [edit.value for edit in self.setup.edits_at(self.step) if edit.target == target]
        return float(values[-1]) if values else None
