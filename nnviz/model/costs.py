"""Cost functions, and which output each one goes with.

A cost looks at the output activations a (n_L, m) and the targets y (n_L, m), one column for each example.
`Cost.pairs` is the one place that says which cost goes with which output, and how the output error
delta^L is computed for that pair.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from nnviz.arrays import Array
from nnviz.errors import NnvizError
from nnviz.model.activations import Activation

TINY = np.finfo(float).tiny  # the smallest normal float64: keeps log and 1/a finite at a = 0 and a = 1


@dataclass(frozen=True)
class OutputError:
    """How delta^L comes from nabla_a C, sigma'(z^L), a^L and y for one pair of cost and output."""

    fn: Callable[[Array, Array, Array, Array], Array]  # (nabla_a, prime, a, y), each (n_L, m) -> delta (n_L, m)
    formula: str  # KaTeX
    note: str  # why, in one sentence; empty where BP1 is used as it stands


BY_CHAIN_RULE = OutputError(
    fn=lambda nabla_a, prime, a, y: nabla_a * prime,
    formula=r"\delta^L = \nabla_a C \odot \sigma'(z^L)",
    note="",
)
CROSS_ENTROPY_CANCELS = OutputError(
    fn=lambda nabla_a, prime, a, y: a - y,
    formula=r"\delta^L = \nabla_a C \odot \sigma'(z^L) = a^L - y",
    note="The cross-entropy's slope is (a - y) / (a(1 - a)) and sigma'(z) is a(1 - a): they cancel.",
)
SOFTMAX_CANCELS = OutputError(
    fn=lambda nabla_a, prime, a, y: a - y,
    formula=r"\delta^L_j = \sum_k \frac{\partial C}{\partial a_k} \frac{\partial a_k}{\partial z_j} = a^L_j - y_j",
    note="Every softmax output depends on every z; summed over all of them, the slopes leave a - y.",
)


@dataclass(frozen=True)
class Cost:
    name: str  # as it stands in a link and in a select box
    each: Callable[[Array, Array], Array]  # (a, y), each (n_L, m) -> the summand of each output (n_L, m)
    nabla_a: Callable[[Array, Array], Array]  # dC_x/da^L (n_L, m)
    formula: str  # C_x, KaTeX
    nabla_formula: str  # dC_x/da_j, KaTeX
    book_name: str  # what network2.py calls it in a saved network, or the nearest cost that it has
    pairs: Mapping[str, OutputError]  # output activation's name -> how delta^L is computed

    def fn(self, a: Array, y: Array) -> Array:
        """C_x of each example (m,), from a and y, each (n_L, m)."""
        return self.each(a, y).sum(axis=0)


def log(a: Array) -> Array:
    """The natural logarithm, finite (about -708) at 0."""
    return np.log(np.maximum(a, TINY))


QUADRATIC = Cost(
    name="quadratic",
    each=lambda a, y: 0.5 * (a - y) ** 2,
    nabla_a=lambda a, y: a - y,
    formula=r"C_x = \tfrac{1}{2} \lVert a^L - y \rVert^2",
    nabla_formula=r"a_j - y_j",
    book_name="QuadraticCost",
    pairs={name: BY_CHAIN_RULE for name in ("sigmoid", "tanh", "relu", "linear")},
)
CROSS_ENTROPY = Cost(
    name="cross-entropy",
    each=lambda a, y: -(y * log(a) + (1.0 - y) * log(1.0 - a)),
    nabla_a=lambda a, y: (1.0 - y) / np.maximum(1.0 - a, TINY) - y / np.maximum(a, TINY),
    formula=r"C_x = -\sum_j \left[ y_j \ln a_j + (1 - y_j) \ln (1 - a_j) \right]",
    nabla_formula=r"\frac{a_j - y_j}{a_j (1 - a_j)}",
    book_name="CrossEntropyCost",
    pairs={"sigmoid": CROSS_ENTROPY_CANCELS},
)
LOG_LIKELIHOOD = Cost(
    name="log-likelihood",
    each=lambda a, y: -y * log(a),
    nabla_a=lambda a, y: -y / np.maximum(a, TINY),
    formula=r"C_x = -\sum_j y_j \ln a_j",
    nabla_formula=r"-\frac{y_j}{a_j}",
    book_name="CrossEntropyCost",
    pairs={"softmax": SOFTMAX_CANCELS},
)

COSTS = {c.name: c for c in (QUADRATIC, CROSS_ENTROPY, LOG_LIKELIHOOD)}


def costs_for(output: str) -> list[str]:
    """The names of the costs that go with the output activation of that name."""
    return [cost.name for cost in COSTS.values() if output in cost.pairs]


def output_error_rule(cost: Cost, output: Activation) -> OutputError:
    """The rule for delta^L of this pair; an error that lists the pairs that make sense for any other."""
    if output.name not in cost.pairs:
        pairs = "; ".join(f"{c.name} with {', '.join(c.pairs)}" for c in COSTS.values())
        raise NnvizError(f"cost {cost.name} does not go with output {output.name}. These go together: {pairs}")
    return cost.pairs[output.name]
