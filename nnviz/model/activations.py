"""Activation functions: each one a value with its derivative, its range and the formulas on the screen.

To add one, write an `Activation` and name it in `ACTIVATIONS`. The select box, the link, the formula, the colours of
the board and the parametrised gradient check follow.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from nnviz.arrays import Array

SATURATED = 0.01  # a neuron is saturated if |sigma'(z)| is below this: hardly any error gets through


@dataclass(frozen=True)
class Activation:
    name: str  # in a link and in a select box
    fn: Callable[[Array], Array]  # z (n_l, m) -> a (n_l, m)
    prime: Callable[[Array, Array], Array]  # z and a = fn(z), (n_l, m) each -> sigma'(z) (n_l, m)
    formula: str  # sigma(z), KaTeX
    prime_formula: str  # sigma'(z), KaTeX
    prime_plain: str  # sigma'(z) as plain text with {a} and {z}, for working with numbers
    low: float | None  # a is never below; None: no bound
    high: float | None  # a is never above; None: no bound
    steepest: float  # the largest |sigma'(z)|
    does: str = "passes the sum through its activation function"  # what a neuron with it does with its z
    output_only: bool = False  # True if the neurons of the layer depend on each other
    has_kink: bool = False  # True if sigma' jumps at z = 0
    exceptions: tuple[tuple[int, "Activation"], ...] = ()  # neurons of the layer, from 0, that have another one
    rest: "Activation | None" = None  # what the other neurons have, if there are exceptions

    @property
    def kinds(self) -> tuple["Activation", ...]:
        """The activations of single neurons that a layer with this one has."""
        return (self.rest or self, *dict(self.exceptions).values())

    def of(self, j: int) -> "Activation":
        """The activation of neuron j, from 0, in a layer that has this one."""
        return dict(self.exceptions).get(j, self.rest or self)


def sigmoid(z: Array) -> Array:
    """1 / (1 + e^-z), elementwise; e^709 is the largest power of e that float64 can hold."""
    return 1.0 / (1.0 + np.exp(-np.maximum(z, -709.0)))


def sigmoid_prime(z: Array, a: Array) -> Array:
    return a * (1.0 - a)


def softmax(z: Array) -> Array:
    """e^z_j / sum_k e^z_k down each column of z (n_L, m): one distribution for each example."""
    e = np.exp(z - z.max(axis=0))
    return e / e.sum(axis=0)


SIGMOID = Activation(
    name="sigmoid",
    fn=sigmoid,
    prime=sigmoid_prime,
    formula=r"\frac{1}{1 + e^{-z}}",
    prime_formula=r"\sigma(z)\,(1 - \sigma(z))",
    prime_plain="{a} · (1 − {a})",
    low=0.0,
    high=1.0,
    steepest=0.25,
    does="squashes the sum to between 0 and 1",
)
TANH = Activation(
    name="tanh",
    fn=np.tanh,
    prime=lambda z, a: 1.0 - a**2,
    formula=r"\tanh(z)",
    prime_formula=r"1 - \tanh^2(z)",
    prime_plain="1 − {a} · {a}",
    low=-1.0,
    high=1.0,
    steepest=1.0,
    does="squashes the sum to between −1 and 1",
)
RELU = Activation(
    name="relu",
    fn=lambda z: np.maximum(z, 0.0),
    prime=lambda z, a: (z > 0.0).astype(float),
    formula=r"\max(0, z)",
    prime_formula=r"1 \text{ if } z > 0 \text{, else } 0",
    prime_plain="1 if {z} > 0, else 0",
    low=0.0,
    high=None,
    steepest=1.0,
    does="keeps the sum if it is positive, else gives 0",
    has_kink=True,
)
LINEAR = Activation(
    name="linear",
    fn=lambda z: z,
    prime=lambda z, a: np.ones_like(z),
    formula=r"z",
    prime_formula=r"1",
    prime_plain="1",
    low=None,
    high=None,
    steepest=1.0,
    does="passes the sum on as it is",
)
SOFTMAX = Activation(
    name="softmax",
    fn=softmax,
    prime=sigmoid_prime,  # the diagonal da_j/dz_j only: softmax also has da_j/dz_k = -a_j a_k
    formula=r"\frac{e^{z_j}}{\sum_k e^{z_k}}",
    prime_formula=r"a_j\,(1 - a_j)",
    prime_plain="{a} · (1 − {a})",
    low=0.0,
    high=1.0,
    steepest=0.25,
    does="takes its share of all outputs, which add up to 1",
    output_only=True,
)


def with_exception(layer: Activation, j: int, neuron: Activation) -> Activation:
    """The activation of a layer in which neuron j, from 0, has another one than the rest, or again the same."""
    rest = layer.rest or layer
    neurons = dict(layer.exceptions) | {j: neuron}
    exceptions = tuple((at, fn) for at, fn in sorted(neurons.items(), key=lambda item: item[0]) if fn != rest)
    return mixed(rest, exceptions) if exceptions else rest


def mixed(rest: Activation, exceptions: tuple[tuple[int, Activation], ...]) -> Activation:
    """The activation of a layer whose neurons have `rest`, but for the exceptions by neuron."""

    def fn(z: Array) -> Array:
        a = np.array(rest.fn(z))
        for j, neuron in exceptions:
            a[j] = neuron.fn(z[j])
        return a

    def prime(z: Array, a: Array) -> Array:
        slopes = np.array(rest.prime(z, a))
        for j, neuron in exceptions:
            slopes[j] = neuron.prime(z[j], a[j])
        return slopes

    kinds = (rest, *(neuron for _, neuron in exceptions))
    lows, highs = [kind.low for kind in kinds], [kind.high for kind in kinds]
    return replace(
        rest,
        fn=fn,
        prime=prime,
        low=None if None in lows else min(low for low in lows if low is not None),
        high=None if None in highs else max(high for high in highs if high is not None),
        steepest=max(kind.steepest for kind in kinds),
        has_kink=any(kind.has_kink for kind in kinds),
        exceptions=exceptions,
        rest=rest,
    )


ACTIVATIONS = {a.name: a for a in (SIGMOID, TANH, RELU, LINEAR, SOFTMAX)}


def hidden_activations() -> dict[str, Activation]:
    """Those that a hidden layer can have, by name."""
    return {name: activation for name, activation in ACTIVATIONS.items() if not activation.output_only}
