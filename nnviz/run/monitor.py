"""What is watched while a network learns: cost and accuracy, gradients, saturated neurons, histograms.

A `Monitor` belongs to one experiment. It goes along the run once, in slices, and keeps a bounded number of numbers.
What it saw up to any step can be asked for at any time, from any thread.
"""

import math
import threading
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from nnviz.arrays import Array
from nnviz.model.activations import SATURATED
from nnviz.model.network import Trace
from nnviz.run.evaluation import Evaluation, evaluate
from nnviz.run.experiment import Experiment
from nnviz.run.histogram import MagnitudeHistograms, SignedHistograms
from nnviz.run.trajectory import Trajectory

EVALUATIONS = 300  # evaluations of all examples over a run, at most
SAMPLES = 600  # mini-batches whose gradients and neurons are kept, at most
HISTOGRAMS = 120  # mini-batches whose histograms are kept, at most

T = TypeVar("T", bound="Evaluation | Sample")


@dataclass(frozen=True)
class Sample:
    """What one mini-batch shows."""

    step: int
    cost: float  # mean C_x over the mini-batch
    gradients: tuple[float, ...]  # ||nabla w^l||, the Euclidean length, l = 2..L
    saturated: tuple[float, ...]  # share of sigma'(z^l) below SATURATED over neurons and examples, 0..1, l = 2..L


@dataclass(frozen=True)
class HistogramSeries:
    """Histograms of one layer over time."""

    steps: Array  # (t,)
    edges: Array  # (BINS + 1,), as powers of ten where `log`
    counts: Array  # (t, BINS)
    log: bool


class Monitor:
    """What was seen of a run up to `reached`."""

    def __init__(self, experiment: Experiment) -> None:
        self.experiment = experiment
        self.reached = 0
        self.diverged: int | None = None  # the step in whose update the parameters stopped being finite
        per_epoch = experiment.batches_per_epoch
        self._evaluate_every = per_epoch * math.ceil(experiment.data.epochs / EVALUATIONS)
        self._sample_every = math.ceil(experiment.steps / SAMPLES)
        self._histogram_every = self._sample_every * math.ceil(SAMPLES / HISTOGRAMS)
        self._evaluations: list[Evaluation] = []
        self._samples: list[Sample] = []
        layers = range(2, len(experiment.sizes) + 1)
        self._weights = {layer: SignedHistograms() for layer in layers}
        self._gradients = {layer: MagnitudeHistograms() for layer in layers}
        self._lock = threading.Lock()  # held while the lists above change or are copied
        self._turn = threading.Lock()  # held by the one who goes along the run

    @property
    def nbytes(self) -> int:
        """About how much memory it holds."""
        histograms = (*self._weights.values(), *self._gradients.values())
        return 1000 * (len(self._evaluations) + len(self._samples)) + sum(h.nbytes for h in histograms)

    @property
    def finished(self) -> bool:
        """Whether there is nothing more to see."""
        return self.diverged is not None or (self.reached == self.experiment.steps and bool(self._evaluations))

    def advance(self, run: Trajectory, step: int, at_once: int = 64) -> Iterator[int]:
        """Go along the run up to `step` in slices of `at_once` mini-batches, giving the step reached after each."""
        step = min(step, self.experiment.steps)
        while not self.finished and (self.reached < step or not self._evaluations):
            with self._turn:
                self._look(run, self.reached)
                target = min(self.reached + at_once, step, self._next_stop(self.reached))
                for _ in run.advance(target):
                    pass
                self.reached = max(self.reached, target)
                if self.reached == step:
                    self._look(run, step)
                if run.divergence and run.divergence.step < self.reached:
                    self.diverged = run.divergence.step
            yield self.reached

    def evaluations(self, step: int) -> list[Evaluation]:
        """The evaluations up to a step of the run."""
        return self._until(self._evaluations, step)

    def samples(self, step: int) -> list[Sample]:
        """The samples up to a step of the run."""
        return self._until(self._samples, step)

    def weights_spread(self, layer: int, step: int) -> HistogramSeries:
        """How the weights of a layer 2..L spread, up to a step of the run."""
        return self._spread(self._weights[layer], step, log=False)

    def gradients_spread(self, layer: int, step: int) -> HistogramSeries:
        """How the magnitudes of the gradients of a layer's weights spread, up to a step of the run."""
        return self._spread(self._gradients[layer], step, log=True)

    def _until(self, entries: list[T], step: int) -> list[T]:
        with self._lock:
            return entries[: bisect_right(entries, step, key=lambda entry: entry.step)]

    def _spread(self, histograms: SignedHistograms | MagnitudeHistograms, step: int, log: bool) -> HistogramSeries:
        with self._lock:
            known = bisect_right(histograms.steps, step)
            steps = np.array(histograms.steps[:known], dtype=int)
            return HistogramSeries(steps, histograms.edges, histograms.counts[:known], log)

    def _next_stop(self, step: int) -> int:
        """The next step after `step` at which something is looked at."""
        every = (self._sample_every, self._evaluate_every, self._histogram_every)
        return min(self.experiment.steps, *(step // n * n + n for n in every))

    def _look(self, run: Trajectory, step: int) -> None:
        """Look at what is due at this step, once."""
        last = self._evaluations[-1].step if self._evaluations else -1
        if last < step and (step % self._evaluate_every == 0 or step == self.experiment.steps):
            lmbda = run.rates_at(max(step - 1, 0)).lmbda
            evaluation = evaluate(run.network_at(step), run.setup.data, step, lmbda)
            with self._lock:
                self._evaluations.append(evaluation)
        last = self._samples[-1].step if self._samples else -1
        if last < step < self.experiment.steps and step % self._sample_every == 0:
            network, trace = run.network_at(step), run.trace_at(step)
            with self._lock, np.errstate(all="ignore"):  # a run that has diverged shows nan and inf
                self._samples.append(sample(step, trace))
                if step % self._histogram_every == 0:
                    for layer in self._weights:
                        self._weights[layer].add(step, network.weights[layer - 2])
                        self._gradients[layer].add(step, trace.nabla_w[layer - 2])


def sample(step: int, trace: Trace) -> Sample:
    """What a mini-batch shows."""
    return Sample(
        step,
        cost=float(trace.cost.mean()),
        gradients=tuple(float(np.linalg.norm(nabla)) for nabla in trace.nabla_w),
        saturated=tuple(float((prime < SATURATED).mean()) for prime in trace.primes),
    )
