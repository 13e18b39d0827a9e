"""Gradient magnitudes of several runs, layer by layer, as grouped bars (Vega-Lite, updated in place)."""

import math
from collections.abc import Mapping, Sequence

import pandas as pd

from nnviz.figures.curves import Chart
from nnviz.number_text import brief

HEIGHT = 235


def gradient_bars(title: str, runs: Mapping[str, Sequence[float]]) -> Chart:
    """||nabla w^l||, l = 2..L, of each run, on a logarithmic axis; a bar that is missing stands for exactly 0."""
    rows = [
        {"run": name, "layer": f"layer {layer}", "value": value}
        for name, values in runs.items()
        for layer, value in enumerate(values, 2)
    ]
    shown = [row for row in rows if row["value"] > 0 and math.isfinite(row["value"])]
    table = pd.DataFrame(shown, columns=["run", "layer", "value"])
    low = 10.0 ** math.floor(math.log10(min((row["value"] for row in shown), default=1.0)) - 0.3)
    high = 10.0 ** math.ceil(math.log10(max((row["value"] for row in shown), default=1.0)) + 1e-9)
    layers = list(dict.fromkeys(row["layer"] for row in rows))
    legend = {
        "title": title,
        "orient": "top",
        "titleOrient": "left",
        "titleFontSize": 15,
        "titleFontWeight": 600,
        "titleLimit": 400,
        "offset": 6,
    }
    scale = {"type": "log", "domain": [low, high]}
    spec = {
        "height": HEIGHT,
        "padding": {"left": 2, "right": 10, "top": 2, "bottom": 2},
        "mark": {"type": "bar", "clip": True},
        "encoding": {
            "x": {"field": "layer", "type": "nominal", "title": None, "sort": layers, "axis": {"labelAngle": 0}},
            "xOffset": {"field": "run", "type": "nominal", "sort": list(runs)},
            "y": {
                "field": "value",
                "type": "quantitative",
                "title": None,
                "scale": scale,
                "axis": {"format": "~e", "values": [10.0**n for n in range(-30, 31)]},
            },
            "y2": {"datum": low},
            "color": {"field": "run", "type": "nominal", "scale": {"domain": list(runs)}, "legend": legend},
            "tooltip": [
                {"field": "run", "type": "nominal"},
                {"field": "layer", "type": "nominal"},
                {"field": "value", "type": "quantitative", "format": ".4~g", "title": "‖∇w‖"},
            ],
        },
    }
    said = "; ".join(f"{name}: {', '.join(f'{brief(v)}' for v in values)}" for name, values in runs.items())
    return Chart(spec, table, title, f"{title} from layer 2 on. {said}")
