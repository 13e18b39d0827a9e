"""Long replays in the background, for sessions that wait for a mini-batch."""

from dataclasses import dataclass

from nnviz.run.experiment import Experiment
from nnviz.run.store import TrajectoryStore
from nnviz.run.worker import Worker

ACTIVE = 8  # replays that take turns
FORGOTTEN = 20.0  # seconds after which a replay that no session asks about is dropped


@dataclass(frozen=True)
class Replay:
    experiment: Experiment
    step: int


class Replayer:
    """One thread that replays runs for all sessions. What it has computed is there for all."""

    def __init__(self, runs: TrajectoryStore) -> None:
        self.runs = runs
        self._worker = Worker("nnviz replayer", ACTIVE)
        self._wanted: dict[str, Replay] = {}

    def start(self, session: str, experiment: Experiment, step: int) -> None:
        """Replay this run up to `step` for a session, unless that is being done."""
        wanted = Replay(experiment, step)
        if self._wanted.get(session) == wanted and self._worker.is_on(session):
            return
        self._wanted[session] = wanted
        slices = self.runs.get(experiment).replay(step, viewer=session)
        self._worker.start(session, lambda: next(slices, step) == step, FORGOTTEN)

    def stop(self, session: str) -> None:
        """Compute nothing more for a session; what is there stays."""
        self._wanted.pop(session, None)
        self._worker.stop(session)

    def is_on(self, session: str) -> bool:
        """Whether something is still to be computed for a session. Asking keeps it going."""
        if not (on := self._worker.is_on(session)):
            self._wanted.pop(session, None)
        return on

    def failure(self, session: str) -> str:
        """Why the last replay for a session failed, until it is stopped or starts again; empty if it did not."""
        return self._worker.failure(session)

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until nothing is left to compute; False if that takes longer than `timeout` seconds."""
        return self._worker.wait(timeout)
