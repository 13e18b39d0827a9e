"""Activation functions: each one a value with its derivative and the formulas people see.

To add one, write an `Activation` and name it in `ACTIVATIONS`: the select box, the link, the formula on
screen and the parametrised gradient test follow.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

Array = np.ndarray


@dataclass(frozen=True)
class Activation:
    name: str  # as it stands in a link and in a select box
    fn: Callable[[Array], Array]  # z (n_l, m) -> a (n_l, m)
    prime: Callable[[Array, Array], Array]  # z and a = fn(z), (n_l, m) each -> sigma'(z) (n_l, m)
    formula: str  # sigma(z), KaTeX
    prime_formula: str  # sigma'(z), KaTeX
    output_only: bool = False  # True where neurons of the layer depend on each other
    has_kink: bool = False  # True where sigma' jumps at z = 0
    exceptions: tuple[tuple[int, "Activation"], ...] = ()  # neurons of the layer, from 0, that have another one
    rest: "Activation | None" = None  # what the other neurons have, where there are exceptions

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
)
TANH = Activation(
    name="tanh",
    fn=np.tanh,
    prime=lambda z, a: 1.0 - a**2,
    formula=r"\tanh(z)",
    prime_formula=r"1 - \tanh^2(z)",
)
RELU = Activation(
    name="relu",
    fn=lambda z: np.maximum(z, 0.0),
    prime=lambda z, a: (z > 0.0).astype(float),
    formula=r"\max(0, z)",
    prime_formula=r"1 \text{ if } z > 0 \text{, else } 0",
    has_kink=True,
)
LINEAR = Activation(
    name="linear",
    fn=lambda z: z,
    prime=lambda z, a: np.ones_like(z),
    formula=r"z",
    prime_formula=r"1",
)
SOFTMAX = Activation(
    name="softmax",
    fn=softmax,
    prime=sigmoid_prime,  # the diagonal da_j/dz_j only: softmax also has da_j/dz_k = -a_j a_k
    formula=r"\frac{e^{z_j}}{\sum_k e^{z_k}}",
    prime_formula=r"a_j\,(1 - a_j)",
    output_only=True,
)


def with_exception(layer: Activation, j: int, neuron: Activation) -> Activation:
    """The activation of a layer in which neuron j, from 0, has another one than the rest."""

    def fn(z: Array) -> Array:
        a = np.array(layer.fn(z))
        a[j] = neuron.fn(z[j])
        return a

    def prime(z: Array, a: Array) -> Array:
        slopes = np.array(layer.prime(z, a))
        slopes[j] = neuron.prime(z[j], a[j])
        return slopes

    exceptions = (*layer.exceptions, (j, neuron))
    has_kink = layer.has_kink or neuron.has_kink
    return replace(layer, fn=fn, prime=prime, has_kink=has_kink, exceptions=exceptions, rest=layer.rest or layer)


ACTIVATIONS = {a.name: a for a in (SIGMOID, TANH, RELU, LINEAR, SOFTMAX)}
HIDDEN = {name: a for name, a in ACTIVATIONS.items() if not a.output_only}
