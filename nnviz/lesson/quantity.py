"""What a quantity is: one of the arrays of a mini-batch, as it is named, shown and explained.

The registry of all of them is nnviz/lesson/quantities.py, which fills `QUANTITIES` when nnviz.lesson is imported.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from nnviz.arrays import Array
from nnviz.model.activations import Activation
from nnviz.run.moment import Moment
from nnviz.run.phases import INPUT, Phase, phase_number, phases

SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")

Panel = tuple[str, int]  # a quantity's name and a layer
Range = tuple[float | None, float | None]  # the least and greatest value; None: no bound


def unbounded(activation: Activation) -> Range:
    return None, None


@dataclass(frozen=True)
class Derivation:
    """How the board computes a quantity that does not travel, from the panels that it is made of."""

    operation: str  # a function in static/board/frames.js
    rates: Callable[[Moment, int], tuple[float, ...] | None] = lambda moment, layer: ()  # what it needs at a mini-batch


@dataclass(frozen=True)
class Quantity:
    name: str  # in a link: cell=w.2.3.7
    symbol: str  # plain text, with ˡ for the layer
    latex: str  # KaTeX, with {l} for the layer
    indexed: str  # one entry of it, KaTeX, with {l} and {i} for the indices: w^{{{l}}}_{{{i}}}
    title: str  # in words
    get: Callable[[Moment, int], Array]  # (moment, layer) -> (n_l, n_{l-1}), (n_l, 1) or (n_l, m)
    columns: str  # what its columns are: inputs (neurons of layer l-1), none (a vector) or examples
    phases: tuple[str, ...]  # the kinds of phase that compute it; none: it is there from the start
    made_of: Callable[[int, int], tuple[Panel, ...]]  # (layer, L) -> the panels that it is computed from
    explain: Callable[[Any, Any], Any]  # (Context, Cell) -> Explanation: see nnviz/lesson/explain.py
    first: int = 2  # the first layer that has it
    last_only: bool = False  # True if only the output layer has it
    one_row: bool = False  # True if it is one number for all neurons of the layer
    narrow: str = ""  # the symbol where there is little room; empty: the same
    row: str | None = None  # the row of the board that it stands in; None: it has no panel
    place: str | None = None  # the place in the scene that it stands in, from when it is computed; None: it has none
    range: Callable[[Activation], Range] = unbounded  # its range in a layer with this activation
    spans_decades: bool = False  # True if a logarithmic scale shows its magnitudes
    is_gradient: bool = False  # True if it is a mean over the examples, and each example has one of its own
    marks_saturation: bool = False  # True if small values mark saturated neurons
    diagram: str | None = None  # nodes or edges: what it colours in the picture of the network
    precision: str = "float32"  # in which it travels to the board
    derivation: Derivation | None = None  # how the board computes it; None: it travels

    def layers(self, num_layers: int) -> Sequence[int]:
        return range(num_layers if self.last_only else self.first, num_layers + 1)

    def with_layer(self, layer: int) -> str:
        """The symbol with its layer: w², σ′(z³)."""
        return self.symbol.replace("ˡ", str(layer).translate(SUPERSCRIPTS))

    def phase(self, layer: int, num_layers: int) -> int:
        """The number of the phase that computes it; -1 if it is there from the start."""
        if layer == 1:
            return phase_number(num_layers, (INPUT,), 1)
        return phase_number(num_layers, self.phases, layer) if self.phases else -1


QUANTITIES: dict[str, Quantity] = {}


def computed_in(number: int, num_layers: int) -> tuple[Panel, ...]:
    """The panels that a phase computes."""
    return tuple(
        (q.name, layer)
        for q in QUANTITIES.values()
        for layer in q.layers(num_layers)
        if q.phase(layer, num_layers) == number
    )


def used_in(number: int, num_layers: int) -> tuple[Panel, ...]:
    """The panels that a phase computes with, and that were there before it."""
    computed = computed_in(number, num_layers)
    used = [p for name, layer in computed for p in QUANTITIES[name].made_of(layer, num_layers) if p not in computed]
    return tuple(dict.fromkeys(used))


def phases_with_panels(num_layers: int) -> list[tuple[Phase, tuple[Panel, ...], tuple[Panel, ...]]]:
    """Each phase with what it computes and what it uses."""
    return [
        (phase, computed_in(number, num_layers), used_in(number, num_layers))
        for number, phase in enumerate(phases(num_layers))
    ]
