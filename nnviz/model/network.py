"""The network of Michael Nielsen's book, computed over a whole mini-batch at a time.

Source: M. Nielsen, *Neural Networks and Deep Learning* (2015), chapters 1 to 3, network.py and network2.py.
"""

import json
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from nnviz.arrays import Array
from nnviz.errors import FieldError, NnvizError, StorageError
from nnviz.model import equations
from nnviz.model.activations import ACTIVATIONS, Activation, hidden_activations, with_exception
from nnviz.model.costs import COSTS, output_error_rule
from nnviz.model.equations import classes, epoch_order
from nnviz.model.initializers import INITIALIZERS, sample_parameters
from nnviz.model.update_rules import UPDATE_RULES, Memory, Rates, TrainingState

T = TypeVar("T")
FORMAT = 1  # of the field "nnviz" in a saved network
GATHERED_BYTES = 16 * 2**20  # of shuffled examples that SGD copies at once
EVALUATED = 1000  # examples that are evaluated at once


@dataclass(frozen=True)
class Trace:
    """Everything that one mini-batch of m examples computes from the parameters.

    Tuples over layers start at layer 2, like `weights` and `biases`; `activations` alone starts at layer 1.
    """

    x: Array  # (n_1, m), one column for each example
    y: Array  # (n_L, m), the targets
    zs: tuple[Array, ...]  # z^l (n_l, m), l = 2..L
    activations: tuple[Array, ...]  # a^l (n_l, m), l = 1..L
    primes: tuple[Array, ...]  # sigma'(z^l) (n_l, m), l = 2..L
    cost: Array  # C_x of each example (m,)
    nabla_a: Array  # dC_x/da^L (n_L, m)
    deltas: tuple[Array, ...]  # dC_x/dz^l (n_l, m), l = 2..L
    nabla_b: tuple[Array, ...]  # dC/db^l (n_l, 1), the mean over the mini-batch, l = 2..L
    nabla_w: tuple[Array, ...]  # dC/dw^l (n_l, n_{l-1}), the mean over the mini-batch, l = 2..L

    @property
    def m(self) -> int:
        """The number of examples in the mini-batch."""
        return self.x.shape[1]

    @property
    def arrays(self) -> tuple[Array, ...]:
        """All arrays of the trace, each once."""
        forward = (self.x, self.y, *self.zs, *self.activations[1:], *self.primes, self.cost)
        return (*forward, self.nabla_a, *self.deltas, *self.nabla_b, *self.nabla_w)

    def gradients_of(self, example: int) -> tuple[tuple[Array, ...], tuple[Array, ...]]:
        """(nabla_b, nabla_w) of C_x for one example 0..m-1 of the mini-batch, each over l = 2..L."""
        if not 0 <= example < self.m:
            raise FieldError("example", example, f"a number from 0 to {self.m - 1}")
        column = slice(example, example + 1)
        pairs = [
            equations.gradients(delta[:, column], a[:, column])
            for delta, a in zip(self.deltas, self.activations[:-1], strict=True)
        ]
        return tuple(b for b, _ in pairs), tuple(w for _, w in pairs)


class Network:
    """A dense feedforward network; the class of the book's network.py and network2.py, with its names and meanings.

    `weights[i]` has shape (n_l, n_{l-1}) and `biases[i]` (n_l, 1) for l = i + 2, as in the book.
    """

    def __init__(
        self,
        sizes: Sequence[int],
        *,
        activation: str = "sigmoid",
        output: str = "sigmoid",
        cost: str = "quadratic",
        init: str = "large",
        update: str = "gradient descent",
        seed: int = 0,
    ) -> None:
        self.sizes = [positive("sizes", n) for n in sizes]
        if len(self.sizes) < 2:
            raise FieldError("sizes", list(sizes), "two or more layer sizes")
        self.num_layers = len(self.sizes)
        self.seed = seed
        hidden = chosen("activation", activation, hidden_activations())
        self.activations = [hidden] * (self.num_layers - 2) + [chosen("output", output, ACTIVATIONS)]
        self.cost = chosen("cost", cost, COSTS)
        self.output_rule = output_error_rule(self.cost, self.activations[-1])
        self.update_rule = chosen("update", update, UPDATE_RULES)
        self._initialize(chosen("init", init, INITIALIZERS).name)

    def default_weight_initializer(self) -> None:
        """Start again from w ~ N(0, 1/n_in), b ~ N(0, 1), drawn with the network's seed; as in network2.py."""
        self._initialize("scaled")

    def large_weight_initializer(self) -> None:
        """Start again from w, b ~ N(0, 1), drawn with the network's seed; as in network2.py."""
        self._initialize("large")

    def _initialize(self, init: str) -> None:
        self.weights, self.biases = sample_parameters(INITIALIZERS[init], tuple(self.sizes), self.seed)
        self.weight_memories: list[Memory] = [self.update_rule.start(w) for w in self.weights]
        self.bias_memories: list[Memory] = [self.update_rule.start(b) for b in self.biases]

    # State and twins

    @property
    def state(self) -> TrainingState:
        """Everything that training changes, as one value; it shares the network's arrays."""
        memories = tuple(self.weight_memories), tuple(self.bias_memories)
        return TrainingState(tuple(self.weights), tuple(self.biases), *memories)

    def with_state(self, state: TrainingState) -> "Network":
        """A network like this one in that state. The arrays are shared and never changed in place."""
        twin = self.with_parameters(state.weights, state.biases)
        twin.weight_memories = list(state.weight_memories) or twin.weight_memories
        twin.bias_memories = list(state.bias_memories) or twin.bias_memories
        return twin

    def with_parameters(self, weights: Iterable[Array], biases: Iterable[Array]) -> "Network":
        """A network like this one with other parameters. The arrays are shared and never changed in place."""
        twin = copy(self)
        twin.weights, twin.biases = list(weights), list(biases)
        twin.weight_memories, twin.bias_memories = list(self.weight_memories), list(self.bias_memories)
        return twin

    def with_neuron(self, layer: int, j: int, activation: str) -> "Network":
        """A network like this one in which neuron j, from 0, of a hidden layer has another activation."""
        if not 2 <= layer < self.num_layers or not 0 <= j < self.sizes[layer - 1]:
            raise FieldError("neuron", f"{j} of layer {layer}", "a neuron of a hidden layer")
        twin = copy(self)
        twin.activations = list(self.activations)
        neuron = chosen("activation", activation, hidden_activations())
        twin.activations[layer - 2] = with_exception(twin.activations[layer - 2], j, neuron)
        return twin

    def activation_of(self, layer: int, j: int) -> Activation:
        """The activation of neuron j, from 0, of layer 2..L."""
        return self.activations[layer - 2].of(j)

    # One mini-batch

    def feedforward(self, a: Array) -> Array:
        """The output for the input `a`: one example (n_1, 1) or flat, or a mini-batch (n_1, m)."""
        a = columns("a", a, self.sizes[0])
        for w, b, activation in zip(self.weights, self.biases, self.activations, strict=True):
            _, a = equations.feedforward(w, b, a, activation)
        return a

    def trace(self, x: Array, y: Array) -> Trace:
        """Feedforward and backpropagation for a mini-batch: x (n_1, m), y (n_L, m)."""
        x, y = columns("x", x, self.sizes[0]), columns("y", y, self.sizes[-1])
        if x.shape[1] != y.shape[1]:
            raise NnvizError(f"x has {x.shape[1]} examples and y has {y.shape[1]}; they must have as many")
        zs, activations, primes = self._forward(x)
        nabla_a, deltas = self._backward(activations[-1], y, primes)
        nablas = [equations.gradients(delta, a) for delta, a in zip(deltas, activations[:-1], strict=True)]
        return Trace(
            x=x,
            y=y,
            zs=tuple(zs),
            activations=tuple(activations),
            primes=tuple(primes),
            cost=self.cost.fn(activations[-1], y),
            nabla_a=nabla_a,
            deltas=tuple(deltas),
            nabla_b=tuple(nabla_b for nabla_b, _ in nablas),
            nabla_w=tuple(nabla_w for _, nabla_w in nablas),
        )

    def gradient_step(self, x: Array, y: Array, rates: Rates) -> None:
        """Feedforward, backpropagation and update for the mini-batch x (n_1, m), y (n_L, m).

        The parameters are replaced, never changed in place: a state taken before keeps its own.
        """
        _, activations, primes = self._forward(x)
        _, deltas = self._backward(activations[-1], y, primes)
        weights, biases = list(self.weights), list(self.biases)
        weight_memories, bias_memories = list(self.weight_memories), list(self.bias_memories)
        change = self.update_rule.change
        for i, delta in enumerate(deltas):
            w, b = self.weights[i], self.biases[i]
            nabla_b, nabla_w = equations.gradients(delta, activations[i])
            change_w, weight_memories[i] = change(w, nabla_w, self.weight_memories[i], rates.eta, rates.decay)
            weights[i] = w + change_w
            if rates.learn_biases:
                change_b, bias_memories[i] = change(b, nabla_b, self.bias_memories[i], rates.eta, 0.0)
                biases[i] = b + change_b
        self.weights, self.biases = weights, biases
        self.weight_memories, self.bias_memories = weight_memories, bias_memories

    def _forward(self, x: Array) -> tuple[list[Array], list[Array], list[Array]]:
        """z^l, a^l and sigma'(z^l): l = 2..L, 1..L and 2..L."""
        zs, activations, primes = [], [x], []
        for w, b, activation in zip(self.weights, self.biases, self.activations, strict=True):
            z, a = equations.feedforward(w, b, activations[-1], activation)
            zs.append(z)
            activations.append(a)
            primes.append(activation.prime(z, a))
        return zs, activations, primes

    def _backward(self, a: Array, y: Array, primes: list[Array]) -> tuple[Array, list[Array]]:
        """nabla_a C and delta^l, l = 2..L."""
        nabla_a, delta = equations.output_error(a, y, primes[-1], self.cost, self.output_rule)
        deltas = [delta]
        for l in range(self.num_layers - 1, 1, -1):
            deltas.append(equations.backpropagate(self.weights[l - 1], deltas[-1], primes[l - 2]))
        return nabla_a, deltas[::-1]

    # The methods of the book

    def SGD(
        self,
        training_data: Iterable,
        epochs: int,
        mini_batch_size: int,
        eta: float,
        *,
        lmbda: float = 0.0,
        test_data: Iterable | None = None,
        evaluation_data: Iterable | None = None,
        monitor_evaluation_cost: bool = False,
        monitor_evaluation_accuracy: bool = False,
        monitor_training_cost: bool = False,
        monitor_training_accuracy: bool = False,
        early_stopping_n: int = 0,
    ) -> tuple[list[float], list[int], list[float], list[int]]:
        """Stochastic gradient descent as in network.py and network2.py, printing lines for each epoch.

        `training_data` holds pairs (x, y) of columns or flat vectors; `test_data` and `evaluation_data` pairs
        (x, label) with a class number or a one-hot vector. Epoch e is shuffled by a generator seeded with (seed, e).
        Returns network2.py's four lists, with an entry for each epoch of what is monitored: evaluation cost,
        evaluation accuracy, training cost, training accuracy. Accuracies are counts of examples.
        `early_stopping_n`: stop after this many epochs without a better accuracy on `evaluation_data`; 0: never.
        """
        x, y = stacked(training_data, self.sizes[0], self.sizes[-1])
        test = None if test_data is None else self._labelled(test_data)
        evaluation = None if evaluation_data is None else self._labelled(evaluation_data)
        monitored = monitor_evaluation_cost or monitor_evaluation_accuracy or early_stopping_n
        if monitored and evaluation is None:
            raise FieldError("evaluation_data", None, "given if it is monitored or early_stopping_n is set")
        training = x.T, y.T, classes(y.T)
        held_out = evaluation or training  # nothing is measured on it without evaluation data
        monitors = (
            (monitor_evaluation_cost, "Cost on evaluation data", lambda: self._cost_of(*held_out[:2], lmbda)),
            (monitor_evaluation_accuracy, "Accuracy on evaluation data", lambda: self._correct(held_out)),
            (monitor_training_cost, "Cost on training data", lambda: self._cost_of(x.T, y.T, lmbda)),
            (monitor_training_accuracy, "Accuracy on training data", lambda: self._correct(training)),
        )
        history: tuple[list, ...] = ([], [], [], [])
        best, best_epoch = -1, 0
        for epoch in range(epochs):
            self._learn_epoch(x, y, epoch, mini_batch_size, Rates(eta, lmbda, len(x)))
            if test is None:
                print(f"Epoch {epoch} complete")
            else:
                print(f"Epoch {epoch}: {self._correct(test)} / {len(test[2])}")
            for entries, (is_on, title, measure) in zip(history, monitors, strict=True):
                if is_on:
                    entries.append(measure())
                    print(f"{title}: {entries[-1]}")
            if early_stopping_n:
                accuracy = self._correct(held_out)
                if accuracy > best:
                    best, best_epoch = accuracy, epoch
                if epoch - best_epoch >= early_stopping_n:
                    print(f"Stopped: no better accuracy in {early_stopping_n} epochs")
                    break
        return history

    def _learn_epoch(self, x: Array, y: Array, epoch: int, m: int, rates: Rates) -> None:
        """One epoch over x (n, n_1), y (n, n_L), which hold an example a row. Many are gathered at once."""
        order = epoch_order(self.seed, epoch, len(x))
        gathered = max(GATHERED_BYTES // x[0].nbytes // m, 1) * m
        for first in range(0, len(x), gathered):
            rows = order[first : first + gathered]
            some_x, some_y = x[rows], y[rows]
            for start in range(0, len(rows), m):
                self.gradient_step(some_x[start : start + m].T, some_y[start : start + m].T, rates)

    def update_mini_batch(self, mini_batch: Iterable, eta: float, lmbda: float = 0.0, n: int | None = None) -> None:
        """One step of gradient descent on pairs (x, y); `n`, the size of the training set, is needed for L2."""
        if lmbda and n is None:
            raise FieldError("n", n, "the size of the training set if lmbda is not 0")
        x, y = stacked(mini_batch, self.sizes[0], self.sizes[-1])
        self.gradient_step(x.T, y.T, Rates(eta, lmbda, n or 1))

    def backprop(self, x: Array, y: Array) -> tuple[list[Array], list[Array]]:
        """(nabla_b, nabla_w) of C_x for one example, layer by layer, shaped like `biases` and `weights`."""
        trace = self.trace(x, y)
        return list(trace.nabla_b), list(trace.nabla_w)

    def evaluate(self, test_data: Iterable) -> int:
        """How many of the pairs (x, label) are classified correctly; a label is a class number or one-hot."""
        return self._correct(self._labelled(test_data))

    def accuracy(self, data: Iterable, convert: bool = False) -> int:
        """How many of the pairs are classified correctly; network2.py's name for `evaluate`.

        network2.py needs `convert=True` for training data, whose labels are vectors. Both kinds of label are
        recognized here, so that `convert` changes nothing.
        """
        return self.evaluate(data)

    def total_cost(self, data: Iterable, lmbda: float, convert: bool = False) -> float:
        """The mean of C_x over the pairs, with the L2 term 1/2 lmbda/n sum ||w||^2, n: the number of pairs.

        network2.py needs `convert=True` for labels that are class numbers. Both kinds are recognized here.
        """
        return self._cost_of(*self._labelled(data)[:2], lmbda)

    def cost_derivative(self, output_activations: Array, y: Array) -> Array:
        """nabla_a C: the partial derivatives of C_x by the output activations, shaped like them."""
        a = np.asarray(output_activations, dtype=float)
        return self.cost.nabla_a(a, np.asarray(y, dtype=float).reshape(a.shape))

    def save(self, filename: str | PathLike) -> None:
        """Save the network as JSON, as network2.py does; `nnviz.files.networks.load` reads it."""
        Path(filename).write_text(json.dumps(self.to_dict(), allow_nan=False), encoding="utf-8")

    def to_dict(self) -> dict[str, Any]:
        """The network as network2.py writes it, with a field "nnviz" for what the book's networks do not have."""
        return {
            "sizes": list(self.sizes),
            "weights": [w.tolist() for w in self.weights],
            "biases": [b.tolist() for b in self.biases],
            "cost": self.cost.book_name,
            "nnviz": {"format": FORMAT, **self.names},
        }

    @property
    def names(self) -> dict[str, str]:
        """activation, output and cost by name. Raises StorageError if the hidden neurons differ."""
        hidden = {a.name for a in self.activations[:-1]}
        if len(hidden) > 1 or any(a.exceptions for a in self.activations):
            raise StorageError("a network whose hidden neurons have different activations cannot be saved")
        return {
            "activation": hidden.pop() if hidden else "sigmoid",
            "output": self.activations[-1].name,
            "cost": self.cost.name,
        }

    def _labelled(self, data: Iterable) -> tuple[Array, Array, Array]:
        """x (n_1, n), y (n_L, n) and the classes (n,) of pairs (x, label)."""
        pairs = list(data)
        x = [flat("x", x, self.sizes[0]) for x, _ in pairs]
        y = [self._target_of(label) for _, label in pairs]
        shaped_x, shaped_y = np.reshape(x, (-1, self.sizes[0])).T, np.reshape(y, (-1, self.sizes[-1])).T
        return shaped_x, shaped_y, classes(shaped_y)

    def _target_of(self, label: object) -> Array:
        """The target (n_L,) that a class number or a one-hot vector means."""
        vector = np.asarray(label, dtype=float).ravel()
        if vector.size == self.sizes[-1]:
            return vector
        if vector.size == 1 and vector[0] in range(self.sizes[-1]):
            return np.eye(self.sizes[-1])[int(vector[0])]
        accepted = f"a class number from 0 to {max(self.sizes[-1] - 1, 1)} or {self.sizes[-1]} numbers"
        raise FieldError("label", label, accepted)

    def _correct(self, data: tuple[Array, Array, Array]) -> int:
        x, _, labels = data
        return int((classes(self.feedforward(x)) == labels).sum()) if len(labels) else 0

    def _cost_of(self, x: Array, y: Array, lmbda: float) -> float:
        n = x.shape[1]
        if not n:
            raise NnvizError("the data hold no pair (x, label); at least one is needed")
        parts = (slice(first, first + EVALUATED) for first in range(0, n, EVALUATED))
        cost = sum(float(self.cost.fn(self.feedforward(x[:, some]), y[:, some]).sum()) for some in parts) / n
        return cost + 0.5 * (lmbda / n) * sum(float((w**2).sum()) for w in self.weights)


def stacked(pairs: Iterable, n_x: int, n_y: int) -> tuple[Array, Array]:
    """Pairs (x, y) of columns or flat vectors as two arrays with one example a row: (n, n_x) and (n, n_y)."""
    pairs = list(pairs)
    if not pairs:
        raise NnvizError("the data hold no pair (x, y); at least one is needed")
    x, y = np.empty((len(pairs), n_x)), np.empty((len(pairs), n_y))
    for row, (one, target) in enumerate(pairs):
        x[row], y[row] = flat("x", one, n_x), flat("y", target, n_y)
    return x, y


def flat(field: str, value: object, size: int) -> Array:
    vector = np.asarray(value, dtype=float).ravel()
    if vector.size != size:
        raise FieldError(field, f"{vector.size} numbers", f"a vector of {size} numbers")
    return vector


def columns(field: str, value: object, size: int) -> Array:
    """A copy of `value` as (size, m): a flat vector becomes one column."""
    array = np.array(value, dtype=float)
    array = array.reshape(-1, 1) if array.ndim < 2 else array
    if array.ndim != 2 or array.shape[0] != size or array.shape[1] < 1:
        raise FieldError(
            field, f"an array of shape {array.shape}", f"of shape ({size}, m), one column for each example"
        )
    return array


def chosen(field: str, name: str, registry: dict[str, T]) -> T:
    if name not in registry:
        raise FieldError(field, name, f"one of {', '.join(registry)}")
    return registry[name]


def positive(field: str, value: object) -> int:
    if not isinstance(value, int | np.integer) or isinstance(value, bool) or value < 1:
        raise FieldError(field, value, "whole numbers of at least 1")
    return int(value)
