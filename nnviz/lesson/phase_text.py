"""What is said about a phase: one sentence, its equation, the shapes in this network, the code that computes it.

The code is the source of the function that computed what is on the screen, read from nnviz itself.
"""

import inspect
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache

from nnviz.datasets import Dataset
from nnviz.model import network
from nnviz.model.activations import ACTIVATIONS, Activation
from nnviz.model.costs import COSTS, output_error_rule
from nnviz.run.experiment import Experiment
from nnviz.run.phases import Phase, phases


@dataclass(frozen=True)
class Lesson:
    text: str  # what happens in this phase, Markdown
    equations: tuple[str, ...]  # KaTeX, each with the shapes written under its symbols
    code: str  # the Python that computes it


@lru_cache(maxsize=1000)
def lesson(experiment: Experiment, phase: int) -> Lesson:
    """The lesson of one phase (from 0). Where the last mini-batch of an epoch is smaller, shapes say m for its size."""
    stage = phases(len(experiment.sizes))[phase]
    m = "m" if experiment.data.n_train % experiment.batch else str(experiment.batch)
    return LESSONS[stage.kind](experiment, stage, m)


def input_lesson(e: Experiment, phase: Phase, m: str) -> Lesson:
    up_to = "" if m != "m" else f" (the last one of an epoch: {e.data.n_train % e.batch})"
    return Lesson(
        f"The mini-batch: {e.batch}{up_to} examples, drawn from the shuffled training set. One column is one example.",
        (f"{shaped('a^1', e.sizes[0], m)} = x", f"{shaped('y', e.sizes[-1], m)}"),
        source(Dataset.x),
    )


def feedforward_lesson(e: Experiment, phase: Phase, m: str) -> Lesson:
    l, n, n_before = phase.layer, e.sizes[phase.layer - 1], e.sizes[phase.layer - 2]
    activation = activation_of(e, l)
    w, a = shaped(f"w^{l}", n, n_before), shaped(f"a^{l - 1}", n_before, m)
    return Lesson(
        f"Layer {l} weighs the activations of layer {l - 1}, adds its biases, and applies {activation.name}.",
        (
            rf"{shaped(f'z^{l}', n, m)} = {w}\,{a} + {shaped(f'b^{l}', n, 1)}",
            rf"a^{l} = \sigma(z^{l}), \quad \sigma(z) = {activation.formula}",
        ),
        source(network.feedforward),
    )


def output_error_lesson(e: Experiment, phase: Phase, m: str) -> Lesson:
    n = e.sizes[-1]
    cost, activation = COSTS[e.cost], activation_of(e, phase.layer)
    rule = output_error_rule(cost, activation)
    return Lesson(
        "How wrong is the output, and how fast would the cost change with each z of the last layer? (BP1) " + rule.note,
        (
            cost.formula,
            rf"\frac{{\partial C_x}}{{\partial a_j}} = {cost.nabla_formula}",
            rf"\sigma'(z) = {activation.prime_formula}",
            rule.formula.replace(r"\delta^L", shaped(r"\delta^L", n, m), 1),
        ),
        source(network.output_error),
    )


def backpropagate_lesson(e: Experiment, phase: Phase, m: str) -> Lesson:
    l, n, n_next = phase.layer, e.sizes[phase.layer - 1], e.sizes[phase.layer]
    w, delta = shaped(f"(w^{l + 1})^T", n, n_next), shaped(rf"\delta^{l + 1}", n_next, m)
    here, slope = shaped(rf"\delta^{l}", n, m), shaped(rf"\sigma'(z^{l})", n, m)
    return Lesson(
        f"The errors of layer {l + 1} come back through its weights and are multiplied by its slopes. (BP2)",
        (
            rf"{here} = \left( {w}\,{delta} \right) \odot {slope}",
            rf"\sigma'(z) = {activation_of(e, l).prime_formula}",
        ),
        source(network.backpropagate),
    )


def gradients_lesson(e: Experiment, phase: Phase, m: str) -> Lesson:
    n, n_before = e.sizes[1], e.sizes[0]
    delta, a = shaped(r"\delta^{l}", n, m), shaped("(a^{l-1})^T", m, n_before)
    nabla_b, nabla_w = shaped(r"\nabla b^{l}", n, 1), shaped(r"\nabla w^{l}", n, n_before)
    return Lesson(
        f"Each layer's gradients, as the mean over the {m} examples (BP3, BP4). The shapes are those of layer 2.",
        (
            rf"{nabla_b} = \frac{{1}}{{m}} \sum_x \delta^{{x,l}}",
            rf"{nabla_w} = \frac{{1}}{{m}}\,{delta}\,{a}",
        ),
        source(network.gradients),
    )


def update_lesson(e: Experiment, phase: Phase, m: str) -> Lesson:
    keep = r"\left(1 - \tfrac{\eta\lambda}{n}\right) w^{l}" if e.lmbda else "w^{l}"
    rates = rf"\eta = {e.eta:g}" + (rf",\quad \lambda = {e.lmbda:g},\quad n = {e.data.n_train}" if e.lmbda else "")
    return Lesson(
        "A small step downhill: every parameter moves against its gradient, and the next mini-batch begins.",
        (
            rf"w^{{l}} \to {keep} - \eta\,\nabla w^{{l}}",
            r"b^{l} \to b^{l} - \eta\,\nabla b^{l}",
            rates,
        ),
        source(network.change),
    )


LESSONS: dict[str, Callable[[Experiment, Phase, str], Lesson]] = {
    "input": input_lesson,
    "feedforward": feedforward_lesson,
    "output error": output_error_lesson,
    "backpropagate": backpropagate_lesson,
    "gradients": gradients_lesson,
    "update": update_lesson,
}


def shaped(symbol: str, rows: int | str, columns: int | str) -> str:
    """The symbol with its shape written under it."""
    return rf"\underset{{{rows} \times {columns}}}{{{symbol}}}"


def activation_of(e: Experiment, layer: int) -> Activation:
    return ACTIVATIONS[e.output if layer == len(e.sizes) else e.activation]


@cache
def source(function: Callable) -> str:
    """The function's own source, as it runs."""
    return textwrap.dedent(inspect.getsource(function)).rstrip()


def where(experiment: Experiment, step: int, phase: int) -> str:
    """A position in words: `Epoch 1 of 30 · mini-batch 3 of 150 · phase 2 of 7: feedforward, layer 2`."""
    epoch, batch = divmod(step, experiment.batches_per_epoch)
    stages = phases(len(experiment.sizes))
    return (
        f"Epoch {epoch + 1:,} of {experiment.data.epochs:,} · "
        f"mini-batch {batch + 1:,} of {experiment.batches_per_epoch:,} · "
        f"phase {phase + 1} of {len(stages)}: {stages[phase].title}"
    )
