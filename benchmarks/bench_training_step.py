"""One training step of [784, 30, 10] on 10 examples: nnviz against the book, scikit-learn, PyTorch, BLAS.

The contestants take turns in one process, so that a busy machine slows all of them alike; each figure is the
median over the rounds, each ratio the median of the rounds' ratios. scikit-learn takes its mini-batches from
a shuffled order inside `fit`, so that it is held against nnviz doing the same; the others are handed theirs.
"""

import statistics
import sys
import warnings
from collections.abc import Callable
from time import perf_counter

import numpy as np

from benchmarks import targets
from benchmarks.book import BookNetwork
from benchmarks.rival import classifier
from benchmarks.targets import verdict
from nnviz import Network
from nnviz.model.update_rules import Rates

SIZES, M, ETA = (784, 30, 10), 10, 0.5
RATES = Rates(ETA, 0.0, 1)  # without L2 the number of examples does not matter
STEPS = 200  # mini-batches in a round
ROUNDS = 15
RIVALS = {"scikit-learn": "nnviz, shuffled"}  # what each is held against, where it is not plain nnviz

Round = Callable[[], None]  # trains on STEPS mini-batches


def nnviz_round(x: np.ndarray, y: np.ndarray) -> Round:
    network = Network(SIZES)

    def train() -> None:
        for start in range(0, len(x), M):
            network.gradient_step(x[start : start + M].T, y[start : start + M].T, RATES)

    return train


def shuffled_round(x: np.ndarray, y: np.ndarray) -> Round:
    """As `Network.SGD` does it: each mini-batch is gathered from a shuffled order."""
    network, order = Network(SIZES), np.random.default_rng(0).permutation(len(x))

    def train() -> None:
        for start in range(0, len(x), M):
            rows = order[start : start + M]
            network.gradient_step(x[rows].T, y[rows].T, RATES)

    return train


def book_round(x: np.ndarray, y: np.ndarray) -> Round:
    start = Network(SIZES)
    network = BookNetwork(start.weights, start.biases)
    pairs = [(one.reshape(-1, 1), target.reshape(-1, 1)) for one, target in zip(x, y, strict=True)]

    def train() -> None:
        for start in range(0, len(pairs), M):
            network.update_mini_batch(pairs[start : start + M], ETA)

    return train


def sklearn_round(x: np.ndarray, y: np.ndarray) -> Round:
    """One epoch of MLPClassifier, warm-started so that a round does not draw new weights."""
    from sklearn.exceptions import ConvergenceWarning

    model = classifier(SIZES, M, ETA, max_iter=1, warm_start=True)
    labels = y.argmax(axis=1)

    def train() -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # one epoch is all that is asked for
            model.fit(x, labels)

    return train


def torch_round(x: np.ndarray, y: np.ndarray) -> Round:
    import torch

    torch.set_num_threads(1)
    n_in, n_hidden, n_out = SIZES
    model = torch.nn.Sequential(
        torch.nn.Linear(n_in, n_hidden),
        torch.nn.Sigmoid(),
        torch.nn.Linear(n_hidden, n_out),
        torch.nn.Sigmoid(),
    ).double()
    optimizer = torch.optim.SGD(model.parameters(), lr=ETA)
    inputs, targets = torch.from_numpy(x), torch.from_numpy(y)

    def train() -> None:
        for start in range(0, len(x), M):
            optimizer.zero_grad()
            a = model(inputs[start : start + M])
            loss = 0.5 * ((a - targets[start : start + M]) ** 2).sum() / M
            loss.backward()
            optimizer.step()

    return train


def matrix_round(x: np.ndarray, y: np.ndarray) -> Round:
    """The five matrix products of a step and nothing else: no step can be faster."""
    rng = np.random.default_rng(0)
    w2, w3 = Network(SIZES).weights
    a2, delta2, delta3 = (rng.standard_normal((n, M)) for n in (SIZES[1], SIZES[1], SIZES[2]))

    def train() -> None:
        for start in range(0, len(x), M):
            a1 = x[start : start + M].T
            for left, right in ((w2, a1), (w3, a2), (w3.T, delta3), (delta3, a2.T), (delta2, a1.T)):
                np.matmul(left, right)

    return train


def contestants(x: np.ndarray, y: np.ndarray) -> dict[str, Round]:
    rounds = {
        "nnviz": nnviz_round(x, y),
        "nnviz, shuffled": shuffled_round(x, y),
        "the book's loop": book_round(x, y),
    }
    for name, make in (("scikit-learn", sklearn_round), ("PyTorch", torch_round)):
        try:
            rounds[name] = make(x, y)
        except ImportError:
            print(f"{name} is not installed and is left out.")
    return rounds | {"matrix products": matrix_round(x, y)}


def timed(train: Round) -> float:
    """Microseconds a step."""
    start = perf_counter()
    train()
    return (perf_counter() - start) / STEPS * 1e6


def median_ratio(one: list[float], other: list[float]) -> float:
    return statistics.median(a / b for a, b in zip(one, other, strict=True))


def main() -> None:
    rng = np.random.default_rng(0)
    x = rng.random((STEPS * M, SIZES[0]))
    y = np.eye(SIZES[-1])[rng.permutation(STEPS * M) % SIZES[-1]]
    rounds = contestants(x, y)
    for train in rounds.values():
        train()  # warm-up
    times = {name: [] for name in rounds}
    for _ in range(ROUNDS):
        for name, train in rounds.items():
            times[name].append(timed(train))

    print(f"One step of {list(SIZES)}, mini-batch {M}, float64, one thread; medians of {ROUNDS} rounds")
    for name, taken in times.items():
        line = f"  {name:16} {statistics.median(taken):8.1f} µs"
        if name in targets.STEP:
            rival = RIVALS.get(name, "nnviz")
            ratio = median_ratio(taken, times[rival])
            judged = verdict(ratio, targets.STEP[name], at_least=True)
            line += f"   {ratio:5.2f} x {rival:16} target: over {targets.STEP[name]:g} x   {judged}"
        print(line)
    far = median_ratio(times["nnviz"], times["matrix products"])
    print(f"nnviz takes {far:.1f} times as long as its five matrix products alone.")


if __name__ == "__main__":
    main()
    sys.exit(targets.exit_code())
