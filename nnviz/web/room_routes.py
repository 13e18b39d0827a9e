"""The sockets of rooms, one for the lecturer's devices, one for followers; the room's state where no socket works."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.websockets import WebSocket, WebSocketDisconnect

from nnviz.web import limits, rooms
from nnviz.web.rooms import Rate, Room, RoomError, Rooms

ROOMS = Rooms()
REFUSED, TOO_FAST, GONE = 4400, 4429, 4404  # codes with which a socket is closed
LEADER_EVERY = 0.1  # seconds between two counts for the lecturer
FIRST_WORD = 10  # seconds that a lecturer's device has to say who it is


async def look(request: Request) -> JSONResponse:
    """A room's state."""
    try:
        state = ROOMS.find(request.path_params["code"]).state()
    except RoomError as error:
        return JSONResponse({"error": str(error)}, 404, {"Cache-Control": "no-store"})
    return JSONResponse(state, headers={"Cache-Control": "no-store"})


async def follow(socket: WebSocket) -> None:
    """A follower: told of every change, heard when it answers a question."""
    if not is_same_origin(socket):
        return await socket.close(REFUSED)
    await socket.accept()
    try:
        room = ROOMS.find(socket.path_params["code"])
    except RoomError as error:
        return await socket.close(GONE, str(error))
    if room.followers >= limits.FOLLOWERS:
        return await socket.close(REFUSED, f"this room has {limits.FOLLOWERS} followers, which is as many as it takes")
    room.followers += 1
    room.count()
    try:
        await both(tell(socket, room), hear(socket, lambda message: rooms.vote(room, message)))
    finally:
        room.followers -= 1
        room.count()


async def lead(socket: WebSocket) -> None:
    """The lecturer's device: says the room's secret first, then what the room is to see."""
    if not is_same_origin(socket):
        return await socket.close(REFUSED)
    await socket.accept()
    try:
        first = await asyncio.wait_for(socket.receive_text(), FIRST_WORD)
        room = ROOMS.open(rooms.read(first).get("secret"))
    except (RoomError, KeyError) as error:
        return await socket.close(REFUSED, str(error))
    except (TimeoutError, WebSocketDisconnect):
        return
    room.leaders += 1

    def drive(message: dict[str, object]) -> None:
        rooms.lead(ROOMS, room, message)

    try:
        await both(tell_leader(socket, room), hear(socket, drive))
    finally:
        ROOMS.left(room)


async def tell(socket: WebSocket, room: Room) -> None:
    """Send a follower the room's state now and whenever it changes; the newest only, if it changed several times."""
    while True:
        changed = room.changed
        await socket.send_text(room.told)
        if room.is_closed:
            return await socket.close(GONE)
        await changed.wait()


async def tell_leader(socket: WebSocket, room: Room) -> None:
    """The same for the lecturer, with the counts, which may change with every follower."""
    while not room.is_closed:
        counted = room.counted
        await socket.send_text(room.told_to_leader)
        await counted.wait()
        await asyncio.sleep(LEADER_EVERY)
    await socket.send_text(room.told_to_leader)
    await socket.close(GONE)


async def hear(socket: WebSocket, take: Callable[[dict[str, object]], dict[str, Any] | None]) -> None:
    """Take a device's messages. One that is not accepted is answered; too many of them end the connection."""
    rate, refusals = Rate(limits.MESSAGES), Rate(1)
    while True:
        message = await socket.receive_text()
        if not rate.allows():
            return await socket.close(TOO_FAST, "too many messages")
        try:
            answer = take(rooms.read(message))
        except RoomError as error:
            if not refusals.allows():
                return await socket.close(REFUSED, str(error))
            answer = {"error": str(error)}
        if answer:
            await socket.send_text(rooms.as_json(answer))


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


def is_same_origin(socket: WebSocket) -> bool:
    """Whether the page that opened the socket is of this server. What is no browser says no origin."""
    origin = socket.headers.get("origin")
    hosts = (socket.headers.get("host"), socket.headers.get("x-forwarded-host"))
    return origin is None or urlsplit(origin).netloc in hosts
