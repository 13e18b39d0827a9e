import numpy as np
import pytest

from nnviz import datasets
from nnviz.model.network import Network
from nnviz.run.decision_regions import certainty, grid_around, landscape

MOONS = datasets.get("moons-c3")


class TestGrid:
    def test_it_holds_every_example(self):
        grid = grid_around(MOONS, 20)
        for axis, values in zip((grid.x1, grid.x2), MOONS.x(np.arange(200)), strict=True):
            assert axis[0] < values.min() and values.max() < axis[-1]

    def test_both_axes_have_the_same_scale(self):
        grid = grid_around(MOONS, 20)
        assert np.diff(grid.x1) == pytest.approx(np.diff(grid.x2))

    def test_points_stand_row_by_row_from_the_bottom(self):
        grid = grid_around(datasets.get("xor"), 3)
        assert np.allclose(grid.inputs[:, :4].T - grid.inputs[:, 0], np.array([[0, 0], [1, 0], [2, 0], [0, 1]]) * 0.65)


class TestLandscape:
    @pytest.mark.parametrize("output", ["sigmoid", "softmax", "tanh"])
    def test_every_neuron_has_its_feedforward_value_at_every_point(self, output):
        cost = "log-likelihood" if output == "softmax" else "quadratic"
        network = Network([2, 4, 3], activation="tanh", output=output, cost=cost)
        seen = landscape(network, grid_around(MOONS, 5))
        point = np.array([seen.grid.x1[3], seen.grid.x2[1]])
        hidden = np.tanh(network.weights[0] @ point + network.biases[0][:, 0])
        assert seen.layers[0][:, 1, 3] == pytest.approx(hidden)
        assert seen.layers[1][:, 1, 3] == pytest.approx(network.feedforward(point)[:, 0])
        assert seen.decision[1, 3] == network.feedforward(point).argmax()

    def test_a_single_output_decides_at_one_half(self):
        seen = landscape(Network([2, 3, 1]), grid_around(datasets.get("xor"), 8))
        assert np.array_equal(seen.decision, (seen.layers[-1][0] > 0.5).astype(int))

    def test_a_diverged_network_gives_a_picture_too(self):
        network = Network([2, 3, 2])
        network.weights[0][:] = np.nan
        assert landscape(network, grid_around(MOONS, 4)).decision.shape == (4, 4)


class TestCertainty:
    @pytest.mark.parametrize(
        ("outputs", "sure"),
        [([0.5], 0), ([1.0], 1), ([0.0], 1), ([0.75], 0.5), ([1, 0, 0], 1), ([0.4, 0.4, 0.2], 0), ([0, 0], 0),
         ([0.9, 0.3], 0.5)],
    )  # fmt: skip
    def test_by_hand(self, outputs, sure):
        assert certainty(np.array(outputs, dtype=float)[:, np.newaxis])[0] == pytest.approx(sure)
