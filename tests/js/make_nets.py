"""Print, as JSON, how Python describes networks to the board.

Run by nets.js as `python tests/js/make_nets.py '[{"sizes": [64, 30, 10], "activation": "sigmoid"}]'`.
"""

import json
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from nnviz import datasets
from nnviz.board.message import jsonable, network_info
from nnviz.datasets import Dataset
from nnviz.run.experiment import Experiment
from nnviz.run.setup import resolve

PICTURES = {64: (8, 8), 784: (28, 28)}


def dataset_of(n_in: int, n_out: int) -> str:
    """A made-up data set of this shape, registered under a name."""
    name = f"made-up-{n_in}-{n_out}"
    rows = max(n_out, 2)
    data = Dataset(
        title="Made up",
        source="",
        inputs=np.zeros((rows * 150, n_in), np.uint8),
        labels=np.arange(rows * 150) % rows,
        n_train=rows * 150,
        classes=tuple(map(str, range(rows))),
        picture=PICTURES.get(n_in),
        one_output=n_out == 1,
        names=() if n_in in PICTURES else tuple(f"x{k}" for k in range(n_in)),
    )
    datasets.register(name, lambda: data)
    return name


def info(sizes: list[int], activation: str = "sigmoid", output: str = "sigmoid", batch: int = 10) -> dict:
    cost = "log-likelihood" if output == "softmax" else "quadratic"
    experiment = Experiment(
        dataset=dataset_of(sizes[0], sizes[-1]),
        hidden=tuple(sizes[1:-1]),
        activation=activation,
        output=output,
        cost=cost,
        batch=batch,
    )
    return jsonable(network_info(resolve(experiment)))


if __name__ == "__main__":
    print(json.dumps([info(**description) for description in json.loads(sys.argv[1])]))
