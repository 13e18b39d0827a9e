"""The text of a beat, taken apart: what nnviz takes from Markdown, and nothing else, so that nothing in it is live.

Paragraphs, lists of `- ` lines, **strong**, *emphasis*, `code`, $a formula$ and [words](#delta.3) that light a panel or
a number. Any other address stays the text that it is.
"""

import re
from typing import TypedDict

from nnviz.lecture.lecture import PANELS

PIECES = re.compile(
    r"\[(?P<words>[^\[\]]{1,200})\]\(#(?P<panel>[^()\s]{1,40})\)|\*\*(?P<strong>[^*]+)\*\*|\*(?P<em>[^*\s][^*]*)\*"
    r"|`(?P<code>[^`]+)`|\$(?P<math>[^$\s](?:[^$]{0,300}[^$\s])?)\$"
)


class Piece(TypedDict, total=False):
    """Some words, and how they are shown: `kind` is text, strong, em, code, math or panel."""

    kind: str
    text: str
    panel: str


class Paragraph(TypedDict):
    kind: str  # "p", or "li" for an entry of a list
    pieces: list[Piece]


def paragraphs(text: str) -> list[Paragraph]:
    found: list[Paragraph] = []
    joins = False  # whether the next line goes on with the paragraph
    for line in text.split("\n"):
        if not line.strip():
            joins = False
        elif line.startswith("- "):
            found.append({"kind": "li", "pieces": pieces(line[2:])})
            joins = True
        elif joins:
            found[-1]["pieces"] += [{"kind": "text", "text": " "}, *pieces(line)]
        else:
            found.append({"kind": "p", "pieces": pieces(line)})
            joins = True
    return found


def pieces(line: str) -> list[Piece]:
    found: list[Piece] = []
    at = 0
    for match in PIECES.finditer(line):
        kind = match.lastgroup or ""
        if kind == "panel" and not PANELS.match(match["panel"]):
            continue
        if match.start() > at:
            found.append({"kind": "text", "text": line[at : match.start()]})
        if kind == "panel":
            found.append({"kind": "panel", "text": match["words"], "panel": match["panel"]})
        else:
            found.append({"kind": kind, "text": match[kind]})
        at = match.end()
    if at < len(line):
        found.append({"kind": "text", "text": line[at:]})
    return found


def panels(text: str) -> list[str]:
    """The panels and numbers that words of the text light."""
    return [piece["panel"] for paragraph in paragraphs(text) for piece in paragraph["pieces"] if "panel" in piece]
