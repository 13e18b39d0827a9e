"""What the book's networks reach on MNIST, and how long an epoch takes beside scikit-learn's on the same work.

[784, 30, 10], mini-batches of 10, 30 epochs, Nielsen's split: 50,000 images to learn from, the next 10,000 held out.
`OPENBLAS_NUM_THREADS=1 python -m benchmarks.bench_mnist [file]`; `python -m benchmarks mnist` takes the default file.
The file: an npz with `images` (n, 784) uint8 and `labels`, in MNIST's published order.
"""

import statistics
import sys
import warnings
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import numpy as np

from benchmarks import targets
from benchmarks.targets import verdict
from nnviz import datasets
from nnviz.datasets import Dataset
from nnviz.run.evaluation import evaluate
from nnviz.run.experiment import Experiment
from nnviz.run.trajectory import Trajectory

FILE = Path(__file__).parents[2] / "shared" / "data" / "mnist63k.npz"
N_TRAIN, N_HELD_OUT, EPOCHS = 50_000, 10_000, 30
COMPARED = 3  # epochs timed beside scikit-learn, in turns
NAME = "mnist-from-file"
RUNS = {  # experiment -> percent of the held-out images that the best epoch has to reach
    Experiment(): targets.MNIST_PERCENT["quadratic"],
    Experiment(cost="cross-entropy", init="scaled", eta=0.5, lmbda=5.0): targets.MNIST_PERCENT["cross-entropy"],
}


def load(file: Path) -> Dataset:
    with np.load(file, allow_pickle=False) as arrays:
        n = N_TRAIN + N_HELD_OUT
        images, labels = arrays["images"][:n].reshape(n, 784), arrays["labels"][:n].astype(int)
    return Dataset(
        title="MNIST",
        source=str(file.name),
        inputs=images,
        labels=labels,
        n_train=N_TRAIN,
        classes=tuple("0123456789"),
        scale=255.0,
        picture=(28, 28),
        epochs=EPOCHS,
    )


def train(run: Trajectory, target: float) -> None:
    """All epochs, with the time that the mini-batches alone take."""
    per_epoch, taken, reached = run.experiment.batches_per_epoch, [], []
    for epoch in range(EPOCHS):
        began = perf_counter()
        for _ in run.advance((epoch + 1) * per_epoch):
            pass
        taken.append(perf_counter() - began)
        step = (epoch + 1) * per_epoch
        reached.append(100 * evaluate(run.network_at(step), run.setup.data, step, 0.0).held_out_accuracy)
    best = max(reached)
    print(f"  {run.experiment.summary()}")
    print(
        f"    best epoch {reached.index(best) + 1}: {best:.2f} % of {N_HELD_OUT:,}; last: {reached[-1]:.2f} %; "
        f"target: at least {target:g} %, {verdict(best, target, at_least=True)}"
    )
    print(f"    {statistics.median(taken):.2f} s an epoch (median), all parameters kept for stepping back")


def beside_sklearn(data: Dataset) -> None:
    """Epochs of nnviz and of MLPClassifier take turns; the latter does the same work with its own cost."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.neural_network import MLPClassifier

    experiment = Experiment(dataset=NAME, cost="log-likelihood", output="softmax", init="scaled", eta=0.5, lmbda=5.0)
    run = Trajectory.of(experiment)
    x, labels = data.x(data.training).T.copy(), data.labels[: data.n_train]
    model = MLPClassifier(
        hidden_layer_sizes=experiment.hidden,
        activation="logistic",
        solver="sgd",
        alpha=5.0 * 10 / N_TRAIN,  # it divides by the mini-batch's size
        batch_size=10,
        learning_rate_init=0.5,
        momentum=0.0,
        nesterovs_momentum=False,
        max_iter=1,
        warm_start=True,
        random_state=0,
    )
    times: dict[str, list[float]] = {"nnviz": [], "scikit-learn": []}
    for epoch in range(COMPARED):
        began = perf_counter()
        for _ in run.advance((epoch + 1) * experiment.batches_per_epoch):
            pass
        times["nnviz"].append(perf_counter() - began)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # one epoch is all that is asked for
            began = perf_counter()
            model.fit(x, labels)
        times["scikit-learn"].append(perf_counter() - began)
    ratio = statistics.median(b / a for a, b in zip(*times.values(), strict=True))
    each = ", ".join(f"{name} {statistics.median(taken):.2f} s" for name, taken in times.items())
    print(f"  an epoch of softmax with log-likelihood and L2: {each}; scikit-learn takes {ratio:.1f} x nnviz's time")


def main(arguments: list[str]) -> int:
    file = Path(arguments[0]) if arguments else FILE
    if not file.is_file():
        print(
            f"{file.name} is not there. The benchmark needs MNIST as an npz with images (n, 784) uint8 and labels, in"
        )
        print("the published order: download MNIST on nnviz's Data page, save its arrays with np.savez, name the file:")
        print("python -m benchmarks.bench_mnist path/to/file.npz")
        return 0
    data = load(file)
    datasets.register(NAME, lambda: data)
    for experiment, target in RUNS.items():
        train(Trajectory.of(replace(experiment, dataset=NAME)), target)
    beside_sklearn(data)
    return targets.exit_code()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
