"""Explaining a number of 784-30-10 takes at most 10 ms: `python -m benchmarks.bench_explain`."""

import statistics
import sys
import time

from benchmarks import targets
from benchmarks.bench_trajectory import random_pictures
from benchmarks.targets import verdict
from nnviz import datasets
from nnviz.lesson.cells import Cell, shape
from nnviz.lesson.explain import explain
from nnviz.lesson.quantity import QUANTITIES
from nnviz.run.experiment import Experiment
from nnviz.run.trajectory import Trajectory

ROUNDS = 20


def main() -> None:
    datasets.register("wide", random_pictures)
    run = Trajectory.of(Experiment(dataset="wide"))
    moment = run.moment_at(5)
    run.moment_at(4)
    print("Explaining a number of 784-30-10, with its equation in numbers; target at most 10 ms")
    worst = 0.0
    for name, quantity in QUANTITIES.items():
        layer = quantity.layers(3)[0]
        rows, columns = shape(quantity, layer, run.experiment.sizes, moment.trace.m)
        cell = Cell(name, layer, rows // 2, columns // 2)
        times = []
        for _ in range(ROUNDS):
            start = time.perf_counter()
            found = explain(moment, cell)
            assert found.equation and found.numbers
            assert found.depends_on is not None
            times.append(1000 * (time.perf_counter() - start))
        median = statistics.median(times)
        worst = max(worst, median)
        print(f"  {quantity.with_layer(layer):8} {len(found.terms):4} terms  median {median:6.2f} ms")
    print(f"  slowest quantity {worst:.2f} ms: {verdict(worst, targets.EXPLAIN_MS)}")


if __name__ == "__main__":
    main()
    sys.exit(targets.exit_code())
