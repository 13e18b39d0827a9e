"""One number among all that a mini-batch computes: which quantity, which layer, which row and column.

As text, `w.2.3.7` is the weight w^2 from neuron k = 7 of layer 1 to neuron j = 3 of layer 2, and `z.3.0.4` is z^3 of
neuron 0 in example 4; links count from 0. On the screen neurons and examples count from 1, as in the book.
"""

from typing import NamedTuple

from nnviz.errors import FieldError
from nnviz.lesson.quantities import QUANTITIES, Quantity


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
    """The cell that `text` names in a network of these sizes with mini-batches of m examples."""
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
    return 1 if quantity.name == "cost" else sizes[layer - 1], columns
