"""What an explanation is: value = factor * (sum of terms), with the equation in symbols and in numbers.

The value is the trace's own. The terms are computed from the numbers that the equation names, so that their sum is a
check and not a restatement.
"""

from dataclasses import dataclass
from typing import NamedTuple

from nnviz.lesson.cells import Cell, in_words, symbol
from nnviz.number_text import latex

WRITTEN_OUT = 4  # how many terms are written out with their numbers


class Term(NamedTuple):
    """One summand: the product of some numbers."""

    factors: tuple[tuple[str, float, Cell | None], ...]  # KaTeX symbol, value, and the cell it is, if it is one
    value: float  # their product, as it stands in the sum
    argument: float | None = None  # the number of the cell, where the factor is a function of it: z in sigma(z)

    @property
    def symbols(self) -> str:
        if self.argument is not None:
            return self.factors[0][0]
        return r"\,".join(symbol(cell) if cell else text for text, _, cell in self.factors)

    @property
    def numbers(self) -> str:
        if self.argument is not None:
            return self.factors[0][0]
        return r" \cdot ".join(bracketed(value) for _, value, _ in self.factors)


@dataclass(frozen=True)
class Explanation:
    """Where one number comes from."""

    cell: Cell
    example: int | None  # the example that a gradient belongs to; None for the mean over the mini-batch
    equation: str  # with indices filled in, KaTeX
    value: float  # as the trace has it
    terms: tuple[Term, ...]  # largest first; factor * their sum is the value
    factor: float = 1.0  # what multiplies the sum; 1 if nothing does
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
        left = self.terms[WRITTEN_OUT:] if len(self.terms) > WRITTEN_OUT + 1 else ()
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
        return rf"\begin{{aligned}} {left}{total}{right} \\ & = {latex(self.value)} \end{{aligned}}"


def bracketed(value: float) -> str:
    """A number inside a product or a sum, KaTeX: in brackets if it is negative or has an exponent."""
    text = latex(value)
    return f"({text})" if value < 0 or "cdot" in text else text
