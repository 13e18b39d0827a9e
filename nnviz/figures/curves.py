"""Curves over a run as Vega-Lite charts: a specification that stays the same while a run grows, and a growing table.

Streamlit swaps new rows into a Vega chart that is there already; a Plotly chart is built anew at every change. The
colours are those of the theme, in light and in dark; lines differ by their dashes too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from nnviz.arrays import Array
from nnviz.number_text import brief
from nnviz.run.evaluation import Evaluation
from nnviz.run.experiment import Experiment
from nnviz.run.monitor import Sample

SELECTION = "at"  # the point that was clicked: [{"step": 250}]
DECADES = [10.0**n for n in range(-15, 10)]
DASHES = [[1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [4, 2], [1, 3]]
HEIGHT = 235
SMOOTHED = 10  # samples that a line is the mean of


Lines = Mapping[str, tuple[Sequence[int], Sequence[float]]]  # name -> steps and values


@dataclass(frozen=True)
class Chart:
    """What `st.vega_lite_chart` takes."""

    spec: dict
    table: pd.DataFrame  # series, step, value, epoch, line: one row a point
    title: str
    alt: str  # the title and what the lines do; it changes with the table


def learning_curve(title: str, of: str, experiment: Experiment, evaluations: Sequence[Evaluation], end: int) -> Chart:
    """`of` the training and the held-out data, cost or accuracy, up to step `end` of the run."""
    share, unit = (100, "%") if of == "accuracy" else (1, "")
    steps = [e.step for e in evaluations]
    lines = {"training": (steps, [share * getattr(e, of) for e in evaluations])}
    if len(experiment.data.held_out):
        lines["held out"] = (steps, [share * getattr(e, f"held_out_{of}") for e in evaluations])
    return chart(title, lines, end, experiment.batches_per_epoch, unit)


def gradient_curve(title: str, experiment: Experiment, samples: Sequence[Sample], end: int) -> Chart:
    """||nabla w^l|| of each layer, on a logarithmic axis; 0 has no place on it."""
    lines = per_layer(experiment, [s.step for s in samples], [s.gradients for s in samples])
    return chart(title, lines, end, experiment.batches_per_epoch, log=True, smooth=SMOOTHED)


def saturation_curve(title: str, experiment: Experiment, samples: Sequence[Sample], end: int) -> Chart:
    """The share of saturated neurons in each layer, in percent."""
    shares = [[100 * share for share in s.saturated] for s in samples]
    lines = per_layer(experiment, [s.step for s in samples], shares)
    return chart(title, lines, end, experiment.batches_per_epoch, "%", smooth=SMOOTHED)


def overlaid(title: str, of: str, runs: Mapping[str, Sequence[Evaluation]], end: int) -> Chart:
    """One line for each run, over the mini-batches: `of` is cost, or accuracy, held out where there is such."""
    lines = {}
    for name, evaluations in runs.items():
        held_out = of == "accuracy" and all(e.held_out_accuracy is not None for e in evaluations)
        values = [getattr(e, f"held_out_{of}" if held_out else of) for e in evaluations]
        lines[name] = ([e.step for e in evaluations], [100 * v for v in values] if of == "accuracy" else values)
    return chart(title, lines, end, 1, "%" if of == "accuracy" else "")


def per_layer(experiment: Experiment, steps: list[int], values: Sequence[Sequence[float]]) -> Lines:
    """A line for each layer from one row of values (l = 2..L) for each step."""
    depth = len(experiment.sizes)
    return {f"layer {layer}": (steps, [row[layer - 2] for row in values]) for layer in range(2, depth + 1)}


def chart(
    title: str, lines: Lines, end: int, per_epoch: int, unit: str = "", log: bool = False, smooth: int = 1
) -> Chart:
    """One line for each name in `lines`, up to step `end`, over the epochs, or over mini-batches if `per_epoch` is 1.

    With `smooth` above 1 the line is the mean of that number of points (the geometric one where the axis is
    logarithmic), and the points themselves are drawn faintly behind it.
    """
    table = table_of(lines, per_epoch, smooth, log)
    over = "mini-batches" if per_epoch == 1 else "epochs"
    spec = spec_of(title, list(lines), end / per_epoch, over, unit, log, smooth)
    return Chart(spec, table, title, described(title, over, table, unit))


def table_of(lines: Lines, per_epoch: int, smooth: int, log: bool) -> pd.DataFrame:
    parts = []
    for name, (steps, values) in lines.items():
        step, value = np.array(steps, dtype=int), np.array(values, dtype=float)
        shown = np.isfinite(value) & ((value > 0) if log else True)
        step, value = step[shown], value[shown]
        line = np.exp(trailing_mean(np.log(value), smooth)) if log else trailing_mean(value, smooth)
        parts.append((np.repeat(name, len(step)), step, value, line))
    names, step, value, line = (np.concatenate(part) for part in zip(*parts, strict=True))
    return pd.DataFrame({"series": names, "step": step, "value": value, "epoch": step / per_epoch, "line": line})


def trailing_mean(values: Array, of: int) -> Array:
    """The mean of each value and the ones before it, `of` in all or as many as there are."""
    sums = np.concatenate([[0.0], values.cumsum()])
    last = np.arange(1, len(values) + 1)
    first = np.maximum(last - of, 0)
    return (sums[last] - sums[first]) / (last - first)


def spec_of(title: str, names: list[str], end: float, over: str, unit: str, log: bool, smooth: int) -> dict:
    x = {"field": "epoch", "type": "quantitative", "title": over, "scale": {"domain": [0, end]}}
    x["axis"] = {"grid": False, "tickCount": 8, "titlePadding": 0, "labelPadding": 4}
    y = {"type": "quantitative", "title": None, "scale": {"type": "log" if log else "linear"}}
    y["axis"] = {"format": "~e", "values": DECADES} if log else {"format": ".3~g", "tickCount": 4}
    scale = {"domain": names}
    legend = {
        "title": title,
        "orient": "top",
        "titleOrient": "left",
        "titleFontSize": 15,
        "titleFontWeight": 600,
        "titleLimit": 400,
        "symbolType": "stroke",
        "symbolOpacity": 1,
        "symbolSize": 500,
        "symbolStrokeWidth": 2.5,
        "offset": 6,
        "columnPadding": 14,
    }
    color = {"field": "series", "type": "nominal", "scale": scale, "legend": legend}
    dash = {**color, "scale": {**scale, "range": DASHES[: len(names)]}}
    tooltip = [
        {"field": "series", "type": "nominal", "title": title},
        {"field": "value", "type": "quantitative", "format": ".4~g", "title": f"value {unit}".strip()},
        {"field": "step", "type": "quantitative", "format": ",", "title": "mini-batches so far"},
    ]
    if over == "epochs":
        tooltip.append({"field": "epoch", "type": "quantitative", "format": ".2f", "title": "epochs"})
    near = {"type": "point", "on": "pointermove", "nearest": True, "clear": "pointerout"}
    click = {"type": "point", "on": "click", "nearest": True, "fields": ["step"], "clear": False}
    line = {"mark": {"type": "line", "strokeWidth": 2, "clip": True}, "encoding": {"strokeDash": dash}}
    line["encoding"]["y"] = {**y, "field": "line"}
    faint = {"mark": {"type": "line", "strokeWidth": 1, "opacity": 0.3, "clip": True}}
    faint["encoding"] = {"y": {**y, "field": "value"}}
    points = {
        "mark": {"type": "point", "filled": True, "size": 40, "cursor": "pointer", "clip": True},
        "params": [{"name": "near", "select": near}, {"name": SELECTION, "select": click}],
        "encoding": {
            "y": {**y, "field": "value"},
            "tooltip": tooltip,
            "opacity": {"condition": {"param": "near", "empty": False, "value": 1}, "value": 0},
        },
    }
    return {
        "height": HEIGHT,
        "padding": {"left": 2, "right": 10, "top": 2, "bottom": 2},
        "encoding": {"x": x, "color": color},
        "layer": [faint, line, points] if smooth > 1 else [line, points],
    }


def described(title: str, over: str, table: pd.DataFrame, unit: str) -> str:
    """The chart in a sentence: where each line starts and where it is now."""
    said = []
    for name in dict.fromkeys(table["series"]):
        values = table["value"].to_numpy()[table["series"].to_numpy() == name]
        said.append(f"{name} from {brief(values[0])} to {brief(values[-1])}{' ' * bool(unit)}{unit}")
    return f"{title} over the {over}: " + ("; ".join(said) or "nothing yet")
