"""The sockets of rooms, one for the lecturer's devices, one for followers; and the same where no socket works."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse
from starlette.websockets import WebSocket, WebSocketDisconnect

from nnviz.web import limits
from nnviz.web.redis_rooms import RedisRooms
from nnviz.web.room import Rate, RoomError, as_json, check_secret, code_of, read
from nnviz.web.rooms import Room, Rooms

VARIABLE = "NNVIZ_REDIS_URL"  # names the Redis that several replicas of the server share
REFUSED, TOO_FAST, GONE = 4400, 4429, 4404  # codes with which a socket is closed
LEADER_EVERY = 0.1  # seconds between two counts for the lecturer
FIRST_WORD = 10  # seconds that a lecturer's device has to say who it is
FRESH = {"Cache-Control": "no-store"}


def rooms() -> Rooms | RedisRooms:
    """The rooms of this server: in the process, or in a Redis if there is one."""
    address = os.environ.get(VARIABLE)
    return RedisRooms(address) if address else Rooms()


ROOMS = rooms()


async def ask(request: Request) -> JSONResponse:
    """A room's state, or with POST a device's answer to its question, for whom no socket works."""
    try:
        room = await ROOMS.find(request.path_params["code"])
    except RoomError as error:
        return JSONResponse({"error": str(error)}, 404, FRESH)
    if request.method != "POST":
        return JSONResponse(room.state.told(), headers=FRESH)
    if not is_same_origin(request):
        return JSONResponse({"error": "an answer must come from this server's own page"}, 403, FRESH)
    try:
        ballot = await body_of(request, limits.MESSAGE_BYTES)
        return JSONResponse(await ROOMS.vote(room, read(ballot)), headers=FRESH)
    except RoomError as error:
        return JSONResponse({"error": str(error)}, 400, FRESH)


async def body_of(request: Request, most: int) -> bytes:
    """What was posted, read no further than just beyond so many bytes."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > most:
            break
    return body


async def follow(socket: WebSocket) -> None:
    """A follower: told of every change, heard when it answers a question."""
    if not is_same_origin(socket):
        return await socket.close(REFUSED)
    await socket.accept()
    try:
        room = await ROOMS.find(socket.path_params["code"])
    except RoomError as error:
        return await socket.close(GONE, str(error))
    try:
        await ROOMS.follow(room)
    except RoomError as error:
        return await socket.close(REFUSED, str(error))
    device: list[object] = []  # a socket answers for one device

    async def vote(message: dict[str, object]) -> dict[str, Any]:
        name = message.get("device")
        if device and name != device[0]:
            raise RoomError("a connection answers for one device")
        answer = await ROOMS.vote(room, message)
        device[:] = [name]
        return answer

    try:
        await both(tell(socket, room), hear(socket, vote, limits.MESSAGE_BYTES))
    finally:
        await ROOMS.leave(room)


async def lead(socket: WebSocket) -> None:
    """The lecturer's device. It says the room's secret first, what it shows, and what was asked if the room is new."""
    if not is_same_origin(socket):
        return await socket.close(REFUSED)
    await socket.accept()
    try:
        first = read(await asyncio.wait_for(socket.receive_text(), FIRST_WORD), limits.LEADER_BYTES)
        secret, joins = first.pop("secret", None), first.pop("joins", False)
        check_secret(secret)
        if joins:  # a remote has no room of its own
            await ROOMS.find(code_of(str(secret)))
        room = await ROOMS.open(secret)
    except (RoomError, KeyError) as error:
        return await socket.close(REFUSED, str(error))
    except (TimeoutError, WebSocketDisconnect):
        return

    async def drive(message: dict[str, object]) -> None:
        await ROOMS.lead(room, message)

    try:
        if not room.state.is_new:  # it knows better than a browser that was away
            first.pop("ask", None)
        if first:
            with suppress(RoomError):
                await drive(first)
        await both(tell_leader(socket, room), hear(socket, drive, limits.LEADER_BYTES))
    finally:
        await ROOMS.left(room)


async def tell(socket: WebSocket, room: Room) -> None:
    """Send a follower the room's state now and whenever it changes; the newest only, if it changed several times."""
    while True:
        changed = room.changed
        if not room.is_lost:
            await socket.send_text(room.told)
        if room.is_over:
            return await socket.close(GONE)
        await changed.wait()


async def tell_leader(socket: WebSocket, room: Room) -> None:
    """The same for the lecturer, with the counts, which may change with every follower."""
    while not room.is_over:
        changed, counted = room.changed, room.counted
        await socket.send_text(room.told_to_leader)
        await counted.wait()
        if not changed.is_set():
            await asyncio.sleep(LEADER_EVERY)
    if not room.is_lost:
        await socket.send_text(room.told_to_leader)
    await socket.close(GONE)


async def hear(
    socket: WebSocket, take: Callable[[dict[str, object]], Awaitable[dict[str, Any] | None]], most: int
) -> None:
    """Take a device's messages. One that is not accepted is answered; too many of them end the connection."""
    rate, refusals = Rate(limits.MESSAGES), Rate(1)
    while True:
        message = await socket.receive_text()
        if not rate.allows():
            return await socket.close(TOO_FAST, "too many messages")
        try:
            answer = await take(read(message, most))
        except RoomError as error:
            if not refusals.allows():
                return await socket.close(REFUSED, str(error)[:120])
            answer = {"error": str(error)}
        if answer:
            await socket.send_text(as_json(answer))


async def both(*works: Any) -> None:
    """Until one of them ends; then the other ends, too."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            with suppress(WebSocketDisconnect, RuntimeError, KeyError):  # the device has gone, or sent bytes
                task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def is_same_origin(asked: HTTPConnection) -> bool:
    """Whether the page that asks is of this server. What is no browser says no origin."""
    origin = asked.headers.get("origin")
    hosts = (asked.headers.get("host"), asked.headers.get("x-forwarded-host"))
    return origin is None or urlsplit(origin).netloc in hosts
