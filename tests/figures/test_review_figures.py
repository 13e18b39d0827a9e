import numpy as np
import pytest

from nnviz.figures.colours import PALETTES, hex_to_rgb
from nnviz.figures.confusion import confusion, described
from nnviz.figures.spread import spread
from nnviz.figures.weights import signed_colours, weight_sheet
from nnviz.run.monitor import HistogramSeries

COUNTS = np.array([[5, 1, 0], [0, 4, 0], [2, 0, 6]])


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_confusion_matrix_colours_the_mistakes_only_and_shows_every_count(mode):
    figure = confusion(COUNTS, ("a", "b", "c"), mode)
    heat = figure.data[0]
    assert np.isnan(np.diag(np.array(heat.z))).all()
    assert heat.z[2][0] == 2
    assert heat.text[2][0] == "2"
    assert [note.text for note in figure.layout.annotations] == ["<b>5</b>", "<b>4</b>", "<b>6</b>"]


def test_the_confusion_matrix_in_words():
    assert described(COUNTS, ("a", "b", "c")) == (
        "Confusion matrix: 15 of 18 classified correctly; the most frequent mistake is c taken for a, 2 times"
    )
    assert described(np.eye(2, dtype=int), ("a", "b")) == "Confusion matrix: 2 of 2 classified correctly"


def test_a_spread_shows_shares_that_add_up_in_each_column():
    counts = np.zeros((2, 64), dtype=int)
    counts[0, 10:12], counts[1, 20] = (1, 3), 8
    figure = spread(HistogramSeries(np.array([0, 150]), np.linspace(-4, 4, 65), counts, False), "w²", 150, "light")
    z = np.array(figure.data[0].z)
    np.testing.assert_allclose(z.sum(axis=0), 100)
    assert list(figure.data[0].x) == [0, 1]
    assert z.shape == (11, 2)  # empty bins outside are cut off


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_weights_are_coloured_on_the_diverging_scale(mode):
    palette = PALETTES[mode]["diverging"]
    colours = signed_colours(np.array([-2.0, 2.0, 9.0, -9.0]), 2.0, mode)
    assert [tuple(colour) for colour in colours] == [hex_to_rgb(palette[i]) for i in (0, -1, -1, 0)]
    middle = signed_colours(np.array([0.0]), 2.0, mode)[0]
    np.testing.assert_allclose(middle, (np.array(hex_to_rgb(palette[4])) + hex_to_rgb(palette[5])) / 2, atol=1)


def test_a_sheet_holds_each_neuron_in_the_shape_of_the_input():
    w = np.zeros((3, 6))
    w[1] = 1.0
    page = weight_sheet(w, (2, 3), 1.0, "light", columns=2, cell=6)
    assert page.shape == (2 * 4 + 2, 2 * 6 + 2, 4)
    assert tuple(page[0, 8, :3]) == hex_to_rgb(PALETTES["light"]["diverging"][-1])  # the second neuron, upper right
    assert page[0, 6, 3] == 0  # the gap is transparent
