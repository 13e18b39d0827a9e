"""Frames by address: what a hall that fetches each mini-batch of a lecture costs, and a stranger who asks for much.

200 viewers each fetch every mini-batch of a 60-step lecture on 784-30-10: the server's processor time for each of them
and step. A proxy in front answers all but the first of them from what it keeps, so the server's share with one is that
of a single viewer. Then a stranger asks for 50 experiments on MNIST at once, while a lecturer's moves go to followers.
"""

import asyncio
import json
import statistics
import sys
from contextlib import AsyncExitStack
from time import perf_counter

from websockets.asyncio.client import connect

from benchmarks import targets
from benchmarks.bench_room import Device, p95, timed_moves
from benchmarks.serving import ROOT, Server, made_up_mnist, serve
from benchmarks.targets import verdict

VIEWERS, STEPS, AT_ONCE = 200, 60, 20
FOLLOWERS, MOVES = 50, 40
STRANGERS = 50
AGENT = "Accept-Encoding: gzip\r\nHost: 127.0.0.1"


async def get(server: Server, paths: list[str]) -> int:
    """Ask for these addresses one after the other on one connection; the bytes of the answers."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    total = 0
    for path in paths:
        writer.write(f"GET {path} HTTP/1.1\r\n{AGENT}\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length"))
        total += len(await reader.readexactly(int(length.split(b":")[1])))
    writer.close()
    return total


async def lecture(server: Server, experiment: str) -> None:
    paths = [f"/nnviz/v1/frames?{experiment}&step={step}" for step in range(STEPS)]
    await get(server, paths)  # computed once, whoever asks
    before = server.cpu_seconds()
    size = await get(server, paths)
    alone = server.cpu_seconds() - before
    gate = asyncio.Semaphore(AT_ONCE)

    async def viewer() -> None:
        async with gate:
            await get(server, paths)

    before, began = server.cpu_seconds(), perf_counter()
    await asyncio.gather(*(viewer() for _ in range(VIEWERS)))
    spent, took = server.cpu_seconds() - before, perf_counter() - began
    each = 1000 * spent / VIEWERS / STEPS
    print(
        f"{VIEWERS} viewers, {STEPS} mini-batches of {size / STEPS / 1024:.0f} KB: {each:.2f} ms of the server", end=""
    )
    print(f" a viewer and mini-batch, {took:.1f} s in all; behind a proxy {1000 * alone / STEPS / VIEWERS:.4f} ms")


async def stranger(server: Server) -> None:
    address = str(server).replace("http", "ws") + "/nnviz/v1/rooms"
    async with AsyncExitStack() as stack:
        lecturer = await stack.enter_async_context(connect(f"{address}/open"))
        await lecturer.send(json.dumps({"secret": "the secret of a benchmark's room"}))
        code = json.loads(await lecturer.recv())["room"]
        sockets = [await stack.enter_async_context(connect(f"{address}/{code}")) for _ in range(FOLLOWERS)]
        devices = [Device(socket) for socket in sockets]
        listening = [asyncio.ensure_future(device.listen()) for device in devices]
        calm = await timed_moves(lecturer, devices, MOVES, "calm")
        asked = [f"/nnviz/v1/frames?dataset=mnist&hidden=100,{n + 30}&seed={n}&network=1" for n in range(STRANGERS)]
        asking = [asyncio.ensure_future(get(server, [path])) for path in asked]
        busy = await timed_moves(lecturer, devices, MOVES, "busy")
        await asyncio.gather(*asking)
        for task in listening:
            task.cancel()
    ratio = p95(busy) / p95(calm)
    print(f"a move, 95th percentile: {p95(calm):.0f} ms; while a stranger asks for {STRANGERS} experiments ", end="")
    print(f"{p95(busy):.0f} ms (median {statistics.median(busy):.0f}): ", end="")
    print(f"{ratio:.1f} times ({targets.BESIDE_STRANGER:g}: {verdict(ratio, targets.BESIDE_STRANGER)})")


def main() -> int:
    with made_up_mnist() as environment, serve(ROOT / "app.py", **environment) as server:
        asyncio.run(lecture(server, "dataset=mnist&hidden=30"))
        asyncio.run(stranger(server))
    return targets.exit_code()


if __name__ == "__main__":
    sys.exit(main())
