"""Numbers as text: the same cases as static/board/words.js, and the shortest text that reads back."""

import json
import math
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnviz.number_text import brief, latex, read_float, read_int, shown, written

CASES = json.loads((Path(__file__).parent / "numbers.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["value"])
def test_a_number_reads_as_on_the_board(case: dict[str, str]) -> None:
    value = float(case["value"].replace("Infinity", "inf"))
    assert (shown(value), brief(value)) == (case["shown"], case["brief"])


@settings(derandomize=True, deadline=None)
@given(st.floats(-1e300, 1e300))
def test_a_number_shown_is_within_half_a_digit_of_it(value: float) -> None:
    text = shown(value).replace("−", "-")
    assert math.isclose(float(text), value, rel_tol=0.5001e-3, abs_tol=0)


@settings(derandomize=True, deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_written_reads_back_the_same(value: float) -> None:
    assert read_float(written(value)) == value


@pytest.mark.parametrize("text", ["1_0", "٣", "１", "", "x", "1,5"])
def test_one_spelling_for_one_number(text: str) -> None:
    for read in (read_float, read_int):
        with pytest.raises(ValueError):
            read(text)


def test_in_formulas_an_exponent_is_a_power_of_ten() -> None:
    assert latex(-1.2345e-7) == r"-1.235 \cdot 10^{-7}"
    assert latex(0.5) == "0.5"
    assert latex(math.inf) == r"\text{infinity}"
