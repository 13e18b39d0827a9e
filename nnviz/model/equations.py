"""The equations of one mini-batch, each a function: what the app shows as "the code" of a phase.

Layers are counted l = 1..L as in *Neural Networks and Deep Learning*, chapter 2; layer 1 is the input. Examples are
columns, so that each equation of the book is one line here.
"""

import numpy as np

from nnviz.arrays import Array
from nnviz.model.activations import Activation
from nnviz.model.costs import Cost, OutputError


def feedforward(w: Array, b: Array, a: Array, activation: Activation) -> tuple[Array, Array]:
    """z^l and a^l (n_l, m) from w^l (n_l, n_{l-1}), b^l (n_l, 1) and a^{l-1} (n_{l-1}, m)."""
    z = w @ a + b
    return z, activation.fn(z)


def output_error(a: Array, y: Array, prime: Array, cost: Cost, rule: OutputError) -> tuple[Array, Array]:
    """nabla_a C and delta^L from a^L, y and sigma'(z^L), each (n_L, m)."""
    nabla_a = cost.nabla_a(a, y)
    # BP1: delta^L = nabla_a C (.) sigma'(z^L)
    delta = rule.fn(nabla_a, prime, a, y)
    return nabla_a, delta


def backpropagate(w_next: Array, delta_next: Array, prime: Array) -> Array:
    """delta^l (n_l, m) from w^{l+1} (n_{l+1}, n_l), delta^{l+1} (n_{l+1}, m) and sigma'(z^l) (n_l, m)."""
    # BP2: delta^l = ((w^{l+1})^T delta^{l+1}) (.) sigma'(z^l)
    return (w_next.T @ delta_next) * prime


def gradients(delta: Array, a_before: Array) -> tuple[Array, Array]:
    """dC/db^l (n_l, 1) and dC/dw^l (n_l, n_{l-1}) from delta^l (n_l, m) and a^{l-1} (n_{l-1}, m)."""
    mean = delta / delta.shape[1]  # C is the mean over the m examples
    # BP3: dC/db^l = delta^l
    nabla_b = mean.sum(axis=1, keepdims=True)
    # BP4: dC/dw^l = delta^l (a^{l-1})^T
    nabla_w = mean @ a_before.T
    return nabla_b, nabla_w


def classes(a: Array) -> Array:
    """The class (m,) that outputs a (n_L, m) stand for: the largest one; for a single output, whether a > 0.5."""
    return a.argmax(axis=0) if len(a) > 1 else (a[0] > 0.5).astype(int)


def epoch_order(seed: int, epoch: int, n: int) -> Array:
    """The order (n,) in which epoch `epoch` takes the training examples: any epoch without the ones before."""
    return np.random.default_rng((seed, epoch)).permutation(n)
