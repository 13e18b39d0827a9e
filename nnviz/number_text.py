"""Numbers as text, in one way for every page: read from a link or a field, written into a link, shown to a reader.

`shown` and `brief` have twins in static/board/words.js; tests/numbers.json holds both to the same cases.
"""

import math
from decimal import ROUND_HALF_UP, Decimal

MINUS = "−"
SHOWN_DIGITS = 4  # significant digits of a number beside the board, in tables and in sentences
BRIEF_DIGITS = 3  # in captions and cells


def plain(text: str) -> str:
    """`text` if it is ASCII without `_`. Raises ValueError if not: Python also reads 1_000 and １ as numbers."""
    if not text.isascii() or "_" in text:
        raise ValueError(text)
    return text


def read_float(text: str) -> float:
    """The number that a text means, never -0.0. Raises ValueError if it means none."""
    return float(plain(text)) + 0.0


def read_int(text: str) -> int:
    """The whole number that a text means. Raises ValueError if it means none."""
    return int(plain(text))


def written(value: float) -> str:
    """The shortest text that `read_float` reads as this number: 3, 0.05, 1e-06."""
    value = float(value) + 0.0
    return f"{value:g}" if float(f"{value:g}") == value else repr(value)


def shown(value: float, digits: int = SHOWN_DIGITS) -> str:
    """For a reader: 0.5, −12.35, 1.235e−7; 4 significant digits, or more before the decimal point."""
    return as_text(value, digits, digits, lowest=-4)


def brief(value: float) -> str:
    """For a caption or a cell: 0.5, −12.3, 1.2e−7; 3 significant digits, or more before the decimal point."""
    return as_text(value, BRIEF_DIGITS, BRIEF_DIGITS - 1, lowest=-3)


def latex(value: float, digits: int = SHOWN_DIGITS) -> str:
    r"""The same as `shown` in KaTeX: 1.235 \cdot 10^{-7}."""
    text = shown(value, digits).replace(MINUS, "-")
    if not math.isfinite(value):
        return rf"\text{{{text}}}"
    mantissa, _, exponent = text.partition("e")
    return rf"{mantissa} \cdot 10^{{{exponent}}}" if exponent else text


def as_text(value: float, digits: int, scientific_digits: int, lowest: int) -> str:
    """Fixed-point from 10^lowest to 10^5, else with an exponent. Halves are rounded away, as in JavaScript."""
    value = float(value)
    if not math.isfinite(value):
        return "not a number" if math.isnan(value) else "infinity" if value > 0 else f"{MINUS}infinity"
    if value == 0:
        return "0"
    exact = abs(Decimal(value))
    exponent = rounded_exponent(exact, digits)
    if lowest <= exponent < 5:
        decimals = max(digits - 1 - exponent, 0)
        text = trimmed(f"{exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):f}")
    else:
        exponent = rounded_exponent(exact, scientific_digits)
        unit = Decimal(1).scaleb(1 - scientific_digits)
        mantissa = exact.scaleb(-exponent).quantize(unit, ROUND_HALF_UP)
        text = f"{trimmed(f'{mantissa:f}')}e{exponent}".replace("-", MINUS)
    return MINUS + text if value < 0 else text


def rounded_exponent(exact: Decimal, digits: int) -> int:
    """The power of ten of the first digit after rounding to `digits` significant digits."""
    exponent = exact.adjusted()
    mantissa = exact.scaleb(-exponent).quantize(Decimal(1).scaleb(1 - digits), ROUND_HALF_UP)
    return exponent + mantissa.adjusted()


def trimmed(text: str) -> str:
    """Without zeros at the end of the decimals."""
    return text.rstrip("0").rstrip(".") if "." in text else text
