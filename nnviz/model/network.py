"""The network of Michael Nielsen's book, computed over a whole mini-batch at a time.

Layers are counted l = 1..L as in *Neural Networks and Deep Learning*, chapter 2; layer 1 is the input. Examples are
columns, so that each equation of the book is one line here. The functions before the classes are the phases of one
mini-batch; the app shows their source beside the picture of what they compute.
"""

import json
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from nnviz.arrays import Array
from nnviz.errors import FieldError, NnvizError, StorageError
from nnviz.model.activations import ACTIVATIONS, HIDDEN, Activation, with_exception
from nnviz.model.costs import COSTS, Cost, OutputError, output_error_rule
from nnviz.model.initializers import INITIALIZERS, draw

T = TypeVar("T")
FORMAT = 1  # of the field "nnviz" in a saved network


def feedforward(w: Array, b: Array, a: Array, activation: Activation) -> tuple[Array, Array]:
    z = w @ a + b  # (n_l, n_{l-1}) @ (n_{l-1}, m) + (n_l, 1) -> (n_l, m)
    return z, activation.fn(z)


def output_error(a: Array, y: Array, prime: Array, cost: Cost, rule: OutputError) -> tuple[Array, Array]:
    nabla_a = cost.nabla_a(a, y)  # (n_L, m)
    # BP1: delta^L = nabla_a C (.) sigma'(z^L)
    delta = rule.fn(nabla_a, prime, a, y)  # (n_L, m)
    return nabla_a, delta


def backpropagate(w_next: Array, delta_next: Array, prime: Array) -> Array:
    # BP2: delta^l = ((w^{l+1})^T delta^{l+1}) (.) sigma'(z^l)
    return (w_next.T @ delta_next) * prime  # (n_l, m)


def gradients(delta: Array, a_before: Array, share: float) -> tuple[Array, Array]:
    weighted = share * delta  # each of the m examples counts `share`: 1/m for the mean over the mini-batch
    # BP3: dC/db^l = delta^l, summed over the examples
    nabla_b = weighted.sum(axis=1, keepdims=True)  # (n_l, 1)
    # BP4: dC/dw^l = delta^l (a^{l-1})^T, summed over the examples
    nabla_w = weighted @ a_before.T  # (n_l, m) @ (m, n_{l-1}) -> (n_l, n_{l-1})
    return nabla_b, nabla_w


def change(w: Array, delta: Array, a_before: Array, eta: float, decay: float) -> tuple[Array, Array]:
    # The book's rule: b -> b - (eta/m) sum_x delta^{x,l}, w -> w - (eta/m) sum_x delta^{x,l} (a^{x,l-1})^T
    change_b, change_w = gradients(delta, a_before, -eta / delta.shape[1])
    if decay:  # L2: w -> (1 - decay) w - eta dC/dw, where decay = eta lmbda / n
        change_w -= decay * w
    return change_b, change_w


def moved(w: Array, b: Array, delta: Array, a_before: Array, eta: float, decay: float) -> tuple[Array, Array]:
    after_b, after_w = change(w, delta, a_before, eta, decay)
    after_b += b
    after_w += w
    return after_b, after_w


@dataclass(frozen=True)
class Trace:
    """Everything that one mini-batch of m examples computes.

    Tuples over layers start at layer 2, like `weights` and `biases`; `activations` alone starts at layer 1.
    """

    weights: tuple[Array, ...]  # w^l (n_l, n_{l-1}), l = 2..L: as they were for this mini-batch
    biases: tuple[Array, ...]  # b^l (n_l, 1), l = 2..L
    x: Array  # (n_1, m), one column for each example
    y: Array  # (n_L, m), the targets
    zs: tuple[Array, ...]  # z^l (n_l, m), l = 2..L
    activations: tuple[Array, ...]  # a^l (n_l, m), l = 1..L
    primes: tuple[Array, ...]  # sigma'(z^l) (n_l, m), l = 2..L
    nabla_a: Array  # dC_x/da^L (n_L, m)
    deltas: tuple[Array, ...]  # dC_x/dz^l (n_l, m), l = 2..L
    nabla_b: tuple[Array, ...]  # dC/db^l (n_l, 1), the mean over the mini-batch, l = 2..L
    nabla_w: tuple[Array, ...]  # dC/dw^l (n_l, n_{l-1}), the mean over the mini-batch, l = 2..L
    cost_function: Cost

    @property
    def m(self) -> int:
        """The number of examples in the mini-batch."""
        return self.x.shape[1]

    @cached_property
    def cost(self) -> Array:
        """C_x of each example (m,)."""
        return self.cost_function.fn(self.activations[-1], self.y)

    def gradients_of(self, example: int) -> tuple[tuple[Array, ...], tuple[Array, ...]]:
        """(nabla_b, nabla_w) of C_x for one example 0..m-1 of the mini-batch, each over l = 2..L."""
        if not 0 <= example < self.m:
            raise FieldError("example", example, f"a number from 0 to {self.m - 1}")
        column = slice(example, example + 1)
        pairs = [
            gradients(delta[:, column], a[:, column], share=1.0)
            for delta, a in zip(self.deltas, self.activations[:-1], strict=True)
        ]
        return tuple(b for b, _ in pairs), tuple(w for _, w in pairs)


class Network:
    """A dense feedforward network; the class of the book's network.py, with its names and meanings.

    `weights[i]` has shape (n_l, n_{l-1}) and `biases[i]` (n_l, 1) for l = i + 2, as in the book.
    Source: M. Nielsen, *Neural Networks and Deep Learning* (2015), chapters 1 to 3.
    """

    def __init__(
        self,
        sizes: Sequence[int],
        *,
        activation: str = "sigmoid",
        output: str = "sigmoid",
        cost: str = "quadratic",
        init: str = "large",
        seed: int = 0,
        learn_biases: bool = True,
    ) -> None:
        self.sizes = [positive("sizes", n) for n in sizes]
        if len(self.sizes) < 2:
            raise FieldError("sizes", list(sizes), "two or more layer sizes")
        self.num_layers = len(self.sizes)
        self.seed = seed
        self.learn_biases = learn_biases
        hidden = chosen("activation", activation, HIDDEN)
        self.activations = [hidden] * (self.num_layers - 2) + [chosen("output", output, ACTIVATIONS)]
        self.cost = chosen("cost", cost, COSTS)
        self.output_rule = output_error_rule(self.cost, self.activations[-1])
        self.weights, self.biases = draw(chosen("init", init, INITIALIZERS), tuple(self.sizes), seed)

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

    def to_dict(self) -> dict[str, Any]:
        """The network as network2.py writes it, with a field "nnviz" for what the book's networks do not have."""
        return {
            "sizes": list(self.sizes),
            "weights": [w.tolist() for w in self.weights],
            "biases": [b.tolist() for b in self.biases],
            "cost": self.cost.book_name,
            "nnviz": {"format": FORMAT, **self.names},
        }

    def save(self, filename: str | PathLike) -> None:
        """Save the network as JSON, as the book's network2.py does; `nnviz.files.networks.load` reads it."""
        Path(filename).write_text(json.dumps(self.to_dict(), allow_nan=False), encoding="utf-8")

    def with_parameters(self, weights: Iterable[Array], biases: Iterable[Array]) -> "Network":
        """A network like this one with other parameters, which it shares and never changes in place."""
        twin = copy(self)
        twin.weights, twin.biases = list(weights), list(biases)
        return twin

    def with_neuron(self, layer: int, j: int, activation: str) -> "Network":
        """A network like this one in which neuron j, from 0, of a hidden layer has another activation."""
        if not 2 <= layer < self.num_layers or not 0 <= j < self.sizes[layer - 1]:
            raise FieldError("neuron", f"{j} of layer {layer}", "a neuron of a hidden layer")
        twin = copy(self)
        twin.activations = list(self.activations)
        neuron = chosen("activation", activation, HIDDEN)
        twin.activations[layer - 2] = with_exception(twin.activations[layer - 2], j, neuron)
        return twin

    def activation_of(self, layer: int, j: int) -> Activation:
        """The activation of neuron j, from 0, of layer 2..L."""
        return self.activations[layer - 2].of(j)

    def feedforward(self, a: Array) -> Array:
        """The output for the input `a`: one example (n_1, 1) or flat, or a mini-batch (n_1, m)."""
        a = columns("a", a, self.sizes[0])
        for w, b, activation in zip(self.weights, self.biases, self.activations, strict=True):
            _, a = feedforward(w, b, a, activation)
        return a

    def trace(self, x: Array, y: Array) -> Trace:
        """Feedforward and backpropagation for a mini-batch: x (n_1, m), y (n_L, m)."""
        x, y = columns("x", x, self.sizes[0]), columns("y", y, self.sizes[-1])
        if x.shape[1] != y.shape[1]:
            raise NnvizError(f"x has {x.shape[1]} examples and y has {y.shape[1]}; they must have as many")
        zs, activations, primes = self._forward(x)
        nabla_a, deltas = self._backward(activations[-1], y, primes)
        share = 1.0 / x.shape[1]
        nablas = [gradients(delta, a, share) for delta, a in zip(deltas, activations[:-1], strict=True)]
        return Trace(
            weights=tuple(self.weights),
            biases=tuple(self.biases),
            x=x,
            y=y,
            zs=tuple(zs),
            activations=tuple(activations),
            primes=tuple(primes),
            nabla_a=nabla_a,
            deltas=tuple(deltas),
            nabla_b=tuple(b for b, _ in nablas),
            nabla_w=tuple(w for _, w in nablas),
            cost_function=self.cost,
        )

    def _forward(self, x: Array) -> tuple[list[Array], list[Array], list[Array]]:
        """z^l, a^l and sigma'(z^l): l = 2..L, 1..L and 2..L."""
        zs, activations, primes = [], [x], []
        for w, b, activation in zip(self.weights, self.biases, self.activations, strict=True):
            z, a = feedforward(w, b, activations[-1], activation)
            zs.append(z)
            activations.append(a)
            primes.append(activation.prime(z, a))
        return zs, activations, primes

    def _backward(self, a: Array, y: Array, primes: list[Array]) -> tuple[Array, list[Array]]:
        """nabla_a C and delta^l, l = 2..L."""
        nabla_a, delta = output_error(a, y, primes[-1], self.cost, self.output_rule)
        deltas = [delta]
        for l in range(self.num_layers - 1, 1, -1):
            deltas.append(backpropagate(self.weights[l - 1], deltas[-1], primes[l - 2]))
        return nabla_a, deltas[::-1]

    def learn(self, x: Array, y: Array, eta: float, lmbda: float = 0.0, n: int = 1) -> None:
        """One step of gradient descent on the mini-batch x (n_1, m), y (n_L, m); n: size of the training set.

        The parameters are replaced, never changed in place: a trace taken before keeps its own.
        """
        _, activations, primes = self._forward(x)
        _, deltas = self._backward(activations[-1], y, primes)
        decay = eta * lmbda / n
        weights, biases = [], []
        for i, delta in enumerate(deltas):
            b, w = moved(self.weights[i], self.biases[i], delta, activations[i], eta, decay)
            weights.append(w)
            biases.append(b)
        self.weights = weights
        if self.learn_biases:
            self.biases = biases

    def SGD(
        self,
        training_data: Iterable,
        epochs: int,
        mini_batch_size: int,
        eta: float,
        test_data: Iterable | None = None,
        lmbda: float = 0.0,
    ) -> None:
        """Stochastic gradient descent as in the book, printing one line for each epoch.

        `training_data` holds pairs (x, y) of columns or flat vectors, `test_data` pairs (x, label) with a class
        number or a one-hot vector. Epoch e is shuffled by a generator seeded with (seed, e).
        """
        x, y = stacked(training_data, self.sizes[0], self.sizes[-1])
        test = None if test_data is None else list(test_data)
        n = len(x)
        for epoch in range(epochs):
            order = epoch_order(self.seed, epoch, n)
            for start in range(0, n, mini_batch_size):
                chosen_rows = order[start : start + mini_batch_size]
                self.learn(x[chosen_rows].T, y[chosen_rows].T, eta, lmbda, n)
            if test is None:
                print(f"Epoch {epoch} complete")
            else:
                print(f"Epoch {epoch}: {self.evaluate(test)} / {len(test)}")

    def update_mini_batch(self, mini_batch: Iterable, eta: float, lmbda: float = 0.0, n: int | None = None) -> None:
        """One step of gradient descent on pairs (x, y); `n`, the size of the training set, is needed for L2."""
        if lmbda and n is None:
            raise FieldError("n", n, "the size of the training set where lmbda is not 0")
        x, y = stacked(mini_batch, self.sizes[0], self.sizes[-1])
        self.learn(x.T, y.T, eta, lmbda, n or 1)

    def backprop(self, x: Array, y: Array) -> tuple[list[Array], list[Array]]:
        """(nabla_b, nabla_w) of C_x for one example, layer by layer, shaped like `biases` and `weights`."""
        trace = self.trace(x, y)
        return list(trace.nabla_b), list(trace.nabla_w)

    def evaluate(self, test_data: Iterable) -> int:
        """How many of the pairs (x, label) are classified correctly; a label is a class number or one-hot."""
        pairs = list(test_data)
        if not pairs:
            return 0
        x = np.stack([flat("x", x, self.sizes[0]) for x, _ in pairs], axis=1)
        labels = np.array([self._class_of(label) for _, label in pairs])
        return int((classes(self.feedforward(x)) == labels).sum())

    def cost_derivative(self, output_activations: Array, y: Array) -> Array:
        """nabla_a C: the partial derivatives of C_x by the output activations, shaped like them."""
        a = np.asarray(output_activations, dtype=float)
        return self.cost.nabla_a(a, np.asarray(y, dtype=float).reshape(a.shape))

    def _class_of(self, label: object) -> int:
        label = np.asarray(label, dtype=float).ravel()
        if label.size == self.sizes[-1]:
            return int(classes(label.reshape(-1, 1))[0])
        if label.size == 1:
            return int(label[0])
        raise FieldError("label", label, f"a class number or {self.sizes[-1]} numbers")


def classes(a: Array) -> Array:
    """The class (m,) that outputs a (n_L, m) stand for: the largest one; with a single output, whether a > 0.5."""
    return a.argmax(axis=0) if len(a) > 1 else (a[0] > 0.5).astype(int)


def epoch_order(seed: int, epoch: int, n: int) -> Array:
    """The order (n,) in which epoch `epoch` takes the training examples: any epoch without the ones before."""
    return np.random.default_rng((seed, epoch)).permutation(n)


def stacked(pairs: Iterable, n_x: int, n_y: int) -> tuple[Array, Array]:
    """Pairs (x, y) of columns or flat vectors as two arrays with one example a row: (n, n_x) and (n, n_y)."""
    pairs = list(pairs)
    if not pairs:
        raise NnvizError("the data hold no pair (x, y); at least one is needed")
    return (
        np.stack([flat("x", x, n_x) for x, _ in pairs]),
        np.stack([flat("y", y, n_y) for _, y in pairs]),
    )


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
