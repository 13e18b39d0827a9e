"""What an explanation is: value = factor * (sum of terms), with the equation in symbols and in numbers.

The value is the trace's own. The terms are computed from the numbers that the equation names, so that their sum is a
check and not a restatement.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from nnviz.lesson.cells import Cell

SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
SHOWN = 4  # how many terms are written out with their numbers


class Term(NamedTuple):
    """One summand: the product of some numbers."""

    factors: tuple[tuple[str, float, Cell | None], ...]  # KaTeX symbol, value, and the cell it is, if it is one
    value: float  # their product, as it stands in the sum

    @property
    def symbols(self) -> str:
        return r"\,".join(symbol(cell) if cell else text for text, _, cell in self.factors)

    @property
    def numbers(self) -> str:
        return r" \cdot ".join(bracketed(value) for _, value, _ in self.factors)


@dataclass(frozen=True)
class Explanation:
    """Where one number comes from."""

    cell: Cell
    example: int | None  # the example that a gradient belongs to; None for the mean over the mini-batch
    equation: str  # with indices filled in, KaTeX
    value: float  # as the trace has it
    terms: tuple[Term, ...]  # largest first; factor * their sum is the value
    factor: float = 1.0  # what multiplies the sum, 1 where nothing does
    factor_cell: Cell | None = None
    notes: tuple[str, ...] = ()  # what is special here, each a sentence
    used_by: tuple[Cell, ...] = ()  # what this number goes into

    @property
    def title(self) -> str:
        """Which number it is, in words; neurons and examples count from 1."""
        if self.cell.quantity.columns == "examples" or self.example is None:
            return in_words(self.cell)
        return f"{in_words(self.cell)}, example {self.example + 1} alone"

    @property
    def depends_on(self) -> tuple[Cell, ...]:
        """The numbers this one is made of, in the order of the terms, each once."""
        cells = [cell for term in self.terms for _, _, cell in term.factors if cell is not None]
        cells += [self.factor_cell] if self.factor_cell else []
        return tuple(dict.fromkeys(cells))

    @property
    def rest(self) -> tuple[int, float]:
        """How many terms are not written out, and their sum."""
        left = self.terms[SHOWN:] if len(self.terms) > SHOWN + 1 else ()
        return len(left), float(sum(term.value for term in left))

    @property
    def numbers(self) -> str:
        """The equation with its numbers, one term a line, KaTeX; the smaller terms are summed up."""
        count, rest = self.rest
        lines = [term.numbers for term in self.terms[: len(self.terms) - count]] or ["0"]
        lines += [rf"\underbrace{{{bracketed(rest)}}}_{{\text{{{count} more}}}}"] if count else []
        total = r" \\ & + ".join(lines)
        multiplied = self.factor_cell is not None or self.factor != 1.0
        left = rf"{bracketed(self.factor)} \cdot \bigl(\, & " if multiplied else "& "
        right = r" \,\bigr)" if multiplied else ""
        return rf"\begin{{aligned}} {left}{total}{right} \\ & = {number(self.value)} \end{{aligned}}"


def number(value: float) -> str:
    """With 4 significant digits, as KaTeX: 1.234 \\cdot 10^{-7}."""
    if not np.isfinite(value):
        return rf"\text{{{value}}}"
    text = f"{value:.4g}"
    if "e" not in text:
        return text
    mantissa, exponent = text.split("e")
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}"


def in_words(cell: Cell) -> str:
    """A cell as it is called on the screen: `w², from neuron 8 of layer 1 to neuron 4 of layer 2`."""
    name, layer, j, k = cell.quantity.with_layer(cell.layer), cell.layer, cell.j + 1, cell.k + 1
    if cell.name == "cost":
        return f"{name}, example {k}"
    if cell.quantity.columns == "inputs":
        return f"{name}, from neuron {k} of layer {layer - 1} to neuron {j} of layer {layer}"
    example = f", example {k}" if cell.quantity.columns == "examples" else ""
    return f"{name}, neuron {j} of layer {layer}{example}"


def short_name(cell: Cell) -> str:
    """The cell's symbol with its indices, from 1, in plain text: w²₄,₈."""
    columns = cell.quantity.columns
    index = f"{cell.j + 1},{cell.k + 1}" if columns == "inputs" else f"{cell.j + 1}"
    example = f" (example {cell.k + 1})" if columns == "examples" else ""
    return cell.quantity.with_layer(cell.layer) + index.translate(SUBSCRIPTS) + example


def bracketed(value: float) -> str:
    return f"({number(value)})" if value < 0 or "cdot" in number(value) else number(value)


def symbol(cell: Cell) -> str:
    """The cell's symbol with its indices, from 1, in KaTeX: w^{2}_{4,8}. Examples are left out."""
    quantity = cell.quantity
    base = quantity.latex.format(l=cell.layer)
    if cell.name == "cost":
        return "C_x"
    if cell.name == "sp":
        return rf"\sigma'(z^{{{cell.layer}}}_{{{cell.j + 1}}})"
    if cell.name == "nabla_a":
        return rf"\frac{{\partial C_x}}{{\partial a^{{{cell.layer}}}_{{{cell.j + 1}}}}}"
    index = f"{cell.j + 1},{cell.k + 1}" if quantity.columns == "inputs" else f"{cell.j + 1}"
    return f"{base}_{{{index}}}" if " " not in base else rf"({base})_{{{index}}}"
