"""A lock that serves threads in the order in which they came."""

import threading


class FairLock:
    """`with lock:` as usual. Not to be taken twice by the same thread.

    Python's own lock may go to the thread that has just released it, again and again. With this one a thread that
    works in slices, taking the lock anew for each, lets every other thread through in between.
    """

    def __init__(self) -> None:
        self._change = threading.Condition()
        self._tickets = 0  # how many have been given out
        self._served = 0  # how many have released the lock

    def __enter__(self) -> None:
        with self._change:
            ticket = self._tickets
            self._tickets += 1
            self._change.wait_for(lambda: self._served == ticket)

    def __exit__(self, *error: object) -> None:
        with self._change:
            self._served += 1
            self._change.notify_all()
