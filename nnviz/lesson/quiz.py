"""Predict first: what a phase asks before it shows what it computes.

Each question names a measure, which the board takes of the numbers that it still hides: the measure finds the answers
to choose from, and which one is right. So a question needs no reply from Python, and its answer is computed from the
numbers that are shown afterwards.
"""

from dataclasses import dataclass

from nnviz.run.phases import BACKPROPAGATE, FEEDFORWARD, GRADIENTS, INPUT, OUTPUT_ERROR, UPDATE, Phase

# Measures, as static/board/predict.js has them
SIGN, LARGEST_OUTPUT, RATIO, LARGEST_LAYER = MEASURES = "sign", "largestOutput", "ratio", "largestLayer"


@dataclass(frozen=True)
class Question:
    measure: str
    panels: tuple[str, ...]  # whose numbers are measured, and hidden until then
    text: str  # with {...} for what the measure finds
    why: tuple[str, ...]  # what to say after it: one sentence, or one for each answer that may be right
    answers: tuple[str, ...] = ()  # if they are always the same
    beside: tuple[str, ...] = ()  # for each panel the one that it is held against
    about: tuple[str, ...] = ()  # for each panel the one that it is about


SIGNS = ("negative", "zero", "positive")
NO_ERROR = "{cell} = 0: no small change of z changes the cost."
SIZES = ("less than half", "about the same", "more than twice")


def question(phase: Phase, sizes: tuple[int, ...]) -> Question | None:
    """What a phase asks in a network with these sizes; None if it computes nothing that could be guessed."""
    return QUESTIONS[phase.kind](phase.layer, sizes)


def of_input(_layer: int, _sizes: tuple[int, ...]) -> None:
    """The input is given."""


def of_feedforward(layer: int, sizes: tuple[int, ...]) -> Question:
    if layer == len(sizes) and sizes[-1] > 1:
        return Question(
            LARGEST_OUTPUT,
            (panel("a", layer),),
            "Which output will be the largest?",
            ("Output {name} is the largest: a = {value}.",),
        )
    return Question(
        SIGN,
        (panel("z", layer),),
        "Neuron {neuron} of layer {layer} has the z farthest from 0. Is it negative or positive?",
        ("{cell} = {value}; a = {other}.",),
        SIGNS,
        beside=(panel("a", layer),),
    )


def of_output_error(layer: int, _sizes: tuple[int, ...]) -> Question:
    return Question(
        SIGN,
        (panel("delta", layer),),
        "The largest error is that of output {name}, whose a is {other}. Is its δ negative or positive?",
        ("{cell} = {value}: a larger z costs less.", NO_ERROR, "{cell} = {value}: a smaller z costs less."),
        SIGNS,
        beside=(panel("a", layer),),
    )


def of_backpropagation(layer: int, _sizes: tuple[int, ...]) -> Question:
    return Question(
        RATIO,
        (panel("delta", layer),),
        "The largest |δ| of layer {after} is {other}. How large is it in layer {layer}, compared with that?",
        ("It is {value}, which is {ratio} times that of layer {after}.",),
        SIZES,
        beside=(panel("delta", layer + 1),),
    )


def of_gradients(_layer: int, sizes: tuple[int, ...]) -> Question | None:
    if len(sizes) == 2:
        return None  # only one layer has weights
    weights = tuple(panel("nabla_w", layer) for layer in range(2, len(sizes) + 1))
    return Question(
        LARGEST_LAYER,
        weights,
        "The weights of which layer have the largest gradient?",
        ("Layer {name}: ‖∇w‖ = {value}. The smallest is that of layer {after}: {other}.",),
    )


def of_update(_layer: int, sizes: tuple[int, ...]) -> Question:
    changes, gradients, weights = (
        tuple(panel(name, layer) for layer in range(2, len(sizes) + 1)) for name in ("dw", "nabla_w", "w")
    )
    return Question(
        SIGN,
        changes,
        "The weight {about} changes most. Its mean gradient is {other}. Is the change negative or positive?",
        ("The change is {value}.",),
        SIGNS,
        beside=gradients,
        about=weights,
    )


QUESTIONS = {
    INPUT: of_input,
    FEEDFORWARD: of_feedforward,
    OUTPUT_ERROR: of_output_error,
    BACKPROPAGATE: of_backpropagation,
    GRADIENTS: of_gradients,
    UPDATE: of_update,
}


def panel(name: str, layer: int) -> str:
    return f"{name}.{layer}"
