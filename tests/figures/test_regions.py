import numpy as np
import pytest

from nnviz import datasets
from nnviz.datasets.statistics import statistics
from nnviz.figures.colours import PALETTES, THEME, hex_to_rgb, rgb_of
from nnviz.figures.regions import background, neuron_sheet, regions, scatter
from nnviz.figures.statistics import input_histogram
from nnviz.model.network import Network
from nnviz.run.decision_regions import grid_around, landscape

MOONS = datasets.get("moons-c3")
MODES = ["light", "dark"]


def seen(network=None):
    return landscape(network or Network([2, 4, 3]), grid_around(MOONS, 6))


@pytest.mark.parametrize("mode", MODES)
class TestRegions:
    def test_each_pixel_lies_between_the_paper_and_its_classs_colour(self, mode):
        found = seen()
        picture = np.array(background(found, mode).z)
        paper = np.array(hex_to_rgb(THEME[mode]["backgroundColor"]))
        for row, column in ((0, 0), (5, 2), (3, 3)):
            colour = np.array(hex_to_rgb(THEME[mode]["chartCategoricalColors"][found.decision[row, column]]))
            low, high = np.minimum(paper, colour), np.maximum(paper, colour)
            assert (low <= picture[row, column]).all() and (picture[row, column] <= high).all()

    def test_wrong_examples_have_a_cross(self, mode):
        rows = np.arange(10)
        predictions = MOONS.labels[rows].copy()
        assert "wrong" not in [t.name for t in regions(MOONS, seen(), rows, predictions, mode).data]
        predictions[3] = (predictions[3] + 1) % 3
        cross = next(t for t in regions(MOONS, seen(), rows, predictions, mode).data if t.name == "wrong")
        assert (cross.x[0], cross.y[0]) == tuple(MOONS.inputs[3])

    def test_classes_differ_by_symbol_too(self, mode):
        figure = scatter(MOONS, mode, grid_around(MOONS))
        assert len({trace.marker.symbol for trace in figure.data}) == 3
        assert sum(len(trace.x) for trace in figure.data) == MOONS.n_train

    def test_a_diverged_network_can_be_drawn(self, mode):
        network = Network([2, 4, 3])
        network.weights[1][:] = np.nan
        regions(MOONS, seen(network), np.arange(5), np.zeros(5, dtype=int), mode).to_json()


class TestNeurons:
    def test_the_first_row_of_a_tile_is_the_top_of_the_plane(self):
        layer = np.zeros((1, 2, 2))
        layer[0, 1, 0] = 1.0  # top left: rows count from the bottom
        page, low, top = neuron_sheet(layer, "light", columns=4)
        assert (low, top) == (0, 1)
        assert tuple(page[0, 0, :3]) == hex_to_rgb(PALETTES["light"]["sequential"][-1])
        assert tuple(page[1, 0, :3]) == hex_to_rgb(PALETTES["light"]["sequential"][0])

    def test_signed_outputs_are_coloured_about_zero(self):
        page, low, top = neuron_sheet(np.array([[[-0.5, 2.0], [0, 0]]]), "dark", columns=4)
        assert (low, top) == (-2, 2)
        assert tuple(page[1, 1, :3]) == hex_to_rgb(PALETTES["dark"]["diverging"][-1])

    def test_gaps_between_tiles_are_transparent(self):
        page, _, _ = neuron_sheet(np.ones((3, 5, 5)), "light", columns=2)
        assert page.shape == (14, 14, 4)
        assert page[6, 0, 3] == 0 and page[0, 0, 3] == 255 and page[10, 10, 3] == 0


class TestColours:
    @pytest.mark.parametrize("kind", ["diverging", "sequential"])
    def test_the_ends_of_a_palette(self, kind):
        ends = rgb_of(np.array([-1.0, 0.0, 1.0, 2.0, np.nan]), kind, "light")
        first, last = (hex_to_rgb(PALETTES["light"][kind][i]) for i in (0, -1))
        assert [tuple(c) for c in ends] == [first, first, last, last, first]


def test_the_histogram_has_every_bin():
    found = statistics(datasets.get("digits"))
    assert np.array_equal(input_histogram(found, "pixel", "light").data[0].y, found.histogram)
