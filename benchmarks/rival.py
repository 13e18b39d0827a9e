"""scikit-learn's network set up to learn as nnviz does: plain gradient descent on mini-batches, sigmoid, no L2."""

from collections.abc import Sequence
from typing import Any


def classifier(sizes: Sequence[int], mini_batch_size: int, eta: float, **more: Any) -> Any:
    """An MLPClassifier of these layer sizes; `more` goes to it as it is."""
    from sklearn.neural_network import MLPClassifier

    return MLPClassifier(
        hidden_layer_sizes=tuple(sizes[1:-1]),
        activation="logistic",
        solver="sgd",
        alpha=0.0,
        batch_size=mini_batch_size,
        learning_rate_init=eta,
        momentum=0.0,
        nesterovs_momentum=False,
        random_state=0,
        **more,
    )
