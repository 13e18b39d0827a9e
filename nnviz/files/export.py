"""A run to take away: its curves as CSV, and the run itself as one Python file that needs NumPy and nothing else.

The script is put together from the source of the functions that computed the run, so that it computes the same numbers.
"""

import base64
import csv
import io
import textwrap
from collections.abc import Sequence

import numpy as np

from nnviz.files.source_code import Sources
from nnviz.model import network
from nnviz.model.activations import ACTIVATIONS, Activation
from nnviz.model.costs import COSTS, output_error_rule
from nnviz.model.initializers import INITIALIZERS, draw
from nnviz.run import starting_weights
from nnviz.run.experiment import Experiment
from nnviz.run.monitor import Evaluation, Sample
from nnviz.run.trajectory import EVALUATED

EMBEDDED = 300_000  # data of at most so many bytes, compressed, travel inside the script


def curves_csv(experiment: Experiment, evaluations: Sequence[Evaluation], samples: Sequence[Sample]) -> str:
    """What was watched, one line a step, in full precision; a column is empty where a step has no such number.

    Steps count mini-batches from 0, as links do.
    """
    layers = range(2, len(experiment.sizes) + 1)
    header = ["step", "epoch", "training cost", "training accuracy", "held-out cost", "held-out accuracy"]
    header += ["mini-batch cost"]
    header += [f"gradient w{l}" for l in layers] + [f"saturated layer {l}" for l in layers]
    evaluated = {e.step: [e.cost, e.accuracy, e.held_out_cost, e.held_out_accuracy] for e in evaluations}
    sampled = {s.step: [s.cost, *s.gradients, *s.saturated] for s in samples}
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(header)
    for step in sorted(evaluated | sampled):
        epoch = step / experiment.batches_per_epoch
        numbers = evaluated.get(step, [None] * 4) + sampled.get(step, [None] * (1 + 2 * len(layers)))
        table.writerow([step, repr(epoch), *("" if n is None else repr(n) for n in numbers)])
    return text.getvalue()


def epoch_line(epoch, cost, accuracy, held_out_cost, held_out_accuracy):
    line = f"Epoch {epoch}: cost {cost:.9g}, accuracy {accuracy:.4%}"
    if held_out_cost is not None:
        line += f"; held out: cost {held_out_cost:.9g}, accuracy {held_out_accuracy:.4%}"
    return line


def log(experiment: Experiment, evaluations: Sequence[Evaluation]) -> list[str]:
    """What the script prints for these evaluations, one line for each."""
    return [
        epoch_line(e.step // experiment.batches_per_epoch, e.cost, e.accuracy, e.held_out_cost, e.held_out_accuracy)
        for e in evaluations
        if e.step % experiment.batches_per_epoch == 0
    ]


def data_file(experiment: Experiment) -> bytes:
    """What the run starts from, as an npz file for the script: inputs as they are stored, labels, and what is special.

    `targets` where they are not made from the labels; `w2`, `b2`, ... where the network was loaded from a file.
    """
    data, start = experiment.data, starting_weights.get(experiment.init)
    arrays = {"inputs": data.inputs, "labels": data.labels}
    if data.targets is not None:
        arrays["targets"] = data.targets
    for l, (w, b) in enumerate(zip(start.weights, start.biases, strict=True), 2) if start else ():
        arrays |= {f"w{l}": w, f"b{l}": b}
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)
    return file.getvalue()


def embeds_data(experiment: Experiment) -> bool:
    """Whether the script can hold the data; otherwise it reads them from a file."""
    return experiment.data.inputs.nbytes < 40 * EMBEDDED and len(data_file(experiment)) <= EMBEDDED


def script(experiment: Experiment, epochs: int) -> str:
    """The first epochs of the run as a Python script that prints what `log` says."""
    e, data, sources = experiment, experiment.data, Sources()
    cost, output = COSTS[e.cost], ACTIVATIONS[e.output]
    used = {e.activation, e.output} | {edit.value for edit in e.edits if edit.kind == "act"}
    activations = {name: namespace(sources, ACTIVATIONS[name]) for name in sorted(used)}
    rule = sources.expression(output_error_rule(cost, output).fn)
    each, nabla_a = sources.expression(cost.each), sources.expression(cost.nabla_a)
    init = INITIALIZERS.get(e.init) or INITIALIZERS["zeros"]  # a loaded network comes with the data
    weight_sd = sources.expression(init.weight_sd)
    for function in PARTS:
        sources.add(function)
    settings = {
        "SIZES": e.sizes,
        "HIDDEN, OUTPUT": (e.activation, e.output),
        "ETA, LMBDA": (e.eta, e.lmbda),
        "BATCH": e.batch,
        "EPOCHS": epochs,
        "SEED": e.seed,
        "LEARN_BIASES": e.biases == "learned",
        "EDITS": [(edit.step, edit.kind, edit.indices, edit.value) for edit in sorted(e.edits)],
        "N_TRAIN": data.n_train,
        "SCALE": data.scale,
        "ONE_OUTPUT": data.one_output,
        "EVALUATED": EVALUATED,
    }
    embedded = embeds_data(e)
    usage = "python run.py" if embedded else "python run.py data.npz, with the data file that nnviz offers beside it"
    return "\n".join(
        [
            f'"""{data.title}: {e.summary()}.\n\n'
            f"A run of nnviz that needs NumPy only; it prints the numbers that nnviz shows. Usage: {usage}\n"
            '"""\n',
            IMPORTS,
            *(f"{name} = {value!r}" for name, value in settings.items()),
            "",
            sources.text(),
            "",
            "",
            "ACTIVATIONS = {",
            *(f"    {name!r}: {text}," for name, text in activations.items()),
            "}",
            f"COST = SimpleNamespace(\n    each={each},\n    nabla_a={nabla_a},\n)",
            f"OUTPUT_ERROR = SimpleNamespace(fn={rule})",
            f"INITIALIZER = SimpleNamespace(weight_sd={weight_sd}, bias_sd={init.bias_sd!r})",
            "",
            MAIN,
            f'DATA = """{wrapped(data_file(e)) if embedded else ""}"""',
            "",
            'if __name__ == "__main__":',
            "    main()",
            "",
        ]
    )


def wrapped(content: bytes) -> str:
    """Base64 in lines of a width that editors like."""
    return "\n".join(textwrap.wrap(base64.b64encode(content).decode(), 110))


def namespace(sources: Sources, activation: Activation) -> str:
    fn, prime = sources.expression(activation.fn), sources.expression(activation.prime)
    return f"SimpleNamespace(fn={fn}, prime={prime})"


PARTS = (
    draw,
    network.epoch_order,
    network.feedforward,
    network.output_error,
    network.backpropagate,
    network.gradients,
    network.change,
    network.moved,
    network.classes,
    epoch_line,
)

IMPORTS = """\
from __future__ import annotations

import base64
import io
import sys
from types import SimpleNamespace

import numpy as np
"""

MAIN = '''
def load():
    if DATA:
        file = io.BytesIO(base64.b64decode(DATA))
    elif len(sys.argv) == 2:
        file = sys.argv[1]
    else:
        sys.exit("Give the data file: python run.py data.npz")
    with np.load(file, allow_pickle=False) as arrays:
        return dict(arrays)


def x_of(rows):
    return (ARRAYS["inputs"][rows] / SCALE).T


def y_of(rows):
    if "targets" in ARRAYS:
        return ARRAYS["targets"][rows].T
    if ONE_OUTPUT:
        return LABELS[rows][np.newaxis, :].astype(float)
    return np.eye(SIZES[-1])[LABELS[rows]].T


def rates_at(step):
    eta, lmbda = ETA, LMBDA
    for at, kind, _, value in EDITS:
        if at <= step:
            eta, lmbda = (value if kind == "eta" else eta), (value if kind == "lmbda" else lmbda)
    return eta, lmbda


def edit(step, weights, biases, layers):
    """What is changed by hand before mini-batch `step`."""
    for at, kind, indices, value in EDITS:
        if at == step and kind in ("w", "b"):
            arrays = weights if kind == "w" else biases
            arrays[indices[0] - 2][indices[1], indices[2] if kind == "w" else 0] = value
        elif at == step and kind == "act":
            layer, j = indices
            layers[layer - 2] = with_exception(layers[layer - 2], j, ACTIVATIONS[value])


def with_exception(layer, j, neuron):
    def fn(z):
        a = np.array(layer.fn(z))
        a[j] = neuron.fn(z[j])
        return a

    def prime(z, a):
        slopes = np.array(layer.prime(z, a))
        slopes[j] = neuron.prime(z[j], a[j])
        return slopes

    return SimpleNamespace(fn=fn, prime=prime)


def learn(rows, weights, biases, layers, eta, lmbda):
    """One mini-batch: feedforward, BP1 to BP4, update."""
    x, y = x_of(rows), y_of(rows)
    activations, primes = [x], []
    for w, b, activation in zip(weights, biases, layers):
        z, a = feedforward(w, b, activations[-1], activation)
        activations.append(a)
        primes.append(activation.prime(z, a))
    _, delta = output_error(activations[-1], y, primes[-1], COST, OUTPUT_ERROR)
    deltas = [delta]
    for w_next, prime in zip(reversed(weights[1:]), reversed(primes[:-1])):
        deltas.insert(0, backpropagate(w_next, deltas[0], prime))
    decay = eta * lmbda / N_TRAIN
    after = [moved(w, b, delta, a, eta, decay) for w, b, delta, a in zip(weights, biases, deltas, activations)]
    weights[:] = [w for _, w in after]
    if LEARN_BIASES:
        biases[:] = [b for b, _ in after]


def performance(rows, weights, biases, layers):
    """The mean cost and the share classified correctly."""
    cost, correct = 0.0, 0
    for start in range(0, len(rows), EVALUATED):
        some = rows[start : start + EVALUATED]
        a = x_of(some)
        for w, b, activation in zip(weights, biases, layers):
            _, a = feedforward(w, b, a, activation)
        cost += COST.each(a, y_of(some)).sum(axis=0).sum()
        correct += int((classes(a) == LABELS[some]).sum())
    return float(cost) / len(rows), correct / len(rows)


def report(epoch, weights, biases, layers, lmbda):
    cost, accuracy = performance(np.arange(N_TRAIN), weights, biases, layers)
    cost += 0.5 * (lmbda / N_TRAIN) * sum(float((w**2).sum()) for w in weights) if lmbda else 0.0
    held_out = (None, None)
    if len(LABELS) > N_TRAIN:
        held_out = performance(np.arange(N_TRAIN, len(LABELS)), weights, biases, layers)
    print(epoch_line(epoch, cost, accuracy, *held_out), flush=True)


def main():
    global ARRAYS, LABELS
    ARRAYS = load()
    LABELS = ARRAYS["labels"]
    weights, biases = draw(INITIALIZER, SIZES, SEED)
    if "w2" in ARRAYS:
        weights, biases = ([ARRAYS[f"{name}{l}"] for l in range(2, len(SIZES) + 1)] for name in "wb")
    layers = [ACTIVATIONS[HIDDEN]] * (len(SIZES) - 2) + [ACTIVATIONS[OUTPUT]]
    np.seterr(all="ignore")
    step = 0
    edit(step, weights, biases, layers)
    report(0, weights, biases, layers, rates_at(0)[1])
    for epoch in range(EPOCHS):
        order = epoch_order(SEED, epoch, N_TRAIN)
        for start in range(0, N_TRAIN, BATCH):
            eta, lmbda = rates_at(step)
            learn(order[start : start + BATCH], weights, biases, layers, eta, lmbda)
            step += 1
            edit(step, weights, biases, layers)
        report(epoch + 1, weights, biases, layers, rates_at(step - 1)[1])

'''
