"""Training in the background: when to stop, and the one thread that computes for everybody.

All sessions share one `Trainer`. Its single thread takes turns among the runs that somebody wants, a few thousandths of
a second at a time, and rests between its turns, so that people who step through a run hardly notice. A run computed
for one session is there for all.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from nnviz.run.experiment import Experiment, Field, number, whole_number
from nnviz.run.monitor import Evaluation, Monitor
from nnviz.run.trajectory import TrajectoryStore

TURN = 0.004  # seconds of computing before others may have the interpreter
REST = 0.0005  # seconds in which they have it
AT_ONCE = 64  # at most so many mini-batches in a turn
ACTIVE = 3  # runs computed in turns; more wait, since the store cannot keep them all
WATCHED = 5.0  # seconds since somebody looked in which a run goes before those that nobody looks at
FORGOTTEN = 600.0  # seconds after which a run that nobody asks about is left alone
MONITORS = 200  # runs whose curves are kept


@dataclass(frozen=True)
class Until:
    """When training stops: at whichever comes first."""

    epochs: int | None = None
    step: int | None = None  # a mini-batch, counted from 0 over the whole run
    accuracy: float | None = None  # percent, held out where there is such data, else on the training set
    cost: float | None = None  # on the training set

    def limit(self, experiment: Experiment) -> int:
        """The step at which training ends if no accuracy or cost ends it before."""
        ends = [experiment.steps]
        if self.epochs is not None:
            ends.append(self.epochs * experiment.batches_per_epoch)
        if self.step is not None:
            ends.append(self.step)
        return min(ends)

    def end(self, monitor: Monitor) -> tuple[int, str]:
        """The step at which training ends, as far as it is known by now, and why in words."""
        limit = self.limit(monitor.experiment)
        if monitor.diverged is not None and monitor.diverged < limit:
            return monitor.diverged + 1, "the run diverged"
        for seen in monitor.evaluations(limit):
            if why := self._met(seen):
                return seen.step, why
        return limit, "done"

    def _met(self, seen: Evaluation) -> str:
        accuracy = seen.accuracy if seen.held_out_accuracy is None else seen.held_out_accuracy
        if self.accuracy is not None and 100 * accuracy >= self.accuracy:
            return f"the accuracy is {100 * accuracy:.2f} %"
        if self.cost is not None and seen.cost <= self.cost:
            return f"the training cost is {seen.cost:.4g}"
        return ""


def conditions(experiment: Experiment) -> dict[str, Field]:
    """What each field of `Until` accepts for this run."""
    return {
        "epochs": whole_number(1, experiment.data.epochs),
        "step": whole_number(1, experiment.steps),
        "accuracy": number(0.0, 100.0),
        "cost": number(0.0, 1e6),
    }


@dataclass
class Job:
    """What one session wants computed."""

    experiment: Experiment
    until: Until
    asked: float  # when it last asked, on the trainer's clock
    at_once: int = 1  # mini-batches in a turn, so that a turn takes about TURN seconds


class Trainer:
    """One thread that computes the runs of all sessions."""

    def __init__(self, runs: TrajectoryStore, clock: Callable[[], float] = time.monotonic) -> None:
        self.runs = runs
        self._clock = clock
        self._monitors: OrderedDict[Experiment, Monitor] = OrderedDict()
        self._jobs: OrderedDict[str, Job] = OrderedDict()  # by session, in the order in which they came
        self._failures: dict[str, str] = {}  # by session, until it starts again
        self._change = threading.Condition()
        self._thread: threading.Thread | None = None

    def monitor(self, experiment: Experiment) -> Monitor:
        """What has been seen of this run, by whomever it was asked for."""
        with self._change:
            if experiment not in self._monitors:
                self._monitors[experiment] = Monitor(experiment)
            self._monitors.move_to_end(experiment)
            while len(self._monitors) > MONITORS:
                self._monitors.popitem(last=False)
            return self._monitors[experiment]

    def start(self, session: str, experiment: Experiment, until: Until) -> None:
        """Compute this run for a session, in place of what it wanted before."""
        with self._change:
            self._failures.pop(session, None)
            self._jobs[session] = Job(experiment, until, self._clock())
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="nnviz trainer", daemon=True)
                self._thread.start()

    def pause(self, session: str) -> None:
        """Compute nothing more for a session; what is there stays."""
        with self._change:
            self._jobs.pop(session, None)

    def job(self, session: str) -> Job | None:
        """What is being computed for a session; asking keeps it going."""
        with self._change:
            if job := self._jobs.get(session):
                job.asked = self._clock()
            return job

    def failure(self, session: str) -> str:
        """Why the last run of a session could not be computed; empty where it could."""
        with self._change:
            return self._failures.get(session, "")

    def waiting(self, session: str) -> int:
        """How many runs have to end before this session's has its turn."""
        with self._change:
            queue = self._queue()
            return max(queue.index(session) + 1 - ACTIVE, 0) if session in queue else 0

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until nothing is left to compute; False where that takes longer than `timeout` seconds."""
        with self._change:
            return self._change.wait_for(lambda: self._thread is None, timeout)

    def _work(self) -> None:
        turn = 0
        while True:
            with self._change:
                self._forget()
                active = [(session, self._jobs[session]) for session in self._queue()[:ACTIVE]]
                if not active:
                    self._thread = None
                    self._change.notify_all()
                    return
            session, job = active[turn % len(active)]
            turn += 1
            failure = ""
            try:
                done = self._turn(job)
            except Exception as error:  # shown to the session that asked; the others go on
                done, failure = True, f"{type(error).__name__}: {error}"
            if done:
                with self._change:
                    if self._jobs.get(session) is job:
                        del self._jobs[session]
                    if failure:
                        self._failures[session] = failure
            time.sleep(REST)

    def _turn(self, job: Job) -> bool:
        """Compute a slice of a run; True where there is no more to do."""
        monitor, run = self.monitor(job.experiment), self.runs.get(job.experiment)
        began = self._clock()
        next(monitor.advance(run, job.until.end(monitor)[0], job.at_once), None)
        taken = self._clock() - began
        if taken < TURN / 2:
            job.at_once = min(2 * job.at_once, AT_ONCE)
        elif taken > TURN:
            job.at_once = max(job.at_once // 2, 1)
        return monitor.finished or monitor.reached >= job.until.end(monitor)[0]

    def _queue(self) -> list[str]:
        """The sessions in the order of their turns: those that are looking first, then the ones that came before."""
        now = self._clock()
        return sorted(self._jobs, key=lambda session: now - self._jobs[session].asked > WATCHED)

    def _forget(self) -> None:
        now = self._clock()
        for session in [s for s, job in self._jobs.items() if now - job.asked > FORGOTTEN]:
            del self._jobs[session]
