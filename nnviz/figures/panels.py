"""The same mini-batch in several runs: panels beside each other, with one colour scale for each quantity and layer.

The result is plain HTML, so that a step replaces the pictures in place. Nothing in it comes from a reader.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from nnviz.arrays import Array
from nnviz.figures.png import data_url
from nnviz.figures.weights import signed_colours, size_colours, weight_sheet
from nnviz.lesson.quantity import QUANTITIES
from nnviz.number_text import brief
from nnviz.run.moment import Moment

SHOWN = ("w", "a", "delta", "nabla_w")
WIDTHS = {"inputs": 172, "examples": 88, "none": 24}  # of a panel in pixels, by what its columns are
MOST_PICTURES = 36  # neurons whose weights are shown as pictures


def panels(moments: Mapping[str, Moment], picture: tuple[int, int] | None, mode: str) -> str:
    """A block for each layer, in it a line of panels for each run.

    `picture`: the shape of an input where layer 2's weights can be shown as pictures.
    """
    deepest = max(moment.network.num_layers for moment in moments.values())
    return "".join(layer_block(moments, layer, picture, mode) for layer in range(2, deepest + 1))


def layer_block(moments: Mapping[str, Moment], layer: int, picture: tuple[int, int] | None, mode: str) -> str:
    having = {name: moment for name, moment in moments.items() if layer <= moment.network.num_layers}
    arrays = {
        (name, quantity): QUANTITIES[quantity].get(moment, layer)
        for name, moment in having.items()
        for quantity in SHOWN
    }
    tops = {q: top_of([arrays[name, q] for name in having]) for q in SHOWN}
    signed = {q: any((arrays[name, q] < 0).any() for name in having) for q in SHOWN}
    lines = []
    for name in moments:
        if name not in having:
            lines.append(f"<div class='run'><b>{name}</b><p>no layer {layer}</p></div>")
            continue
        figures = [panel(q, layer, arrays[name, q], tops[q], signed[q], picture, mode) for q in SHOWN]
        lines.append(f"<div class='run'><b>{name}</b>{''.join(figures)}</div>")
    return f"<section><h4>layer {layer}</h4><div class='runs'>{''.join(lines)}</div></section>"


def top_of(arrays: Sequence[Array]) -> float:
    """The largest finite magnitude."""
    return max(float(np.abs(array[np.isfinite(array)]).max(initial=0.0)) for array in arrays) or 1.0


def panel(
    name: str, layer: int, values: Array, top: float, signed: bool, picture: tuple[int, int] | None, mode: str
) -> str:
    quantity = QUANTITIES[name]
    symbol = quantity.with_layer(layer)
    broken = "" if np.isfinite(values).all() else " with values that are not finite"
    finite = values[np.isfinite(values)]
    extent = f"from {brief(finite.min(initial=0))} to {brief(finite.max(initial=0))}"
    said = f"{symbol}, {len(values)} × {values.shape[1]}, {extent}"
    if picture and layer == 2 and quantity.columns == "inputs":
        colours = weight_sheet(values[:MOST_PICTURES], picture, top, mode, columns=9, cell=max(picture))
    elif signed:
        colours = signed_colours(values, top, mode)
    else:
        colours = size_colours(values, top, mode)
    width = WIDTHS[quantity.columns]
    sign = "±" if signed else "0 to "
    return (
        f"<figure><img src='{data_url(colours)}' style='width:{width}px' alt='{said}{broken}' title='{said}{broken}'>"
        f"<figcaption>{symbol} <small>{sign}{brief(top)}</small></figcaption></figure>"
    )
