"""The runs of all sessions of the process."""

import threading
from collections import OrderedDict
from functools import cache

from nnviz import datasets
from nnviz.run.experiment import Experiment
from nnviz.run.setup import resolve
from nnviz.run.trajectory import RUN_BYTES, Trajectory

STORE_BYTES = 256 * 2**20  # the most that all runs keep together


class TrajectoryStore:
    """One `Trajectory` for each experiment, shared by all sessions; the least recently used ones go first."""

    def __init__(self, max_bytes: int = STORE_BYTES) -> None:
        self.max_bytes = max_bytes
        self._lock = threading.Lock()
        self._building = threading.Lock()  # for one that loads data; runs that are here do not wait for it
        self._runs: OrderedDict[Experiment, Trajectory] = OrderedDict()

    def get(self, experiment: Experiment) -> Trajectory:
        """The run of this experiment. Raises NotHereError if its data or its start are no longer here."""
        return self._find(experiment) or self._build(experiment)

    def _find(self, experiment: Experiment) -> Trajectory | None:
        with self._lock:
            self._drop_gone()
            run = self._runs.get(experiment)
            return run and self._use(experiment, run)

    def _use(self, experiment: Experiment, run: Trajectory) -> Trajectory:
        """Keep it as the one used last. Under the lock."""
        self._runs[experiment] = run
        self._runs.move_to_end(experiment)
        while len(self._runs) > 1 and sum(r.nbytes for r in self._runs.values()) > self.max_bytes:
            self._runs.popitem(last=False)
        return run

    def _build(self, experiment: Experiment) -> Trajectory:
        with self._building:
            if run := self._find(experiment):  # another visitor was first
                return run
            run = Trajectory(resolve(experiment), min(RUN_BYTES, self.max_bytes))
            with self._lock:
                return self._use(experiment, run)

    def drop_gone(self) -> None:
        """Forget the runs on uploads whose session has ended."""
        with self._lock:
            self._drop_gone()

    def _drop_gone(self) -> None:
        for experiment in [e for e in self._runs if datasets.is_gone(e.dataset)]:
            del self._runs[experiment]

    def __len__(self) -> int:
        return len(self._runs)


@cache
def shared() -> TrajectoryStore:
    """The runs of the whole process: of all sessions, and of whoever asks by address."""
    return TrajectoryStore()
