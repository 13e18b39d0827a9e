"""A beat's text taken apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnviz.lecture.text import panels, paragraphs, pieces


def test_what_is_taken_from_markdown() -> None:
    text = "The [error](#delta.3) **of** *each* `output`:\ngoes $z = w a$ back.\n\n- one\n- two"
    first, one, two = paragraphs(text)
    assert [(piece["kind"], piece["text"]) for piece in first["pieces"]] == [
        ("text", "The "),
        ("panel", "error"),
        ("text", " "),
        ("strong", "of"),
        ("text", " "),
        ("em", "each"),
        ("text", " "),
        ("code", "output"),
        ("text", ":"),
        ("text", " "),
        ("text", "goes "),
        ("math", "z = w a"),
        ("text", " back."),
    ]
    assert (one["kind"], two["kind"]) == ("li", "li")
    assert panels(text) == ["delta.3"]


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "![x](https://a.example/x.png)",
        "[x](javascript:alert(1))",
        "[x](#<b>)",
        "a * b * c",
    ],
)
def test_all_else_stays_the_text_that_it_is(text: str) -> None:
    assert pieces(text) == [{"kind": "text", "text": text}]


@given(st.text())
def test_no_letter_of_plain_text_is_lost(text: str) -> None:
    line = text.replace("*", "").replace("`", "").replace("$", "").replace("[", "")
    assert "".join(piece["text"] for piece in pieces(line)) == line
