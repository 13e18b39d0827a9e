"""The lecture file: what it says, what is refused and in which line, and that nothing is lost in writing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnviz.lecture.lecture import MOST_BEATS, MOST_BYTES, Beat, Lecture, LectureError, Question, read, write

SOURCE = """\
# Backpropagation in three beats

From the input to the error.

---
link: ?hidden=30&step=12
## One mini-batch
Ten digits, one column each.

Nothing has been computed yet.
<!-- Ask who has seen MNIST. -->

---
phase: 3
cell: delta.3.4.0
light: delta.3 a.3.4.0
hide: delta.2
## Where is the error?
The [error](#delta.3) of each output.
ask: sign delta.3.4.0

---
ask: What is the shape of δ²?
- [ ] 30 x 64
- [x] 30 x 10
"""


def test_a_lecture_is_read_as_it_is_written() -> None:
    lecture = read(SOURCE)
    assert lecture == Lecture(
        "Backpropagation in three beats",
        "From the input to the error.",
        (
            Beat(
                link="?hidden=30&step=12",
                title="One mini-batch",
                text="Ten digits, one column each.\n\nNothing has been computed yet.",
                notes="Ask who has seen MNIST.",
            ),
            Beat(
                phase=3,
                cell="delta.3.4.0",
                light=("delta.3", "a.3.4.0"),
                hide=("delta.2",),
                title="Where is the error?",
                text="The [error](#delta.3) of each output.",
                question=Question(measure="sign", cell="delta.3.4.0"),
            ),
            Beat(question=Question("What is the shape of δ²?", ("30 x 64", "30 x 10"), 1)),
        ),
    )
    assert [beat.line for beat in lecture.beats] == [6, 14, 23]
    assert write(lecture) == SOURCE


@pytest.mark.parametrize(
    ("source", "line", "name", "accepted"),
    [
        ("---\nphase: x\n", 2, "phase", "a whole number"),
        ("---\nphase: -1\n", 2, "phase", "a whole number"),
        ("---\nphase: ٣\n", 2, "phase", "a whole number"),
        ("# T\n\n---\nlink: https://a.example/?eta=1\n", 4, "link", "?name=value"),
        ("---\nlights: delta.3\n", 2, "lights", "one of link, step"),
        ("---\nphase: 1\nphase: 2\n", 3, "phase", "said once"),
        ("---\n## T\nWords.\nphase: 2\n", 4, "phase", "said before the title"),
        ("---\nlight: <b>\n", 2, "light", "panels or numbers"),
        ("---\ncell: w\n", 2, "cell", "a number as in"),
        ("---\n## T\nask: What?\n", 3, "ask", "2 to 8 answers"),
        ("---\nask: What?\n- [x] a\n- [x] b\n", 4, "ask", "one right answer"),
        ("---\nask: What?\n- [x] a\nAnd then\n", 4, "ask", "followed by its answers"),
        ("---\nask: sign w\n", 2, "ask", "a question of"),
        ("---\ntext\n<!-- notes\nwithout end\n", 3, "the note", "ended by"),
        ("---\ntext\x00\n", 2, "the line", "control characters"),
        ("---\n" + "x" * 5000, 2, "text", "at most 4,000"),
        ("---\n" * (MOST_BEATS + 1), MOST_BEATS + 2, "the lecture", "at most 200 beats"),
        ("ü" * (MOST_BYTES // 2 + 1), 1, "the file", "at most 200,000 bytes"),
    ],
)
def test_what_is_not_accepted_is_named_with_its_line(source: str, line: int, name: str, accepted: str) -> None:
    with pytest.raises(LectureError) as caught:
        read(source)
    assert (caught.value.line, caught.value.field) == (line, name)
    assert accepted in str(caught.value)
    assert str(caught.value).startswith(f"line {line}: {name} must be ")


SPECIAL = [
    *("", "---", "<!-- a note", "-->", "<!-- x -->", "# Title", "## Title", "note: a", "\\---", "\\ask: x"),
    *("ask:", "ask: phase", "ask: sign w.2.3.7", "ask: Why?", "- [ ] a", "- [x] b"),
    *("phase: 3", "link: ?eta=1", "light: w.2"),
]
LINES = st.sampled_from(SPECIAL) | st.text(max_size=20)
SOURCES = st.lists(LINES, max_size=12).map("\n".join)


@given(SOURCES)
def test_reading_fails_with_a_named_line_or_gives_what_writing_keeps(source: str) -> None:
    try:
        lecture = read(source)
    except LectureError as error:
        assert error.line >= 1
        return
    written = write(lecture)
    assert read(written) == lecture
    assert write(read(written)) == written


PLAIN = st.text(st.characters(categories=("L", "N", "P", "S")), min_size=1, max_size=12)
TEXTS = st.lists(PLAIN | st.sampled_from(["", "---", "ask: x", "<!-- y", "## z", "phase: 3", "\\---"]), max_size=4)


@given(TEXTS, TEXTS)
def test_any_text_can_stand_in_a_beat(text: list[str], about: list[str]) -> None:
    beat = Beat(title="T", text="\n".join(text).strip("\n"), question=Question("Why?", ("a", "b"), 0))
    lecture = Lecture("A lecture", "\n".join(about).strip("\n"), (beat, beat))
    assert read(write(lecture)) == lecture


def test_beats_are_moved_taken_out_and_put_in() -> None:
    one, two, three = (Beat(title=name) for name in "123")
    lecture = Lecture("", "", (one, two))
    assert lecture.inserted(1, three).beats == (one, three, two)
    assert lecture.inserted(2, three).moved(2, -1).beats == (one, three, two)
    assert lecture.moved(0, -1).moved(1, 1) == lecture
    assert lecture.without(0).with_beat(0, three).beats == (three,)
