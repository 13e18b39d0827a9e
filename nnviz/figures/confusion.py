"""The confusion matrix as a Plotly heatmap."""

import math
from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from nnviz.arrays import Array
from nnviz.figures.colours import colorscale
from nnviz.figures.plain_text import plain


def confusion(counts: Array, classes: Sequence[str], mode: str, height: int = 420) -> go.Figure:
    """Counts (class, prediction) with their numbers; only the mistakes are coloured, so that they stand out."""
    mistakes = counts.astype(float)
    np.fill_diagonal(mistakes, np.nan)
    top = float(np.nanmax(mistakes, initial=1.0))
    figure = go.Figure(
        go.Heatmap(
            z=mistakes,
            text=[[str(n) if n and i != j else "" for j, n in enumerate(row)] for i, row in enumerate(counts)],
            customdata=counts,
            texttemplate="%{text}",
            colorscale=colorscale("sequential", mode),
            zmin=0,
            zmax=top,
            hoverongaps=False,
            hovertemplate="%{customdata} of class %{y} taken for %{x}<extra></extra>",
            colorbar={
                "title": {"text": "mistakes", "side": "right"},
                "thickness": 14,
                "tick0": 0,
                "dtick": max(1, math.ceil(top / 4)),
            },
            xgap=1,
            ygap=1,
        )
    )
    for i, row in enumerate(counts):  # cells without colour hold no text in a heatmap
        figure.add_annotation(x=i, y=i, text=f"<b>{row[i]:,}</b>", showarrow=False)
    ticks = {
        "tickvals": list(range(len(classes))),
        "ticktext": [plain(name) for name in classes],
        "showgrid": False,
        "zeroline": False,
    }
    figure.update_layout(
        height=height,
        margin={"l": 60, "r": 10, "t": 34, "b": 50},
        xaxis={**ticks, "title": "taken for", "constrain": "domain", "scaleanchor": "y"},
        yaxis={**ticks, "title": "class", "autorange": "reversed", "constrain": "domain"},
    )
    return figure


def described(counts: Array, classes: Sequence[str]) -> str:
    """The matrix in a sentence."""
    mistakes = counts.copy()
    np.fill_diagonal(mistakes, 0)
    said = f"Confusion matrix: {int(np.trace(counts)):,} of {int(counts.sum()):,} classified correctly"
    if not mistakes.any():
        return said
    i, j = map(int, np.unravel_index(int(mistakes.argmax()), mistakes.shape))
    return f"{said}; the most frequent mistake is {classes[i]} taken for {classes[j]}, {times(int(mistakes[i, j]))}"


def times(n: int) -> str:
    return "once" if n == 1 else f"{n} times"
