"""How the weights and biases of a new network are drawn.

Every initializer scales the same standard normal draws, so that two networks with the same seed and shape
start from the same random numbers and differ by the initializer alone.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nnviz.arrays import Array


@dataclass(frozen=True)
class Initializer:
    name: str  # in a link and in a select box
    weight_sd: Callable[[int], float]  # n_in -> standard deviation of the weights
    bias_sd: float  # standard deviation of the biases
    formula: str  # KaTeX


LARGE = Initializer("large", lambda n_in: 1.0, 1.0, r"w, b \sim N(0, 1)")
SCALED = Initializer("scaled", lambda n_in: n_in**-0.5, 1.0, r"w \sim N(0, 1/n_{in}),\ b \sim N(0, 1)")
HE = Initializer("he", lambda n_in: (2.0 / n_in) ** 0.5, 0.0, r"w \sim N(0, 2/n_{in}),\ b = 0")
ZEROS = Initializer("zeros", lambda n_in: 0.0, 0.0, r"w = 0,\ b = 0")

INITIALIZERS = {i.name: i for i in (LARGE, SCALED, HE, ZEROS)}


def sample_parameters(initializer: Initializer, sizes: tuple[int, ...], seed: int) -> tuple[list[Array], list[Array]]:
    """Weights (n_l, n_{l-1}) and biases (n_l, 1) for l = 2..L, the same ones for the same seed."""
    rng = np.random.default_rng(seed)
    weights, biases = [], []
    for n_in, n in zip(sizes[:-1], sizes[1:], strict=True):
        weights.append(initializer.weight_sd(n_in) * rng.standard_normal((n, n_in)) + 0.0)  # + 0.0: no -0.0
        biases.append(initializer.bias_sd * rng.standard_normal((n, 1)) + 0.0)
    return weights, biases
