"""One thread that computes for many: jobs take turns of a few thousandths of a second, and it rests in between."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

REST = 0.0005  # seconds between two turns in which others have the interpreter
WATCHED = 5.0  # seconds: a job that was asked about this recently goes before others
FORGOTTEN = 600.0  # seconds after which a job that is not asked about is dropped


@dataclass
class Job:
    """What is computed under one key."""

    work: Callable[[], bool]  # one turn; True if there is nothing more to do
    asked: float  # when it was last asked about, on the worker's clock
    forgotten: float  # seconds without a question after which it is dropped


class Worker:
    """A thread that runs while there are jobs; safe to use from several threads."""

    def __init__(
        self,
        name: str,
        active: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name, self.active = name, active  # active: jobs that take turns; more wait
        self.clock = clock
        self._jobs: OrderedDict[str, Job] = OrderedDict()  # in the order in which they came
        self._failures: dict[str, str] = {}  # by key, until it starts again
        self._change = threading.Condition()
        self._thread: threading.Thread | None = None

    def start(self, key: str, work: Callable[[], bool], forgotten: float = FORGOTTEN) -> None:
        """Call `work` again and again until it says True, instead of what was done under this key.

        It ends, too, if nobody asks about it for `forgotten` seconds.
        """
        with self._change:
            self._failures.pop(key, None)
            self._jobs[key] = Job(work, self.clock(), forgotten)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=self.name, daemon=True)
                self._thread.start()

    def stop(self, key: str) -> None:
        """Do nothing more under this key; what is computed stays."""
        with self._change:
            self._jobs.pop(key, None)
            self._failures.pop(key, None)

    def is_on(self, key: str) -> bool:
        """Whether something is still to be done under this key. Asking keeps it going."""
        with self._change:
            if job := self._jobs.get(key):
                job.asked = self.clock()
            return job is not None

    def failure(self, key: str) -> str:
        """Why the last job under this key failed; empty if it did not."""
        with self._change:
            return self._failures.get(key, "")

    def waiting(self, key: str) -> int:
        """How many jobs have to end before this one takes turns."""
        with self._change:
            queue = self._queue()
            return max(queue.index(key) + 1 - self.active, 0) if key in queue else 0

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until nothing is left to do; False if that takes longer than `timeout` seconds."""
        with self._change:
            return self._change.wait_for(lambda: self._thread is None, timeout)

    def _run(self) -> None:
        turn = 0
        while True:
            with self._change:
                self._drop_forgotten()
                active = [(key, self._jobs[key]) for key in self._queue()[: self.active]]
                if not active:
                    self._thread = None
                    self._change.notify_all()
                    return
            key, job = active[turn % len(active)]
            turn += 1
            failure = ""
            try:
                done = job.work()
            except Exception as error:  # shown to the session that asked; the others go on
                done, failure = True, f"{type(error).__name__}: {error}"
            if done:
                with self._change:
                    if self._jobs.get(key) is job:
                        del self._jobs[key]
                    if failure:
                        self._failures[key] = failure
            time.sleep(REST)

    def _queue(self) -> list[str]:
        """The keys in the order of their turns: those that are watched first, then those that came before."""
        now = self.clock()
        return sorted(self._jobs, key=lambda key: now - self._jobs[key].asked > WATCHED)

    def _drop_forgotten(self) -> None:
        now = self.clock()
        for key in [k for k, job in self._jobs.items() if now - job.asked > job.forgotten]:
            del self._jobs[key]
