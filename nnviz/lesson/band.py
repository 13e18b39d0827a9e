"""The band above the board: a phase's equation, whose symbols are panels, and what happens in one sentence.

What is worth seeing in this mini-batch is said by observations: each one names a measure, which the board takes of the
numbers it shows, and the words for what it finds. So a press needs no answer from Python, and every sentence is
computed from the numbers on the screen.
"""

import re
from dataclasses import dataclass

from nnviz.lesson.quantity import QUANTITIES, SUPERSCRIPTS
from nnviz.model.activations import Activation
from nnviz.model.network import Network
from nnviz.model.update_rules import Rates, UpdateRule
from nnviz.number_text import shown
from nnviz.run.phases import BACKPROPAGATE, FEEDFORWARD, GRADIENTS, INPUT, OUTPUT_ERROR, UPDATE, Phase, phases

# Measures, as static/board/observe.js has them
LARGEST, FLAT, VERDICT, SIZES = MEASURES = "largest", "flat", "verdict", "sizes"
SYMBOL = re.compile(r"\{(\w+)([+-]?)\}")
GAP = "\u2003"  # between two equations


@dataclass(frozen=True)
class Part:
    """A piece of an equation: a symbol, or the signs between two."""

    text: str
    panels: tuple[str, ...] = ()  # what the symbol stands for; empty for signs


@dataclass(frozen=True)
class Observation:
    """What to say of the numbers shown, if the measure finds something."""

    measure: str
    panels: tuple[str, ...]  # whose numbers are measured
    text: str  # with {...} for what is found
    otherwise: str = ""  # what to say if the measure finds the opposite
    of_all: str = ""  # what to say of the whole mini-batch, if that is something else


@dataclass(frozen=True)
class Band:
    equation: tuple[Part, ...]
    mean_equation: tuple[Part, ...]  # the same, if means over the mini-batch are shown
    text: str
    mean_text: str  # the same, if means over the mini-batch are shown
    observations: tuple[Observation, ...]


def bands(network: Network, rates: Rates, picture: bool) -> tuple[Band, ...]:
    """The band of each phase, with the activations and rates that hold. `picture`: whether an input is a picture."""
    return tuple(BANDS[phase.kind](network, rates, phase, picture) for phase in phases(network.num_layers))


def input_band(network: Network, rates: Rates, phase: Phase, picture: bool) -> Band:
    n = network.sizes[0]
    if n == 1:
        return band("{a} = x", phase, network, "The number of the example is the activation of layer 1.")
    inputs = f"{n} pixels, each from 0 (paper) to 1 (ink)," if picture else f"{n} numbers of the example"
    return band("{a} = x", phase, network, f"The {inputs} are the activations of layer 1.")


def feedforward_band(network: Network, rates: Rates, phase: Phase, picture: bool) -> Band:
    l, is_last = phase.layer, phase.layer == network.num_layers
    n, before = network.sizes[l - 1], network.sizes[l - 2]
    who = f"Each of the {n} neurons" if n > 1 else "The neuron"
    inputs = f"its {before} inputs" if before > 1 else "its input"
    text = f"{who} weighs {inputs}, adds its bias, and {does(network.activations[l - 2])}."
    output = (panel("a", l),)
    verdict = Observation(VERDICT, output, "The network says {predicted}, and that is right.", WRONG, ALL_RIGHT)
    largest = Observation(
        LARGEST, (panel("a", l), panel("z", l)), "The most active is neuron {neuron}: z = {other}, a = {value}."
    )
    return band("{z} = {w} {a-} + {b}" + GAP + "{a} = σ({z})", phase, network, text, verdict if is_last else largest)


WRONG = "The network says {predicted}, but the target is {target}."
ALL_RIGHT = "Of the {m} examples the network gets {right} right."


def output_error_band(network: Network, rates: Rates, phase: Phase, picture: bool) -> Band:
    l = phase.layer
    slope = network.cost.nabla_plain.replace("{y}", "y")
    equation = network.output_rule.plain.replace("{nabla_a}", slope)
    text = "δ says how fast the cost grows with each z: above 0 a smaller z costs less, below 0 a larger one."
    largest = Observation(LARGEST, (panel("delta", l),), "The largest error is that of output {name}: δ = {value}.")
    return band(equation, phase, network, text, largest)


def backpropagate_band(network: Network, rates: Rates, phase: Phase, picture: bool) -> Band:
    l = phase.layer
    text = (
        f"The errors of layer {l + 1} come back through the same weights. "
        "Each neuron takes as much as its slope σ′ lets through."
    )
    flat = Observation(
        FLAT,
        (panel("sp", l),),
        "Slopes below {limit}, where hardly any error gets through: {count} of {n}.",
    )
    largest = Observation(LARGEST, (panel("delta", l),), "Neuron {neuron} has the largest error: δ = {value}.")
    return band("{delta} = ( ({w+})ᵀ {delta+} ) ⊙ {sp}", phase, network, text, flat, largest)


def gradients_band(network: Network, rates: Rates, phase: Phase, picture: bool) -> Band:
    text = "A weight's gradient is the error of the neuron it leads to, times the activation that it carries."
    weights = tuple(panel("nabla_w", l) for l in range(2, network.num_layers + 1))
    sizes = Observation(SIZES, weights, "Layer {large} has a gradient {ratio} times as large as layer {small}.")
    found = band("{nabla_w} = {delta} ({a-})ᵀ" + GAP + "{nabla_b} = {delta}", phase, network, text, sizes)
    mean = parts("{nabla_w} = (1/m) Σₓ {delta} ({a-})ᵀ" + GAP + "{nabla_b} = (1/m) Σₓ {delta}", phase, network)
    return Band(found.equation, mean, text, f"{text} Shown are the means over the mini-batch.", found.observations)


def update_band(network: Network, rates: Rates, phase: Phase, picture: bool) -> Band:
    rule = network.update_rule
    each, mean = (update_equation(rule, rates, of) for of in ("(1/m) Σₓ ", ""))
    who = "The weights and biases" if rates.learn_biases else "The weights"
    text = f"{who} {rule.says}, with η = {shown(rates.eta)}."
    if rates.decay:
        text += f" L2 with λ = {shown(rates.lmbda)} also pulls the weights towards 0."
    if not rates.learn_biases:
        text += " The biases are frozen."
    changes = tuple(panel("dw", l) for l in range(2, network.num_layers + 1))
    largest = Observation(LARGEST, changes, "The largest change of a weight: {cell} = {value}.")
    return Band(parts(each, phase, network), parts(mean, phase, network), text, text, (largest,))


def update_equation(rule: UpdateRule, rates: Rates, mean: str) -> str:
    """How weights and biases change. `mean`: what stands before the gradient of one example to make it the mean."""
    weights = rule.plain_with_decay if rates.decay else rule.plain
    equation = weights.format(change="{dw}", gradient=f"{mean}{{nabla_w}}", parameter="{w}")
    if rates.learn_biases:
        equation += GAP + rule.plain.format(change="{db}", gradient=f"{mean}{{nabla_b}}", parameter="{b}")
    return equation


BANDS = {
    INPUT: input_band,
    FEEDFORWARD: feedforward_band,
    OUTPUT_ERROR: output_error_band,
    BACKPROPAGATE: backpropagate_band,
    GRADIENTS: gradients_band,
    UPDATE: update_band,
}


def band(equation: str, phase: Phase, network: Network, text: str, *observations: Observation) -> Band:
    """A band whose equation holds for each example, also where means are shown."""
    found = parts(equation, phase, network)
    return Band(found, found, text, f"{text} Shown are means; the equation holds for each example.", observations)


def parts(equation: str, phase: Phase, network: Network) -> tuple[Part, ...]:
    """An equation whose symbols stand as {z}, {a-} (of the layer before) or {w+} (of the next one)."""
    found, at = [], 0
    for match in SYMBOL.finditer(equation):
        found.append(Part(equation[at : match.start()]))
        found.append(part(match[1], {"": 0, "+": 1, "-": -1}[match[2]], phase, network.num_layers))
        at = match.end()
    found.append(Part(equation[at:]))
    return tuple(p for p in found if p.text)


def part(name: str, by: int, phase: Phase, num_layers: int) -> Part:
    """A quantity's symbol in the layer that the phase works on, or `by` layers from there; in all layers alike."""
    quantity = QUANTITIES[name]
    if phase.layer:
        return Part(quantity.with_layer(phase.layer + by), (panel(name, phase.layer + by),))
    layers = [l + by for l in range(2, num_layers + 1)]
    symbol = quantity.symbol.replace("ˡ", "ˡ" + f"{by:+d}".translate(SUPERSCRIPTS).translate(SIGNS) if by else "ˡ")
    return Part(symbol, tuple(panel(name, l) for l in layers))


SIGNS = str.maketrans("+-", "⁺⁻")


def panel(name: str, layer: int) -> str:
    return f"{name}.{layer}"


def does(activation: Activation) -> str:
    """What the neurons of a layer do with the sum."""
    rest = activation.rest or activation
    exceptions = ", ".join(f"neuron {j + 1} is {neuron.name}" for j, neuron in activation.exceptions)
    return f"{rest.does} ({exceptions})" if exceptions else rest.does
