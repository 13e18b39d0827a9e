"""Gradient checking as figures: the V of the error against h, and where in a layer the two methods differ."""

import numpy as np
import plotly.graph_objects as go

from nnviz.arrays import Array
from nnviz.figures.colours import PALETTES, colorscale

FLOOR = 1e-16  # drawn in place of an error of exactly 0 on a logarithmic axis


def error_curve(hs: Array, errors: Array, mode: str) -> go.Figure:
    """The relative error (len(hs),) of a central difference for each step h, on logarithmic axes."""
    figure = go.Figure(
        go.Scatter(
            x=hs,
            y=np.maximum(errors, FLOOR),
            mode="lines+markers",
            line={"color": PALETTES[mode]["diverging"][1]},
            hovertemplate="h = %{x:.1e}<br>relative error %{y:.1e}<extra></extra>",
        )
    )
    figure.update_layout(
        height=240,
        margin={"l": 60, "r": 10, "t": 6, "b": 40},
        xaxis={"type": "log", "title": "step h", "exponentformat": "power", "dtick": 3},
        yaxis={"type": "log", "title": "relative error", "exponentformat": "power"},
    )
    return figure


def error_heatmap(errors: Array, mode: str) -> go.Figure:
    """The relative error (rows, columns) of a layer's gradient, as powers of ten; cells not checked stay empty."""
    powers = np.log10(np.maximum(errors, FLOOR), where=np.isfinite(errors), out=np.full(errors.shape, np.nan))
    figure = go.Figure(
        go.Heatmap(
            z=powers,
            x=np.arange(1, errors.shape[1] + 1),
            y=np.arange(1, errors.shape[0] + 1),
            zmin=-12,
            zmax=0,
            colorscale=colorscale("sequential", mode),
            colorbar={
                "title": {"text": "relative error"},
                "thickness": 12,
                "tickvals": [-12, -9, -6, -3, 0],
                "ticktext": ["10⁻¹²", "10⁻⁹", "10⁻⁶", "10⁻³", "1"],
            },
            hovertemplate="row %{y}, column %{x}: 10^%{z:.1f}<extra></extra>",
        )
    )
    figure.update_layout(
        height=260,
        margin={"l": 50, "r": 10, "t": 6, "b": 40},
        xaxis={"title": "column k", "dtick": spacing(errors.shape[1]), "showgrid": False, "zeroline": False},
        yaxis={
            "title": "row j",
            "dtick": spacing(errors.shape[0]),
            "autorange": "reversed",
            "showgrid": False,
            "zeroline": False,
        },
    )
    return figure


def spacing(count: int) -> int:
    """How many whole numbers apart the ticks of an axis with this number of cells are."""
    return next(step for step in (1, 2, 5, 10, 20, 50, 100, 200) if count <= 10 * step or step == 200)
