"""Points of the plane, what a network decides there, and the output of each neuron over it."""

import math
from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from nnviz.arrays import Array
from nnviz.datasets import Dataset
from nnviz.figures.colours import THEME, class_colours, hex_to_rgb, rgb_of
from nnviz.figures.plain_text import plain
from nnviz.run.decision_regions import Grid, Landscape

SYMBOLS = ("circle", "square", "triangle-up", "diamond", "cross", "star")
BLEND = (0.12, 0.45)  # how strong a class's colour is where the network is not sure, and where it is
MAX_POINTS = 600  # of each class that are drawn
GAP = 4


def scatter(data: Dataset, mode: str, grid: Grid, height: int = 420) -> go.Figure:
    """All training examples of a set of points, each class with a symbol and a colour."""
    figure = go.Figure(points(data, data.training, mode, size=7, opacity=0.85))
    return framed(figure, data, grid, height)


def regions(
    data: Dataset, seen: Landscape, rows: Sequence[int] | Array, predictions: Array, mode: str, height: int = 420
) -> go.Figure:
    """Which class the network gives each point, with the mini-batch's examples `rows` marked.

    The colour is the stronger the surer the network is. Faint points are the other training examples; an example of
    the mini-batch that is classified wrongly has a cross on it.
    """
    figure = go.Figure(background(seen, mode))
    figure.add_traces(points(data, data.training, mode, size=5, opacity=0.4, legend=False))
    figure.add_traces(points(data, np.asarray(rows), mode, size=12, opacity=1.0))
    wrong = np.asarray(rows)[predictions != data.labels[rows]]
    if len(wrong):
        x = data.x(wrong)
        figure.add_scatter(
            x=x[0], y=x[1], mode="markers", name="wrong", showlegend=False, hoverinfo="skip",
            marker={"symbol": "x-thin", "size": 10, "line": {"width": 2.5, "color": THEME[mode]["textColor"]}},
        )  # fmt: skip
    return framed(figure, data, seen.grid, height)


def background(seen: Landscape, mode: str) -> go.Image:
    """The decision as a picture: each pixel a point of the grid."""
    colours = np.array([hex_to_rgb(colour) for colour in class_colours(mode)], dtype=float)
    paper = np.array(hex_to_rgb(THEME[mode]["backgroundColor"]), dtype=float)
    weak, strong = BLEND
    share = (weak + (strong - weak) * np.nan_to_num(seen.certainty))[..., np.newaxis]
    picture = paper + share * (colours[seen.decision % len(colours)] - paper)
    x1, x2 = seen.grid.x1, seen.grid.x2
    return go.Image(
        z=np.rint(picture).astype(np.uint8), x0=x1[0], dx=x1[1] - x1[0], y0=x2[0], dy=x2[1] - x2[0], hoverinfo="skip"
    )


def points(data: Dataset, rows: Array, mode: str, size: int, opacity: float, legend: bool = True) -> list[go.Scatter]:
    """Examples as markers, one trace for each class."""
    traces = []
    paper = THEME[mode]["backgroundColor"]
    for k, name in enumerate(map(plain, data.classes)):
        some = rows[data.labels[rows] == k][:MAX_POINTS]
        x = data.x(some)
        traces.append(
            go.Scatter(
                x=x[0].astype(np.float32),
                y=x[1].astype(np.float32),
                mode="markers",
                name=f"class {name}",
                legendgroup=name,
                showlegend=legend,
                opacity=opacity,
                marker={
                    "symbol": SYMBOLS[k % len(SYMBOLS)],
                    "size": size,
                    "color": class_colours(mode)[k % len(class_colours(mode))],
                    "line": {"width": 1.5 if size > 8 else 0.5, "color": paper},
                },
                customdata=some,
                hovertemplate=f"example %{{customdata}}<br>class {name}<br>(%{{x:.3f}}, %{{y:.3f}})<extra></extra>",
            )
        )
    return traces


def framed(figure: go.Figure, data: Dataset, grid: Grid, height: int) -> go.Figure:
    """Both axes over the whole grid, equally long, so that figures of one data set look alike."""
    names = data.names or ("x₁", "x₂")
    dx, dy = (float(axis[1] - axis[0]) / 2 for axis in (grid.x1, grid.x2))
    axis = {"showgrid": False, "zeroline": False, "constrain": "domain", "autorange": False}
    figure.update_layout(
        height=height,
        margin={"l": 50, "r": 10, "t": 10, "b": 64},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        xaxis={"title": {"text": names[0], "standoff": 4}, "range": [grid.x1[0] - dx, grid.x1[-1] + dx], **axis},
        yaxis={
            "title": {"text": names[1], "standoff": 4},
            "range": [grid.x2[0] - dy, grid.x2[-1] + dy],
            "scaleanchor": "x",
            **axis,
        },
    )
    return figure


def neuron_sheet(layer: Array, mode: str, columns: int) -> tuple[Array, float, float]:
    """Each neuron's output over the plane as a tile, and the range of the scale that all of them share.

    `layer` is a^l (n_l, n, n), rows from the bottom. The tiles are (height, width, 4) uint8, gaps transparent. Outputs
    that are never negative are coloured from 0 up, others symmetrically about 0.
    """
    finite = layer[np.isfinite(layer)]
    top = float(np.abs(finite).max()) if finite.size and np.abs(finite).max() > 0 else 1.0
    signed = bool((finite < 0).any())
    share = (layer / top + 1) / 2 if signed else layer / top
    tiles = rgb_of(share[:, ::-1], "diverging" if signed else "sequential", mode)  # (n_l, n, n, 3), the top row first
    count, side = len(tiles), tiles.shape[1]
    columns = min(columns, count)
    lines = math.ceil(count / columns)
    page = np.zeros((lines * (side + GAP) - GAP, columns * (side + GAP) - GAP, 4), dtype=np.uint8)
    for i, tile in enumerate(tiles):
        above, left = (i // columns) * (side + GAP), (i % columns) * (side + GAP)
        page[above : above + side, left : left + side, :3] = tile
        page[above : above + side, left : left + side, 3] = 255
    return page, -top if signed else 0.0, top
