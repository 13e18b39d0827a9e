"""A data set in pictures of its numbers: how its inputs are spread, and what a network says as bars."""

import numpy as np
import plotly.graph_objects as go

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
