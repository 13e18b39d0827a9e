"""A lecture as a value, and the Markdown file that it is kept in.

    # Backpropagation in ten beats

    ---
    link: ?hidden=30&step=12
    ## One mini-batch
    Ten digits, one column each.
    <!-- Ask who has seen MNIST. -->

    ---
    phase: 3
    ask: What is the shape of δ²?
    - [ ] 30 × 64
    - [x] 30 × 10

A beat begins with `key: value` lines; comments are notes for the lecturer. A line of the text that would be read as
something else (`---`, `ask: …`, `<!--`) has a backslash before it. Reading what was written gives the same lecture, and
writing it again the same file.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from nnviz.errors import FieldError

MOST_BEATS = 200
MOST_BYTES = 200_000
MOST_LETTERS = 4_000  # of one beat's text
MOST_LINK = 1_500
MOST_NOTES = 1_200
MOST_TITLE = 120
MOST_QUESTION, MOST_ANSWER = 300, 80  # letters
MOST_ANSWERS = 8
SEPARATOR = "---"
SPACES = "\u00a0\u2009\u202f"  # which are not printable for Python
HEAD = re.compile(r"([a-z_]+):(?: (.*))?$")
ANSWER = re.compile(r"- \[([ x])\] (.+)$")
TITLE = re.compile(r"## (.*)$")
SPECIAL = re.compile(r"\\*(---$|ask:|<!--|#{1,2} |- \[[ x]\] |[a-z_]+:( |$))")
PANELS = re.compile(r"[a-z_]+\.\d{1,3}(\.\d{1,5}){0,2}$")


class LectureError(FieldError):
    """A lecture file says something that is not accepted, in a line that is named.

    `str(error)` reads `line 7: phase must be a whole number, got x`.
    """

    def __init__(self, line: int, name: str, value: object, accepted: str) -> None:
        super().__init__(name, value, accepted)
        self.line = line
        self.args = (f"line {line}: {self.args[0]}",)


@dataclass(frozen=True)
class Question:
    """What is asked at a beat.

    Either a text with answers of which one may be right; or `measure`, whose answers the board finds in its numbers:
    `phase` is what the phase shown asks, `sign` asks for the sign of the number `cell`.
    """

    text: str = ""
    answers: tuple[str, ...] = ()
    right: int | None = None
    measure: str = ""
    cell: str = ""


@dataclass(frozen=True)
class Beat:
    """A place in a run, and what is said there. Each field of the head that is None is as in the beat before."""

    link: str | None = None  # `?a=1&b=` changes these, an empty value is the usual one; `/?a=1` forgets all others
    step: int | None = None
    phase: int | None = None
    cell: str | None = None  # the pinned number; "none" for no number
    light: tuple[str, ...] = ()  # panels or cells, in this beat alone
    hide: tuple[str, ...] = ()  # panels, in this beat alone
    title: str = ""
    text: str = ""
    question: Question | None = None
    notes: str = ""
    line: int = field(default=0, compare=False)  # where it begins in its file, from 1
    lines: Mapping[str, int] = field(default_factory=dict, compare=False)  # where each field stands

    def line_of(self, name: str) -> int:
        return self.lines.get(name, self.line)


@dataclass(frozen=True)
class Lecture:
    title: str = ""
    about: str = ""  # what it is about, before the first beat
    beats: tuple[Beat, ...] = ()

    def with_beat(self, at: int, beat: Beat) -> "Lecture":
        """Another beat in this place."""
        return replace(self, beats=(*self.beats[:at], beat, *self.beats[at + 1 :]))

    def inserted(self, at: int, beat: Beat) -> "Lecture":
        return replace(self, beats=(*self.beats[:at], beat, *self.beats[at:]))

    def without(self, at: int) -> "Lecture":
        return replace(self, beats=(*self.beats[:at], *self.beats[at + 1 :]))

    def moved(self, at: int, by: int) -> "Lecture":
        """A beat earlier or later; at the ends it stays."""
        to = min(max(at + by, 0), len(self.beats) - 1)
        return self.without(at).inserted(to, self.beats[at])


# ---- reading


def read(source: str) -> Lecture:
    """The lecture in a file. Raises LectureError for the first line that is not accepted."""
    if len(source.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        raise LectureError(1, "the file", f"{len(source):,} letters", f"at most {MOST_BYTES:,} bytes")
    for number, line in enumerate(lines_of(source), 1):
        if any(not letter.isprintable() and letter not in SPACES for letter in line):
            raise LectureError(number, "the line", line, "text without control characters")
    first, *rest = blocks(source)
    title, about = read_start(first)
    if len(rest) > MOST_BEATS:
        raise LectureError(rest[MOST_BEATS][0], "the lecture", f"{len(rest)} beats", f"at most {MOST_BEATS} beats")
    return Lecture(title, about, tuple(read_beat(start, lines) for start, lines in rest))


def lines_of(source: str) -> list[str]:
    return source.replace("\r\n", "\n").replace("\t", "    ").split("\n")


def blocks(source: str) -> Iterator[tuple[int, list[str]]]:
    """The lines between separators, each time with the number of the first one, from 1."""
    start, lines = 1, []
    for number, line in enumerate(lines_of(source), 1):
        if line.rstrip() == SEPARATOR:
            yield start, lines
            start, lines = number + 1, []
        else:
            lines.append(line.rstrip())
    yield start, lines


def read_start(block: tuple[int, list[str]]) -> tuple[str, str]:
    """The lecture's title, and what it is about."""
    start, lines = block
    lines = stripped(lines)
    title = ""
    if lines and lines[0].startswith("# "):
        title, lines = read_title(start, lines[0][2:].strip()), stripped(lines[1:])
    about = plain(lines)
    if len(about) > MOST_LETTERS:
        raise LectureError(start, "the text before the first beat", about, f"at most {MOST_LETTERS:,} letters")
    return title, about


def read_beat(start: int, lines: Sequence[str]) -> Beat:
    """A beat. Raises LectureError."""
    lines, notes = without_notes(start, lines)
    beat, at = Beat(line=start, notes=notes), 0
    while at < len(lines) and (not lines[at] or HEAD.match(lines[at])) and not lines[at].startswith("ask:"):
        if lines[at]:
            beat = with_field(beat, start + at, lines[at])
        at += 1
    if at < len(lines) and (found := TITLE.match(lines[at])):
        beat, at = replace(beat, title=read_title(start + at, found[1].strip())), at + 1
    asks = next((i for i in range(at, len(lines)) if lines[i].startswith("ask:")), len(lines))
    for number, one in enumerate(lines[at:asks], start + at):
        if (found := HEAD.match(one)) and found[1] in RULES:
            raise LectureError(number, found[1], found[2] or "", "said before the title and the text")
    text = plain(stripped(lines[at:asks]))
    if len(text) > MOST_LETTERS:
        raise LectureError(start + at, "text", text, f"at most {MOST_LETTERS:,} letters")
    question = read_question(start + asks, lines[asks:]) if asks < len(lines) else None
    lines_of_rest = {"text": start + at, "ask": start + asks}
    return replace(beat, text=text, question=question, lines={**beat.lines, **lines_of_rest})


def read_title(line: int, title: str) -> str:
    if len(title) > MOST_TITLE:
        raise LectureError(line, "title", title, f"at most {MOST_TITLE} letters")
    return title


def without_notes(start: int, lines: Sequence[str]) -> tuple[list[str], str]:
    """The lines without comments, whose places stay empty; and what stands in the comments."""
    kept: list[str] = []
    notes: list[str] = []
    opened = None
    for number, line in enumerate(lines, start):
        if opened is None and not line.startswith("<!--"):
            kept.append(line)
            continue
        if opened is None:
            opened, line = number, line.removeprefix("<!--")
        kept.append("")
        notes.append(line.removesuffix("-->").strip())
        if line.endswith("-->"):
            opened = None
    if opened is not None:
        raise LectureError(opened, "the note", lines[opened - start], "ended by -->")
    text = "\n".join(stripped(notes))
    if len(text) > MOST_NOTES:
        raise LectureError(start, "notes", text, f"at most {MOST_NOTES:,} letters")
    return kept, text


def with_field(beat: Beat, line: int, text: str) -> Beat:
    """A beat with one line of its head. Raises LectureError."""
    name, _, value = text.partition(":")
    value = value.strip()
    if name not in RULES:
        raise LectureError(line, name, value, f"one of {', '.join((*RULES, 'ask'))} before the colon")
    if getattr(beat, name) not in (None, ()):
        raise LectureError(line, name, value, "said once in a beat")
    return replace(beat, **{name: RULES[name](line, name, value)}, lines={**beat.lines, name: line})


def read_link(line: int, name: str, value: str) -> str:
    if not value.startswith(("?", "/?")) or len(value) > MOST_LINK or " " in value:
        accepted = f"?name=value&… for what changes, or /?name=value&… for all of it; at most {MOST_LINK:,} letters"
        raise LectureError(line, name, value, accepted)
    return value


def read_number(line: int, name: str, value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) <= 9):
        raise LectureError(line, name, value, "a whole number from 0")
    return int(value)


def read_pinned(line: int, name: str, value: str) -> str:
    if value != "none" and not PANELS.match(value):
        raise LectureError(line, name, value, "a number as in w.2.3.7, or none")
    return value


def read_panels(line: int, name: str, value: str) -> tuple[str, ...]:
    names = tuple(value.replace(",", " ").split())
    for one in names:
        if not PANELS.match(one):
            raise LectureError(line, name, one, "panels or numbers as in delta.3 or w.2.3.7")
    if not 0 < len(names) <= MOST_ANSWERS:
        raise LectureError(line, name, value, f"1 to {MOST_ANSWERS} panels or numbers as in delta.3 or w.2.3.7")
    return names


RULES = {
    "link": read_link,
    "step": read_number,
    "phase": read_number,
    "cell": read_pinned,
    "light": read_panels,
    "hide": read_panels,
}


def read_question(line: int, lines: Sequence[str]) -> Question:
    """What is asked, from its line on. Raises LectureError."""
    text = lines[0].removeprefix("ask:").strip()
    rest = [(line + at, one) for at, one in enumerate(lines) if at and one]
    answers, right = [], None
    for number, one in rest:
        found = ANSWER.match(one)
        if not found:
            raise LectureError(number, "ask", one, "followed by its answers alone, as in - [ ] an answer")
        if found[1] == "x":
            if right is not None:
                raise LectureError(number, "ask", one, "a question with one right answer, marked [x]")
            right = len(answers)
        if len(found[2]) > MOST_ANSWER:
            raise LectureError(number, "ask", found[2], f"followed by answers of at most {MOST_ANSWER} letters")
        answers.append(found[2].strip())
    measure, *of = text.split()[:1], text.split()[1:]
    if not answers and measure == ["phase"] and not of[0]:
        return Question(measure="phase")
    if not answers and measure == ["sign"] and len(of[0]) == 1 and PANELS.match(of[0][0]):
        return Question(measure="sign", cell=of[0][0])
    if not 0 < len(text) <= MOST_QUESTION or not 2 <= len(answers) <= MOST_ANSWERS:
        accepted = (
            f"a question of at most {MOST_QUESTION} letters with 2 to {MOST_ANSWERS} answers, as in - [x] an answer; "
            "phase; or sign and a number"
        )
        raise LectureError(line, "ask", text, accepted)
    return Question(text, tuple(answers), right)


def stripped(lines: Sequence[str]) -> list[str]:
    """Without empty lines at both ends."""
    lines = list(lines)
    while lines and not lines[-1]:
        lines.pop()
    while lines and not lines[0]:
        lines.pop(0)
    return lines


def plain(lines: Sequence[str]) -> str:
    """Lines of text, without the backslash that kept one from being read as something else."""
    return "\n".join(line[1:] if line.startswith("\\") and SPECIAL.match(line) else line for line in lines)


# ---- writing


def write(lecture: Lecture) -> str:
    """The file of a lecture."""
    start = [f"# {lecture.title}"] if lecture.title else []
    start += ["", *escaped(lecture.about)] if lecture.about else []
    return "\n".join([*start, *(line for beat in lecture.beats for line in written(beat))]).strip("\n") + "\n"


def written(beat: Beat) -> list[str]:
    lines = ["", SEPARATOR]
    for name in RULES:
        value = getattr(beat, name)
        if value not in (None, ()):
            lines.append(f"{name}: {' '.join(value) if isinstance(value, tuple) else value}")
    if beat.title:
        lines.append(f"## {beat.title}")
    lines += escaped(beat.text) if beat.text else []
    if beat.question:
        lines += written_question(beat.question)
    if beat.notes:
        lines += [f"<!-- {beat.notes} -->"]
    return lines


def written_question(question: Question) -> list[str]:
    if question.measure:
        return [f"ask: {question.measure} {question.cell}".rstrip()]
    marks = ("x" if i == question.right else " " for i in range(len(question.answers)))
    return [f"ask: {question.text}", *(f"- [{mark}] {one}" for mark, one in zip(marks, question.answers, strict=True))]


def escaped(text: str) -> list[str]:
    return [f"\\{line}" if SPECIAL.match(line) else line for line in text.split("\n")]


# ---- one beat, field by field


def fields_of(beat: Beat) -> dict[str, str]:
    """A beat's fields as they are written in the file, each without its name."""
    ask = written_question(beat.question) if beat.question else ["ask: "]
    head = {name: text_of(getattr(beat, name)) for name in RULES}
    return {
        "title": beat.title,
        "text": beat.text,
        **head,
        "ask": "\n".join([ask[0].removeprefix("ask: "), *ask[1:]]),
        "notes": beat.notes,
    }


def text_of(value: object) -> str:
    return " ".join(value) if isinstance(value, tuple) else "" if value is None else str(value)


def beat_of(given: Mapping[str, str]) -> Beat:
    """The beat with these fields, as `fields_of` gives them. Raises LectureError for the first that is not accepted."""
    head = {name: RULES[name](0, name, given[name].strip()) for name in RULES if given[name].strip()}
    title = read_title(0, " ".join(given["title"].split()))
    text = plain(stripped([line.rstrip() for line in lines_of(given["text"])]))
    notes = "\n".join(stripped([line.strip() for line in lines_of(given["notes"])]))
    if "-->" in notes or SEPARATOR in lines_of(notes):
        raise LectureError(0, "notes", notes, f"text without --> and without a line {SEPARATOR}")
    asked = stripped([line.rstrip() for line in lines_of(given["ask"])])
    question = read_question(0, [f"ask: {asked[0]}", *asked[1:]]) if asked else None
    return Beat(title=title, text=text, question=question, notes=notes, **head)
