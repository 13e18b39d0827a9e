"""A run through time: the network before any mini-batch, and everything that mini-batch computes.

A `Trajectory` keeps the parameters at some steps (keyframes) and replays the mini-batches in between. Replaying is
deterministic, so that every route to a step gives the same bits. One `TrajectoryStore` serves all browser sessions.
"""

import math
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from nnviz import datasets
from nnviz.arrays import Array
from nnviz.datasets import Dataset
from nnviz.errors import FieldError
from nnviz.model.network import Network, Trace, change, classes, epoch_order
from nnviz.run import starting_weights
from nnviz.run.experiment import Experiment

RUN_BYTES = 64_000_000  # the most that one run keeps
STORE_BYTES = 256 * 2**20  # the most that all runs keep together
RUNGS = 24  # at least so many rungs between keyframes are kept where there is room
PLACES = 104  # so many visitors can step on at places of their own
STRIDE = 2  # mini-batches that a visitor is taken to have gone on by
RECENT = 12  # at most so many mini-batches are kept whole, for stepping back and forth
EVALUATED = 1000  # how many examples are evaluated at once
SLICE = 64  # how many mini-batches are replayed before other threads may have a turn


def read_only(arrays: Iterable[Array]) -> tuple[Array, ...]:
    """The same arrays, which nobody can change in place from now on."""
    arrays = tuple(arrays)
    for array in arrays:
        array.setflags(write=False)
    return arrays


@dataclass(frozen=True)
class Parameters:
    """Weights and biases at one step, read-only."""

    weights: tuple[Array, ...]  # w^l (n_l, n_{l-1}), l = 2..L
    biases: tuple[Array, ...]  # b^l (n_l, 1), l = 2..L

    @classmethod
    def of(cls, network: Network) -> "Parameters":
        return cls(read_only(network.weights), read_only(network.biases))

    @property
    def finite(self) -> bool:
        return all(np.isfinite(array).all() for array in (*self.weights, *self.biases))

    @property
    def nbytes(self) -> int:
        return sum(array.nbytes for array in (*self.weights, *self.biases))


@dataclass(frozen=True)
class Extra:
    """An example that a person adds to the mini-batch looked at, as a drawn digit; the run never learns from it."""

    values: tuple[float, ...]  # the input, n_1 numbers
    label: int  # its class, from 0


@dataclass(frozen=True)
class Moment:
    """One mini-batch of a run: what is on the screen."""

    step: int
    rows: Array  # (m,), which examples of the data set are in the mini-batch
    trace: Trace
    eta: float  # the learning rate at this step
    decay: float  # eta lmbda / n: the share of each weight that L2 takes away
    learn_biases: bool = True  # False where the update leaves the biases alone
    extra: Extra | None = None  # its column in the trace comes after those of `rows`

    @property
    def change_w(self) -> tuple[Array, ...]:
        """What the update adds to w^l (n_l, n_{l-1}), l = 2..L."""
        return self._changes[1]

    @property
    def change_b(self) -> tuple[Array, ...]:
        """What the update adds to b^l (n_l, 1), l = 2..L."""
        return self._changes[0]

    @cached_property
    def _changes(self) -> tuple[tuple[Array, ...], tuple[Array, ...]]:
        t = self.trace
        layers = zip(t.weights, t.deltas, t.activations[:-1], strict=True)
        with np.errstate(all="ignore"):  # a run that has diverged shows nan and inf
            changes = [change(w, delta, a_before, self.eta, self.decay) for w, delta, a_before in layers]
        change_b = [b if self.learn_biases else np.zeros_like(b) for b, _ in changes]
        return read_only(change_b), read_only(w for _, w in changes)

    def labels(self, data: Dataset) -> Array:
        """The class of each column of the trace."""
        labels = data.labels[self.rows]
        return labels if self.extra is None else np.append(labels, self.extra.label)

    @property
    def predictions(self) -> Array:
        """The class (m,) that the network gives each example."""
        return classes(self.trace.activations[-1])


@dataclass(frozen=True)
class Divergence:
    """The parameters stopped being finite numbers in the update of this step."""

    step: int
    cause: str  # the likely one, with what to try


@dataclass(frozen=True)
class EpochSummary:
    """How well the network does after an epoch."""

    cost: float  # mean C_x over the training set, without the L2 term
    accuracy: float  # share of the training set classified correctly, 0..1
    held_out_cost: float | None  # None where the data set holds nothing out
    held_out_accuracy: float | None


class Trajectory:
    """One run, replayed from keyframes; safe to use from several threads."""

    def __init__(self, experiment: Experiment, max_bytes: int = RUN_BYTES) -> None:
        self.experiment = experiment
        self.reached = 0  # the parameters are known for the steps 0..reached
        self.divergence: Divergence | None = None
        self._lock = threading.RLock()
        self._recent: OrderedDict[int, Moment] = OrderedDict()
        self._summaries: dict[int, EpochSummary] = {}
        self._orders: OrderedDict[int, Array] = OrderedDict()
        self._edits = sorted(experiment.edits)
        self._start = self._new_network()
        self._edit_parameters(self._start, 0)
        start = Parameters.of(self._start)
        self._keyframes = {0: start}  # at every multiple of the spacing up to the step reached
        self._ladder: OrderedDict[int, Parameters] = OrderedDict()  # rungs between keyframes, for stepping back
        self._places: OrderedDict[int, Parameters] = OrderedDict()  # where visitors are, for stepping on
        self._frame_bytes = start.nbytes
        self._moment_bytes = moment_bytes(experiment, start)
        self._max_recent = min(max(max_bytes // 4 // self._moment_bytes, 2), RECENT)
        frames = max((max_bytes - self._max_recent * self._moment_bytes) // self._frame_bytes, 8)
        self._max_rungs = min(max(frames // 8, RUNGS), frames // 4)
        self._max_places = min(PLACES, frames // 2 - 1)
        self._spacing = experiment.steps // (frames - self._max_rungs - self._max_places) + 1
        self._rung = math.isqrt(self._spacing)

    @property
    def nbytes(self) -> int:
        """About how much memory the run holds: at most its `max_bytes`, unless its networks are very large."""
        frames = len(self._keyframes) + len(self._ladder) + len(self._places)
        return frames * self._frame_bytes + len(self._recent) * self._moment_bytes

    def network_at(self, step: int) -> Network:
        """The network before mini-batch `step`; its arrays are read-only. 0 <= step <= experiment.steps."""
        with self._lock:
            return self._network(self._parameters_at(step), step)

    def trace_at(self, step: int) -> Trace:
        """Everything that mini-batch `step` computes."""
        return self.moment_at(step).trace

    def moment_at(self, step: int) -> Moment:
        """Mini-batch `step` with its examples, its trace and its update. 0 <= step < experiment.steps."""
        with self._lock:
            if step not in self._recent:
                self._recent[step] = self._moment(step)
                while len(self._recent) > self._max_recent:
                    self._recent.popitem(last=False)
            self._recent.move_to_end(step)
            return self._recent[step]

    def moment_with(self, step: int, extra: Extra) -> Moment:
        """Mini-batch `step` with one example more, as its last column: what would be computed if it were part of it."""
        e, moment = self.experiment, self.moment_at(step)
        if len(extra.values) != e.sizes[0] or not 0 <= extra.label < len(e.data.classes):
            raise FieldError("example", f"{len(extra.values)} numbers", f"{e.sizes[0]} numbers and a class of the data")
        x = np.hstack([moment.trace.x, np.reshape(extra.values, (-1, 1))])
        y = np.hstack([moment.trace.y, e.data.targets_of(np.array([extra.label]))])
        with np.errstate(all="ignore"):
            trace = self.network_at(step).trace(x, y)
        return replace(moment, trace=locked(trace), extra=extra)

    def advance(self, step: int) -> Iterator[int]:
        """Compute the run up to `step` in slices, giving the step reached after each one."""
        own = None  # the end of the slice before, which nobody but this needs
        while self.reached < step:
            with self._lock:
                self._parameters_at(min(self.reached + SLICE, step))
                self._places.pop(own, None)
                own = self.reached
            yield self.reached

    def summary_after(self, epoch: int) -> EpochSummary:
        """Cost and accuracy after epoch `epoch`, counted from 0."""
        with self._lock:
            if epoch not in self._summaries:
                self._summaries[epoch] = self._summarize((epoch + 1) * self.experiment.batches_per_epoch)
            return self._summaries[epoch]

    def rows(self, step: int) -> Array:
        """Which examples of the data set (m,) are in mini-batch `step`."""
        epoch, batch = divmod(step, self.experiment.batches_per_epoch)
        with self._lock:
            if epoch not in self._orders:
                order = epoch_order(self.experiment.seed, epoch, self.experiment.data.n_train)
                (self._orders[epoch],) = read_only([order])
                while len(self._orders) > 2:
                    self._orders.popitem(last=False)
            size = self.experiment.batch
            return self._orders[epoch][batch * size : (batch + 1) * size]

    def _new_network(self) -> Network:
        e, start = self.experiment, starting_weights.get(self.experiment.init)
        network = Network(
            e.sizes,
            activation=e.activation,
            output=e.output,
            cost=e.cost,
            init="zeros" if start else e.init,
            seed=e.seed,
            learn_biases=e.biases == "learned",
        )
        return network.with_parameters(start.weights, start.biases) if start else network

    def _network(self, parameters: Parameters, step: int) -> Network:
        network = self._start.with_parameters(parameters.weights, parameters.biases)
        for edit in self._edits:
            if edit.kind == "act" and edit.step <= step:
                network = network.with_neuron(*edit.indices, edit.value)
        return network

    def _edit_parameters(self, network: Network, step: int) -> None:
        """Set the weights and biases that are changed by hand before mini-batch `step`."""
        for edit in self._edits:
            if edit.step == step and edit.kind in ("w", "b"):
                layer, j, k = (*edit.indices, 0)[:3]
                parameters = network.weights if edit.kind == "w" else network.biases
                parameters[layer - 2] = parameters[layer - 2].copy()
                parameters[layer - 2][j, k] = edit.value

    def rates_at(self, step: int) -> tuple[float, float]:
        """(eta, lmbda) at mini-batch `step`."""
        rates = {"eta": self.experiment.eta, "lmbda": self.experiment.lmbda}
        rates |= {edit.kind: edit.value for edit in self._edits if edit.kind in rates and edit.step <= step}
        return rates["eta"], rates["lmbda"]

    def edit_of(self, target: str, step: int) -> float | None:
        """The value that a parameter is set to by hand before mini-batch `step`, if it is."""
        found = [edit.value for edit in self._edits if edit.step == step and edit.target == target]
        return found[-1] if found else None

    def _batch(self, step: int) -> tuple[Array, Array]:
        data, rows = self.experiment.data, self.rows(step)
        return data.x(rows), data.y(rows)

    def _moment(self, step: int) -> Moment:
        network = self._network(self._parameters_at(step), step)
        with np.errstate(all="ignore"):  # a run that has diverged shows nan and inf
            trace = locked(network.trace(*self._batch(step)))
        eta, lmbda = self.rates_at(step)
        n = self.experiment.data.n_train
        return Moment(step, self.rows(step), trace, eta, eta * lmbda / n, network.learn_biases)

    def _parameters_at(self, step: int) -> Parameters:
        """The parameters before mini-batch `step`, replayed from the nearest ones that are kept."""
        if not 0 <= step <= self.experiment.steps:
            raise FieldError("step", step, f"a whole number from 0 to {self.experiment.steps:,}")
        start = self._nearest_kept(step)
        network = self._network(self._kept(start), start)
        with np.errstate(all="ignore"):
            for at in range(start + 1, step + 1):
                self._learn(network, at - 1)
                if at % self._spacing == 0 or at % self._rung == 0 or at == step:
                    self._keep(at, Parameters.of(network), start, is_place=at == step)
        return Parameters.of(network)

    def _nearest_kept(self, step: int) -> int:
        """The last step up to `step` whose parameters are kept."""
        keyframe = min(step, self.reached) // self._spacing * self._spacing
        between = (at for kept in (self._ladder, self._places) for at in kept if keyframe < at <= step)
        return max(between, default=keyframe)

    def _kept(self, step: int) -> Parameters:
        return next(kept[step] for kept in (self._keyframes, self._ladder, self._places) if step in kept)

    def _learn(self, network: Network, step: int) -> None:
        eta, lmbda = self.rates_at(step)
        network.learn(*self._batch(step), eta, lmbda, self.experiment.data.n_train)
        self._edit_parameters(network, step + 1)
        for edit in self._edits:
            if edit.kind == "act" and edit.step == step + 1:
                network.activations = network.with_neuron(*edit.indices, edit.value).activations

    def _keep(self, step: int, parameters: Parameters, start: int, is_place: bool) -> None:
        """Keep what was replayed from `start`: as a keyframe or a rung, and as the place of a visitor, who moves on."""
        if step > self.reached:
            if self.divergence is None and not parameters.finite:
                self.divergence = self._diverged(step)
            self.reached = step
        if step % self._spacing == 0:
            self._keyframes[step] = parameters
        elif step % self._rung == 0:
            put_last(self._ladder, step, parameters, self._max_rungs)
        if is_place:
            if step - start <= STRIDE:
                self._places.pop(start, None)
            put_last(self._places, step, parameters, self._max_places)

    def _diverged(self, step: int) -> Divergence:
        """Which mini-batch before `step` first left parameters that are not finite."""
        at = self._nearest_kept(step)
        network = self._network(self._kept(at), at)
        while Parameters.of(network).finite:
            self._learn(network, at)
            at += 1
        return Divergence(at - 1, likely_cause(self.experiment))

    def _summarize(self, step: int) -> EpochSummary:
        network, data = self.network_at(step), self.experiment.data
        cost, accuracy = performance(network, data, data.training)
        if not len(data.held_out):
            return EpochSummary(cost, accuracy, None, None)
        return EpochSummary(cost, accuracy, *performance(network, data, data.held_out))


def put_last(kept: OrderedDict[int, Parameters], step: int, parameters: Parameters, most: int) -> None:
    """Keep these parameters as the newest; the oldest go where there are more than `most`."""
    kept[step] = parameters
    kept.move_to_end(step)
    while len(kept) > most:
        kept.popitem(last=False)


def locked(trace: Trace) -> Trace:
    """The same trace, whose arrays nobody can change from now on."""
    read_only((trace.x, trace.y, *trace.zs, *trace.activations, *trace.primes))
    read_only((trace.nabla_a, trace.cost, *trace.deltas, *trace.nabla_b, *trace.nabla_w))
    return trace


def moment_bytes(e: Experiment, parameters: Parameters) -> int:
    """What a moment of this experiment takes: the parameters, gradients and changes, and its columns."""
    n_first, n_last = e.sizes[0], e.sizes[-1]
    numbers = n_first + 2 * n_last + 4 * sum(e.sizes[1:])  # x; y and nabla_a; z, a, sigma'(z) and delta
    return 3 * parameters.nbytes + 8 * e.batch * numbers


def performance(network: Network, data: Dataset, rows: Array) -> tuple[float, float]:
    """The mean cost C_x and the share classified correctly (0..1) over these rows of the data set."""
    cost, correct = 0.0, 0
    with np.errstate(all="ignore"):
        for start in range(0, len(rows), EVALUATED):
            some = rows[start : start + EVALUATED]
            a = network.feedforward(data.x(some))
            cost += network.cost.fn(a, data.y(some)).sum()
            correct += int((classes(a) == data.labels[some]).sum())
    return float(cost) / len(rows), correct / len(rows)


def likely_cause(e: Experiment) -> str:
    """Why the parameters of a run may have grown without bound, and what to try."""
    decay = e.eta * e.lmbda / e.data.n_train
    if decay > 2:
        return (
            f"eta lmbda / n is {decay:.3g}: above 2, L2 throws each weight past 0 to a larger one. "
            "Try a smaller lmbda or eta."
        )
    unbounded = [name for name in (e.activation, e.output) if name in ("relu", "linear")]
    if unbounded:
        return (
            f"nothing bounds the activations of {unbounded[0]}, so that steps with eta = {e.eta:g} overshoot and grow. "
            f"Try eta = {e.eta / 10:g} or an initializer with smaller weights."
        )
    return f"steps with eta = {e.eta:g} overshoot and grow. Try eta = {e.eta / 10:g}."


class TrajectoryStore:
    """The runs of all sessions: one `Trajectory` for each experiment, the least recently used ones go first."""

    def __init__(self, max_bytes: int = STORE_BYTES) -> None:
        self.max_bytes = max_bytes
        self._lock = threading.Lock()
        self._runs: OrderedDict[Experiment, Trajectory] = OrderedDict()

    def get(self, experiment: Experiment) -> Trajectory:
        """The run of this experiment, shared by everyone who asks for it."""
        with self._lock:
            for gone in [e for e in self._runs if datasets.is_gone(e.dataset)]:
                del self._runs[gone]
            run = self._runs.get(experiment)
            if run is None:
                run = self._runs[experiment] = Trajectory(experiment, min(RUN_BYTES, self.max_bytes))
            self._runs.move_to_end(experiment)
            while len(self._runs) > 1 and sum(r.nbytes for r in self._runs.values()) > self.max_bytes:
                self._runs.popitem(last=False)
            return run

    def __len__(self) -> int:
        return len(self._runs)
