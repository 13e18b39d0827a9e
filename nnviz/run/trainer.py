"""Training in the background: when to stop, and the thread that computes for all sessions.

All sessions share one `Trainer`. A run computed for one session is there for all.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from nnviz import datasets
from nnviz.number_text import shown
from nnviz.run.evaluation import Evaluation
from nnviz.run.experiment import Experiment
from nnviz.run.fields import Field, number, whole_number
from nnviz.run.monitor import Monitor
from nnviz.run.store import TrajectoryStore
from nnviz.run.worker import FORGOTTEN, Worker

TURN = 0.004  # seconds of computing before others may have the interpreter
MAX_BATCHES = 64  # mini-batches in a turn
ACTIVE = 3  # runs computed in turns; more wait, since the store cannot keep them all
MONITOR_BYTES = 64 * 2**20  # of all curves that are kept


@dataclass(frozen=True)
class StopCondition:
    """When training stops: at whichever comes first."""

    epochs: int | None = None
    step: int | None = None  # a mini-batch, counted from 0 over the whole run
    accuracy: float | None = None  # percent, held out where there is such data, else on the training set
    cost: float | None = None  # on the training set

    def max_step(self, experiment: Experiment) -> int:
        """The step at which training ends if no accuracy or cost ends it before."""
        ends = [experiment.steps]
        if self.epochs is not None:
            ends.append(self.epochs * experiment.batches_per_epoch)
        if self.step is not None:
            ends.append(self.step)
        return min(ends)

    def stop_step(self, monitor: Monitor) -> tuple[int, str]:
        """The step at which training ends, as far as it is known by now, and why in words."""
        limit = self.max_step(monitor.experiment)
        if monitor.diverged is not None and monitor.diverged < limit:
            return monitor.diverged + 1, "the run diverged"
        for evaluation in monitor.evaluations(limit):
            if why := self._met(evaluation):
                return evaluation.step, why
        return limit, "done"

    def _met(self, evaluation: Evaluation) -> str:
        accuracy = evaluation.tested_accuracy
        if self.accuracy is not None and 100 * accuracy >= self.accuracy:
            return f"the accuracy is {100 * accuracy:.2f} %"
        if self.cost is not None and evaluation.cost <= self.cost:
            return f"the training cost is {shown(evaluation.cost)}"
        return ""


def conditions(experiment: Experiment) -> dict[str, Field]:
    """What each field of `StopCondition` accepts for this run."""
    return {
        "epochs": whole_number(1, experiment.data.epochs),
        "step": whole_number(1, experiment.steps),
        "accuracy": number(0.0, 100.0),
        "cost": number(0.0, 1e6),
    }


class Trainer:
    """One thread that computes the runs of all sessions."""

    def __init__(self, runs: TrajectoryStore, clock: Callable[[], float] = time.monotonic) -> None:
        self.runs = runs
        self._worker = Worker("nnviz trainer", ACTIVE, clock=clock)
        self._lock = threading.Lock()
        self._monitors: OrderedDict[Experiment, Monitor] = OrderedDict()

    def monitor(self, experiment: Experiment) -> Monitor:
        """What has been seen of this run, whoever asked for it."""
        with self._lock:
            for gone in [e for e in self._monitors if datasets.is_gone(e.dataset)]:
                del self._monitors[gone]
            if experiment not in self._monitors:
                self._monitors[experiment] = Monitor(experiment)
            self._monitors.move_to_end(experiment)
            while len(self._monitors) > 1 and sum(m.nbytes for m in self._monitors.values()) > MONITOR_BYTES:
                self._monitors.popitem(last=False)
            return self._monitors[experiment]

    def start(self, session: str, experiment: Experiment, until: StopCondition, forgotten: float = FORGOTTEN) -> None:
        """Compute this run for a session, instead of what it wanted before.

        It ends, too, if nobody asks about it for `forgotten` seconds.
        """
        self._worker.start(session, Training(self, experiment, until, self._worker.clock).turn, forgotten)

    def pause(self, session: str) -> None:
        """Compute nothing more for a session; what is there stays."""
        self._worker.stop(session)

    def is_on(self, session: str) -> bool:
        """Whether something is being computed for a session. Asking keeps it going."""
        return self._worker.is_on(session)

    def failure(self, session: str) -> str:
        """Why the last run of a session could not be computed; empty if it could."""
        return self._worker.failure(session)

    def waiting(self, session: str) -> int:
        """How many runs have to end before this session's takes turns."""
        return self._worker.waiting(session)

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until nothing is left to compute; False if that takes longer than `timeout` seconds."""
        return self._worker.wait(timeout)


@dataclass
class Training:
    """What one session wants computed."""

    trainer: Trainer
    experiment: Experiment
    until: StopCondition
    clock: Callable[[], float]
    batches: int = 1  # mini-batches in a turn, so that a turn takes about TURN seconds

    def turn(self) -> bool:
        """Compute a slice of the run; True if there is no more to do."""
        monitor, run = self.trainer.monitor(self.experiment), self.trainer.runs.get(self.experiment)
        began = self.clock()
        next(monitor.advance(run, self.until.stop_step(monitor)[0], self.batches), None)
        taken = self.clock() - began
        if taken < TURN / 2:
            self.batches = min(2 * self.batches, MAX_BATCHES)
        elif taken > TURN:
            self.batches = max(self.batches // 2, 1)
        return monitor.finished or monitor.reached >= self.until.stop_step(monitor)[0]
