"""Rooms that are kept in this process: nothing is written down, and nothing is kept after the room.

A `Room` is what one process knows of a room. `RedisRooms` has the same interface as `Rooms`, for several replicas.
"""

import asyncio
import hmac
import time
from collections.abc import Callable, Mapping
from typing import Any

from nnviz.web import limits
from nnviz.web.room import RoomError, State, as_json, led, lock_of, opened, taken, voted


class Room:
    """A room as one process sees it: its state, and who waits for another one."""

    def __init__(self, state: State) -> None:
        self.followers = self.answered = 0
        self.is_lost = False  # whether nothing is known of it any more; its lecturer's browser may open it again
        self.changed = asyncio.Event()  # for followers; replaced with each change
        self.counted = asyncio.Event()  # for the lecturer, who also sees how many there are
        self.take(state)

    @property
    def code(self) -> str:
        return self.state.code

    @property
    def is_over(self) -> bool:
        return self.is_lost or self.state.is_closed

    def take(self, state: State) -> None:
        """Be in another state, and tell everybody."""
        self.state = state
        self.told = as_json(state.told())  # written once for all followers
        changed, self.changed = self.changed, asyncio.Event()
        changed.set()
        self.count()

    def count(self) -> None:
        """Something that only the lecturer sees is another."""
        counted, self.counted = self.counted, asyncio.Event()
        counted.set()

    def lose(self) -> None:
        self.is_lost = True
        self.take(self.state)

    @property
    def told_to_leader(self) -> str:
        return as_json(self.state.told_to_leader(self.followers, self.answered))


class Rooms:
    """All rooms of the process."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._rooms: dict[str, Room] = {}
        self._votes: dict[str, dict[str, int]] = {}  # by room, the choice of each device in this round
        self._leaders: dict[str, int] = {}
        self._seen: dict[str, float] = {}  # when a lecturer was last there

    async def open(self, secret: object) -> Room:
        """The room of this secret, for its lecturer; it is made if it is not there. Raises RoomError."""
        state = opened(secret)
        self._sweep()
        room = self._rooms.get(state.code)
        if room is None:
            self._make_place()
            room = self._rooms[state.code] = Room(state)
        check_lock(room.state, secret)
        self._leaders[state.code] = self._leaders.get(state.code, 0) + 1
        self._seen[state.code] = self._clock()
        return room

    async def left(self, room: Room) -> None:
        """One of the lecturer's devices has gone."""
        if self._rooms.get(room.code) is room:
            self._leaders[room.code] -= 1
            self._seen[room.code] = self._clock()

    async def find(self, code: str) -> Room:
        """The room with this code. Raises RoomError if there is none."""
        room = self._rooms.get(code.upper())
        if room is None:
            raise no_room(code)
        return room

    async def follow(self, room: Room) -> None:
        """A follower has come. Raises RoomError where the room is full."""
        if room.followers >= limits.FOLLOWERS:
            raise full()
        room.followers += 1
        room.count()

    async def leave(self, room: Room) -> None:
        room.followers -= 1
        room.count()

    async def lead(self, room: Room, message: Mapping[str, object]) -> None:
        """Do what the lecturer's device says. Raises RoomError for what it may not say."""
        votes = self._votes.get(room.code, {})
        before, after = room.state, led(room.state, message, list(votes.values()))
        if round_of(before) != round_of(after):
            self._votes[room.code] = {}
            room.answered = 0
        if after.is_closed:
            self._forget(room.code)
        room.take(after)

    async def vote(self, room: Room, message: Mapping[str, object]) -> dict[str, Any]:
        """Take a device's answer. Raises RoomError."""
        device, choice = voted(room.state, message)
        votes = self._votes.setdefault(room.code, {})
        if device not in votes and len(votes) >= limits.FOLLOWERS:
            raise full()
        votes[device] = choice
        room.answered = len(votes)
        room.count()
        return taken(room.state, choice)

    def _sweep(self) -> None:
        """Close the rooms whose lecturer has been away too long."""
        for code, room in list(self._rooms.items()):
            if not self._leaders[code] and self._clock() - self._seen[code] > limits.LIFETIME:
                self._forget(code)
                room.take(led(room.state, {"close": True}))

    def _make_place(self) -> None:
        """Where there is none left, the room whose lecturer has been away longest has to go. Raises RoomError."""
        if len(self._rooms) < limits.ROOMS:
            return
        left = [code for code in self._rooms if not self._leaders[code]]
        if not left:
            raise no_place()
        room = self._rooms[min(left, key=lambda code: self._seen[code])]
        self._forget(room.code)
        room.lose()

    def _forget(self, code: str) -> None:
        for known in (self._rooms, self._votes, self._leaders, self._seen):
            known.pop(code, None)

    def __len__(self) -> int:
        return len(self._rooms)


def check_lock(state: State, secret: object) -> None:
    """Raises RoomError where another secret has the same code."""
    if not hmac.compare_digest(state.lock, lock_of(str(secret))):
        raise RoomError("this code is that of another lecturer's room; close yours and open another one")


def round_of(state: State) -> tuple[int, int] | None:
    """Which vote is under way."""
    return (state.poll.number, state.poll.round) if state.poll else None


def no_room(code: str) -> RoomError:
    return RoomError(f"there is no room {code.upper()[:12]} here now")


def no_place() -> RoomError:
    return RoomError(f"this server has {limits.ROOMS} rooms, which is as many as it takes; try again later")


def full() -> RoomError:
    return RoomError(f"this room has {limits.FOLLOWERS} followers, which is as many as it takes")
