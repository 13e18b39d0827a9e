"""Where in a run each beat of a lecture is: its whole link, and what is wrong with it."""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode

from nnviz.errors import FieldError, NnvizError
from nnviz.lecture.lecture import Beat, Lecture, LectureError
from nnviz.lecture.text import panels
from nnviz.lesson.cells import Cell, read_cell
from nnviz.lesson.place import Place, place
from nnviz.lesson.quantity import QUANTITIES

EVERYWHERE = ("step", "phase", "cell")  # what a beat says by itself and a link can say, too


def places(lecture: Lecture) -> list[Place]:
    """The place of each beat. Raises LectureError for the first that does not exist."""
    found = []
    params: dict[str, str] = {}
    for beat in lecture.beats:
        params = with_changes(params, beat)
        try:
            found.append(place(params))
            check(beat, found[-1])
        except LectureError:
            raise
        except FieldError as error:
            line = beat.line_of(error.field if error.field in beat.lines else "link")
            raise LectureError(line, error.field, error.value, error.accepted) from None
        except NnvizError as error:
            link = f"?{urlencode(params)}"
            raise LectureError(beat.line_of("link"), "link", link, f"a run that can be made: {error}") from None
    return found


def with_changes(before: Mapping[str, str], beat: Beat) -> dict[str, str]:
    """The parameters of a beat's link, from those of the beat before."""
    link = beat.link or "?"
    params = {} if link.startswith("/") else dict(before)
    params |= dict(parse_qsl(link.split("?", 1)[1], keep_blank_values=True))
    for name in EVERYWHERE:
        if (said := getattr(beat, name)) is not None:
            params[name] = str(said)
    if params.get("cell") == "none":
        params["cell"] = ""
    return {name: value for name, value in params.items() if value}


def check(beat: Beat, at: Place) -> None:
    """Raises FieldError for a panel or a number that the network of this place does not have."""
    sizes, m = at.leader.sizes, at.leader.batch + 1
    for name, texts in (("light", beat.light), ("hide", beat.hide), ("text", panels(beat.text))):
        for text in texts:
            read_target(name, text, sizes, m)
    if beat.question and beat.question.cell:
        read_cell_as("ask", beat.question.cell, sizes, m)


def read_target(field: str, text: str, sizes: tuple[int, ...], m: int) -> None:
    """A panel, such as delta.3, or a number in it. Raises FieldError."""
    name, *indices = text.split(".")
    if len(indices) > 1:
        read_cell_as(field, text, sizes, m)
        return
    if name not in QUANTITIES or int(indices[0]) not in tuple(QUANTITIES[name].layers(len(sizes))):
        accepted = f"a quantity and a layer of this network, as in w.2; the quantities are {', '.join(QUANTITIES)}"
        raise FieldError(field, text, accepted)


def read_cell_as(field: str, text: str, sizes: tuple[int, ...], m: int) -> Cell:
    try:
        return read_cell(text, sizes, m)
    except FieldError as error:
        raise FieldError(field, text, error.accepted) from None
