"""Cost functions, and the outputs that each one goes with.

A cost depends on the output activations a (n_L, m) and the targets y (n_L, m), one column for each example.
To add one, write a `Cost` and name it in `COSTS`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from nnviz.arrays import Array
from nnviz.errors import NnvizError
from nnviz.model.activations import ACTIVATIONS, Activation

TINY = np.finfo(float).tiny  # the smallest normal float64: keeps log and 1/a finite at a = 0 and a = 1


@dataclass(frozen=True)
class Summand:
    """One summand of delta^L_j after sigma'(z) has been cancelled: a factor, times a^L_j or not."""

    of_activation: bool  # True: times a^L_j
    latex: str  # the factor, with {j} for the neuron, counted from 1; empty for 1
    plain: str  # the whole summand as plain text, with {a}, {y} and {sum}: symbols or numbers
    factor: Callable[[Array, int], float]  # (y, j): the targets of one example (n_L,), and the neuron from 0


@dataclass(frozen=True)
class OutputError:
    """How delta^L comes from nabla_a C, sigma'(z^L), a^L and y for one pair of cost and output."""

    fn: Callable[[Array, Array, Array, Array], Array]  # (nabla_a, prime, a, y), each (n_L, m) -> delta (n_L, m)
    formula: str  # KaTeX
    plain: str  # the same as text, with {delta}, {sp} and {a} for the symbols and {nabla_a} for the cost's own slope
    note: str = ""  # why, in one sentence; empty if BP1 is used as it stands
    summands: tuple[Summand, ...] = ()  # what delta^L_j is the sum of; empty if it is a product, as in BP1


A = Summand(True, "", "{a}", lambda y, j: 1.0)
A_TIMES_SUM = Summand(True, r"\textstyle\sum_k y_k", "{a} · {sum}", lambda y, j: y.sum())
MINUS_Y = Summand(False, "-y_{{{j}}}", "− {y}", lambda y, j: -y[j])

BY_CHAIN_RULE = OutputError(
    fn=lambda nabla_a, prime, a, y: nabla_a * prime,
    formula=r"\delta^L = \nabla_a C \odot \sigma'(z^L)",
    plain="{delta} = ({nabla_a}) ⊙ {sp}",
)
CROSS_ENTROPY_CANCELS = OutputError(
    fn=lambda nabla_a, prime, a, y: a - y,
    formula=r"\delta^L = \nabla_a C \odot \sigma'(z^L) = a^L - y",
    plain="{delta} = {a} − y",
    note="The cross-entropy's slope is (a - y) / (a(1 - a)) and sigma'(z) is a(1 - a): they cancel.",
    summands=(A, MINUS_Y),
)
SOFTMAX_CANCELS = OutputError(
    fn=lambda nabla_a, prime, a, y: a * y.sum(axis=0) - y,
    formula=(
        r"\delta^L_j = \sum_k \frac{\partial C}{\partial a_k} \frac{\partial a_k}{\partial z_j}"
        r" = a^L_j \sum_k y_k - y_j"
    ),
    plain="{delta} = {a} Σy − y",
    note="Every softmax output depends on every z. Summed over all outputs, a times the sum of y, minus y, is left; "
    "that is a - y if the targets sum to 1.",
    summands=(A_TIMES_SUM, MINUS_Y),
)


@dataclass(frozen=True)
class Cost:
    name: str  # in a link and in a select box
    each: Callable[[Array, Array], Array]  # (a, y), each (n_L, m) -> the summand of each output (n_L, m)
    nabla_a: Callable[[Array, Array], Array]  # dC_x/da^L (n_L, m)
    formula: str  # C_x, KaTeX
    nabla_formula: str  # dC_x/da_j, KaTeX
    nabla_plain: str  # dC_x/da_j as plain text with {a} and {y}, symbols or numbers
    book_name: str  # what network2.py calls it in a saved network, or the nearest cost that it has
    cancelling: Mapping[str, OutputError]  # the output activations, by name, whose sigma' it cancels
    any_output: bool = False  # True if it also goes, by the chain rule, with every output that is not `output_only`

    def fn(self, a: Array, y: Array) -> Array:
        """C_x of each example (m,), from a and y, each (n_L, m)."""
        return self.each(a, y).sum(axis=0)

    def rule_for(self, output: Activation) -> OutputError | None:
        """How delta^L is computed with this output activation; None if the two do not go together."""
        by_chain_rule = BY_CHAIN_RULE if self.any_output and not output.output_only else None
        return self.cancelling.get(output.name, by_chain_rule)


def log(a: Array) -> Array:
    """The natural logarithm, finite (about -708) at 0."""
    return np.log(np.maximum(a, TINY))


QUADRATIC = Cost(
    name="quadratic",
    each=lambda a, y: 0.5 * (a - y) ** 2,
    nabla_a=lambda a, y: a - y,
    formula=r"C_x = \tfrac{1}{2} \lVert a^L - y \rVert^2",
    nabla_formula=r"a_j - y_j",
    nabla_plain="{a} − {y}",
    book_name="QuadraticCost",
    cancelling={},
    any_output=True,
)
CROSS_ENTROPY = Cost(
    name="cross-entropy",
    each=lambda a, y: -(y * log(a) + (1.0 - y) * log(1.0 - a)),
    nabla_a=lambda a, y: (1.0 - y) / np.maximum(1.0 - a, TINY) - y / np.maximum(a, TINY),
    formula=r"C_x = -\sum_j \left[ y_j \ln a_j + (1 - y_j) \ln (1 - a_j) \right]",
    nabla_formula=r"\frac{a_j - y_j}{a_j (1 - a_j)}",
    nabla_plain="({a} − {y}) / ({a} · (1 − {a}))",
    book_name="CrossEntropyCost",
    cancelling={"sigmoid": CROSS_ENTROPY_CANCELS},
)
LOG_LIKELIHOOD = Cost(
    name="log-likelihood",
    each=lambda a, y: -y * log(a),
    nabla_a=lambda a, y: -y / np.maximum(a, TINY),
    formula=r"C_x = -\sum_j y_j \ln a_j",
    nabla_formula=r"-\frac{y_j}{a_j}",
    nabla_plain="−{y} / {a}",
    book_name="CrossEntropyCost",
    cancelling={"softmax": SOFTMAX_CANCELS},
)

COSTS = {c.name: c for c in (QUADRATIC, CROSS_ENTROPY, LOG_LIKELIHOOD)}


def costs_for(output: str) -> list[str]:
    """The names of the costs that go with the output activation of that name."""
    return [cost.name for cost in COSTS.values() if cost.rule_for(ACTIVATIONS[output])]


def output_error_rule(cost: Cost, output: Activation) -> OutputError:
    """The rule for delta^L of this pair. Raises NnvizError, which lists the pairs, if the two do not go together."""
    rule = cost.rule_for(output)
    if rule is None:
        outputs = {c.name: [a.name for a in ACTIVATIONS.values() if c.rule_for(a)] for c in COSTS.values()}
        pairs = "; ".join(f"{name} with {', '.join(names)}" for name, names in outputs.items())
        raise NnvizError(f"cost {cost.name} does not go with output {output.name}. These go together: {pairs}")
    return rule
