"""A mini-batch of one example as it is worked out on paper: every line with its numbers, phase by phase.

The lines are HTML with <i>, <sup> and <sub> only, so that the page and the printed worksheet say the same.
"""

from dataclasses import dataclass, replace

from nnviz.model.network import Network
from nnviz.run.experiment import Experiment
from nnviz.run.phases import error_phase, feedforward_phase, gradients_phase, update_phase
from nnviz.run.trajectory import Moment

MOST_NEURONS, MOST_LAYERS = 4, 4
DIGITS = 6


@dataclass(frozen=True)
class Line:
    """One result: z = w x + b, with symbols or with numbers on the right."""

    symbol: str  # HTML
    rule: str  # the right side in symbols, HTML
    working: str  # the right side in numbers, HTML
    value: float

    def html(self, blank: bool = False) -> str:
        """The line with its numbers; with `blank` in symbols, with a space to write on in place of the result."""
        if blank:
            return f'{self.symbol} = {self.rule} = <span class="blank"></span>'
        return f"{self.symbol} = {self.working} = <b>{short(self.value)}</b>"


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
    return f"{value:.{DIGITS}g}".replace("-", "−")


def signed(value: float) -> str:
    """For use inside a product or after a sign."""
    return f"({short(value)})" if value < 0 else short(value)


def name(symbol: str, layer: int, *indices: int) -> str:
    """w with layer and indices from 0, written from 1: <i>w</i><sup>2</sup><sub>1,2</sub>."""
    return f"<i>{symbol}</i><sup>{layer}</sup><sub>{','.join(str(i + 1) for i in indices)}</sub>"


def work_out(moment: Moment, network: Network) -> tuple[Section, ...]:
    """All sections of the mini-batch's first example, in the order of the phases."""
    depth = network.num_layers
    forward = [feedforward(moment, network, layer) for layer in range(2, depth + 1)]
    backward = [backpropagation(moment, network, layer) for layer in range(depth - 1, 1, -1)]
    return (
        *forward,
        total_cost(moment, depth),
        output_error(moment, network),
        *backward,
        gradients(moment, depth),
        update(moment, network),
    )


def dot(symbols: list[tuple[str, str]], numbers: list[tuple[float, float]]) -> tuple[str, str]:
    """A sum of products, in symbols and in numbers."""
    return (
        " + ".join(f"{one} {other}" for one, other in symbols),
        " + ".join(f"{signed(one)} · {signed(other)}" for one, other in numbers),
    )


def feedforward(moment: Moment, network: Network, layer: int) -> Section:
    trace, i = moment.trace, layer - 2
    a, lines = trace.activations[i][:, 0], []
    for j, (w, b) in enumerate(zip(trace.weights[i], trace.biases[i][:, 0], strict=True)):
        z, out, fn = trace.zs[i][j, 0], trace.activations[i + 1][j, 0], network.activation_of(layer, j).name
        rule, working = dot(
            [(name("w", layer, j, k), name("a", layer - 1, k)) for k in range(len(a))], list(zip(w, a, strict=True))
        )
        lines.append(Line(name("z", layer, j), f"{rule} + {name('b', layer, j)}", f"{working} + {signed(b)}", z))
        lines.append(Line(name("a", layer, j), f"{fn}({name('z', layer, j)})", f"{fn}({short(z)})", out))
    formula = (
        f"<i>z</i><sup>{layer}</sup> = <i>w</i><sup>{layer}</sup> <i>a</i><sup>{layer - 1}</sup> + "
        f"<i>b</i><sup>{layer}</sup>, <i>a</i><sup>{layer}</sup> = σ(<i>z</i><sup>{layer}</sup>)"
    )
    return Section(feedforward_phase(layer), f"Feedforward, layer {layer}", formula, tuple(lines))


def total_cost(moment: Moment, depth: int) -> Section:
    trace = moment.trace
    each = trace.cost_function.each(trace.activations[-1], trace.y)[:, 0]
    rule = " + ".join(f"<i>C</i><sub>{j + 1}</sub>" for j in range(len(each)))
    line = Line("<i>C</i>", rule, " + ".join(signed(one) for one in each), trace.cost[0])
    formula = f"the {trace.cost_function.name} cost, one summand for each output"
    return Section(error_phase(depth, depth), "Cost", formula, (line,))


def output_error(moment: Moment, network: Network) -> Section:
    trace, depth, lines = moment.trace, network.num_layers, []
    cancels = bool(network.output_rule.note)
    for j, delta in enumerate(trace.deltas[-1][:, 0]):
        a, y, slope = trace.activations[-1][j, 0], trace.y[j, 0], trace.primes[-1][j, 0]
        difference = Line("", f"{name('a', depth, j)} − <i>y</i><sub>{j + 1}</sub>", f"{short(a)} − {signed(y)}", delta)
        if cancels:
            lines.append(replace(difference, symbol=name("δ", depth, j)))
            continue
        nabla_name, slope_name = f"∂<i>C</i>/∂{name('a', depth, j)}", f"σ′({name('z', depth, j)})"
        lines.append(replace(difference, symbol=nabla_name, value=trace.nabla_a[j, 0]))
        lines.append(slope_line(network, moment, depth, j))
        working = f"{signed(trace.nabla_a[j, 0])} · {signed(slope)}"
        lines.append(Line(name("δ", depth, j), f"{nabla_name} · {slope_name}", working, delta))
    formula = "BP1: δ = <i>a</i> − <i>y</i>" if cancels else "BP1: δ = ∇<sub>a</sub><i>C</i> ⊙ σ′(<i>z</i>)"
    return Section(error_phase(depth, depth), "Output error", formula, tuple(lines))


def slope_line(network: Network, moment: Moment, layer: int, j: int) -> Line:
    """sigma'(z) of one neuron, from a where the activation allows it."""
    i, a_name = layer - 2, name("a", layer, j)
    z, a, slope = (
        column[j, 0] for column in (moment.trace.zs[i], moment.trace.activations[i + 1], moment.trace.primes[i])
    )
    fn = network.activation_of(layer, j).name
    rules = {
        "sigmoid": (f"{a_name} (1 − {a_name})", f"{short(a)} · (1 − {signed(a)})"),
        "tanh": (f"1 − ({a_name})<sup>2</sup>", f"1 − {signed(a)}<sup>2</sup>"),
    }
    otherwise = (f"{fn}′({name('z', layer, j)})", f"{fn}′({short(z)})")
    return Line(f"σ′({name('z', layer, j)})", *rules.get(fn, otherwise), slope)


def backpropagation(moment: Moment, network: Network, layer: int) -> Section:
    trace, i, lines = moment.trace, layer - 2, []
    delta_next = trace.deltas[i + 1][:, 0]
    for j, delta in enumerate(trace.deltas[i][:, 0]):
        slope = slope_line(network, moment, layer, j)
        rule, working = dot(
            [(name("w", layer + 1, k, j), name("δ", layer + 1, k)) for k in range(len(delta_next))],
            list(zip(trace.weights[i + 1][:, j], delta_next, strict=True)),
        )
        right = f"({rule}) {slope.symbol}", f"({working}) · {signed(slope.value)}"
        lines += [slope, Line(name("δ", layer, j), *right, delta)]
    formula = (
        f"BP2: δ<sup>{layer}</sup> = ((<i>w</i><sup>{layer + 1}</sup>)<sup>T</sup> δ<sup>{layer + 1}</sup>) "
        f"⊙ σ′(<i>z</i><sup>{layer}</sup>)"
    )
    return Section(error_phase(layer, network.num_layers), f"Backpropagate, layer {layer}", formula, tuple(lines))


def gradients(moment: Moment, depth: int) -> Section:
    trace, lines = moment.trace, []
    for layer in range(depth, 1, -1):
        i = layer - 2
        for j, delta in enumerate(trace.deltas[i][:, 0]):
            for k, a in enumerate(trace.activations[i][:, 0]):
                rule, working = dot([(name("δ", layer, j), name("a", layer - 1, k))], [(delta, a)])
                lines.append(Line("∇" + name("w", layer, j, k), rule, working, trace.nabla_w[i][j, k]))
            lines.append(Line("∇" + name("b", layer, j), name("δ", layer, j), short(delta), delta))
    formula = "BP3: ∇<i>b</i> = δ, BP4: ∇<i>w</i><sub>j,k</sub> = δ<sub>j</sub> <i>a</i><sub>k</sub>"
    return Section(gradients_phase(depth), "Gradients", formula, tuple(lines))


def update(moment: Moment, network: Network) -> Section:
    trace, lines = moment.trace, []
    for layer in range(network.num_layers, 1, -1):
        i = layer - 2
        for j, row in enumerate(trace.weights[i]):
            for k, w in enumerate(row):
                after = w + moment.change_w[i][j, k]
                lines.append(moved(name("w", layer, j, k), w, trace.nabla_w[i][j, k], after, moment.eta, moment.decay))
            if network.learn_biases:
                b, after = trace.biases[i][j, 0], trace.biases[i][j, 0] + moment.change_b[i][j, 0]
                lines.append(moved(name("b", layer, j), b, trace.nabla_b[i][j, 0], after, moment.eta, 0.0))
    biases = "<i>b</i> → <i>b</i> − η ∇<i>b</i>" if network.learn_biases else "<i>b</i> stays"
    formula = f"<i>w</i> → <i>w</i> − η ∇<i>w</i>, {biases}"
    return Section(update_phase(network.num_layers), "Update", formula, tuple(lines))


def moved(symbol: str, old: float, nabla: float, new: float, eta: float, decay: float) -> Line:
    """One parameter after the update."""
    keep_rule, keep = ("(1 − ηλ/n) ", f"{short(1 - decay)} · ") if decay else ("", "")
    working = f"{keep}{signed(old)} − {short(eta)} · {signed(nabla)}"
    return Line(f"{symbol} after", f"{keep_rule}{symbol} − η ∇{symbol}", working, new)
