"""How each quantity is explained, in the notation of the book: what a number is made of, and what it goes into."""

from dataclasses import dataclass
from typing import Any

from nnviz.lesson.cells import Cell, symbol, values
from nnviz.lesson.explanation import Explanation, Term
from nnviz.model.activations import SATURATED, Activation
from nnviz.model.initializers import INITIALIZERS
from nnviz.model.network import Network
from nnviz.number_text import latex, shown
from nnviz.run.moment import Moment
from nnviz.run.starting_weights import is_start_name


@dataclass(frozen=True)
class Context:
    """The mini-batch in which a number is explained, and the example whose gradients are looked at."""

    moment: Moment
    example: int | None  # None for the mean over the mini-batch

    @property
    def network(self) -> Network:
        return self.moment.network

    @property
    def last(self) -> int:
        """L, the output layer."""
        return self.network.num_layers

    def size(self, layer: int) -> int:
        return self.network.sizes[layer - 1]

    @property
    def examples(self) -> list[int]:
        """The examples that a gradient is the mean of."""
        return list(range(self.moment.m)) if self.example is None else [self.example]

    def value(self, cell: Cell) -> float:
        """The number in a cell as the trace has it."""
        example = self.example if cell.quantity.is_gradient else None
        return float(values(self.moment, cell.name, cell.layer, example)[cell.j, cell.k])

    def activation(self, layer: int, j: int) -> Activation:
        """The activation function of one neuron."""
        return self.network.activation_of(layer, j)

    def factor(self, cell: Cell) -> tuple[str, float, Cell]:
        return symbol(cell), self.value(cell), cell

    def explanation(self, cell: Cell, right_side: str, terms: list[Term], **more: Any) -> Explanation:
        """An explanation with its terms from the largest to the smallest."""
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


def weight(s: Context, cell: Cell) -> Explanation:
    return parameter(s, cell, change="dw", gradient="nabla_w")


def bias(s: Context, cell: Cell) -> Explanation:
    return parameter(s, cell, change="db", gradient="nabla_b")


def parameter(s: Context, cell: Cell, change: str, gradient: str) -> Explanation:
    """A parameter is what the mini-batch before left: its value there plus the change, unless it was set by hand."""
    used_by = [Cell("z", cell.layer, cell.j, x) for x in s.examples]
    used_by += [cell._replace(name=change)]
    if cell.name == "w" and cell.layer > 2:
        used_by += [Cell("delta", cell.layer - 1, cell.k, x) for x in s.examples]
    here, moment = symbol(cell), s.moment
    alone = [Term(((here, s.value(cell), None),), s.value(cell))]
    if moment.set_by_hand(str(cell)) is not None:
        note = "It was set by hand right before this mini-batch."
        return s.explanation(cell, r"\text{set by hand}", alone, notes=(note,), used_by=tuple(used_by))
    if moment.before is None:
        right_side, note = starting_value(moment, cell)
        return s.explanation(cell, right_side, alone, notes=(note,), used_by=tuple(used_by))
    before = moment.before()
    if before is None:
        note = (
            f"It was left by mini-batch {moment.step:,}, which is not computed here: go one mini-batch back to see it."
        )
        return s.explanation(
            cell, rf"{here}\text{{ before}} + \Delta {here}", alone, notes=(note,), used_by=tuple(used_by)
        )
    old = float(values(before, cell.name, cell.layer)[cell.j, cell.k])
    added = float(values(before, change, cell.layer)[cell.j, cell.k])
    terms = [
        Term(((rf"{here}\text{{ before}}", old, None),), old),
        Term(((rf"\Delta {here}", added, None),), added),
    ]
    note = f"Both numbers are those of mini-batch {moment.step:,}, the one before this."
    right_side = rf"{here}\text{{ before}} + \Delta {here}"
    return s.explanation(cell, right_side, terms, notes=(note,), used_by=tuple(used_by))


def starting_value(moment: Moment, cell: Cell) -> tuple[str, str]:
    """Where a parameter's first value comes from: the right side of its equation, and a sentence."""
    e = moment.experiment
    if is_start_name(e.init):
        note = "Nothing has been learned yet: this is its value in the file that the run started from."
        return r"\text{from the file}", note
    initializer = INITIALIZERS[e.init]
    n_in = moment.network.sizes[cell.layer - 2]
    if initializer.weight_sd(n_in) if cell.name == "w" else initializer.bias_sd:
        note = f"Nothing has been learned yet: this is its starting value, drawn with seed {e.seed}."
        return rf"\text{{drawn from }} {initializer.formula}", note
    return "0", f"Nothing has been learned yet: the {initializer.name} initializer starts it at 0."


def weighted_input(s: Context, cell: Cell) -> Explanation:
    _, l, j, x = cell
    trace, b = s.moment.trace, Cell("b", l, j)
    weights, inputs = s.network.weights[l - 2][j].tolist(), trace.activations[l - 2][:, x].tolist()
    terms = [
        Term((("w", w, Cell("w", l, j, k)), ("a", a, Cell("a", l - 1, k, x))), w * a)
        for k, (w, a) in enumerate(zip(weights, inputs, strict=True))
    ]
    terms.append(Term((s.factor(b),), s.value(b)))
    right = rf"\sum_{{k=1}}^{{{s.size(l - 1)}}} w^{{{l}}}_{{{j + 1},k}}\,a^{{{l - 1}}}_k + {symbol(b)}"
    used = (Cell("a", l, j, x), Cell("sp", l, j, x))
    return s.explanation(cell, right, terms, used_by=used)


def activation(s: Context, cell: Cell) -> Explanation:
    _, l, j, x = cell
    if l == 1:
        is_added = s.moment.added is not None and x == s.moment.m - 1
        whose = "a number of the example that you added" if is_added else "a number of the data set"
        note = f"An input: {whose}. Nothing is computed."
        terms = [Term(((f"x_{{{j + 1}}}", s.value(cell), None),), s.value(cell))]
        used = [Cell("z", 2, i, x) for i in range(s.size(2))] + [Cell("nabla_w", 2, i, j) for i in range(s.size(2))]
        return s.explanation(cell, f"x_{{{j + 1}}}", terms, notes=(note,), used_by=tuple(used))
    fn, z = s.activation(l, j), Cell("z", l, j, x)
    column = s.moment.trace.zs[l - 2][:, x : x + 1]
    value = float(fn.fn(column if fn.output_only else column[j : j + 1])[j if fn.output_only else 0, 0])
    terms = [Term(((rf"\sigma({latex(s.value(z))})", value, z),), value, s.value(z))]
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


def slope(s: Context, cell: Cell) -> Explanation:
    _, l, j, x = cell
    fn, z = s.activation(l, j), Cell("z", l, j, x)
    trace = s.moment.trace
    here = (slice(j, j + 1), slice(x, x + 1))
    value = float(fn.prime(trace.zs[l - 2][here], trace.activations[l - 1][here])[0, 0])
    terms = [Term(((rf"\sigma'({latex(s.value(z))})", value, z),), value, s.value(z))]
    right = rf"\sigma'({symbol(z)}), \quad \sigma'(z) = {fn.prime_formula}"
    return s.explanation(cell, right, terms, notes=saturation(s, cell), used_by=(Cell("delta", l, j, x),))


def saturation(s: Context, slope_cell: Cell) -> tuple[str, ...]:
    """A sentence where the neuron's slope is so small that little gets through."""
    value = s.value(slope_cell)
    if abs(value) >= SATURATED or (s.activation(slope_cell.layer, slope_cell.j).has_kink and value != 0):
        return ()
    if s.activation(slope_cell.layer, slope_cell.j).has_kink:
        return ("The neuron is off here: z is not above 0, the slope is 0, and nothing comes back through it.",)
    return (f"The neuron is saturated here: its slope is below {SATURATED}, so hardly any error comes back.",)


def cost_slope(s: Context, cell: Cell) -> Explanation:
    _, l, j, x = cell
    a = Cell("a", l, j, x)
    trace = s.moment.trace
    value = float(
        s.network.cost.nabla_a(trace.activations[-1][j : j + 1, x : x + 1], trace.y[j : j + 1, x : x + 1])[0, 0]
    )
    y = float(trace.y[j, x])
    terms = [Term(((s.network.cost.nabla_formula, value, a),), value)]
    note = f"The output is a = {shown(s.value(a))} and the target y = {shown(y)}."
    return s.explanation(cell, s.network.cost.nabla_formula, terms, notes=(note,), used_by=(Cell("delta", l, j, x),))


def cost(s: Context, cell: Cell) -> Explanation:
    trace, x = s.moment.trace, cell.k
    each = s.network.cost.each(trace.activations[-1][:, x : x + 1], trace.y[:, x : x + 1])[:, 0].tolist()
    terms = [Term(((f"C_{{x,{j + 1}}}", one, Cell("a", s.last, j, x)),), one) for j, one in enumerate(each)]
    right = s.network.cost.formula.partition("=")[2]
    summand = "One summand for each output. " if len(each) > 1 else ""
    note = summand + "The cost of the mini-batch is the mean over its examples."
    return s.explanation(cell, right, terms, notes=(note,), used_by=())


def error(s: Context, cell: Cell) -> Explanation:
    return output_error(s, cell) if cell.layer == s.last else hidden_error(s, cell)


def output_error(s: Context, cell: Cell) -> Explanation:
    """BP1, as a product; or the sum that is left if the cost cancels the slope."""
    _, l, j, x = cell
    slope_cell, nabla, a = Cell("sp", l, j, x), Cell("nabla_a", l, j, x), Cell("a", l, j, x)
    used, rule = error_used_by(s, cell), s.network.output_rule
    if not rule.summands:
        return s.explanation(
            cell,
            rf"{symbol(nabla)}\,{symbol(slope_cell)}",
            [Term((s.factor(nabla),), s.value(nabla))],
            factor=s.value(slope_cell),
            factor_cell=slope_cell,
            notes=saturation(s, slope_cell),
            used_by=used,
        )
    terms, right = [], ""
    for part in rule.summands:
        factors: list[tuple[str, float, Cell | None]] = [s.factor(a)] if part.of_activation else []
        if part.latex:
            factor = float(part.factor(s.moment.trace.y[:, x], j))
            factors.append((part.latex.format(j=j + 1), factor, None))
        terms.append(product(*factors))
        right += (" + " if right and not terms[-1].symbols.startswith("-") else " ") + terms[-1].symbols
    return s.explanation(cell, right, terms, notes=(rule.note,), used_by=used)


def hidden_error(s: Context, cell: Cell) -> Explanation:
    """BP2: what comes back through each weight, times the slope."""
    _, l, j, x = cell
    trace, slope_cell = s.moment.trace, Cell("sp", l, j, x)
    weights, errors = s.network.weights[l - 1][:, j].tolist(), trace.deltas[l - 1][:, x].tolist()
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


def error_used_by(s: Context, cell: Cell) -> tuple[Cell, ...]:
    _, l, j, x = cell
    below = [Cell("delta", l - 1, k, x) for k in range(s.size(l - 1))] if l > 2 else []
    gradients = [Cell("nabla_w", l, j, k) for k in range(s.size(l - 1))]
    return (Cell("nabla_b", l, j), *below, *gradients)


def bias_gradient(s: Context, cell: Cell) -> Explanation:
    """BP3."""
    share = 1.0 / len(s.examples)
    cells = [Cell("delta", cell.layer, cell.j, x) for x in s.examples]
    terms = [Term(((symbol(c), s.value(c), c),), s.value(c)) for c in cells]
    one = symbol(cells[0])
    right = one if s.example is not None else rf"\frac{{1}}{{{len(cells)}}} \sum_x {one}"
    notes = linear_note(s)
    return s.explanation(cell, right, terms, factor=share, notes=notes, used_by=(cell._replace(name="db"),))


def linear_note(s: Context) -> tuple[str, ...]:
    if all((slopes == 1).all() for slopes in s.moment.trace.primes):
        return ("Here σ′ is 1 for every neuron. The gradient of a bias is still δ, not 1.",)
    return ()


def weight_gradient(s: Context, cell: Cell) -> Explanation:
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


def weight_change(s: Context, cell: Cell) -> Explanation:
    return parameter_change(s, cell, gradient="nabla_w", parameter="w")


def bias_change(s: Context, cell: Cell) -> Explanation:
    return parameter_change(s, cell, gradient="nabla_b", parameter="b")


def parameter_change(s: Context, cell: Cell, gradient: str, parameter: str) -> Explanation:
    """The update: against the gradient, and with L2 a share of the weight itself."""
    whole, rates = Context(s.moment, None), s.moment.rates  # the update always uses the mean
    if parameter == "b" and not rates.learn_biases:
        return whole.explanation(cell, "0", [], notes=("The biases are frozen: the update leaves them as they are.",))
    rule = s.network.update_rule
    if not rule.summands:
        note = f"{rule.name} computes the change from more than this mini-batch's gradient."
        alone = [Term(((symbol(cell), whole.value(cell), None),), whole.value(cell))]
        return whole.explanation(cell, rf"\text{{{rule.name}}}", alone, notes=(note,))
    terms, right = [], ""
    decay = rates.decay if parameter == "w" else 0.0
    for part in rule.summands:
        factor = part.factor(rates.eta, decay)
        operand = cell._replace(name=gradient if part.of_gradient else parameter)
        if factor:
            terms.append(product((part.latex, factor, None), whole.factor(operand)))
            right += rf" {part.latex}\,{symbol(operand)}"
    note = f"The learning rate is {shown(rates.eta)}. The update uses the mean gradient of the mini-batch."
    return whole.explanation(cell, right.strip(), terms, notes=(note,))


def change_factors(moment: Moment, is_weight: bool) -> tuple[float, float] | None:
    """What a change multiplies the gradient and the parameter with, at this mini-batch; None if it is no such sum."""
    rates, parts = moment.rates, moment.network.update_rule.summands
    if not is_weight and not rates.learn_biases:
        return 0.0, 0.0
    decay = rates.decay if is_weight else 0.0
    factors = [(part.of_gradient, part.factor(rates.eta, decay)) for part in parts]
    of_gradient, of_parameter = (sum(f for g, f in factors if g is wanted) for wanted in (True, False))
    return (of_gradient, of_parameter) if parts else None
