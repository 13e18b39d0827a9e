"""Update rules: how the parameters move once their gradients are known, and what is remembered for the next time.

To add one, write an `UpdateRule` and name it in `UPDATE_RULES`.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nnviz.arrays import Array

Memory = tuple[Array, ...]  # what a rule remembers of one parameter: arrays shaped like it


@dataclass(frozen=True)
class Rates:
    """The numbers that an update needs besides the gradients. They may change from one mini-batch to the next."""

    eta: float  # the learning rate
    lmbda: float = 0.0  # L2 regularization, as in network2.py
    n: int = 1  # the size of the training set
    learn_biases: bool = True  # False if the update leaves the biases as they are

    @property
    def decay(self) -> float:
        """eta lmbda / n: the share of each weight that L2 takes away in one update."""
        return self.eta * self.lmbda / self.n


@dataclass(frozen=True)
class ChangeSummand:
    """One summand of a change: a factor times the gradient or the parameter itself."""

    latex: str  # the factor
    factor: Callable[[float, float], float]  # (eta, decay) -> the factor
    of_gradient: bool  # True: of nabla_p; False: of p


@dataclass(frozen=True)
class UpdateRule:
    name: str  # in a link and in a select box
    change: Callable[[Array, Array, Memory, float, float], tuple[Array, Memory]]
    """(p, nabla_p, memory, eta, decay) -> (what is added to the parameter p, the memory after); decay: L2's share."""
    summands: tuple[ChangeSummand, ...]  # what the change is the sum of; empty if it is not such a sum
    remembers: tuple[str, ...]  # the names of the arrays in a memory
    formula: str  # how w moves, KaTeX
    formula_with_decay: str  # the same with L2
    says: str = "move by what this rule makes of their gradients"  # what weights and biases do, in words
    plain: str = "{change} comes from {gradient}"  # the change as text, with {change}, {gradient} and {parameter}
    plain_with_decay: str = "{change} comes from {gradient} and {parameter}"  # the same with L2

    def start(self, parameter: Array) -> Memory:
        """The memory before the first update: zeros."""
        return tuple(np.zeros_like(parameter) for _ in self.remembers)


def gradient_descent(p: Array, nabla_p: Array, memory: Memory, eta: float, decay: float) -> tuple[Array, Memory]:
    """p -> p - eta dC/dp; with L2, w -> (1 - eta lmbda/n) w - eta dC/dw."""
    change = -eta * nabla_p
    if decay:
        change -= decay * p
    return change, memory


GRADIENT_DESCENT = UpdateRule(
    name="gradient descent",
    change=gradient_descent,
    summands=(
        ChangeSummand(r"-\eta", lambda eta, decay: -eta, of_gradient=True),
        ChangeSummand(r"-\frac{\eta\lambda}{n}", lambda eta, decay: -decay, of_gradient=False),
    ),
    remembers=(),
    formula=r"w^{l} \to w^{l} - \eta\,\nabla w^{l}",
    formula_with_decay=r"w^{l} \to \left(1 - \tfrac{\eta\lambda}{n}\right) w^{l} - \eta\,\nabla w^{l}",
    says="move against their mean gradients over the mini-batch",
    plain="{change} = −η {gradient}",
    plain_with_decay="{change} = −η {gradient} − (ηλ/n) {parameter}",
)

UPDATE_RULES = {rule.name: rule for rule in (GRADIENT_DESCENT,)}


@dataclass(frozen=True)
class TrainingState:
    """Everything that training changes. Its arrays are never changed in place: the next state has new ones."""

    weights: tuple[Array, ...]  # w^l (n_l, n_{l-1}), l = 2..L
    biases: tuple[Array, ...]  # b^l (n_l, 1), l = 2..L
    weight_memories: tuple[Memory, ...] = ()  # for each w^l; empty before the first update
    bias_memories: tuple[Memory, ...] = ()  # for each b^l

    @property
    def arrays(self) -> tuple[Array, ...]:
        memories = (*self.weight_memories, *self.bias_memories)
        return (*self.weights, *self.biases, *(array for memory in memories for array in memory))

    @property
    def finite(self) -> bool:
        """Whether every weight and bias is a finite number."""
        return all(np.isfinite(array).all() for array in (*self.weights, *self.biases))

    @property
    def nbytes(self) -> int:
        return sum(array.nbytes for array in self.arrays)

    def frozen(self) -> "TrainingState":
        """The same state, whose arrays cannot be written to from now on."""
        freeze(self.arrays)
        return self


def freeze(arrays: tuple[Array, ...]) -> tuple[Array, ...]:
    """The same arrays, which cannot be written to from now on."""
    for array in arrays:
        array.setflags(write=False)
    return arrays
