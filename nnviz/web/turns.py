"""Computing for strangers: one piece of work at a time, and whoever asks much waits behind whoever asks little."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class BusyError(Exception):
    """Too many questions wait already."""


class Turns:
    """A queue in which addresses take turns. All work is done in one thread beside the event loop."""

    def __init__(self, most: int, most_each: int) -> None:
        self.most, self.most_each = most, most_each
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}  # in the order in which addresses come next
        self._busy = False

    async def run(self, address: str, work: Callable[[], T]) -> T:
        """What `work` returns or raises, once it is this address's turn. Raises BusyError if too many wait."""
        await self._turn(address)
        try:
            return await asyncio.to_thread(work)
        finally:
            self._pass_on()

    async def _turn(self, address: str) -> None:
        if not self._busy:
            self._busy = True
            return
        waiting = self._waiting.get(address, deque())
        if len(waiting) >= self.most_each or sum(map(len, self._waiting.values())) >= self.most:
            raise BusyError
        turn = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(address, deque()).append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():  # it had its turn already
                self._pass_on()
            raise

    def _pass_on(self) -> None:
        """Let the next address have its turn; one that asked for more goes to the end."""
        while self._waiting:
            address = next(iter(self._waiting))
            waiting = self._waiting.pop(address)
            turn = waiting.popleft()
            if waiting:
                self._waiting[address] = waiting
            if not turn.cancelled():
                turn.set_result(None)
                return
        self._busy = False
