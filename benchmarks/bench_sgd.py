"""Training as a user trains: `Network.SGD` over 10 epochs of 784-30-10, conversion and shuffling included.

The book's loop and scikit-learn's MLPClassifier train on the same examples from the same lists of pairs. They take
turns in one process; each ratio is the median of the rounds' ratios.
"""

import contextlib
import io
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

SIZES, N, M, EPOCHS, ETA = (784, 30, 10), 1000, 10, 10, 0.5
ROUNDS = 5

Pairs = list[tuple[np.ndarray, np.ndarray]]


def nnviz(pairs: Pairs) -> None:
    with contextlib.redirect_stdout(io.StringIO()):
        Network(SIZES).SGD(pairs, EPOCHS, M, ETA)


def book(pairs: Pairs) -> None:
    start = Network(SIZES)
    network, rng = BookNetwork(start.weights, start.biases), np.random.default_rng(0)
    for _ in range(EPOCHS):
        order = rng.permutation(len(pairs))
        shuffled = [pairs[i] for i in order]
        for at in range(0, len(pairs), M):
            network.update_mini_batch(shuffled[at : at + M], ETA)


def sklearn(pairs: Pairs) -> None:
    from sklearn.exceptions import ConvergenceWarning

    x = np.hstack([x for x, _ in pairs]).T.copy()
    labels = np.array([int(y.argmax()) for _, y in pairs])
    model = classifier(SIZES, M, ETA, max_iter=EPOCHS, tol=0.0, n_iter_no_change=EPOCHS)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # ten epochs are all that is asked for
        model.fit(x, labels)


CONTESTANTS: dict[str, Callable[[Pairs], None]] = {"nnviz": nnviz, "the book's loop": book, "scikit-learn": sklearn}


def timed(train: Callable[[Pairs], None], pairs: Pairs) -> float:
    """Seconds of a training."""
    start = perf_counter()
    train(pairs)
    return perf_counter() - start


def main() -> None:
    rng = np.random.default_rng(0)
    pairs = [(rng.random((SIZES[0], 1)), np.eye(SIZES[-1])[:, [i % SIZES[-1]]]) for i in range(N)]
    times: dict[str, list[float]] = {name: [] for name in CONTESTANTS}
    for i in range(ROUNDS + 1):
        for name, train in CONTESTANTS.items():
            taken = timed(train, pairs)
            if i:  # the first round warms up
                times[name].append(taken)
    print(f"SGD of {list(SIZES)}: {EPOCHS} epochs of {N:,} examples, mini-batch {M}; medians of {ROUNDS} rounds")
    for name, taken in times.items():
        text = f"  {name:16} {statistics.median(taken) / (EPOCHS * N / M) * 1e6:8.1f} µs a mini-batch"
        if target := targets.SGD.get(name):
            ratio = statistics.median(a / b for a, b in zip(taken, times["nnviz"], strict=True))
            text += f"   {ratio:5.2f} x nnviz   target: {target:g} x   {verdict(ratio, target, at_least=True)}"
        print(text)


if __name__ == "__main__":
    main()
    sys.exit(targets.exit_code())
