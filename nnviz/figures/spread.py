"""Histograms over time as a Plotly heatmap: a column for each moment, a row for each bin."""

import numpy as np
import plotly.graph_objects as go

from nnviz.figures.colours import colorscale
from nnviz.run.monitor import HistogramSeries


def spread(series: HistogramSeries, symbol: str, per_epoch: int, mode: str, height: int = 420) -> go.Figure:
    """The share of values in each bin, in percent, over the epochs."""
    counts = series.counts.astype(float)
    share = 100 * counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    used = np.flatnonzero(counts.sum(axis=0)) if counts.size else np.array([0])
    first, last = (used[0], used[-1] + 1) if used.size else (0, len(series.edges) - 1)
    middles = (series.edges[:-1] + series.edges[1:]) / 2
    value = "10^%{y:.2f}" if series.log else "%{y:.3g}"
    figure = go.Figure(
        go.Heatmap(
            z=share[:, first:last].T,
            x=series.steps / per_epoch,
            y=middles[first:last],
            colorscale=colorscale("sequential", mode),
            zmin=0,
            colorbar={"title": {"text": "% of values", "side": "right"}, "thickness": 14},
            hovertemplate=f"epoch %{{x:.2f}}<br>{symbol} about {value}<br>%{{z:.2f}} % of values<extra></extra>",
        )
    )
    figure.update_layout(
        height=height,
        margin={"l": 70, "r": 10, "t": 34, "b": 50},
        xaxis={"title": "epochs", "showgrid": False, "zeroline": False},
        yaxis={"title": symbol, "showgrid": False, "zeroline": False},
    )
    if series.log:
        ticks = [tick for tick in range(-12, 5) if series.edges[first] <= tick <= series.edges[last]]
        figure.update_yaxes(tickvals=ticks, ticktext=[f"1e{tick:+d}" for tick in ticks])
    return figure
