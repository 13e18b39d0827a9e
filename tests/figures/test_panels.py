import io

import numpy as np
from PIL import Image

from nnviz.figures.bars import gradient_bars
from nnviz.figures.panels import panels, top_of
from nnviz.figures.png import png
from nnviz.run.experiment import Experiment
from nnviz.run.trajectory import Trajectory


def test_a_png_holds_the_colours_it_was_given():
    colours = np.random.default_rng(0).integers(0, 256, (7, 5, 4), dtype=np.uint8)
    for channels in (3, 4):
        read = np.asarray(Image.open(io.BytesIO(png(colours[..., :channels]))))
        np.testing.assert_array_equal(read, colours[..., :channels])


def test_runs_share_the_scale_of_a_quantity_and_layer():
    runs = {"A": Experiment(hidden=(4,)), "B": Experiment(hidden=(4,), init="scaled")}
    moments = {name: Trajectory.of(run).moment_at(0) for name, run in runs.items()}
    html = panels(moments, None, "light")
    top = top_of([m.network.weights[0] for m in moments.values()])
    assert html.count(f"w² <small>±{top:.3g}") == 2


def test_a_run_without_the_layer_says_so():
    runs = {"A": Experiment(hidden=(4,)), "B": Experiment(hidden=(4, 3))}
    html = panels({name: Trajectory.of(run).moment_at(0) for name, run in runs.items()}, (8, 8), "dark")
    assert html.count("no layer 4") == 1


def test_values_that_are_not_finite_are_said():
    moment = Trajectory.of(Experiment(hidden=(4,), activation="linear", output="linear", eta=50.0)).moment_at(400)
    assert "not finite" in panels({"A": moment}, None, "light")


def test_bars_leave_out_zero_and_say_all_lengths():
    chart = gradient_bars("Gradients", {"A": [0.0, 3.5], "B": [1.25, float("nan")]})
    assert chart.table["value"].tolist() == [3.5, 1.25]
    assert "A: 0, 3.5; B: 1.25, not a number" in chart.alt
    low, high = chart.spec["encoding"]["y"]["scale"]["domain"]
    assert low < 1.25 < 3.5 <= high
