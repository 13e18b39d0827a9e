"""A mini-batch of one example as it is worked out on paper: every line with its numbers, phase by phase.

The lines are HTML with <i>, <sup> and <sub> only, so that the page and the printed worksheet say the same.
"""

from dataclasses import dataclass

from nnviz.number_text import shown
from nnviz.run.experiment import Experiment
from nnviz.run.moment import Moment
from nnviz.run.phases import FEEDFORWARD, GRADIENTS, UPDATE, error_phase, phase_number

MOST_NEURONS, MOST_LAYERS = 4, 4
DIGITS = 6


@dataclass(frozen=True)
class Line:
    """One result: z = w x + b, with symbols or with numbers on the right."""

    symbol: str  # HTML
    symbolic: str  # the right side in symbols, HTML
    numeric: str  # the right side in numbers, HTML
    value: float

    def html(self, blank: bool = False) -> str:
        """The line with its numbers; with `blank` in symbols, with a space to write on in place of the result."""
        if blank:
            return f'{self.symbol} = {self.symbolic} = <span class="blank"></span>'
        return f"{self.symbol} = {self.numeric} = <b>{short(self.value)}</b>"


@dataclass(frozen=True)
class Section:
    phase: int  # the number of the phase that computes it
    title: str
    formula: str  # the equation, HTML
    lines: tuple[Line, ...]


def fits(experiment: Experiment) -> bool:
    """Whether a run is small enough to be worked out by hand: one example at a time, up to 4-4-4-4."""
    sizes = experiment.sizes
    return experiment.batch == 1 and max(sizes) <= MOST_NEURONS and len(sizes) <= MOST_LAYERS


def short(value: float) -> str:
    """With 6 significant digits and a real minus sign."""
    return shown(value, DIGITS)


def parenthesized(value: float) -> str:
    """For use inside a product or after a sign."""
    return f"({short(value)})" if value < 0 else short(value)


def name(symbol: str, layer: int, *indices: int) -> str:
    """w with layer and indices from 0, written from 1: <i>w</i><sup>2</sup><sub>1,2</sub>."""
    return f"<i>{symbol}</i><sup>{layer}</sup><sub>{','.join(str(i + 1) for i in indices)}</sub>"


def work_out(moment: Moment) -> tuple[Section, ...]:
    """All sections of the mini-batch's first example, in the order of the phases."""
    depth = moment.network.num_layers
    return (
        *(feedforward(moment, layer) for layer in range(2, depth + 1)),
        total_cost(moment),
        output_error(moment),
        *(backpropagation(moment, layer) for layer in range(depth - 1, 1, -1)),
        gradients(moment),
        update(moment),
    )


def dot(symbols: list[tuple[str, str]], numbers: list[tuple[float, float]]) -> tuple[str, str]:
    """A sum of products, in symbols and in numbers."""
    return (
        " + ".join(f"{one} {other}" for one, other in symbols),
        " + ".join(f"{parenthesized(one)} · {parenthesized(other)}" for one, other in numbers),
    )


def feedforward(moment: Moment, layer: int) -> Section:
    net, trace, i = moment.network, moment.trace, layer - 2
    a, lines = trace.activations[i][:, 0], []
    for j, (w, b) in enumerate(zip(net.weights[i], net.biases[i][:, 0], strict=True)):
        z, out, fn = trace.zs[i][j, 0], trace.activations[i + 1][j, 0], net.activation_of(layer, j).name
        symbolic, numeric = dot(
            [(name("w", layer, j, k), name("a", layer - 1, k)) for k in range(len(a))], list(zip(w, a, strict=True))
        )
        z_name, b_name = name("z", layer, j), name("b", layer, j)
        lines.append(Line(z_name, f"{symbolic} + {b_name}", f"{numeric} + {parenthesized(b)}", z))
        lines.append(Line(name("a", layer, j), f"{fn}({z_name})", f"{fn}({short(z)})", out))
    formula = (
        f"<i>z</i><sup>{layer}</sup> = <i>w</i><sup>{layer}</sup> <i>a</i><sup>{layer - 1}</sup> + "
        f"<i>b</i><sup>{layer}</sup>, <i>a</i><sup>{layer}</sup> = σ(<i>z</i><sup>{layer}</sup>)"
    )
    phase = phase_number(net.num_layers, (FEEDFORWARD,), layer)
    return Section(phase, f"Feedforward, layer {layer}", formula, tuple(lines))


def total_cost(moment: Moment) -> Section:
    trace, cost, depth = moment.trace, moment.network.cost, moment.network.num_layers
    each = cost.each(trace.activations[-1], trace.y)[:, 0]
    symbolic = " + ".join(f"<i>C</i><sub>{j + 1}</sub>" for j in range(len(each)))
    line = Line("<i>C</i>", symbolic, " + ".join(parenthesized(one) for one in each), trace.cost[0])
    formula = f"the {cost.name} cost, one summand for each output"
    return Section(error_phase(depth, depth), "Cost", formula, (line,))


def output_error(moment: Moment) -> Section:
    trace, net, lines = moment.trace, moment.network, []
    depth, rule = net.num_layers, net.output_rule
    y_column = trace.y[:, 0]
    for j, delta in enumerate(trace.deltas[-1][:, 0]):
        a, y, slope = trace.activations[-1][j, 0], y_column[j], trace.primes[-1][j, 0]
        symbols = {"a": name("a", depth, j), "y": f"<i>y</i><sub>{j + 1}</sub>", "sum": "Σ <i>y</i>"}
        numbers = {"a": parenthesized(a), "y": parenthesized(y), "sum": parenthesized(y_column.sum())}
        if rule.summands:
            text = " ".join(part.plain for part in rule.summands)
            lines.append(Line(name("δ", depth, j), text.format(**symbols), text.format(**numbers), delta))
            continue
        nabla_name, slope_name = f"∂<i>C</i>/∂{name('a', depth, j)}", f"σ′({name('z', depth, j)})"
        text, nabla = net.cost.nabla_plain, trace.nabla_a[j, 0]
        lines.append(Line(nabla_name, text.format(**symbols), text.format(**numbers), nabla))
        lines.append(slope_line(moment, depth, j))
        numeric = f"{parenthesized(nabla)} · {parenthesized(slope)}"
        lines.append(Line(name("δ", depth, j), f"{nabla_name} · {slope_name}", numeric, delta))
    formula = "BP1: δ = ∇<sub>a</sub><i>C</i> ⊙ σ′(<i>z</i>)"
    if rule.summands:
        symbols = {"a": "<i>a</i>", "y": "<i>y</i>", "sum": "Σ <i>y</i>"}
        formula = "BP1: δ = " + " ".join(part.plain for part in rule.summands).format(**symbols)
    return Section(error_phase(depth, depth), "Output error", formula, tuple(lines))


def slope_line(moment: Moment, layer: int, j: int) -> Line:
    """sigma'(z) of one neuron, from a or z."""
    i, trace = layer - 2, moment.trace
    z, a, slope = (column[j, 0] for column in (trace.zs[i], trace.activations[i + 1], trace.primes[i]))
    text = moment.network.activation_of(layer, j).prime_plain
    symbolic = text.format(a=name("a", layer, j), z=name("z", layer, j))
    numeric = text.format(a=parenthesized(a), z=parenthesized(z))
    return Line(f"σ′({name('z', layer, j)})", symbolic, numeric, slope)


def backpropagation(moment: Moment, layer: int) -> Section:
    trace, i, lines = moment.trace, layer - 2, []
    delta_next = trace.deltas[i + 1][:, 0]
    for j, delta in enumerate(trace.deltas[i][:, 0]):
        slope = slope_line(moment, layer, j)
        symbolic, numeric = dot(
            [(name("w", layer + 1, k, j), name("δ", layer + 1, k)) for k in range(len(delta_next))],
            list(zip(moment.network.weights[i + 1][:, j], delta_next, strict=True)),
        )
        right = f"({symbolic}) {slope.symbol}", f"({numeric}) · {parenthesized(slope.value)}"
        lines += [slope, Line(name("δ", layer, j), *right, delta)]
    formula = (
        f"BP2: δ<sup>{layer}</sup> = ((<i>w</i><sup>{layer + 1}</sup>)<sup>T</sup> δ<sup>{layer + 1}</sup>) "
        f"⊙ σ′(<i>z</i><sup>{layer}</sup>)"
    )
    phase = error_phase(layer, moment.network.num_layers)
    return Section(phase, f"Backpropagate, layer {layer}", formula, tuple(lines))


def gradients(moment: Moment) -> Section:
    trace, depth, lines = moment.trace, moment.network.num_layers, []
    for layer in range(depth, 1, -1):
        i = layer - 2
        for j, delta in enumerate(trace.deltas[i][:, 0]):
            for k, a in enumerate(trace.activations[i][:, 0]):
                symbolic, numeric = dot([(name("δ", layer, j), name("a", layer - 1, k))], [(delta, a)])
                lines.append(Line("∇" + name("w", layer, j, k), symbolic, numeric, trace.nabla_w[i][j, k]))
            lines.append(Line("∇" + name("b", layer, j), name("δ", layer, j), short(delta), delta))
    formula = "BP3: ∇<i>b</i> = δ, BP4: ∇<i>w</i><sub>j,k</sub> = δ<sub>j</sub> <i>a</i><sub>k</sub>"
    return Section(phase_number(depth, (GRADIENTS,), 0), "Gradients", formula, tuple(lines))


def update(moment: Moment) -> Section:
    trace, net, rates, lines = moment.trace, moment.network, moment.rates, []
    for layer in range(net.num_layers, 1, -1):
        i = layer - 2
        for j, row in enumerate(net.weights[i]):
            for k, w in enumerate(row):
                after = w + moment.change_w[i][j, k]
                symbol, nabla = name("w", layer, j, k), trace.nabla_w[i][j, k]
                lines.append(updated(symbol, w, nabla, after, rates.eta, rates.decay))
            if rates.learn_biases:
                b, after = net.biases[i][j, 0], net.biases[i][j, 0] + moment.change_b[i][j, 0]
                lines.append(updated(name("b", layer, j), b, trace.nabla_b[i][j, 0], after, rates.eta, 0.0))
    keep = "(1 − ηλ/n) " if rates.decay else ""
    biases = "<i>b</i> → <i>b</i> − η ∇<i>b</i>" if rates.learn_biases else "<i>b</i> stays"
    formula = f"<i>w</i> → {keep}<i>w</i> − η ∇<i>w</i>, {biases}"
    return Section(phase_number(net.num_layers, (UPDATE,), 0), "Update", formula, tuple(lines))


def updated(symbol: str, old: float, nabla: float, new: float, eta: float, decay: float) -> Line:
    """One parameter after the update of gradient descent."""
    keep_symbolic, keep = ("(1 − ηλ/n) ", f"{short(1 - decay)} · ") if decay else ("", "")
    numeric = f"{keep}{parenthesized(old)} − {short(eta)} · {parenthesized(nabla)}"
    return Line(f"{symbol} after", f"{keep_symbolic}{symbol} − η ∇{symbol}", numeric, new)
