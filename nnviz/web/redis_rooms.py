"""Rooms in a Redis, for several replicas of the server: the same interface as `rooms.Rooms`.

A room's state is one record there, its votes are a hash of device and choice. Whoever changes something publishes the
room's code; each replica that has somebody in the room then reads the newest state, once for however many changes came
meanwhile. Changes are transactions on the record, so that no vote counts after its round was closed. What is missing
after a Redis was started again is opened anew by the lecturer's browser, as it is without Redis.
"""

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.client import Pipeline
from redis.exceptions import RedisError

from nnviz.web import limits
from nnviz.web.room import RoomError, State, led, opened, taken, voted
from nnviz.web.rooms import Room, check_lock, full, no_place, no_room, round_of

CHANNEL = "nnviz:changes"
ALL = "nnviz:rooms"  # the codes of all rooms, with the time until which each is kept
TIMEOUT = 5.0  # seconds for an answer of the Redis
CONNECTIONS = 50  # to the Redis; who finds none free waits
FRESH = 600  # seconds that a room is kept in which nothing was shown yet
CLOSES = ("show", "reveal")  # what ends a round, so that its votes are counted
BEAT = 15.0  # seconds between two signs of life of a replica
SILENT = 3 * BEAT  # seconds after which a replica's followers are not counted any more
CLOSED = 60  # seconds that a closed room is kept, for replicas that hear of it late
AGAIN = 0.5  # seconds after which a Redis that could not be reached is tried again


class RedisRooms:
    """What this replica knows of rooms, while somebody here is in them."""

    def __init__(self, address: str) -> None:
        pool = BlockingConnectionPool.from_url(
            address, max_connections=CONNECTIONS, timeout=TIMEOUT, decode_responses=True, socket_timeout=TIMEOUT
        )
        self._redis: Redis = Redis(connection_pool=pool)
        self._news: Redis = Redis.from_url(address, decode_responses=True)  # which is waited for without end
        self._replica = secrets.token_hex(8)
        self._rooms: dict[str, Room] = {}
        self._followers: dict[str, int] = {}  # of this replica, by room
        self._leaders: dict[str, int] = {}
        self._stale: set[str] = set()
        self._is_stale = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._hears = asyncio.Event()  # whether changes reach this replica

    async def open(self, secret: object) -> Room:
        state = opened(secret)
        await self._start()
        await self._reached(self._make(state))
        room = await self.find(state.code)
        check_lock(room.state, secret)
        self._leaders[room.code] = self._leaders.get(room.code, 0) + 1
        return room

    async def left(self, room: Room) -> None:
        if self._rooms.get(room.code) is room:
            self._leaders[room.code] -= 1
            self._forget_if_empty(room)

    async def find(self, code: str) -> Room:
        await self._start()
        known = self._rooms.get(code.upper())
        if known is not None and not known.is_over:
            return known
        state = known_state(await self._reached(self._redis.get(room_key(code.upper()))))
        if state is None or state.is_closed:
            raise no_room(code)
        room = self._rooms.setdefault(state.code, Room(state))
        self._mark(state.code)
        return room

    async def follow(self, room: Room) -> None:
        if room.followers >= limits.FOLLOWERS:
            raise full()
        await self._here(room, 1)

    async def leave(self, room: Room) -> None:
        await self._here(room, -1)

    async def lead(self, room: Room, message: Mapping[str, object]) -> None:
        key = room_key(room.code)

        async def change(pipe: Pipeline) -> State:
            before = await self._current(pipe, room.code)
            votes = votes_key(before)
            choices: list[int] = []
            if any(name in message for name in CLOSES):
                await pipe.watch(votes)
                choices = [int(choice) for choice in await pipe.hvals(votes)]
            after = led(before, message, choices)
            pipe.multi()
            if round_of(before) != round_of(after):
                pipe.delete(votes)
            pipe.set(key, after.record(), ex=CLOSED if after.is_closed else limits.LIFETIME)
            if after.is_closed:
                pipe.zrem(ALL, room.code)
            else:
                pipe.zadd(ALL, {room.code: time.time() + limits.LIFETIME})
            pipe.publish(CHANNEL, room.code)
            return after

        state = await self._transaction(change, key)
        self._take(room, state)

    async def vote(self, room: Room, message: Mapping[str, object]) -> dict[str, Any]:
        async def cast(pipe: Pipeline) -> dict[str, Any]:
            state = await self._current(pipe, room.code)
            device, choice = voted(state, message)
            votes = votes_key(state)
            if await pipe.hlen(votes) >= limits.FOLLOWERS and not await pipe.hexists(votes, device):
                raise full()
            pipe.multi()
            pipe.hset(votes, device, str(choice))
            pipe.expire(votes, limits.LIFETIME)
            pipe.publish(CHANNEL, room.code)
            return taken(state, choice)

        return await self._transaction(cast, room_key(room.code))

    async def close(self) -> None:
        """Let go of the Redis: for tests, which have several replicas in one process."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._redis.aclose()
        await self._news.aclose()

    # ---- what is there

    async def _make(self, state: State) -> None:
        """Make the room if it is not there, and keep it from now on."""
        now = time.time()
        await self._redis.zremrangebyscore(ALL, 0, now)
        is_known = await self._redis.zscore(ALL, state.code) is not None
        if not is_known and await self._redis.zcard(ALL) >= limits.ROOMS:
            raise no_place()
        kept = known_state(await self._redis.get(room_key(state.code)))
        if kept is not None and kept.is_closed:
            await self._redis.delete(room_key(state.code))
        await self._redis.set(room_key(state.code), state.record(), ex=FRESH, nx=True)  # unless another device has
        if not is_known:
            await self._redis.zadd(ALL, {state.code: now + FRESH})

    async def _current(self, pipe: Pipeline, code: str) -> State:
        state = known_state(await pipe.get(room_key(code)))
        if state is None:
            raise no_room(code)
        return state

    async def _transaction(self, change: Callable[[Pipeline], Awaitable[Any]], key: str) -> Any:
        return await self._reached(self._redis.transaction(change, key, value_from_callable=True))

    async def _reached(self, work: Awaitable[Any]) -> Any:
        """What the Redis answers. Raises RoomError where it cannot be reached."""
        try:
            return await work
        except RedisError:
            raise RoomError("the rooms cannot be reached now; try again") from None

    # ---- who is here

    async def _here(self, room: Room, by: int) -> None:
        """One follower more or less of this replica."""
        room.followers += by
        room.count()
        if self._rooms.get(room.code) is not room:  # the room has ended meanwhile
            return
        self._followers[room.code] = self._followers.get(room.code, 0) + by
        try:
            await self._say_here(room.code)
            await self._redis.publish(CHANNEL, room.code)
        except RedisError:
            self._mark(room.code)  # said again with the next sign of life
        self._forget_if_empty(room)

    async def _say_here(self, code: str) -> None:
        """Tell the other replicas how many followers are here."""
        key = followers_key(code)
        async with self._redis.pipeline() as pipe:
            pipe.hset(key, self._replica, f"{self._followers.get(code, 0)} {time.time()}")
            pipe.expire(key, limits.LIFETIME)
            await pipe.execute()

    def _forget_if_empty(self, room: Room) -> None:
        if not self._followers.get(room.code) and not self._leaders.get(room.code):
            self._forget(room)

    def _forget(self, room: Room) -> None:
        if self._rooms.get(room.code) is room:
            for known in (self._rooms, self._followers, self._leaders):
                known.pop(room.code, None)

    # ---- what changes

    async def _start(self) -> None:
        """Hear of changes from now on."""
        if not self._tasks:
            works = (self._hear(), self._refresh(), self._live())
            self._tasks = [asyncio.create_task(work) for work in works]
        try:
            await asyncio.wait_for(self._hears.wait(), TIMEOUT)
        except TimeoutError:
            raise RoomError("the rooms cannot be reached now; try again") from None

    async def _hear(self) -> None:
        while not is_cancelled():
            try:
                async with self._news.pubsub() as news:
                    await news.subscribe(CHANNEL)
                    self._mark(*self._rooms)  # which may have changed while nothing was heard
                    self._hears.set()
                    async for message in news.listen():
                        if message["type"] == "message" and message["data"] in self._rooms:
                            self._mark(message["data"])
            except RedisError:
                self._hears.clear()
                await asyncio.sleep(AGAIN)

    def _mark(self, *codes: str) -> None:
        """These rooms are to be read again."""
        self._stale.update(codes)
        if codes:
            self._is_stale.set()

    async def _refresh(self) -> None:
        while not is_cancelled():
            await self._is_stale.wait()
            self._is_stale.clear()
            codes, self._stale = self._stale, set()
            for code in codes:
                if (room := self._rooms.get(code)) is not None:
                    try:
                        await self._read(room)
                    except RedisError:
                        await asyncio.sleep(AGAIN)
                        self._mark(code)

    async def _read(self, room: Room) -> None:
        """Take in a room's newest state, and how many follow and have answered."""
        async with self._redis.pipeline(transaction=False) as pipe:
            pipe.get(room_key(room.code))
            pipe.hlen(votes_key(room.state))
            pipe.hvals(followers_key(room.code))
            record, answered, followers = await pipe.execute()
        state = known_state(record)
        if state is None:
            room.lose()
            return self._forget(room)
        before = round_of(room.state)
        self._take(room, state)
        if round_of(room.state) != before:
            answered = 0
            self._mark(room.code)  # how many have answered was asked of the round before
        counts = [entry.split() for entry in followers]
        here = sum(int(count) for count, said in counts if time.time() - float(said) < SILENT)
        if (room.followers, room.answered) != (here, answered):
            room.followers, room.answered = here, answered
            room.count()

    def _take(self, room: Room, state: State) -> None:
        if state.seq > room.state.seq:
            room.take(state)
        if state.is_closed:
            self._forget(room)

    async def _live(self) -> None:
        """Signs of life: who is here, and that the rooms of the lecturers who are here are kept."""
        while not is_cancelled():
            await asyncio.sleep(BEAT)
            for code in list(self._rooms):
                try:
                    await self._say_here(code)
                    if self._leaders.get(code):
                        await self._redis.expire(room_key(code), limits.LIFETIME)
                        await self._redis.zadd(ALL, {code: time.time() + limits.LIFETIME})
                except RedisError:
                    await asyncio.sleep(AGAIN)
                self._mark(code)
                if (room := self._rooms.get(code)) is not None:
                    self._forget_if_empty(room)


def is_cancelled() -> bool:
    """Whether this task is to end: redis-py may swallow that while it connects again."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def known_state(record: str | bytes | None) -> State | None:
    """The state in a record; None for one that is not there, or was written by another version of nnviz."""
    try:
        return None if record is None else State.of(record)
    except (KeyError, TypeError, ValueError):
        return None


def room_key(code: str) -> str:
    return f"nnviz:room:{code}"


def votes_key(state: State) -> str:
    """Where the votes of the round that is under way are."""
    number, round_ = round_of(state) or (0, 0)
    return f"nnviz:votes:{state.code}:{number}.{round_}"


def followers_key(code: str) -> str:
    return f"nnviz:followers:{code}"
