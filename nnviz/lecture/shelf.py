"""The lectures that ship, in the folder `lectures/`."""

from functools import cache
from pathlib import Path

from nnviz.lecture.lecture import Lecture, read

ORDER = ("one-mini-batch", "how-backpropagation-works", "why-learning-slows-down")
FOLDER = Path(__file__).parents[2] / "lectures"


@cache
def shipped() -> dict[str, Lecture]:
    """All of them by name, in the order in which they are best heard."""
    found = {path.stem: read(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.md"))}
    return {name: found[name] for name in (*ORDER, *(name for name in found if name not in ORDER))}
