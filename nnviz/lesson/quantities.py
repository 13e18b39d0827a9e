"""The quantities that people look at: their symbols, where they live, and when they appear.

The board, the figures, the links and the explanations all go through `QUANTITIES`, so that a panel, a table and an
equation of the same quantity cannot disagree.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nnviz.arrays import Array
from nnviz.errors import FieldError
from nnviz.run.phases import error_phase, feedforward_phase, gradients_phase, update_phase
from nnviz.run.trajectory import Moment

SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"


@dataclass(frozen=True)
class Quantity:
    name: str  # as it stands in a link: cell=w.2.3.7
    symbol: str  # in plain text
    latex: str  # the same with {l} for the layer
    title: str  # in words
    get: Callable[[Moment, int], Array]  # (moment, layer) -> (n_l, n_{l-1}), (n_l, 1) or (n_l, m)
    phase: Callable[[int, int], int]  # (layer, L) -> number of the phase that reveals it
    columns: str  # what its columns are: inputs (neurons of layer l-1), none (a vector) or examples
    first: int = 2  # the first layer that has it
    last_only: bool = False  # True where only the output layer has it

    def layers(self, num_layers: int) -> range:
        return range(num_layers if self.last_only else self.first, num_layers + 1)

    def with_layer(self, layer: int) -> str:
        """The symbol with its layer: w², σ′(z³)."""
        superscript = "".join(SUPERSCRIPTS[int(digit)] for digit in str(layer))
        return self.symbol.replace("ˡ", superscript)


def at_start(layer: int, num_layers: int) -> int:
    return 0


def at_feedforward(layer: int, num_layers: int) -> int:
    return feedforward_phase(layer)


def at_gradients(layer: int, num_layers: int) -> int:
    return gradients_phase(num_layers)


def at_update(layer: int, num_layers: int) -> int:
    return update_phase(num_layers)


ALL = (
    Quantity("w", "wˡ", "w^{l}", "weights", lambda t, l: t.trace.weights[l - 2], at_start, "inputs"),
    Quantity("b", "bˡ", "b^{l}", "biases", lambda t, l: t.trace.biases[l - 2], at_start, "none"),
    Quantity("z", "zˡ", "z^{l}", "weighted inputs", lambda t, l: t.trace.zs[l - 2], at_feedforward, "examples"),
    Quantity(
        "a", "aˡ", "a^{l}", "activations", lambda t, l: t.trace.activations[l - 1], at_feedforward, "examples", first=1
    ),
    Quantity("sp", "σ′(zˡ)", r"\sigma'(z^{l})", "slopes", lambda t, l: t.trace.primes[l - 2], error_phase, "examples"),
    Quantity(
        "nabla_a",
        "∇ₐC",
        r"\nabla_a C",
        "slope of the cost",
        lambda t, l: t.trace.nabla_a,
        error_phase,
        "examples",
        last_only=True,
    ),
    Quantity("delta", "δˡ", r"\delta^{l}", "errors", lambda t, l: t.trace.deltas[l - 2], error_phase, "examples"),
    Quantity(
        "nabla_w",
        "∇wˡ",
        r"\nabla w^{l}",
        "gradients of the weights",
        lambda t, l: t.trace.nabla_w[l - 2],
        at_gradients,
        "inputs",
    ),
    Quantity(
        "nabla_b",
        "∇bˡ",
        r"\nabla b^{l}",
        "gradients of the biases",
        lambda t, l: t.trace.nabla_b[l - 2],
        at_gradients,
        "none",
    ),
    Quantity(
        "dw", "Δwˡ", r"\Delta w^{l}", "changes of the weights", lambda t, l: t.change_w[l - 2], at_update, "inputs"
    ),
    Quantity("db", "Δbˡ", r"\Delta b^{l}", "changes of the biases", lambda t, l: t.change_b[l - 2], at_update, "none"),
    Quantity(
        "cost", "C", "C", "cost", lambda t, l: t.trace.cost[np.newaxis, :], error_phase, "examples", last_only=True
    ),
)

QUANTITIES = {q.name: q for q in ALL}


def values(moment: Moment, name: str, layer: int, example: int | None = None) -> Array:
    """A quantity of one layer: of the whole mini-batch, or of one example 0..m-1.

    For the gradients, `example` gives that example's own in place of the mean. Weights, biases and their changes
    belong to no example and stay as they are.
    """
    quantity = QUANTITIES[name]
    if example is not None and not 0 <= example < moment.trace.m:
        raise FieldError("example", example, f"a number from 0 to {moment.trace.m - 1}")
    if example is not None and name in ("nabla_b", "nabla_w"):
        nabla_b, nabla_w = moment.trace.gradients_of(example)
        return nabla_b[layer - 2] if name == "nabla_b" else nabla_w[layer - 2]
    whole = quantity.get(moment, layer)
    if example is not None and quantity.columns == "examples":
        return np.ascontiguousarray(whole[:, example : example + 1])
    return whole
