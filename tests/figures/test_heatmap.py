"""Panels as Plotly heatmaps: the right numbers, zero neutral, axes that count from 1."""

import numpy as np
import pytest

from nnviz.figures.check import error_curve, error_heatmap, spacing
from nnviz.figures.colours import PALETTES, colorscale
from nnviz.figures.heatmap import Axes, heatmap
from nnviz.figures.pictures import sheet

AXES = Axes("neuron", "example")


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_signed_values_are_coloured_symmetrically_about_zero(mode: str) -> None:
    trace = heatmap(np.array([[-1.0, 0.5], [0.0, 3.0]]), "z²", AXES, mode).data[0]
    assert (trace.zmin, trace.zmax) == (-3.0, 3.0)
    assert [colour for _, colour in trace.colorscale] == PALETTES[mode]["diverging"]


def test_values_that_are_never_negative_are_coloured_from_zero_up() -> None:
    trace = heatmap(np.array([[0.2, 0.5]]), "a²", AXES, "light").data[0]
    assert (trace.zmin, trace.zmax) == (0.0, 0.5)
    assert [colour for _, colour in trace.colorscale] == PALETTES["light"]["sequential"]


def test_the_numbers_are_those_given_and_rows_count_from_one() -> None:
    values = np.random.default_rng(0).standard_normal((3, 4))
    trace = heatmap(values, "w²", AXES, "light").data[0]
    np.testing.assert_array_equal(trace.z, values)
    assert list(trace.y) == [1, 2, 3] and list(trace.x) == [1, 2, 3, 4]


@pytest.mark.parametrize("value", [0.0, np.nan, np.inf])
def test_a_panel_without_a_finite_range_still_draws(value: float) -> None:
    trace = heatmap(np.full((2, 2), value), "z²", AXES, "light").data[0]
    assert trace.zmin < trace.zmax


def test_a_colour_scale_runs_from_0_to_1() -> None:
    scale = colorscale("diverging", "dark")
    assert scale[0][0] == 0.0 and scale[-1][0] == 1.0 and len(scale) == 10


def test_an_error_of_zero_can_be_drawn_on_a_logarithmic_axis() -> None:
    assert min(error_curve(np.array([1e-5, 1e-4]), np.array([0.0, 1e-9]), "light").data[0].y) > 0
    z = error_heatmap(np.array([[0.0, 1e-9, np.nan]]), "light").data[0].z
    assert np.isfinite(z[0][:2]).all() and np.isnan(z[0][2])


def test_ticks_stand_on_whole_numbers_and_are_few() -> None:
    assert [spacing(n) for n in (1, 10, 30, 64, 784)] == [1, 1, 5, 10, 100]


def test_a_sheet_shows_every_picture_as_dark_ink_on_white() -> None:
    x = np.zeros((4, 3))
    x[0, 1] = 1.0
    page = sheet(x, (2, 2), columns=2, cell=4, gap=2)
    assert page.shape == (4 + 2 + 4, 4 + 2 + 4)
    assert page[0, 6] == 0 and page[0, 0] == 255 and page[3, 9] == 255
