"""A data set in pictures of its numbers: how its inputs are spread, and what a network says as bars."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from nnviz.arrays import Array
from nnviz.datasets.statistics import Statistics
from nnviz.figures.colours import class_colours


def input_histogram(found: Statistics, title: str, mode: str, height: int = 220) -> go.Figure:
    """How often each input value occurs in the training set, on a logarithmic axis: most pixels are empty."""
    width = np.diff(found.edges)
    figure = go.Figure(
        go.Bar(
            x=found.edges[:-1] + width / 2,
            y=found.histogram,
            width=width,
            marker={"color": class_colours(mode)[0], "line": {"width": 0}},
            hovertemplate="about %{x:.3g}: %{y:,} values<extra></extra>",
        )
    )
    figure.update_layout(
        height=height,
        margin={"l": 60, "r": 10, "t": 10, "b": 40},
        xaxis={"title": title, "showgrid": False},
        yaxis={"type": "log", "title": "count", "dtick": 1, "exponentformat": "power"},
    )
    return figure


def prediction_bars(outputs: Array, names: Sequence[str], mode: str, height: int = 240) -> go.Figure:
    """The output activations (n_L,) as bars; the largest one, which is the prediction, stands out."""
    best = int(np.argmax(outputs)) if len(outputs) > 1 else 0
    colours = class_colours(mode)
    figure = go.Figure(
        go.Bar(
            x=[str(name) for name in names],
            y=outputs,
            text=[f"{value:.2f}" for value in outputs],
            textposition="outside",
            cliponaxis=False,
            marker={"color": [colours[0] if j == best else colours[5] for j in range(len(outputs))]},
            hovertemplate="class %{x}: %{y:.6g}<extra></extra>",
        )
    )
    low, high = min(0.0, float(np.nanmin(outputs))), max(1.0, float(np.nanmax(outputs)))
    figure.update_layout(
        height=height,
        margin={"l": 40, "r": 10, "t": 24, "b": 40},
        xaxis={"title": "class", "type": "category", "showgrid": False},
        yaxis={"range": [low, high], "title": "output a"},
    )
    return figure
