"""Text from outside, made harmless in a Plotly figure, whose labels may hold HTML with links."""

from html import escape


def plain(text: object) -> str:
    """`text` for a name, a tick or a hover text: shown as it is."""
    return escape(" ".join(str(text).split()), quote=False).replace("%{", "%\u2060{")
