"""A room: a lecturer's moves on many devices, and a question to all of them. Server and devices share this machine.

A move is timed from when the lecturer's device sends it to when each follower has received it. Then all followers
answer a question within three seconds; each answer is timed to its acknowledgement, and all are counted.
`--followers N` takes one number only, `--moves N` another number of moves.
"""

import argparse
import asyncio
import json
import random
import statistics
import sys
from contextlib import AsyncExitStack
from time import perf_counter

from websockets.asyncio.client import ClientConnection, connect

from benchmarks import targets
from benchmarks.serving import ROOT, Server, serve
from benchmarks.targets import verdict

MOVES, A_SECOND = 100, 5
AT_ONCE = 100  # devices that connect together
ANSWERS = ["negative", "zero", "positive"]
WITHIN = 3.0  # seconds in which all devices answer


def p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


class Device:
    """A follower: when each move came, and when its answer was taken."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.came: dict[str, float] = {}
        self.poll: dict | None = None
        self.taken: float | None = None

    async def listen(self) -> None:
        async for text in self.socket:
            now, told = perf_counter(), json.loads(text)
            if "voted" in told:
                self.taken = now
            elif "link" in told:
                self.came.setdefault(told["link"], now)
                self.poll = told["poll"]

    async def answer(self, number: int) -> float:
        """Milliseconds until the answer is taken."""
        await asyncio.sleep(random.random() * WITHIN)
        began = perf_counter()
        vote = {"poll": self.poll["number"], "round": 1, "device": f"device {number}", "choice": number % len(ANSWERS)}
        await self.socket.send(json.dumps(vote))
        while self.taken is None:
            await asyncio.sleep(0.002)
        return (self.taken - began) * 1000


async def measured(server: Server, n: int, moves: int) -> None:
    address = str(server).replace("http", "ws") + "/nnviz/v1/rooms"
    async with AsyncExitStack() as open_sockets:
        lecturer = await open_sockets.enter_async_context(connect(f"{address}/open"))
        await lecturer.send(json.dumps({"secret": f"the secret of a room of {n}"}))
        code = json.loads(await lecturer.recv())["room"]
        before = server.memory()
        devices = []
        for first in range(0, n, AT_ONCE):
            some = [connect(f"{address}/{code}") for _ in range(min(AT_ONCE, n - first))]
            sockets = await asyncio.gather(*(open_sockets.enter_async_context(socket) for socket in some))
            devices += [Device(socket) for socket in sockets]
        listening = [asyncio.ensure_future(device.listen()) for device in devices]
        told: dict = {}
        counting = asyncio.ensure_future(last_state(lecturer, told))
        await asyncio.sleep(1)
        kb = (server.memory() - before) * 1024 / n
        await report_moves(lecturer, devices, moves, kb)
        await report_answers(lecturer, devices, told)
        await asyncio.sleep(0.5)
        for task in (*listening, counting):
            task.cancel()


async def last_state(lecturer: ClientConnection, told: dict) -> None:
    """Keep in `told` what the lecturer's device was told last."""
    async for text in lecturer:
        told.update(json.loads(text))


async def timed_moves(lecturer: ClientConnection, devices: list[Device], moves: int, name: str = "") -> list[float]:
    """Milliseconds of each move to each follower who received it."""
    sent = {}
    for move in range(moves):
        link = f"?step={move + 1}&seed={name}"
        sent[link] = perf_counter()
        await lecturer.send(json.dumps({"link": link}))
        await asyncio.sleep(1 / A_SECOND)
    await asyncio.sleep(1)
    return [(device.came[link] - at) * 1000 for device in devices for link, at in sent.items() if link in device.came]


async def report_moves(lecturer: ClientConnection, devices: list[Device], moves: int, kb: float) -> None:
    n = len(devices)
    times = await timed_moves(lecturer, devices, moves)
    lost = n * moves - len(times)
    target = targets.ROOM_MS[n]
    late = p95(times)
    print(f"{n:5,} followers: median {statistics.median(times):4.0f} ms, 95th percentile {late:4.0f} ms", end="")
    print(f" ({target:g}: {verdict(late, target)}), {lost} of {n * moves:,} lost ({verdict(lost, 0)})", end="")
    print(f", {kb:.0f} KB a follower ({targets.ROOM_KB:g}: {verdict(kb, targets.ROOM_KB)})")


async def report_answers(lecturer: ClientConnection, devices: list[Device], told: dict) -> None:
    n = len(devices)
    await lecturer.send(json.dumps({"ask": {"question": "Which sign?", "answers": ANSWERS, "right": 0}}))
    while any(device.poll is None for device in devices):
        await asyncio.sleep(0.05)
    times = await asyncio.gather(*(device.answer(i) for i, device in enumerate(devices)))
    await lecturer.send(json.dumps({"show": True}))
    await asyncio.sleep(1)
    counted = sum(told["poll"]["counts"][0])
    late = p95(times)
    print(f"{n:5,} answers in {WITHIN:g} s: {counted:,} counted ({verdict(n - counted, 0)}), ", end="")
    print(f"acknowledged at the 95th percentile after {late:.0f} ms ({verdict(late, targets.ANSWER_MS)})")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--followers", type=int, choices=list(targets.ROOM_MS))
    parser.add_argument("--moves", type=int, default=MOVES)
    arguments = parser.parse_args()
    chosen = arguments.followers
    with serve(ROOT / "app.py") as server:
        for n in [chosen] if chosen else targets.ROOM_MS:
            asyncio.run(measured(server, n, arguments.moves))
    return targets.MISSED if targets.missed else 0


if __name__ == "__main__":
    sys.exit(main())
