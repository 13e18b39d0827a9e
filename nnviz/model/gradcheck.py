"""Central differences against backprop: is the gradient right?

The slope of the cost C by one parameter p is nearly (C(p + h) - C(p - h)) / 2h, which takes feedforward alone
to compute. It is slow, two forward passes for each parameter, and it errs in a way of its own: by about h^2
where C curves, and by about epsilon C / h from rounding. Where it agrees with backprop, both are right.
Source: Stanford CS231n, notes on gradient checks.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from nnviz.arrays import Array
from nnviz.errors import FieldError
from nnviz.model.equations import feedforward
from nnviz.model.network import Network, Trace

H = 1e-5  # about the step at which curvature and rounding together do the least harm in float64
TINY_GRADIENT = 1e-8  # a gradient below this size counts as this large in a relative error

Index = tuple[int, ...]  # (j, k) for w^l[j, k], (j,) for b^l[j], from 0


def relative_error(analytic: Array | float, numeric: Array | float) -> Array:
    """How far two gradients are apart, elementwise.

    |analytic - numeric| / max(|analytic|, |numeric|, 1e-8), no unit, same shape as both.
    Below 1e-6 the gradient is right in float64; above 1e-3 it is wrong (CS231n notes, gradient checks).
    """
    size = np.maximum(np.maximum(np.abs(analytic), np.abs(numeric)), TINY_GRADIENT)
    return np.abs(np.subtract(analytic, numeric)) / size


@dataclass(frozen=True)
class ParameterCheck:
    """dC/dp of one parameter p, computed both ways."""

    analytic: float  # by backprop
    numeric: float  # (C(p + h) - C(p - h)) / 2h
    left: float  # (C(p) - C(p - h)) / h
    right: float  # (C(p + h) - C(p)) / h
    h: float
    kink: bool  # True where left and right disagree because C has a corner within h of p

    @property
    def relative_error(self) -> float:
        return float(relative_error(self.analytic, self.numeric))


@dataclass(frozen=True)
class ArrayCheck:
    """dC/dp of the parameters p of one w^l (n_l, n_{l-1}) or b^l (n_l, 1), each array shaped like it."""

    kind: str  # w or b
    layer: int  # l = 2..L
    analytic: Array  # by backprop
    numeric: Array  # central differences; nan where a cell was not checked
    kinks: Array  # True where C has a corner within h
    checked: Array  # True where the cell was checked

    @property
    def relative_error(self) -> Array:
        """Elementwise; where a gradient is close to 0, rounding alone can make it large."""
        return relative_error(self.analytic, self.numeric)

    @property
    def error(self) -> float:
        """||analytic - numeric|| / max(||analytic||, ||numeric||, 1e-8) where checked, without kinks."""
        cells = self.checked & ~self.kinks
        analytic, numeric = self.analytic[cells], self.numeric[cells]
        size = max(np.linalg.norm(analytic), np.linalg.norm(numeric), TINY_GRADIENT)
        return float(np.linalg.norm(analytic - numeric) / size)


@dataclass(frozen=True)
class GradientCheck:
    """The whole gradient of a network, computed both ways."""

    weights: tuple[ArrayCheck, ...]  # l = 2..L
    biases: tuple[ArrayCheck, ...]  # l = 2..L
    h: float
    rounding: float  # epsilon C / h: a difference between the two ways below this says nothing

    @property
    def worst(self) -> float:
        """The largest error of a w^l or b^l; below 1e-6 backprop is right. nan if any of them is nan."""
        return float(np.max([array.error for array in (*self.weights, *self.biases)]))


def mean_cost(network: Network, x: Array, y: Array) -> float:
    """C: the mean of C_x over the mini-batch x (n_1, m), y (n_L, m)."""
    a = network.feedforward(x)
    return float(network.cost.fn(a, np.reshape(y, a.shape)).mean())


def numeric_gradient(network: Network, x: Array, y: Array, kind: str, layer: int, index: Index, h: float = H) -> float:
    """(C(p + h) - C(p - h)) / 2h for one parameter p: w^l[j, k] or b^l[j]."""
    cell = cell_of(network, kind, layer, index)
    above = mean_cost(nudged(network, kind, layer, cell, h), x, y)
    below = mean_cost(nudged(network, kind, layer, cell, -h), x, y)
    return (above - below) / (2 * h)


def check_parameter(
    network: Network, x: Array, y: Array, kind: str, layer: int, index: Index, h: float = H
) -> ParameterCheck:
    """dC/dp both ways for one parameter p: w^l[j, k] or b^l[j]."""
    return check_cell(network, network.trace(x, y), kind, layer, cell_of(network, kind, layer, index), h)


def check(network: Network, x: Array, y: Array, h: float = H, cells: int | None = None) -> GradientCheck:
    """dC/dp both ways for every parameter p of a network, on a mini-batch x (n_1, m), y (n_L, m).

    `cells`, where given, is how many of each w^l and b^l are checked at most, spread evenly over it.
    """
    trace = network.trace(x, y)
    layers = range(2, network.num_layers + 1)
    return GradientCheck(
        weights=tuple(check_array(network, trace, "w", layer, h, cells) for layer in layers),
        biases=tuple(check_array(network, trace, "b", layer, h, cells) for layer in layers),
        h=h,
        rounding=float(np.finfo(float).eps * trace.cost.mean() / h),
    )


def error_by_step(
    network: Network, x: Array, y: Array, kind: str, layer: int, index: Index, hs: Iterable[float]
) -> Array:
    """The relative error of one parameter's central difference for each step h of `hs`.

    On logarithmic axes a V: its right arm is the curving of C within h, its left arm is rounding.
    """
    trace, cell = network.trace(x, y), cell_of(network, kind, layer, index)
    return np.array([check_cell(network, trace, kind, layer, cell, h).relative_error for h in hs])


def check_array(network: Network, trace: Trace, kind: str, layer: int, h: float, cells: int | None) -> ArrayCheck:
    """dC/dp both ways for every parameter p of one w^l or b^l, or for `cells` of them."""
    analytic = (trace.nabla_w if kind == "w" else trace.nabla_b)[layer - 2]
    numeric = np.full(analytic.shape, np.nan)
    kinks, checked = np.zeros(analytic.shape, dtype=bool), np.zeros(analytic.shape, dtype=bool)
    count = analytic.size if cells is None else min(max(cells, 1), analytic.size)
    for i in np.linspace(0, analytic.size - 1, count).astype(int):
        cell = np.unravel_index(i, analytic.shape)
        found = check_cell(network, trace, kind, layer, cell, h)
        numeric[cell], kinks[cell], checked[cell] = found.numeric, found.kink, True
    return ArrayCheck(kind, layer, analytic, numeric, kinks, checked)


def check_cell(network: Network, trace: Trace, kind: str, layer: int, cell: Index, h: float) -> ParameterCheck:
    """dC/dp both ways for the parameter p in this cell of w^l or b^l."""
    analytic = (trace.nabla_w if kind == "w" else trace.nabla_b)[layer - 2][cell]
    above, bent_above = fed_from(layer, nudged(network, kind, layer, cell, h), trace)
    below, bent_below = fed_from(layer, nudged(network, kind, layer, cell, -h), trace)
    here = trace.cost.mean()
    left, right = (here - below) / h, (above - here) / h
    return ParameterCheck(
        analytic=float(analytic),
        numeric=float((above - below) / (2 * h)),
        left=float(left),
        right=float(right),
        h=h,
        kink=bool((bent_above or bent_below) and left != right),
    )


def nudged(network: Network, kind: str, layer: int, cell: Index, by: float) -> Network:
    """A twin of the network in which one cell of w^l or b^l is larger by `by`."""
    weights, biases = list(network.weights), list(network.biases)
    arrays = weights if kind == "w" else biases
    arrays[layer - 2] = arrays[layer - 2].copy()
    arrays[layer - 2][cell] += by
    return network.with_parameters(weights, biases)


def fed_from(layer: int, network: Network, trace: Trace) -> tuple[float, bool]:
    """The mean cost when a^{l-1} of `trace` is fed forward through layer l and those above.

    Also whether some z^l is now on the other side of a kink, which is at z = 0, than it is in the trace.
    """
    a, bent = trace.activations[layer - 2], False  # (n_{l-1}, m)
    for i in range(layer - 2, network.num_layers - 1):
        activation = network.activations[i]
        z, a = feedforward(network.weights[i], network.biases[i], a, activation)
        if activation.has_kink:
            kinked = [activation.of(j).has_kink for j in range(len(z))]
            bent = bent or not np.array_equal(z[kinked] > 0, trace.zs[i][kinked] > 0)
    return network.cost.fn(a, trace.y).mean(), bent


def cell_of(network: Network, kind: str, layer: int, index: Index) -> Index:
    """Where w^l[j, k] or b^l[j] is in its array; an error where the network has no such parameter."""
    if kind not in ("w", "b"):
        raise FieldError("kind", kind, "w or b")
    if layer not in range(2, network.num_layers + 1):
        raise FieldError("layer", layer, f"a whole number from 2 to {network.num_layers}")
    rows, columns = (network.weights if kind == "w" else network.biases)[layer - 2].shape
    cell = tuple(index) if kind == "w" else (*index, 0)
    if len(cell) != 2 or not (0 <= cell[0] < rows and 0 <= cell[1] < columns):
        accepted = f"(j, k) with j below {rows} and k below {columns}" if kind == "w" else f"(j,) with j below {rows}"
        raise FieldError("index", tuple(index), accepted)
    return cell
