"""Where a number comes from, one step back: a rule for each quantity, in the notation of the book.

`explain` answers for any cell of a mini-batch. What the number is made of can be explained in turn, down to the
inputs and the first weights, and what it goes into, up to the cost and the update.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from nnviz.errors import FieldError
from nnviz.lesson.cells import Cell, read_cell
from nnviz.lesson.explanation import Explanation, Term, number, symbol
from nnviz.lesson.quantities import values
from nnviz.model.activations import Activation
from nnviz.model.costs import COSTS, CROSS_ENTROPY_CANCELS, Cost, OutputError, output_error_rule
from nnviz.model.initializers import INITIALIZERS
from nnviz.model.network import Network
from nnviz.run.experiment import Experiment
from nnviz.run.trajectory import Moment, Trajectory

SATURATED = 0.01  # a neuron is called saturated where sigma'(z) is below this


def explain(run: Trajectory, moment: Moment, cell: Cell, example: int | None = None) -> Explanation:
    """Where the number in `cell` comes from. Gradients and changes: their mean, or those of one example 0..m-1."""
    if example is not None and not 0 <= example < moment.trace.m:
        raise FieldError("example", example, f"a number from 0 to {moment.trace.m - 1}")
    return RULES[cell.name](Scene(run, moment, example), cell)


def parse(run: Trajectory, moment: Moment, text: str) -> Cell:
    """The cell of this mini-batch that a link names."""
    return read_cell(text, run.experiment.sizes, moment.trace.m)


@dataclass(frozen=True)
class Scene:
    """The mini-batch in which a number is explained, and the example whose gradients are looked at."""

    run: Trajectory
    moment: Moment
    example: int | None  # None for the mean over the mini-batch

    @property
    def experiment(self) -> Experiment:
        return self.run.experiment

    @cached_property
    def network(self) -> Network:
        return self.run.network_at(self.moment.step)

    @property
    def last(self) -> int:
        """L, the output layer."""
        return len(self.experiment.sizes)

    def size(self, layer: int) -> int:
        return self.experiment.sizes[layer - 1]

    @property
    def examples(self) -> list[int]:
        """The examples that a gradient is the mean of."""
        return list(range(self.moment.trace.m)) if self.example is None else [self.example]

    def value(self, cell: Cell) -> float:
        """The number in a cell as the trace has it."""
        own = self.example if cell.name in ("nabla_w", "nabla_b") else None
        return float(values(self.moment, cell.name, cell.layer, own)[cell.j, cell.k])

    def activation(self, layer: int, j: int) -> Activation:
        """The activation function of one neuron."""
        return self.network.activation_of(layer, j)

    @property
    def cost(self) -> Cost:
        return COSTS[self.experiment.cost]

    @property
    def output_rule(self) -> OutputError:
        return output_error_rule(self.cost, self.network.activations[-1])

    def factor(self, cell: Cell) -> tuple[str, float, Cell]:
        return symbol(cell), self.value(cell), cell

    def explanation(self, cell: Cell, right_side: str, terms: list[Term], **more: object) -> Explanation:
        """An explanation whose terms stand from the largest to the smallest."""
        return Explanation(
            cell=cell,
            example=self.example,
            equation=f"{symbol(cell)} = {right_side}",
            value=self.value(cell),
            terms=tuple(sorted(terms, key=lambda term: -abs(term.value))),
            **more,
        )


def product(*factors: tuple[str, float, Cell | None]) -> Term:
    value = 1.0
    for _, one, _ in factors:
        value *= one
    return Term(factors, value)


def weight(s: Scene, cell: Cell) -> Explanation:
    return parameter(s, cell, change="dw", gradient="nabla_w")


def bias(s: Scene, cell: Cell) -> Explanation:
    return parameter(s, cell, change="db", gradient="nabla_b")


def parameter(s: Scene, cell: Cell, change: str, gradient: str) -> Explanation:
    """A parameter is where the mini-batch before left it: its value there and the change."""
    used_by = [Cell("z", cell.layer, cell.j, x) for x in s.examples]
    used_by += [cell._replace(name=change)]
    if cell.name == "w" and cell.layer > 2:
        used_by += [Cell("delta", cell.layer - 1, cell.k, x) for x in s.examples]
    here, step = symbol(cell), s.moment.step
    edit = s.run.edit_of(str(cell), step)
    if edit is not None:
        note = f"It was set to {edit:g} by hand at this mini-batch."
        return s.explanation(
            cell, r"\text{set by hand}", [Term(((here, edit, None),), edit)], notes=(note,), used_by=tuple(used_by)
        )
    if step == 0:
        drawn = INITIALIZERS[s.experiment.init]
        note = f"Nothing has been learned yet: this is its starting value, drawn with seed {s.experiment.seed}."
        terms = [Term(((here, s.value(cell), None),), s.value(cell))]
        return s.explanation(
            cell, rf"\text{{drawn from }} {drawn.formula}", terms, notes=(note,), used_by=tuple(used_by)
        )
    before = s.run.moment_at(step - 1)
    old = float(values(before, cell.name, cell.layer)[cell.j, cell.k])
    moved = float(values(before, change, cell.layer)[cell.j, cell.k])
    terms = [
        Term(((rf"{here}\text{{ before}}", old, None),), old),
        Term(((rf"\Delta {here}", moved, None),), moved),
    ]
    note = f"Both numbers are those of mini-batch {step}, the one before this."
    return s.explanation(cell, rf"{here}\text{{ before}} + \Delta {here}", terms, notes=(note,), used_by=tuple(used_by))


def weighted_input(s: Scene, cell: Cell) -> Explanation:
    _, l, j, x = cell
    trace, b = s.moment.trace, Cell("b", l, j)
    weights, inputs = trace.weights[l - 2][j].tolist(), trace.activations[l - 2][:, x].tolist()
    terms = [
        Term((("w", w, Cell("w", l, j, k)), ("a", a, Cell("a", l - 1, k, x))), w * a)
        for k, (w, a) in enumerate(zip(weights, inputs, strict=True))
    ]
    terms.append(Term((s.factor(b),), s.value(b)))
    right = rf"\sum_{{k=1}}^{{{s.size(l - 1)}}} w^{{{l}}}_{{{j + 1},k}}\,a^{{{l - 1}}}_k + {symbol(b)}"
    used = (Cell("a", l, j, x), Cell("sp", l, j, x))
    return s.explanation(cell, right, terms, used_by=used)


def activation(s: Scene, cell: Cell) -> Explanation:
    _, l, j, x = cell
    if l == 1:
        note = "An input: the data set's own number, nothing is computed."
        terms = [Term(((f"x_{{{j + 1}}}", s.value(cell), None),), s.value(cell))]
        used = [Cell("z", 2, i, x) for i in range(s.size(2))] + [Cell("nabla_w", 2, i, j) for i in range(s.size(2))]
        return s.explanation(cell, f"x_{{{j + 1}}}", terms, notes=(note,), used_by=tuple(used))
    fn, z = s.activation(l, j), Cell("z", l, j, x)
    column = s.moment.trace.zs[l - 2][:, x : x + 1]
    value = float(fn.fn(column if fn.output_only else column[j : j + 1])[j if fn.output_only else 0, 0])
    terms = [Term(((rf"\sigma({number(s.value(z))})", value, z),), value)]
    if l == s.last:
        used = [Cell("nabla_a", l, j, x), Cell("cost", l, 0, x)]
    else:
        used = [Cell("z", l + 1, i, x) for i in range(s.size(l + 1))]
        used += [Cell("nabla_w", l + 1, i, j) for i in range(s.size(l + 1))]
    right = rf"\sigma({symbol(z)}), \quad \sigma(z) = {fn.formula}"
    notes = (
        ("Softmax shares out 1 among all outputs: this one depends on every z of the layer.",) if fn.output_only else ()
    )
    return s.explanation(cell, right, terms, notes=notes, used_by=tuple(used))


def slope(s: Scene, cell: Cell) -> Explanation:
    _, l, j, x = cell
    fn, z = s.activation(l, j), Cell("z", l, j, x)
    trace = s.moment.trace
    here = (slice(j, j + 1), slice(x, x + 1))
    value = float(fn.prime(trace.zs[l - 2][here], trace.activations[l - 1][here])[0, 0])
    terms = [Term(((rf"\sigma'({number(s.value(z))})", value, z),), value)]
    right = rf"\sigma'({symbol(z)}), \quad \sigma'(z) = {fn.prime_formula}"
    return s.explanation(cell, right, terms, notes=saturation(s, cell), used_by=(Cell("delta", l, j, x),))


def saturation(s: Scene, slope_cell: Cell) -> tuple[str, ...]:
    """A sentence where the neuron's slope is so small that little gets through."""
    value = s.value(slope_cell)
    if value >= SATURATED or (s.activation(slope_cell.layer, slope_cell.j).has_kink and value != 0):
        return ()
    if s.activation(slope_cell.layer, slope_cell.j).has_kink:
        return ("The neuron is off here: z is not above 0, the slope is 0, and nothing comes back through it.",)
    return (f"The neuron is saturated here: its slope is below {SATURATED}, so hardly any error comes back.",)


def cost_slope(s: Scene, cell: Cell) -> Explanation:
    _, l, j, x = cell
    a = Cell("a", l, j, x)
    trace = s.moment.trace
    value = float(s.cost.nabla_a(trace.activations[-1][j : j + 1, x : x + 1], trace.y[j : j + 1, x : x + 1])[0, 0])
    y = float(trace.y[j, x])
    terms = [Term(((s.cost.nabla_formula, value, a),), value)]
    note = f"The output is a = {s.value(a):.4g} and the target y = {y:g}."
    return s.explanation(cell, s.cost.nabla_formula, terms, notes=(note,), used_by=(Cell("delta", l, j, x),))


def cost(s: Scene, cell: Cell) -> Explanation:
    trace, x = s.moment.trace, cell.k
    each = s.cost.each(trace.activations[-1][:, x : x + 1], trace.y[:, x : x + 1])[:, 0].tolist()
    terms = [Term(((f"C_{{x,{j + 1}}}", one, Cell("a", s.last, j, x)),), one) for j, one in enumerate(each)]
    right = s.cost.formula.partition("=")[2]
    note = "One summand for each output. The cost of the mini-batch is the mean over its examples."
    return s.explanation(cell, right, terms, notes=(note,), used_by=())


def error(s: Scene, cell: Cell) -> Explanation:
    return output_error(s, cell) if cell.layer == s.last else hidden_error(s, cell)


def output_error(s: Scene, cell: Cell) -> Explanation:
    """BP1; where the slope cancels, a - y."""
    _, l, j, x = cell
    slope_cell, nabla = Cell("sp", l, j, x), Cell("nabla_a", l, j, x)
    used = error_used_by(s, cell)
    if not s.output_rule.note:
        right = rf"{symbol(nabla)}\,{symbol(slope_cell)}"
        terms = [Term((s.factor(nabla),), s.value(nabla))]
        return s.explanation(
            cell,
            right,
            terms,
            factor=s.value(slope_cell),
            factor_cell=slope_cell,
            notes=saturation(s, slope_cell),
            used_by=used,
        )
    a, y = Cell("a", l, j, x), float(s.moment.trace.y[j, x])
    terms = [Term((s.factor(a),), s.value(a)), Term((("-y", -y, None),), -y)]
    right = rf"{symbol(nabla)}\,{symbol(slope_cell)} = {symbol(a)} - y_{{{j + 1}}}"
    if s.output_rule is not CROSS_ENTROPY_CANCELS:
        right = rf"{symbol(a)} - y_{{{j + 1}}}"
    return s.explanation(cell, right, terms, notes=(s.output_rule.note,), used_by=used)


def hidden_error(s: Scene, cell: Cell) -> Explanation:
    """BP2: what comes back through each weight, times the slope."""
    _, l, j, x = cell
    trace, slope_cell = s.moment.trace, Cell("sp", l, j, x)
    weights, errors = trace.weights[l - 1][:, j].tolist(), trace.deltas[l - 1][:, x].tolist()
    terms = [
        Term((("w", w, Cell("w", l + 1, k, j)), (r"\delta", delta, Cell("delta", l + 1, k, x))), w * delta)
        for k, (w, delta) in enumerate(zip(weights, errors, strict=True))
    ]
    right = (
        rf"\left( \sum_{{k=1}}^{{{s.size(l + 1)}}} w^{{{l + 1}}}_{{k,{j + 1}}}\,\delta^{{{l + 1}}}_k \right)"
        rf"{symbol(slope_cell)}"
    )
    return s.explanation(
        cell,
        right,
        terms,
        factor=s.value(slope_cell),
        factor_cell=slope_cell,
        notes=saturation(s, slope_cell),
        used_by=error_used_by(s, cell),
    )


def error_used_by(s: Scene, cell: Cell) -> tuple[Cell, ...]:
    _, l, j, x = cell
    below = [Cell("delta", l - 1, k, x) for k in range(s.size(l - 1))] if l > 2 else []
    gradients = [Cell("nabla_w", l, j, k) for k in range(s.size(l - 1))]
    return (Cell("nabla_b", l, j), *below, *gradients)


def bias_gradient(s: Scene, cell: Cell) -> Explanation:
    """BP3."""
    share = 1.0 / len(s.examples)
    cells = [Cell("delta", cell.layer, cell.j, x) for x in s.examples]
    terms = [Term(((symbol(c), s.value(c), c),), s.value(c)) for c in cells]
    one = symbol(cells[0])
    right = one if s.example is not None else rf"\frac{{1}}{{{len(cells)}}} \sum_x {one}"
    notes = linear_note(s, cell)
    return s.explanation(cell, right, terms, factor=share, notes=notes, used_by=(cell._replace(name="db"),))


def linear_note(s: Scene, cell: Cell) -> tuple[str, ...]:
    if all(fn.name == "linear" for fn in s.network.activations):
        return ("In a linear network σ′ is 1 everywhere, but BP3 stays the error δ: it does not become 1.",)
    return ()


def weight_gradient(s: Scene, cell: Cell) -> Explanation:
    """BP4: for one example a product, for the mini-batch the mean of these products."""
    _, l, j, k = cell
    trace, share = s.moment.trace, 1.0 / len(s.examples)
    pairs = [(x, float(trace.deltas[l - 2][j, x]), float(trace.activations[l - 2][k, x])) for x in s.examples]
    terms = [
        Term(((r"\delta", delta, Cell("delta", l, j, x)), ("a", a, Cell("a", l - 1, k, x))), delta * a)
        for x, delta, a in pairs
    ]
    one = rf"\delta^{{{l}}}_{{{j + 1}}}\,a^{{{l - 1}}}_{{{k + 1}}}"
    right = one if s.example is not None else rf"\frac{{1}}{{{len(pairs)}}} \sum_x {one}"
    return s.explanation(cell, right, terms, factor=share, used_by=(cell._replace(name="dw"),))


def weight_change(s: Scene, cell: Cell) -> Explanation:
    return parameter_change(s, cell, "nabla_w", s.moment.decay)


def bias_change(s: Scene, cell: Cell) -> Explanation:
    return parameter_change(s, cell, "nabla_b", 0.0)


def parameter_change(s: Scene, cell: Cell, gradient: str, decay: float) -> Explanation:
    """The update: against the gradient, and with L2 a share of the weight itself."""
    whole = Scene(s.run, s.moment, None)  # the update always uses the mean
    if gradient == "nabla_b" and not s.moment.learn_biases:
        return whole.explanation(
            cell, "0", [], notes=("The biases are frozen in this run: the update leaves them alone.",)
        )
    nabla, w = cell._replace(name=gradient), cell._replace(name="w")
    terms = [product((r"-\eta", -s.moment.eta, None), whole.factor(nabla))]
    right = rf"-\eta\,{symbol(nabla)}"
    if decay:
        terms.append(product((r"-\frac{\eta\lambda}{n}", -decay, None), whole.factor(w)))
        right += rf" - \frac{{\eta\lambda}}{{n}}\,{symbol(w)}"
    notes = (f"The learning rate is {s.moment.eta:g}. The update uses the mean gradient of the mini-batch.",)
    return whole.explanation(cell, right, terms, notes=notes)


RULES: dict[str, Callable[[Scene, Cell], Explanation]] = {
    "w": weight,
    "b": bias,
    "z": weighted_input,
    "a": activation,
    "sp": slope,
    "nabla_a": cost_slope,
    "cost": cost,
    "delta": error,
    "nabla_b": bias_gradient,
    "nabla_w": weight_gradient,
    "dw": weight_change,
    "db": bias_change,
}
