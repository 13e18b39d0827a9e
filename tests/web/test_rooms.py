"""Where rooms are kept: the same for rooms in the process and rooms in a Redis, of which two replicas know."""

import asyncio
import itertools
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from nnviz.web import limits, room_routes
from nnviz.web.redis_rooms import RedisRooms
from nnviz.web.room import RoomError, code_of, lock_of
from nnviz.web.rooms import Room, Rooms
from tests.web.loop import run
from tests.web.redis_server import RedisServer

SECRET = "a secret of the lecturer's browser"
ASK = {"question": "Is δ negative?", "answers": ["yes", "no"], "right": 1, "why": "It is 0.3.", "place": [12, 3]}
WITHIN = 20  # seconds that a test waits for what it expects
KEPT = ["process", pytest.param("redis", marks=pytest.mark.hosting)]

Keeper = Rooms | RedisRooms
Work = Callable[[Keeper, Keeper], Awaitable[None]]
secrets = (f"{SECRET} {n}" for n in itertools.count())


@pytest.fixture(params=KEPT)
def replicas(request: pytest.FixtureRequest) -> Callable[[Work], None]:
    """Runs work with the rooms of the lecturer's replica, and of the followers', which may be another one."""
    if request.param == "process":
        return lambda work: run(work(same := Rooms(), same))
    server: RedisServer = request.getfixturevalue("redis_server")

    async def with_both(work: Work) -> None:
        one, other = RedisRooms(server.url), RedisRooms(server.url)
        try:
            await work(one, other)
        finally:
            await one.close()
            await other.close()

    return lambda work: run(with_both(work))


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(WITHIN):
        while not condition():
            await asyncio.sleep(0.005)


def ballot(room: Room, device: str, choice: int) -> dict[str, Any]:
    poll = room.state.poll
    return {"poll": poll.number, "round": poll.round, "device": device, "choice": choice}


def test_a_move_reaches_whoever_follows(replicas: Callable[[Work], None]) -> None:
    async def work(here: Keeper, there: Keeper) -> None:
        led = await here.open(next(secrets))
        followed = await there.find(led.code.lower())
        await there.follow(followed)
        await until(lambda: led.followers == 1)
        for step in range(50):
            await here.lead(led, {"link": f"?step={step}"})
        await until(lambda: followed.state.link == "?step=49")
        assert json.loads(followed.told)["link"] == "?step=49"
        await there.leave(followed)
        await until(lambda: led.followers == 0)

    replicas(work)


def test_each_device_counts_once_and_no_vote_after_the_round(replicas: Callable[[Work], None]) -> None:
    async def work(here: Keeper, there: Keeper) -> None:
        led = await here.open(next(secrets))
        followed = await there.find(led.code)
        await there.follow(followed)
        await here.lead(led, {"ask": ASK})
        await until(lambda: followed.state.poll is not None)
        votes = [there.vote(followed, ballot(followed, f"device {n}", n % 2)) for n in range(40)]
        again = [there.vote(followed, ballot(followed, f"device {n}", 1)) for n in range(10)]
        await asyncio.gather(*votes)
        answers = await asyncio.gather(*again)
        assert {answer["voted"] for answer in answers} == {1}
        await until(lambda: led.answered == 40)
        assert json.loads(led.told_to_leader)["poll"]["counts"] is None
        late = ballot(followed, "device 0", 0)
        await here.lead(led, {"show": True})
        with pytest.raises(RoomError, match="not open"):
            await there.vote(followed, late)
        assert led.state.poll.counts == ((15, 25),)
        await here.lead(led, {"ask_again": True})
        await until(lambda: followed.state.poll.round == 2 and led.answered == 0)
        await there.vote(followed, ballot(followed, "device 0", 0))
        await here.lead(led, {"reveal": True})
        await until(lambda: followed.state.poll.counts == ((15, 25), (1, 0)))

    replicas(work)


def test_whoever_waits_hears_of_a_change_and_of_the_end(replicas: Callable[[Work], None]) -> None:
    async def work(here: Keeper, there: Keeper) -> None:
        led = await here.open(next(secrets))
        followed = await there.find(led.code)
        await there.follow(followed)
        waits = asyncio.create_task(followed.changed.wait())
        await asyncio.sleep(0)
        await here.lead(led, {"link": "?step=9"})
        await asyncio.wait_for(waits, WITHIN)
        await here.lead(led, {"close": True})
        await until(lambda: followed.is_over)
        assert json.loads(followed.told)["closed"] is True
        with pytest.raises(RoomError, match="no room"):
            await there.find(led.code)
        assert (await here.open(SECRET + " anew")).state.is_new

    replicas(work)


def test_another_secret_with_the_same_code_drives_nothing(
    replicas: Callable[[Work], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = next(secrets)
    monkeypatch.setattr("nnviz.web.room.code_of", lambda _: code_of(secret))

    async def work(here: Keeper, there: Keeper) -> None:
        await here.open(secret)
        with pytest.raises(RoomError, match="another lecturer"):
            await there.open("a secret that was searched for")
        assert (await there.open(secret)).state.lock == lock_of(secret)

    replicas(work)


def test_there_are_so_many_rooms_and_no_more(
    replicas: Callable[[Work], None], monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    if "redis" in request.node.name:
        request.getfixturevalue("redis_server").empty()
    monkeypatch.setattr(limits, "ROOMS", 2)

    async def work(here: Keeper, there: Keeper) -> None:
        first, second = next(secrets), next(secrets)
        led = await here.open(first)
        await there.open(second)
        with pytest.raises(RoomError, match="2 rooms"):
            await here.open(next(secrets))
        assert (await there.open(first)).code == led.code
        await here.lead(led, {"close": True})
        await here.open(next(secrets))

    replicas(work)


def test_a_room_is_full(replicas: Callable[[Work], None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "FOLLOWERS", 2)

    async def work(here: Keeper, _: Keeper) -> None:
        room = await here.open(next(secrets))
        await here.follow(room)
        await here.follow(room)
        with pytest.raises(RoomError, match="2 followers"):
            await here.follow(room)
        await here.lead(room, {"ask": ASK})
        for device in ("device 1", "device 2"):
            await here.vote(room, ballot(room, device, 0))
        with pytest.raises(RoomError, match="2 followers"):
            await here.vote(room, ballot(room, "device 3", 0))
        await here.vote(room, ballot(room, "device 2", 1))

    replicas(work)


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_room_whose_lecturer_is_away_too_long_ends_and_others_stay() -> None:
    async def work() -> None:
        clock = Clock()
        here = Rooms(clock)
        left, stays = await here.open(SECRET), await here.open(SECRET + "2")
        await here.left(left)
        clock.now = limits.LIFETIME - 1
        await here.open(SECRET + "2")
        assert len(here) == 2
        clock.now = limits.LIFETIME + 1
        await here.open(SECRET + "2")
        assert left.state.is_closed
        assert await here.find(stays.code) is stays
        with pytest.raises(RoomError, match="no room"):
            await here.find(left.code)

    run(work())


def test_where_there_is_no_place_the_room_left_longest_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ROOMS", 2)

    async def work() -> None:
        clock = Clock()
        here = Rooms(clock)
        first, second = await here.open(SECRET), await here.open(SECRET + "2")
        await here.left(second)
        clock.now = 5
        await here.left(first)
        await here.open(SECRET + "3")
        assert second.is_lost
        assert await here.find(first.code) is first

    run(work())


@pytest.mark.hosting
def test_after_a_redis_was_started_again_the_room_is_opened_anew(redis_server: RedisServer) -> None:
    async def work() -> None:
        one, other = RedisRooms(redis_server.url), RedisRooms(redis_server.url)
        secret = next(secrets)
        led = await one.open(secret)
        followed = await other.find(led.code)
        await other.follow(followed)
        redis_server.restart()
        await until(lambda: led.is_lost and followed.is_lost)
        again = await one.open(secret)
        await one.lead(again, {"link": "?step=3"})
        found = await other.find(led.code)
        assert found.state.link == "?step=3"
        await one.close()
        await other.close()

    run(work())


def test_rooms_are_in_the_process_unless_a_redis_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(room_routes.rooms(), Rooms)
    monkeypatch.setenv(room_routes.VARIABLE, "redis://127.0.0.1:1")
    kept = room_routes.rooms()
    assert isinstance(kept, RedisRooms)
    monkeypatch.setattr("nnviz.web.redis_rooms.TIMEOUT", 0.2)

    async def work() -> None:
        with pytest.raises(RoomError, match="cannot be reached now"):
            await kept.open(SECRET)
        await kept.close()

    run(work())
