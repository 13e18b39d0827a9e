"""What is said about a phase: one or two sentences, its equations, the shapes in this network, the code.

Everything follows from the moment: the rates and activations that hold at its mini-batch. The code is the source of
the function that computed the numbers on the screen, read from nnviz itself.
"""

import inspect
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from nnviz.datasets import Dataset
from nnviz.model import equations
from nnviz.model.activations import Activation
from nnviz.model.update_rules import UpdateRule
from nnviz.number_text import latex
from nnviz.run.experiment import Experiment
from nnviz.run.moment import Moment
from nnviz.run.phases import BACKPROPAGATE, FEEDFORWARD, GRADIENTS, INPUT, OUTPUT_ERROR, UPDATE, Phase, phases


@dataclass(frozen=True)
class Lesson:
    text: str  # what happens in this phase, Markdown
    equations: tuple[str, ...]  # KaTeX, each with the shapes written under its symbols
    code: str  # the Python that computes it


def lesson(moment: Moment, number: int) -> Lesson:
    """The lesson of one phase (from 0) at this mini-batch, and at every other one with the same rates and activations.

    If the last mini-batch of an epoch is smaller, shapes say m instead of a number.
    """
    phase = phases(moment.network.num_layers)[number]
    return LESSONS[phase.kind](moment, phase, columns(moment))


def input_lesson(moment: Moment, phase: Phase, m: str) -> Lesson:
    sizes = moment.network.sizes
    full, last = batch_sizes(moment.experiment)
    size = "One example is" if full == 1 else f"{full} examples are"
    smaller = f" (the last mini-batch of an epoch has {last})" if last != full else ""
    column = "" if m == "1" else " One column is one example."
    if moment.added:
        column += " The last one is the example that you added."
    return Lesson(
        f"{size} taken from the shuffled training set{smaller}: the mini-batch.{column}",
        (f"{shaped('a^1', sizes[0], m)} = x", f"{shaped('y', sizes[-1], m)}"),
        code_of(phase, moment.network.update_rule),
    )


def feedforward_lesson(moment: Moment, phase: Phase, m: str) -> Lesson:
    l, sizes = phase.layer, moment.network.sizes
    n, n_before = sizes[l - 1], sizes[l - 2]
    activation = moment.network.activations[l - 2]
    w, a = shaped(f"w^{l}", n, n_before), shaped(f"a^{l - 1}", n_before, m)
    return Lesson(
        f"Layer {l} weighs the activations of layer {l - 1}, adds its biases, and applies {in_words(activation)}.",
        (
            rf"{shaped(f'z^{l}', n, m)} = {w}\,{a} + {shaped(f'b^{l}', n, 1)}",
            rf"a^{l} = \sigma(z^{l}), \quad \sigma(z) = {activation.formula}",
            *(rf"\text{{neuron {j + 1}: }} \sigma(z) = {neuron.formula}" for j, neuron in activation.exceptions),
        ),
        code_of(phase, moment.network.update_rule),
    )


def output_error_lesson(moment: Moment, phase: Phase, m: str) -> Lesson:
    net = moment.network
    rule = net.output_rule
    return Lesson(
        "The output error δ says how fast the cost changes with each z of the last layer. (BP1) " + rule.note,
        (
            net.cost.formula,
            rf"\frac{{\partial C_x}}{{\partial a_j}} = {net.cost.nabla_formula}",
            rf"\sigma'(z) = {net.activations[-1].prime_formula}",
            rule.formula.replace(r"\delta^L", shaped(r"\delta^L", net.sizes[-1], m), 1),
        ),
        code_of(phase, moment.network.update_rule),
    )


def backpropagate_lesson(moment: Moment, phase: Phase, m: str) -> Lesson:
    l, sizes = phase.layer, moment.network.sizes
    n, n_next, activation = sizes[l - 1], sizes[l], moment.network.activations[l - 2]
    w, delta = shaped(f"(w^{l + 1})^T", n, n_next), shaped(rf"\delta^{l + 1}", n_next, m)
    here, slope = shaped(rf"\delta^{l}", n, m), shaped(rf"\sigma'(z^{l})", n, m)
    exceptions = activation.exceptions
    return Lesson(
        f"The errors of layer {l + 1} come back through its weights and are multiplied by its slopes. (BP2)",
        (
            rf"{here} = \left( {w}\,{delta} \right) \odot {slope}",
            rf"\sigma'(z) = {activation.prime_formula}",
            *(rf"\text{{neuron {j + 1}: }} \sigma'(z) = {neuron.prime_formula}" for j, neuron in exceptions),
        ),
        code_of(phase, moment.network.update_rule),
    )


def gradients_lesson(moment: Moment, phase: Phase, m: str) -> Lesson:
    n_before, n = moment.network.sizes[:2]
    delta, a = shaped(r"\delta^{l}", n, m), shaped("(a^{l-1})^T", m, n_before)
    nabla_b, nabla_w = shaped(r"\nabla b^{l}", n, 1), shaped(r"\nabla w^{l}", n, n_before)
    mean = "The gradients of each layer" if m == "1" else f"The gradients of each layer are means over the {m} examples"
    return Lesson(
        f"{mean} (BP3, BP4). The shapes shown are those of layer 2.",
        (
            rf"{nabla_b} = \frac{{1}}{{m}} \sum_x \delta^{{x,l}}",
            rf"{nabla_w} = \frac{{1}}{{m}}\,{delta}\,{a}",
        ),
        code_of(phase, moment.network.update_rule),
    )


def update_lesson(moment: Moment, phase: Phase, m: str) -> Lesson:
    rates, rule = moment.rates, moment.network.update_rule
    who = "Every weight and bias is" if rates.learn_biases else "Every weight is"
    text = f"{who} moved against its gradient, and the next mini-batch begins."
    if rates.decay:
        text += " L2 also subtracts ηλ/n times each weight."
    if not rates.learn_biases:
        text += " The biases are frozen."
    values = rf"\eta = {latex(rates.eta)}"
    if rates.decay:
        values += rf",\quad \lambda = {latex(rates.lmbda)},\quad n = {rates.n}"
    return Lesson(
        text,
        (
            rule.formula_with_decay if rates.decay else rule.formula,
            rule.formula.replace("w", "b") if rates.learn_biases else r"b^{l} \to b^{l}",
            values,
        ),
        code_of(phase, rule),
    )


def code_of(phase: Phase, rule: UpdateRule) -> str:
    """The source of the function that computes a phase, as it runs."""
    return source(rule.change if phase.kind == UPDATE else CODE[phase.kind])


CODE: dict[str, Callable] = {
    INPUT: Dataset.x,
    FEEDFORWARD: equations.feedforward,
    OUTPUT_ERROR: equations.output_error,
    BACKPROPAGATE: equations.backpropagate,
    GRADIENTS: equations.gradients,
}
LESSONS: dict[str, Callable[[Moment, Phase, str], Lesson]] = {
    INPUT: input_lesson,
    FEEDFORWARD: feedforward_lesson,
    OUTPUT_ERROR: output_error_lesson,
    BACKPROPAGATE: backpropagate_lesson,
    GRADIENTS: gradients_lesson,
    UPDATE: update_lesson,
}


def batch_sizes(e: Experiment) -> tuple[int, int]:
    """How many examples a mini-batch has, and how many the last one of an epoch has."""
    n = e.data.n_train
    full = min(e.batch, n)
    return full, n % full or full


def columns(moment: Moment) -> str:
    """The number of columns for a shape, an added example included: m if the last mini-batch of an epoch is smaller."""
    full, last = batch_sizes(moment.experiment)
    return str(full + bool(moment.added)) if full == last else "m"


def in_words(activation: Activation) -> str:
    """A layer's activation by name, its exceptions included: `sigmoid (neuron 4: relu)`."""
    rest = (activation.rest or activation).name
    exceptions = ", ".join(
        f"neuron {j + 1}: {neuron.name}" for j, neuron in sorted(dict(activation.exceptions).items())
    )
    return f"{rest} ({exceptions})" if exceptions else rest


def shaped(symbol: str, rows: int | str, columns: int | str) -> str:
    """The symbol with its shape written under it."""
    return rf"\underset{{{rows} \times {columns}}}{{{symbol}}}"


@cache
def source(function: Callable) -> str:
    """The function's own source, as it runs."""
    return textwrap.dedent(inspect.getsource(function)).rstrip()


def mini_batch_in_words(experiment: Experiment, step: int) -> str:
    """A mini-batch in words: `Epoch 1 of 30 · mini-batch 3 of 150`."""
    epoch, batch = divmod(step, experiment.batches_per_epoch)
    return (
        f"Epoch {epoch + 1:,} of {experiment.data.epochs:,} · mini-batch {batch + 1:,} of "
        f"{experiment.batches_per_epoch:,}"
    )


def where(experiment: Experiment, step: int, phase: int) -> str:
    """A position in words: `Epoch 1 of 30 · mini-batch 3 of 150 · phase 2 of 7: feedforward, layer 2`."""
    stages = phases(len(experiment.sizes))
    place = f"phase {phase + 1} of {len(stages)}: {stages[phase].title}"
    return f"{mini_batch_in_words(experiment, step)} · {place}"
