"""What a network with two inputs does at every point of the plane: its decision, and the output of each neuron."""

from dataclasses import dataclass

import numpy as np

from nnviz.arrays import Array
from nnviz.datasets.dataset import Dataset
from nnviz.model import equations
from nnviz.model.equations import classes
from nnviz.model.network import Network

POINTS = 72  # along each side of the grid
MARGIN = 0.15  # how far the grid reaches beyond the data, as a share of their extent


@dataclass(frozen=True)
class Grid:
    """Points of the plane, evenly spaced."""

    x1: Array  # (n,), from left to right
    x2: Array  # (n,), from bottom to top

    @property
    def inputs(self) -> Array:
        """All points (2, n * n), one column each, row by row from the bottom."""
        return np.stack([c.ravel() for c in np.meshgrid(self.x1, self.x2)])


@dataclass(frozen=True)
class Landscape:
    """A network over a grid."""

    grid: Grid
    layers: tuple[Array, ...]  # a^l (n_l, n, n) for l = 2..L; [j, row, column], rows from the bottom
    decision: Array  # (n, n), the class at each point
    certainty: Array  # (n, n), 0..1: how far the winning output is ahead


def grid_around(data: Dataset, points: int = POINTS) -> Grid:
    """A square grid that holds all examples of a data set of points."""
    x = data.x(np.arange(len(data.labels)))  # (2, N)
    low, high = x.min(axis=1), x.max(axis=1)
    middle, half = (low + high) / 2, max((high - low).max(), 1e-9) * (0.5 + MARGIN)
    return Grid(*(np.linspace(c - half, c + half, points) for c in middle))


def landscape(net: Network, grid: Grid) -> Landscape:
    """Feedforward at every point of the grid."""
    shape = (len(grid.x2), len(grid.x1))
    a, layers = grid.inputs, []
    with np.errstate(all="ignore"):  # a run that has diverged shows nan
        for w, b, activation in zip(net.weights, net.biases, net.activations, strict=True):
            _, a = equations.feedforward(w, b, a, activation)
            layers.append(a.reshape(len(a), *shape))
        return Landscape(grid, tuple(layers), classes(a).reshape(shape), certainty(a).reshape(shape))


def certainty(a: Array) -> Array:
    """How sure outputs a (n_L, m) are, 0..1: the winner's lead over the second, or twice the distance from 0.5."""
    if len(a) == 1:
        return np.clip(2 * np.abs(a[0] - 0.5), 0, 1)
    first, second = np.sort(a, axis=0)[-1:-3:-1]
    total = np.abs(first) + np.abs(second)
    return np.clip((first - second) / np.where(total > 0, total, 1), 0, 1)
