"""Lectures as the viewer plays them: each beat with its whole link, its text taken apart, and its question."""

from typing import Any

from latex2mathml import exceptions
from latex2mathml.converter import convert

from nnviz.errors import FieldError
from nnviz.lecture.lecture import Lecture, Question, read
from nnviz.lecture.places import places
from nnviz.lecture.shelf import shipped
from nnviz.lecture.text import Paragraph, paragraphs
from nnviz.web.moments import as_json

# What latex2mathml raises for text that is no formula; its own errors have no class in common.
NO_FORMULA = (
    *(error for error in vars(exceptions).values() if isinstance(error, type) and issubclass(error, Exception)),
    *(IndexError, KeyError, ValueError, RecursionError),
)


def named(name: str) -> Lecture:
    """A lecture that ships. Raises FieldError if there is none of this name."""
    if name not in (lectures := shipped()):
        raise FieldError("lecture", name, f"one of {', '.join(lectures)}")
    return lectures[name]


def by_name(name: str) -> bytes:
    """The same for the viewer."""
    return as_json(played(named(name)))


def from_file(source: str) -> bytes:
    """A lecture from its file. Raises LectureError."""
    return as_json(played(read(source)))


def played(lecture: Lecture) -> dict[str, Any]:
    """What the viewer needs. Raises LectureError for a place that does not exist."""
    return {
        "title": lecture.title,
        "about": drawn(lecture.about),
        "beats": [
            {
                "link": at.link,
                "step": at.position.step,
                "phase": at.position.phase,
                "light": beat.light,
                "hide": beat.hide,
                "title": beat.title,
                "text": drawn(beat.text),
                "ask": asked(beat.question),
                "notes": beat.notes,
            }
            for beat, at in zip(lecture.beats, places(lecture), strict=True)
        ],
    }


def asked(question: Question | None) -> dict[str, Any] | None:
    """What is asked: a question of its own, the sign of a number, or (neither) what the phase asks."""
    if question is None:
        return None
    own = {"text": question.text, "answers": question.answers, "right": question.right, "why": ""}
    return {"cell": question.cell or None, "question": None if question.measure else own}


def drawn(text: str) -> list[Paragraph]:
    """The text taken apart, its formulas as MathML; one that is none stays as it was written."""
    found = paragraphs(text)
    for piece in (piece for paragraph in found for piece in paragraph["pieces"]):
        if piece.get("kind") == "math":
            try:
                piece["text"] = convert(piece.get("text", ""))
            except NO_FORMULA:
                piece["kind"] = "code"
    return found
