"""An address as a QR picture, for the room and for sharing."""

import io
from collections.abc import Mapping

import segno

from nnviz.errors import FieldError

LONGEST = 600  # letters; more makes cells that a phone cannot read from a projector


def picture(params: Mapping[str, str]) -> bytes:
    """The QR picture of `text`, black on white, with its quiet margin, as SVG. Raises FieldError."""
    text = params.get("text", "")
    if not 0 < len(text) <= LONGEST:
        raise FieldError("text", f"{len(text)} letters", f"1 to {LONGEST} letters")
    out = io.BytesIO()
    segno.make(text, micro=False).save(
        out, kind="svg", border=3, light="#fff", dark="#000", xmldecl=False, omitsize=True
    )
    return out.getvalue()
