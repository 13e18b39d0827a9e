"""Text from outside, made harmless: Streamlit's labels, captions and messages are live Markdown."""

import re

WORD_JOINER = "\u2060"  # invisible; breaks what would become a link by itself


def safe(text: object) -> str:
    """`text` for use inside Markdown: shown as it is, with no link, picture, style or formula in it.

    Use it for whatever comes from a link, a file, a name or a field that a visitor fills in.
    """
    flat = " ".join(str(text).split())
    escaped = re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", flat)
    return re.sub(r"(\\:|\\@|www)", rf"\1{WORD_JOINER}", escaped, flags=re.IGNORECASE)
