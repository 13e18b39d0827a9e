"""Stepping through a long run: 150,000 mini-batches of [784, 30, 10] on data of MNIST's shape.

The pixels are random bytes, so that nothing is downloaded; time and memory are those of real digits. The
run is computed once, then any mini-batch is asked for as the screen asks: with all that it computes.
"""

import random
import sys
from collections.abc import Iterable
from time import perf_counter

import numpy as np

from benchmarks import targets
from benchmarks.targets import verdict
from nnviz import datasets
from nnviz.run.experiment import Experiment
from nnviz.run.trajectory import Trajectory

JUMPS = 200
BACK = 30


def random_pictures() -> datasets.Dataset:
    """50,000 training and 10,000 held-out examples of 28 x 28 random pixels, as MNIST is used in the book."""
    rng = np.random.default_rng(0)
    return datasets.Dataset(
        title="Random pictures",
        source="Drawn here.",
        inputs=rng.integers(0, 256, (60_000, 784), dtype=np.uint8),
        labels=rng.integers(0, 10, 60_000),
        n_train=50_000,
        classes=tuple("0123456789"),
        scale=255.0,
        picture=(28, 28),
    )


def visits(run: Trajectory, steps: Iterable[int]) -> list[float]:
    """Milliseconds for each mini-batch asked for."""
    times = []
    for step in steps:
        start = perf_counter()
        run.moment_at(step)
        times.append((perf_counter() - start) * 1e3)
    return times


def report(what: str, value: float, unit: str, target: float) -> None:
    print(f"  {what:32} {value:6.1f} {unit}   target: {target:g} {unit}   {verdict(value, target)}")


def main() -> None:
    datasets.register("random-pictures", random_pictures)
    experiment = Experiment(dataset="random-pictures", init="scaled", eta=0.1)
    steps = experiment.steps  # the data are made here, before anything is timed
    run = Trajectory.of(experiment)
    print(f"{experiment.summary()}: {steps:,} mini-batches")

    start = perf_counter()
    for _ in run.advance(steps):
        pass
    taken = perf_counter() - start
    print(f"  computed in {taken:.1f} s, {taken / steps * 1e6:.0f} µs a mini-batch")

    rng = random.Random(0)
    jumps = visits(run, [rng.randrange(steps) for _ in range(JUMPS)])
    back = visits(run, range(steps - 777, steps - 777 - BACK, -1))
    report(f"{JUMPS} random jumps, median", np.median(jumps), "ms", targets.JUMP_MS)
    report(f"{JUMPS} random jumps, p95", np.percentile(jumps, 95), "ms", targets.JUMP_MS)
    report(f"{BACK} steps back, median", np.median(back), "ms", targets.JUMP_MS)
    report(f"{BACK} steps back, slowest", max(back), "ms", targets.JUMP_MS)
    report("memory held by the run", run.nbytes / 1e6, "MB", targets.RUN_MB)


if __name__ == "__main__":
    main()
    sys.exit(targets.exit_code())
