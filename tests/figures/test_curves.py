import math

import pytest

from nnviz.figures.curves import DASHES, gradient_curve, learning_curve, saturation_curve
from nnviz.run.experiment import Experiment
from nnviz.run.monitor import Evaluation, Sample

E = Experiment(hidden=(8, 8))
EVALUATIONS = [Evaluation(0, 2.0, 0.1, 2.1, 0.12), Evaluation(150, 0.5, 0.8, 0.6, 0.75)]
SAMPLES = [Sample(0, 1.0, (0.1, 0.01, 0.0), (0.5, 0.25, 0.0)), Sample(8, 1.0, (0.1, 1.0, math.nan), (0.5, 0.0, 0.0))]


def test_a_learning_curve_has_a_point_for_each_evaluation_and_part():
    table = learning_curve("Accuracy", "accuracy", E, EVALUATIONS, 4500).table
    rows = set(zip(table["series"], table["epoch"], table["value"], strict=True))
    assert rows == {("training", 0, 10), ("held out", 0, 12), ("training", 1, 80), ("held out", 1, 75)}


def test_data_without_a_held_out_part_have_one_line():
    xor = Experiment(dataset="xor", hidden=(2,), batch=4)
    chart = learning_curve("Cost", "cost", xor, [Evaluation(0, 1.0, 0.5, None, None)], 10)
    assert list(chart.table["series"]) == ["training"]


def test_zero_and_nan_have_no_place_on_the_logarithmic_axis():
    table = gradient_curve("Gradients", E, SAMPLES, 4500).table
    assert set(table[table["series"] == "layer 4"]["value"]) == set()
    assert table[table["series"] == "layer 2"]["value"].tolist() == [0.1, 0.1]


def test_the_line_of_noisy_curves_is_the_mean_of_the_last_points():
    table = saturation_curve("Saturated", E, SAMPLES, 4500).table
    assert table[table["series"] == "layer 3"]["line"].tolist() == [25, 12.5]
    table = gradient_curve("Gradients", E, SAMPLES, 4500).table
    assert table[table["series"] == "layer 3"]["line"].tolist() == pytest.approx([0.01, 0.1])  # geometric


def test_the_specification_stays_the_same_while_a_run_grows():
    for make, entries in ((gradient_curve, SAMPLES), (saturation_curve, SAMPLES)):
        assert make("t", E, entries[:1], 4500).spec == make("t", E, entries, 4500).spec
    assert learning_curve("t", "cost", E, [], 9).spec == learning_curve("t", "cost", E, EVALUATIONS, 9).spec


def test_lines_differ_by_their_dashes_too():
    assert len({tuple(dash) for dash in DASHES}) == len(DASHES) >= 6


def test_the_alternative_text_says_where_each_line_comes_from_and_is():
    alt = learning_curve("Cost", "cost", E, EVALUATIONS, 4500).alt
    assert alt == "Cost over the epochs: training from 2 to 0.5; held out from 2.1 to 0.6"
    assert learning_curve("Cost", "cost", E, [], 4500).alt == "Cost over the epochs: nothing yet"
