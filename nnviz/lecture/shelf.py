"""The lectures that ship, in the folder `lectures/`."""

from functools import cache
from pathlib import Path

from nnviz.lecture.lecture import Lecture, read

FOLDER = Path(__file__).parents[2] / "lectures"


@cache
def shipped() -> dict[str, Lecture]:
    """All of them by name, the shortest first."""
    found = {path.stem: read(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.md"))}
    return dict(sorted(found.items(), key=lambda entry: len(entry[1].beats)))
