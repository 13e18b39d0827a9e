"""A run through time: any of its mini-batches, replayed from states that are kept.

Replaying is deterministic, so that every route to a step gives the same bits. It goes in slices of a few hundredths of
a second, between which other threads have their turn, so a long replay does not block others.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache, partial

import numpy as np

from nnviz.arrays import Array
from nnviz.errors import FieldError
from nnviz.model.equations import epoch_order
from nnviz.model.network import Network, Trace
from nnviz.model.update_rules import Rates, TrainingState, freeze
from nnviz.number_text import shown
from nnviz.run.checkpoints import Checkpoints
from nnviz.run.experiment import Experiment
from nnviz.run.fair_lock import FairLock
from nnviz.run.moment import AddedExample, Moment
from nnviz.run.setup import Setup, resolve

RUN_BYTES = 64_000_000  # the most that one run keeps
RECENT = 12  # mini-batches that are kept whole, at most, for stepping back and forth
SLICE_SECONDS = 0.05  # of replay before other threads have a turn
BEFORE_SECONDS = 0.1  # for which an explanation waits for the mini-batch before
ORDERS = 2  # epochs whose order of examples is kept


@dataclass(frozen=True)
class Divergence:
    """The parameters stopped being finite numbers in the update of this step."""

    step: int
    cause: str  # the likely one, with what to try


class Trajectory:
    """One run, replayed from checkpoints; safe to use from several threads."""

    def __init__(
        self, setup: Setup, max_bytes: int = RUN_BYTES, clock: Callable[[], float] = time.perf_counter
    ) -> None:
        self.setup = setup
        self.reached = 0  # every state up to this step has been computed
        self.divergence: Divergence | None = None
        self._replayed_steps, self._replayed_seconds = 0, 0.0  # so far, for the mean time of a mini-batch
        self._clock = clock
        self._lock = FairLock()
        self._recent: OrderedDict[int, Moment] = OrderedDict()
        self._with_added: dict[tuple[int, AddedExample], Moment] = {}  # the last one
        self._order = lru_cache(maxsize=ORDERS)(partial(frozen_order, setup.experiment.seed, n=setup.data.n_train))
        start = setup.start().state.frozen()
        self._moment_bytes = moment_bytes(setup, start)
        self._max_recent = min(max(max_bytes // 4 // self._moment_bytes, 2), RECENT)
        self._checkpoints = Checkpoints(start, setup.steps, max_bytes - self._max_recent * self._moment_bytes)

    @classmethod
    def of(cls, experiment: Experiment, max_bytes: int = RUN_BYTES) -> "Trajectory":
        """The run of an experiment, looked up by its names."""
        return cls(resolve(experiment), max_bytes)

    @property
    def experiment(self) -> Experiment:
        return self.setup.experiment

    @property
    def nbytes(self) -> int:
        """About how much memory the run holds: at most its `max_bytes`, unless its networks are very large."""
        orders = ORDERS * 8 * self.setup.data.n_train
        return self._checkpoints.nbytes + len(self._recent) * self._moment_bytes + orders

    # What is at a step

    def network_at(self, step: int) -> Network:
        """The network before mini-batch `step`; its arrays are read-only. 0 <= step <= steps."""
        return self._network(self._state_at(step), step)

    def moment_at(self, step: int) -> Moment:
        """Mini-batch `step` with its examples, its network, its trace and its update. 0 <= step < steps."""
        return self._known(step) or self._remember(self._moment(step, self._state_at(step)))

    def moment_within(self, step: int, seconds: float) -> Moment | None:
        """Mini-batch `step` if it takes at most about `seconds` to compute, else None."""
        if known := self._known(step):
            return known
        began = self._clock()
        for at, state in self._way(step):
            if at == step:
                return self._remember(self._moment(step, state))
            if self._clock() - began >= seconds:
                break
        return None

    def _known(self, step: int) -> Moment | None:
        """The mini-batch if it is kept whole."""
        with self._lock:
            if step in self._recent:
                self._recent.move_to_end(step)
            return self._recent.get(step)

    def _remember(self, moment: Moment) -> Moment:
        """Keep a mini-batch whole for a while; the one that is kept, if another thread was first."""
        with self._lock:
            kept = self._recent.setdefault(moment.step, moment)
            self._recent.move_to_end(moment.step)
            while len(self._recent) > self._max_recent:
                self._recent.popitem(last=False)
            return kept

    def moment_with(self, step: int, added: AddedExample) -> Moment:
        """Mini-batch `step` with one example more, as its last column: what it would compute with it."""
        data, n_1 = self.setup.data, self.setup.sizes[0]
        if len(added.values) != n_1 or not 0 <= added.label < len(data.classes):
            raise FieldError("example", f"{len(added.values)} numbers", f"{n_1} numbers and a class of the data")
        known = self._with_added.get((step, added))
        if known is None:
            moment = self.moment_at(step)
            x = np.hstack([moment.trace.x, np.reshape(added.values, (-1, 1))])
            y = np.hstack([moment.trace.y, data.targets_of(np.array([added.label]))])
            known = replace(moment, trace=traced(moment.network, x, y), added=added)
            self._with_added = {(step, added): known}
        return known

    def trace_at(self, step: int) -> Trace:
        """The trace of a mini-batch, computed beside the moments that viewers step through."""
        return traced(self.network_at(step), *self._batch(step))

    def rates_at(self, step: int) -> Rates:
        return self.setup.rates_at(step)

    def rows(self, step: int) -> Array:
        """Which examples of the data set (m,) are in mini-batch `step`."""
        epoch, batch = divmod(step, self.setup.batches_per_epoch)
        m = self.experiment.batch
        return self._order(epoch)[batch * m : (batch + 1) * m]

    # Ways to a step

    def at_hand(self, step: int) -> int:
        """The last step up to `step` whose state is kept, so that it is there at once."""
        with self._lock:
            return self._nearest(step)

    @property
    def step_seconds(self) -> float | None:
        """How long a mini-batch takes to replay, in the mean so far; None before the first one."""
        return self._replayed_seconds / self._replayed_steps if self._replayed_steps else None

    def seconds_to(self, step: int) -> float | None:
        """About how long it takes to have `step`; None while the pace is not known."""
        distance = step - self.at_hand(step)
        return 0.0 if not distance else None if self.step_seconds is None else distance * self.step_seconds

    def replay(self, step: int, viewer: str = "") -> Iterator[int]:
        """Replay up to `step` in slices; gives where each one ends. Afterwards it is kept as the viewer's place."""
        for at, _ in self._way(step, viewer):
            yield at

    def approach(self, step: int, seconds: float, viewer: str = "") -> bool:
        """Replay towards `step` for at most about `seconds`; whether it is then kept as the viewer's place."""
        began = self._clock()
        for at in self.replay(step, viewer):
            if at == step:
                return True
            if self._clock() - began >= seconds:
                break
        return False

    def nearest_within(self, step: int, seconds: float) -> int:
        """The last step up to `step` that is at hand after a replay of at most about `seconds`."""
        return step if self.approach(step, seconds) else self.at_hand(step)

    def advance(self, step: int) -> Iterator[int]:
        """Compute the run up to `step` in slices, if it has not come there; gives where each one ends."""
        if self.reached < step:
            yield from self.replay(step)

    def _state_at(self, step: int) -> TrainingState:
        """The state before mini-batch `step`, however long that takes."""
        *_, (_, state) = self._way(step)
        return state

    def _way(self, step: int, viewer: str = "") -> Iterator[tuple[int, TrainingState]]:
        """The states at the ends of the slices up to `step`. The way goes on from its own last state, or from a nearer
        one that another way has left; so it needs nothing kept of the states at which it pauses."""
        if not 0 <= step <= self.setup.steps:
            raise FieldError("step", step, f"a whole number from 0 to {self.setup.steps:,}")
        at, state = -1, None
        while at < step:
            with self._lock:
                kept = self._nearest(step)
                if state is None or kept > at:
                    at, state = kept, self._kept(kept)
                if at < step:
                    at, state = self._slice(at, state, step)
                if at == step:
                    self._checkpoints.keep_place(viewer, step, state)
            yield at, state

    def _nearest(self, step: int) -> int:
        """The last step up to `step` whose state is kept. Under the lock, as are those below."""
        recent = (at for at in self._recent if at <= step)
        return max(self._checkpoints.nearest(step), max(recent, default=0))

    def _kept(self, step: int) -> TrainingState:
        """The state before a step that is kept."""
        return self._recent[step].network.state if step in self._recent else self._checkpoints[step]

    def _slice(self, start: int, state: TrainingState, step: int) -> tuple[int, TrainingState]:
        """Replay from `start` towards `step` for a slice of time; where it ended, with the state there."""
        network = self._network(state, start)
        began, at = self._clock(), start
        with np.errstate(all="ignore"):  # a run that has diverged shows nan and inf
            while at < step and (at == start or self._clock() - began < SLICE_SECONDS):
                self._learn(network, at)
                at += 1
                if self._checkpoints.is_due(at):
                    self._checkpoints.keep(at, network.state.frozen())
        self._replayed_steps += at - start
        self._replayed_seconds += self._clock() - began
        end = network.state.frozen()
        if at > self.reached:
            if self.divergence is None and not end.finite:
                self.divergence = self._diverged(start, state)
            self.reached = at
        return at, end

    # One mini-batch

    def _network(self, state: TrainingState, step: int) -> Network:
        return self.setup.activated(self.setup.network.with_state(state), step)

    def _batch(self, step: int) -> tuple[Array, Array]:
        data, rows = self.setup.data, self.rows(step)
        return data.x(rows), data.y(rows)

    def _learn(self, network: Network, step: int) -> None:
        """Take the network from before mini-batch `step` to before the next one."""
        self.setup.learn(network, step, self.rows(step))

    def _moment(self, step: int, state: TrainingState) -> Moment:
        network = self._network(state, step)
        before = partial(self.moment_within, step - 1, BEFORE_SECONDS) if step else None
        trace = traced(network, *self._batch(step))
        return Moment(self.setup, step, self.rows(step), network, trace, self.rates_at(step), before)

    def _diverged(self, start: int, state: TrainingState) -> Divergence:
        """Which mini-batch from `start` on, where the state is finite, first left parameters that are not."""
        network, at = self._network(state, start), start
        with np.errstate(all="ignore"):
            while network.state.finite:
                self._learn(network, at)
                at += 1
        return Divergence(at - 1, likely_cause(self._network(network.state, at - 1), self.rates_at(at - 1)))


def traced(network: Network, x: Array, y: Array) -> Trace:
    """The trace of a mini-batch, whose arrays cannot be written to. A run that has diverged shows nan and inf."""
    with np.errstate(all="ignore"):
        trace = network.trace(x, y)
    freeze(trace.arrays)
    return trace


def frozen_order(seed: int, epoch: int, n: int) -> Array:
    order = epoch_order(seed, epoch, n)
    freeze((order,))
    return order


def moment_bytes(setup: Setup, state: TrainingState) -> int:
    """What a moment of this run takes: the parameters, gradients and changes, and its columns."""
    n_first, n_last = setup.sizes[0], setup.sizes[-1]
    numbers = n_first + 2 * n_last + 4 * sum(setup.sizes[1:])  # x; y and nabla_a; z, a, sigma'(z) and delta
    return 3 * state.nbytes + 8 * setup.experiment.batch * numbers


def likely_cause(network: Network, rates: Rates) -> str:
    """Why the parameters may have grown without bound, and what to try."""
    if rates.decay > 2:
        return (
            f"Here ηλ/n is {shown(rates.decay)}. Above 2, L2 changes the sign of every weight and makes it "
            "larger. Try a smaller λ or η."
        )
    kinds = [kind for layer in network.activations for kind in layer.kinds]
    unbounded = [kind.name for kind in kinds if None in (kind.low, kind.high)]
    if unbounded:
        return (
            f"The activations of {unbounded[0]} have no upper bound. With η = {shown(rates.eta)} the steps overshoot "
            f"and grow. Try η = {shown(rates.eta / 10)} or an initializer with smaller weights."
        )
    return f"With η = {shown(rates.eta)} the steps overshoot and grow. Try η = {shown(rates.eta / 10)}."
