"""Exclusive or: the smallest task that no network without a hidden layer can learn."""

import numpy as np

from nnviz.datasets.dataset import Dataset


def xor() -> Dataset:
    """The four points of x_1 xor x_2; all of them are for training."""
    return Dataset(
        title="XOR",
        learns_to="compute exclusive or",
        source="Four points, written down by hand.",
        inputs=np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]),
        labels=np.array([0, 1, 1, 0]),
        n_train=4,
        classes=("0", "1"),
        names=("x₁", "x₂"),
        epochs=2000,
        one_output=True,
    )
