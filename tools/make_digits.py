"""Write nnviz/datasets/digits.npz from scikit-learn's copy of the UCI handwritten digits.

The rows are shuffled once with a fixed seed, so that the first 1,500 are the training set.
Run it as `python tools/make_digits.py`; it needs scikit-learn (requirements-dev.txt).
"""

from pathlib import Path
from typing import Any

import numpy as np
from sklearn.datasets import load_digits

SPLIT_SEED = 0
FILE = Path(__file__).parent.parent / "nnviz" / "datasets" / "digits.npz"


def main() -> None:
    source: Any = load_digits()
    order = np.random.default_rng(SPLIT_SEED).permutation(len(source.target))
    np.savez_compressed(
        FILE,
        images=source.data[order].astype(np.uint8),  # (1797, 64), 0..16
        labels=source.target[order].astype(np.uint8),  # (1797,)
    )
    print(f"{FILE.name}: {FILE.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
