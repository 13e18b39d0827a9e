"""An activation, a cost, a quantity, a way of drawing and an update rule that nnviz does not have: each one value."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from nnviz.arrays import Array
from nnviz.lesson.explanation import Term
from nnviz.lesson.quantity import QUANTITIES, Quantity
from nnviz.lesson.view import VIEW_OPTIONS, Choice, ViewOption
from nnviz.model.activations import ACTIVATIONS, Activation
from nnviz.model.costs import COSTS, Cost
from nnviz.model.update_rules import UPDATE_RULES, Memory, UpdateRule

SOFTPLUS = Activation(
    name="softplus",
    fn=lambda z: np.logaddexp(0.0, z),
    prime=lambda z, a: 1.0 / (1.0 + np.exp(-z)),
    formula=r"\ln(1 + e^z)",
    prime_formula=r"\frac{1}{1 + e^{-z}}",
    prime_plain="1 / (1 + e^(−{z}))",
    low=0.0,
    high=None,
    steepest=1.0,
)
LOG_COSH = Cost(
    name="log-cosh",
    each=lambda a, y: np.logaddexp(a - y, y - a) - np.log(2.0),
    nabla_a=lambda a, y: np.tanh(a - y),
    formula=r"C_x = \sum_j \ln \cosh(a_j - y_j)",
    nabla_formula=r"\tanh(a_j - y_j)",
    nabla_plain="tanh({a} − {y})",
    book_name="QuadraticCost",
    cancelling={},
    any_output=True,
)
RATIO = Quantity(
    name="ratio",
    symbol="Δwˡ/wˡ",
    latex=r"\Delta w^{{{l}}} / w^{{{l}}}",
    indexed=r"(\Delta w^{{{l}}} / w^{{{l}}})_{{{i}}}",
    title="changes against weights",
    get=lambda moment, l: moment.change_w[l - 2] / moment.network.weights[l - 2],
    columns="inputs",
    phases=("update",),
    made_of=lambda l, L: (("dw", l), ("w", l)),
    explain=lambda s, cell: s.explanation(
        cell,
        "r",
        [
            Term(
                (s.factor(cell._replace(name="dw")), ("1/w", 1 / s.value(cell._replace(name="w")), None)), s.value(cell)
            )
        ],
    ),
    row="update",
)


def momentum(p: Array, nabla_p: Array, memory: Memory, eta: float, decay: float) -> tuple[Array, Memory]:
    """v -> mu v - eta dC/dp with mu = 0.5; p moves by v."""
    velocity = 0.5 * memory[0] - eta * nabla_p - decay * p
    return velocity, (velocity,)


MOMENTUM = UpdateRule(
    name="momentum",
    change=momentum,
    summands=(),
    remembers=("velocity",),
    formula=r"w^{l} \to w^{l} + v",
    formula_with_decay=r"w^{l} \to w^{l} + v",
)
GRID = ViewOption("grid", "grid", (Choice("lines", "lines"), Choice("plain", "no lines", ("noGrid",))))


@contextmanager
def registered() -> Iterator[None]:
    """All five in their registries, and out again."""
    entries = [(ACTIVATIONS, SOFTPLUS), (COSTS, LOG_COSH), (QUANTITIES, RATIO), (VIEW_OPTIONS, GRID)]
    entries += [(UPDATE_RULES, MOMENTUM)]
    for registry, value in entries:
        registry[value.name] = value
    try:
        yield
    finally:
        for registry, value in entries:
            del registry[value.name]
