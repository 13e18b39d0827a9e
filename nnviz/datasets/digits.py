"""The UCI handwritten digits, bundled with nnviz: small enough to see every pixel, real enough to be hard."""

from pathlib import Path

import numpy as np

from nnviz.datasets.dataset import Dataset

FILE = Path(__file__).parent / "digits.npz"  # made by tools/make_digits.py
N_TRAIN = 1500


def digits() -> Dataset:
    """1,797 pictures of 8 x 8 pixels in 0..1: 1,500 for training and 297 held out, split by the file's order."""
    with np.load(FILE, allow_pickle=False) as file:
        images, labels = file["images"], file["labels"].astype(int)
    return Dataset(
        title="Handwritten digits, 8 × 8",
        learns_to="read digits",
        source=(
            "Optical Recognition of Handwritten Digits, E. Alpaydin and C. Kaynak (1998), "
            "UCI Machine Learning Repository, CC BY 4.0; the 1,797 test images."
        ),
        inputs=images,
        labels=labels,
        n_train=N_TRAIN,
        classes=tuple(str(digit) for digit in range(10)),
        scale=16.0,
        picture=(8, 8),
    )
