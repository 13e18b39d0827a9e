"""One number among all that a mini-batch computes: which quantity, which layer, which row and column.

As text, `w.2.3.7` is the weight w^2 from neuron k = 7 of layer 1 to neuron j = 3 of layer 2, and `z.3.0.4` is z^3 of
neuron 0 in example 4; links count from 0. On the screen neurons and examples count from 1, as in the book.
"""

from typing import NamedTuple

import numpy as np

from nnviz.arrays import Array
from nnviz.errors import FieldError
from nnviz.lesson.quantity import QUANTITIES, Quantity
from nnviz.run.moment import Moment

SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


class Cell(NamedTuple):
    name: str  # of the quantity
    layer: int  # l, from 1
    j: int  # the row: a neuron of layer l, from 0
    k: int = 0  # the column: a neuron of layer l - 1 or an example, from 0; 0 for vectors

    @property
    def quantity(self) -> Quantity:
        return QUANTITIES[self.name]

    def __str__(self) -> str:
        column = "" if self.quantity.columns == "none" else f".{self.k}"
        return f"{self.name}.{self.layer}.{self.j}{column}"


def read_cell(text: str, sizes: tuple[int, ...], m: int) -> Cell:
    """The cell that `text` names in a network of these sizes with mini-batches of m examples. Raises FieldError."""
    accepted = "a quantity, layer and indices, as in w.2.3.7"
    name, *numbers = text.split(".")
    if name not in QUANTITIES or not all(n.isascii() and n.isdigit() and len(n) < 6 for n in numbers):
        raise FieldError("cell", text, f"{accepted}; the quantities are {', '.join(QUANTITIES)}")
    quantity = QUANTITIES[name]
    if len(numbers) != (2 if quantity.columns == "none" else 3):
        raise FieldError("cell", text, accepted)
    layer, j, k = (*map(int, numbers), 0)[:3]
    layers = quantity.layers(len(sizes))
    if layer not in layers:
        raise FieldError("cell", text, f"{accepted}, with a layer from {layers[0]} to {layers[-1]} for {name}")
    rows, columns = shape(quantity, layer, sizes, m)
    if j >= rows or k >= columns:
        raise FieldError("cell", text, f"{accepted}, with indices below {rows} and {columns} for {name}.{layer}")
    return Cell(name, layer, j, k)


def shape(quantity: Quantity, layer: int, sizes: tuple[int, ...], m: int) -> tuple[int, int]:
    """(rows, columns) of a quantity in one layer."""
    columns = {"inputs": sizes[max(layer - 2, 0)], "none": 1, "examples": m}[quantity.columns]
    return 1 if quantity.one_row else sizes[layer - 1], columns


def within(cell: Cell, m: int) -> Cell:
    """The cell, or that of the last of m examples if the mini-batch is smaller than others."""
    return cell._replace(k=min(cell.k, m - 1)) if cell.quantity.columns == "examples" else cell


def values(moment: Moment, name: str, layer: int, example: int | None = None) -> Array:
    """A quantity of one layer: of the whole mini-batch, or of one example 0..m-1.

    For the gradients, `example` gives that example's own instead of the mean. Weights, biases and their changes
    belong to no example and stay as they are.
    """
    quantity = QUANTITIES[name]
    if example is not None and not 0 <= example < moment.m:
        raise FieldError("example", example, f"a number from 0 to {moment.m - 1}")
    if example is not None and quantity.is_gradient:
        nabla_b, nabla_w = moment.trace.gradients_of(example)
        return (nabla_b if quantity.columns == "none" else nabla_w)[layer - 2]
    whole = quantity.get(moment, layer)
    if example is not None and quantity.columns == "examples":
        return np.ascontiguousarray(whole[:, example : example + 1])
    return whole


def in_words(cell: Cell) -> str:
    """A cell as it is called on the screen: `w², from neuron 8 of layer 1 to neuron 4 of layer 2`."""
    name, layer, j, k = cell.quantity.with_layer(cell.layer), cell.layer, cell.j + 1, cell.k + 1
    if cell.quantity.columns == "inputs":
        return f"{name}, from neuron {k} of layer {layer - 1} to neuron {j} of layer {layer}"
    neuron = "" if cell.quantity.one_row else f", neuron {j} of layer {layer}"
    example = f", example {k}" if cell.quantity.columns == "examples" else ""
    return f"{name}{neuron}{example}"


def short_name(cell: Cell) -> str:
    """The cell's symbol with its indices, from 1, in plain text: w²₄,₈."""
    columns = cell.quantity.columns
    index = f"{cell.j + 1},{cell.k + 1}" if columns == "inputs" else "" if cell.quantity.one_row else f"{cell.j + 1}"
    example = f" (example {cell.k + 1})" if columns == "examples" else ""
    return cell.quantity.with_layer(cell.layer) + index.translate(SUBSCRIPTS) + example


def symbol(cell: Cell) -> str:
    """The cell's symbol with its indices, from 1, in KaTeX: w^{2}_{4,8}. Examples are left out."""
    index = f"{cell.j + 1},{cell.k + 1}" if cell.quantity.columns == "inputs" else f"{cell.j + 1}"
    return cell.quantity.indexed.format(l=cell.layer, i=index)
