"""One panel as a Plotly heatmap: the zoomed view with hover values, colour bar and PNG download."""

from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from nnviz.arrays import Array
from nnviz.figures.colours import colorscale


@dataclass(frozen=True)
class Axes:
    """What rows and columns of a panel stand for."""

    rows: str  # "neuron j of layer 2"
    columns: str  # "neuron k of layer 1"
    first_row: int = 1  # the number that the first row has on screen
    first_column: int = 1


def heatmap(values: Array, symbol: str, axes: Axes, mode: str, height: int = 480) -> go.Figure:
    """Values (rows, columns) as a heatmap in the colours of `mode`, light or dark.

    Signed values are coloured symmetrically about 0; values that are never negative from 0 up.
    """
    rows, columns = values.shape
    signed = bool((values < 0).any())
    finite = np.abs(values[np.isfinite(values)])
    top = float(finite.max()) if finite.size and finite.max() > 0 else 1.0
    figure = go.Figure(
        go.Heatmap(
            z=values,
            x=np.arange(axes.first_column, axes.first_column + columns),
            y=np.arange(axes.first_row, axes.first_row + rows),
            colorscale=colorscale("diverging" if signed else "sequential", mode),
            zmin=-top if signed else 0.0,
            zmax=top,
            colorbar={"title": {"text": symbol}, "thickness": 14},
            hovertemplate=f"{axes.rows} %{{y}}<br>{axes.columns} %{{x}}<br>{symbol} = %{{z:.6g}}<extra></extra>",
        )
    )
    figure.update_layout(
        height=height,
        margin={"l": 60, "r": 10, "t": 10, "b": 50},
        xaxis={"title": axes.columns, "constrain": "domain", "showgrid": False, "zeroline": False},
        yaxis={"title": axes.rows, "autorange": "reversed", "showgrid": False, "zeroline": False},
    )
    return figure
