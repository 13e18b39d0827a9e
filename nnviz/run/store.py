"""The runs of all sessions of the process."""

import threading
from collections import OrderedDict

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
        self._runs: OrderedDict[Experiment, Trajectory] = OrderedDict()

    def get(self, experiment: Experiment) -> Trajectory:
        """The run of this experiment. Raises NotHereError if its data or its start are no longer here."""
        with self._lock:
            self._drop_gone()
            run = self._runs.get(experiment)
            if run is None:
                run = self._runs[experiment] = Trajectory(resolve(experiment), min(RUN_BYTES, self.max_bytes))
            self._runs.move_to_end(experiment)
            while len(self._runs) > 1 and sum(r.nbytes for r in self._runs.values()) > self.max_bytes:
                self._runs.popitem(last=False)
            return run

    def drop_gone(self) -> None:
        """Forget the runs on uploads whose session has ended."""
        with self._lock:
            self._drop_gone()

    def _drop_gone(self) -> None:
        for experiment in [e for e in self._runs if datasets.is_gone(e.dataset)]:
            del self._runs[experiment]

    def __len__(self) -> int:
        return len(self._runs)
