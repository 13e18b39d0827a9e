"""Many visitors at once: N sessions on one run of 784-30-10, each stepping a mini-batch a second.

The server is one process on one core, the visitors are on the other. A step that is late delays the next one of that
visitor, and its time counts from when it was due. `together`: all are within 20 mini-batches of each other, as in a
lecture; `apart`: anywhere in the first epoch. Beside them stands the floor: as many visitors who click an empty
fragment's button once a second. `--minutes 10` takes the check of the memory's level in full length.
"""

import argparse
import asyncio
import os
import random
import statistics
import sys
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from dataclasses import dataclass
from time import perf_counter

from benchmarks import serving, targets
from benchmarks.serving import Server, serve
from benchmarks.targets import verdict
from benchmarks.visitor import Visitor

QUERY = "dataset=mnist&cost=cross-entropy&init=scaled&eta=0.5"
LAST = 149_999  # the run's last mini-batch: 30 epochs of 5,000
SESSIONS, P95, HELD = targets.SESSIONS, targets.P95_SECONDS, targets.HELD_SECONDS  # HELD ends the search
MEMORY = targets.MB_A_SESSION  # above Streamlit's own
LEVEL, LONG = targets.LEVEL_MB_A_MINUTE, 10  # the minutes it takes to see that memory is level
SECONDS = 20  # of one measurement
FILLING = 100  # mini-batches that each session steps through before the memory's level is watched
SEARCH = (150, 200, 250, 300, 400, 500)

Step = Callable[[Visitor], Awaitable]  # what a visitor does once a second


@dataclass(frozen=True)
class Load:
    """What was seen while N sessions stepped."""

    times: list[float]  # seconds from when a step was due to its complete answer
    busy: float | None  # the share of the time that the server's core was busy with it
    a_step: float | None  # milliseconds of server time

    @property
    def p95(self) -> float:
        return statistics.quantiles(self.times, n=20)[-1]

    def __str__(self) -> str:
        text = f"95th percentile {self.p95 * 1000:4.0f} ms, median {statistics.median(self.times) * 1000:4.0f} ms"
        if self.busy is None:
            return text
        return f"{text}, server busy {self.busy:.0%}, {self.a_step:.1f} ms of it a step"


async def step_each_second(visitor: Visitor, seconds: float, offset: float, times: list[float], step: Step) -> None:
    start = perf_counter() + offset
    for i in range(int(seconds)):
        due = start + i
        await asyncio.sleep(max(0.0, due - perf_counter()))
        await step(visitor)
        times.append(perf_counter() - due)


async def load(server: Server, visitors: list[Visitor], seconds: float, step: Step = Visitor.next) -> Load:
    times: list[float] = []
    cpu, start = server.cpu_seconds(), perf_counter()
    tasks = (step_each_second(v, seconds, i / len(visitors), times, step) for i, v in enumerate(visitors))
    await asyncio.gather(*tasks)
    if cpu is None:
        return Load(times, None, None)
    spent = server.cpu_seconds() - cpu
    return Load(times, spent / (perf_counter() - start), spent / len(times) * 1000)


async def enter(server: Server, n: int, apart: bool) -> list[Visitor]:
    """N visitors, one after the other, each at a place of their own."""
    rng = random.Random(0)
    visitors = []
    for _ in range(n):
        visitor = Visitor(server.port, f"{QUERY}&step={rng.randrange(4_900 if apart else 20) + 1}")
        await visitor.enter()
        visitor.step = visitor.header["position"]["step"]
        visitors.append(visitor)
    return visitors


async def leave(visitors: list[Visitor]) -> None:
    await asyncio.gather(*(visitor.leave() for visitor in visitors))


async def warm_up(server: Server) -> None:
    """The whole run is computed once, so that its checkpoints are there and take no more memory."""
    visitor = Visitor(server.port, QUERY)
    await visitor.enter()
    for step in range(10_000, LAST, 10_000):
        await visitor.go(step, [step])
    await visitor.leave()


async def hold(server: Server, apart: bool) -> None:
    """The target's sessions, and then more and more until the 95th percentile is over the limit."""
    held, where = 0, "apart" if apart else "together"
    for n in (SESSIONS, *SEARCH):
        visitors = await enter(server, n, apart)
        await load(server, visitors, 3)
        seen = await load(server, visitors, SECONDS)
        await leave(visitors)
        target = f"   target <= {P95 * 1000:.0f} ms   {verdict(seen.p95, P95)}" if n == SESSIONS else ""
        print(f"  {n} sessions {where}: {seen}{target}", flush=True)
        if seen.p95 > HELD:
            break
        held = n
    print(f"  {where}: {held or f'fewer than {SESSIONS}'} sessions held at {HELD * 1000:.0f} ms", flush=True)


async def floor(server: Server) -> None:
    """As many visitors of the empty fragment."""
    visitors = [Visitor(server.port) for _ in range(SESSIONS)]
    for visitor in visitors:
        await visitor.enter()
    print(
        f"  {SESSIONS} sessions on an empty fragment: {await load(server, visitors, SECONDS, Visitor.click)}",
        flush=True,
    )
    await leave(visitors)


async def memory_of(server: Server, board: bool, n: int) -> float | None:
    """Megabytes a session of the second n; the first n fill what the process has had and freed before."""
    visitors: list[Visitor] = []
    seen = []
    for _ in range(2):
        new = [Visitor(server.port, QUERY if board else "") for _ in range(n)]
        visitors += new
        for visitor in new:
            await visitor.enter()
            for _ in range(3 if board else 0):
                await visitor.next()
        await asyncio.sleep(2)
        seen.append(server.memory())
    await leave(visitors)
    return None if seen[0] is None else (seen[1] - seen[0]) / n


async def memory(server: Server, empty: Server) -> None:
    of_board, own = await memory_of(server, True, SESSIONS), await memory_of(empty, False, SESSIONS)
    if of_board is None or own is None:
        print("  memory: not measured, there is no /proc here")
        return
    above = of_board - own
    print(
        f"  memory a session: {of_board:.2f} MB, Streamlit's own {own:.2f} MB, above it {above:.2f} MB"
        f"   target <= {MEMORY:g} MB   {verdict(above, MEMORY)}",
        flush=True,
    )


async def hurry(visitor: Visitor, steps: int) -> None:
    for _ in range(steps):
        await visitor.next()


async def level(server: Server, minutes: float, n: int = 50) -> None:
    """The slope of the memory while sessions step, once what the run and the allocator keep has been filled."""
    visitors = await enter(server, n, False)
    await asyncio.gather(*(hurry(visitor, FILLING) for visitor in visitors))
    seen: list[tuple[float, float]] = []
    start = perf_counter()

    async def watch() -> None:
        while perf_counter() - start < minutes * 60:
            if (now := server.memory()) is not None:
                seen.append(((perf_counter() - start) / 60, now))
            await asyncio.sleep(2)

    await asyncio.gather(load(server, visitors, minutes * 60), watch())
    await leave(visitors)
    if len(seen) < 2:
        print("  level: not measured, there is no /proc here")
        return
    slope, _ = statistics.linear_regression(*zip(*seen, strict=True))
    lowest, highest = min(m for _, m in seen), max(m for _, m in seen)
    judged = verdict(slope, LEVEL) if minutes >= LONG else f"too short to be judged, --minutes {LONG} is the check"
    print(
        f"  {minutes:g} min with {n} sessions: {lowest:.0f} to {highest:.0f} MB, slope {slope:+.2f} MB a minute"
        f"   target <= {LEVEL:g}   {judged}",
        flush=True,
    )


def cores() -> tuple[int | None, str]:
    """The server's core, and words about it; this process goes to the others."""
    if not hasattr(os, "sched_setaffinity"):
        return None, "processes cannot be bound to a core here: the server and the visitors share them all"
    server, *others = sorted(os.sched_getaffinity(0))
    if not others:
        return server, "there is one core only: the server and the visitors share it"
    os.sched_setaffinity(0, others)
    return server, "the server has one core, the visitors the others"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=1.0, help="length of the memory's level check (default 1)")
    parser.add_argument("--only", choices=("together", "apart", "memory", "level"), help="one part alone")
    chosen = parser.parse_args()

    def wanted(part: str) -> bool:
        return chosen.only in (None, part)

    core, words = cores()
    with ExitStack() as stack:
        environment = stack.enter_context(serving.made_up_mnist())
        server = stack.enter_context(serve(serving.ROOT / "app.py", core, **environment))
        print(f"Sessions on 784-30-10, each stepping a mini-batch a second; {words}", flush=True)
        asyncio.run(warm_up(server))
        if wanted("memory"):
            with serve(serving.APPS / "empty_page.py", core) as empty:
                asyncio.run(memory(server, empty))
        if wanted("level"):
            asyncio.run(level(server, chosen.minutes))
        if wanted("together") or wanted("apart"):
            with serve(serving.APPS / "empty_fragment.py", core) as empty:
                asyncio.run(floor(empty))
        if wanted("together"):
            asyncio.run(hold(server, apart=False))
        if wanted("apart"):
            asyncio.run(hold(server, apart=True))


if __name__ == "__main__":
    main()
    sys.exit(targets.exit_code())
