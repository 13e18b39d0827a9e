"""Where the beats of a lecture are, and what is said of a place that does not exist."""

from pathlib import Path

import pytest

from nnviz.__main__ import main
from nnviz.lecture.lecture import LectureError, read
from nnviz.lecture.places import places
from nnviz.run.experiment import Position

ROOT = Path(__file__).parents[2]
LECTURES = sorted((ROOT / "lectures").glob("*.md"))


def test_a_link_says_what_changes_against_the_beat_before() -> None:
    source = """---
link: ?hidden=8&eta=1&step=12
---
phase: 3
cell: delta.3.4.0
---
link: ?eta=&batch=5
cell: none
---
link: /?dataset=xor&hidden=2&batch=4
"""
    first, second, third, last = places(read(source))
    assert (first.runs[0].hidden, first.runs[0].eta, first.position) == ((8,), 1.0, Position(12, 0))
    assert second.position == Position(12, 3)
    assert str(second.look.cell) == "delta.3.4.0"
    assert second.link == "?hidden=8&eta=1&step=12&phase=3&cell=delta.3.4.0"
    assert (third.runs[0].eta, third.runs[0].batch, third.look.cell, third.position) == (3.0, 5, None, Position(12, 3))
    assert (last.runs[0].dataset, last.position) == ("xor", Position(0, 0))


def test_a_comparison_is_a_place_too() -> None:
    [place] = places(read("---\nlink: ?hidden=8&b.hidden=8,8&phase=8\n"))
    assert [run.hidden for run in place.runs] == [(8,), (8, 8)]
    assert place.leader.hidden == (8, 8)


@pytest.mark.parametrize(
    ("head", "line", "name"),
    [
        ("link: ?eta=hot", 2, "eta"),
        ("link: ?hidden=8\nphase: 99", 3, "phase"),
        ("step: 999999", 2, "step"),
        ("link: ?hidden=8\ncell: w.9.0.0", 3, "cell"),
        ("light: delta.9", 2, "light"),
        ("hide: nothing.2", 2, "hide"),
        ("ask: sign w.2.99.0", 2, "ask"),
        ("phase: 1\nThe [error](#delta.7).", 3, "text"),
        ("link: ?dataset=upload-0123456789abcdef", 2, "dataset"),
    ],
)
def test_a_place_that_does_not_exist_is_named_with_its_line(head: str, line: int, name: str) -> None:
    with pytest.raises(LectureError) as caught:
        places(read(f"---\n{head}\n"))
    assert (caught.value.line, caught.value.field) == (line, name)


def test_the_command_says_the_same(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    good, bad = tmp_path / "good.md", tmp_path / "bad.md"
    good.write_text("# T\n\n---\nphase: 3\n")
    bad.write_text("# T\n\n---\nphase: 99\n")
    assert main(["check-lecture", str(good)]) == 0
    assert main(["check-lecture", str(good), str(bad), str(tmp_path / "none.md")]) == 1
    said = capsys.readouterr().err
    assert "bad.md: line 4: phase must be a whole number from 0 to 6, got 99" in said
    assert "none.md" in said


@pytest.mark.parametrize("file", LECTURES, ids=lambda file: file.stem)
def test_each_beat_of_the_lectures_that_ship_has_its_place(file: Path) -> None:
    assert len(places(read(file.read_text("utf-8")))) >= 8
