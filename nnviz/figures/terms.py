"""The terms of an explanation as bars."""

import re

import plotly.graph_objects as go

from nnviz.figures.colours import PALETTES
from nnviz.lesson.cells import SUBSCRIPTS, short_name
from nnviz.lesson.explanation import Explanation, Term

GREEK = {
    "eta": "η",
    "lambda": "λ",
    "Delta": "Δ",
    "nabla": "∇",
    "sigma": "σ",
    "delta": "δ",
    "partial": "∂",
}
SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
BARS = 10  # the largest terms; the rest is one bar


def plain(term: Term) -> str:
    """A term in plain text, as KaTeX does not reach into figures: w²₄,₈ · a¹₈."""
    return " · ".join(short_name(cell) if cell else unicode(symbol) for symbol, _, cell in term.factors)


def unicode(latex: str) -> str:
    """The few pieces of KaTeX that terms are written in, as plain text: `-\\frac{\\eta\\lambda}{n}` is −ηλ/n."""
    text = re.sub(r"\\frac\{(.*?)\}\{(.*?)\}", r"\1/\2", latex)
    text = re.sub(r"\\(eta|lambda|Delta|nabla|sigma|delta|partial)\b ?", lambda found: GREEK[found[1]], text)
    text = re.sub(r"\\text\{(.*?)\}", r"\1", text)
    text = re.sub(r"\^\{?(\w+)\}?", lambda found: found[1].translate(SUPERSCRIPTS), text)
    text = re.sub(r"_\{?([\w,]+)\}?", lambda found: found[1].translate(SUBSCRIPTS), text)
    return text.replace("-", "−")


def terms(explanation: Explanation, mode: str) -> go.Figure:
    """The largest terms and the sum of the rest, each as a bar to the left or right of 0."""
    shown = explanation.terms[:BARS]
    left = explanation.terms[BARS:]
    labels = [plain(term) for term in shown]
    sizes = [term.value for term in shown]
    if left:
        labels.append(f"{len(left)} more")
        sizes.append(sum(term.value for term in left))
    palette = PALETTES[mode]["diverging"]
    figure = go.Figure(
        go.Bar(
            x=sizes,
            y=labels,
            orientation="h",
            marker_color=[palette[1] if size < 0 else palette[-2] for size in sizes],
            hovertemplate="%{y}: %{x:.6g}<extra></extra>",
        )
    )
    figure.update_layout(
        height=60 + 22 * len(labels),
        margin={"l": 10, "r": 10, "t": 4, "b": 30},
        yaxis={"autorange": "reversed", "automargin": True},
        xaxis={"zeroline": True},
        bargap=0.25,
    )
    return figure
