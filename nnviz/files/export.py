"""A run to take away: its curves as CSV, and the run itself as one Python file that needs NumPy and nothing else.

The script is made of nnviz's own modules, one after the other, and a short main: it is the code that computed the run.
"""

import ast
import base64
import csv
import inspect
import io
import re
import textwrap
from collections.abc import Sequence
from types import ModuleType

import numpy as np

from nnviz import arrays, errors, number_text
from nnviz.datasets import dataset
from nnviz.model import activations, costs, equations, initializers, network, update_rules
from nnviz.run import edits, evaluation, fields, setup, starting_weights
from nnviz.run.evaluation import Evaluation
from nnviz.run.experiment import FIELDS, Experiment
from nnviz.run.monitor import Sample

EMBEDDED = 300_000  # bytes: compressed data up to this size travel inside the script


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
    parts = {"inputs": data.inputs, "labels": data.labels}
    if data.targets is not None:
        parts["targets"] = data.targets
    for l, (w, b) in enumerate(zip(start.weights, start.biases, strict=True), 2) if start else ():
        parts |= {f"w{l}": w, f"b{l}": b}
    file = io.BytesIO()
    np.savez_compressed(file, **parts)  # pyright: ignore[reportArgumentType] - every name is an array's
    return file.getvalue()


def embeds_data(experiment: Experiment) -> bool:
    """Whether the script can hold the data; otherwise it reads them from a file."""
    return experiment.data.inputs.nbytes < 40 * EMBEDDED and len(data_file(experiment)) <= EMBEDDED


MODULES = (
    errors,
    arrays,
    number_text,
    activations,
    costs,
    initializers,
    equations,
    update_rules,
    network,
    dataset,
    fields,
    edits,
    setup,
    evaluation,
)


def script(experiment: Experiment, epochs: int) -> str:
    """The first epochs of the run as a Python script that prints what `log` says."""
    e, data = experiment, experiment.data
    embedded = embeds_data(e)
    usage = "python run.py" if embedded else "python run.py data.npz, with the data file that nnviz offers beside it"
    names = {
        "activation": e.activation,
        "output": e.output,
        "cost": e.cost,
        "init": e.init if e.init in initializers.INITIALIZERS else "zeros",  # a loaded network comes with the data
        "update": e.update,
        "seed": e.seed,
    }
    rates = {"eta": e.eta, "lmbda": e.lmbda, "biases": e.biases}
    constants = {
        "SIZES": e.sizes,
        "NAMES": names,
        "RATES": rates,
        "EDITS": FIELDS["edits"].write(e.edits),
        "BATCH": e.batch,
        "EPOCHS": epochs,
        "DATASET": {
            "n_train": data.n_train,
            "classes": data.classes,
            "scale": data.scale,
            "one_output": data.one_output,
        },
    }
    return "\n".join(
        [
            f'"""{data.title}: {e.summary()}.\n\n'
            f"A run of nnviz that needs NumPy only; it prints the numbers that nnviz shows. Usage: {usage}\n"
            "Below are the modules of nnviz that computed the run, then the run itself.\n"
            '"""\n',
            IMPORTS,
            *(own_source(module) for module in MODULES),
            f"\n# The run\n\n{inspect.getsource(epoch_line)}\n",
            *(f"{name} = {value!r}" for name, value in constants.items()),
            MAIN,
            f'DATA = """{wrapped(data_file(e)) if embedded else ""}"""',
            "",
            'if __name__ == "__main__":',
            "    main()",
            "",
        ]
    )


def own_source(module: ModuleType) -> str:
    """A module's source without what it imports from nnviz, which stands above it in the script."""
    lines = inspect.getsource(module).splitlines()
    for node in ast.parse("\n".join(lines)).body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "nnviz":
            end = node.end_lineno or node.lineno
            lines[node.lineno - 1 : end] = [""] * (end - node.lineno + 1)
    text = re.sub(r"\n{4,}", "\n\n\n", "\n".join(lines)).strip()
    alias = "\n\nequations = sys.modules[__name__]" if module is equations else ""  # network.py names it
    return f"\n# {module.__name__}\n\n{text}{alias}\n"


def wrapped(content: bytes) -> str:
    """Base64 in lines of a width that editors like."""
    return "\n".join(textwrap.wrap(base64.b64encode(content).decode(), 110))


IMPORTS = """\
from __future__ import annotations

import base64
import io
import sys
from types import SimpleNamespace
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


def prepared():
    """The data, the network and the edits, as nnviz looks them up once for a run."""
    arrays = load()
    inputs, labels, targets = arrays["inputs"], arrays["labels"], arrays.get("targets")
    data = Dataset("", "", inputs, labels, targets=targets, **DATASET)
    network = Network(SIZES, **NAMES)
    if "w2" in arrays:
        layers = range(2, len(SIZES) + 1)
        network = network.with_parameters([arrays[f"w{l}"] for l in layers], [arrays[f"b{l}"] for l in layers])
    experiment = SimpleNamespace(edits=read_edits(EDITS), **RATES)
    return Setup(experiment, data, network)


def report(setup, network, epoch, step):
    e = evaluate(network, setup.data, step, setup.rates_at(max(step - 1, 0)).lmbda)
    print(epoch_line(epoch, e.cost, e.accuracy, e.held_out_cost, e.held_out_accuracy), flush=True)


def main():
    np.seterr(all="ignore")
    setup, step = prepared(), 0
    network = setup.start()
    report(setup, network, 0, step)
    n = setup.data.n_train
    for epoch in range(EPOCHS):
        order = epoch_order(NAMES["seed"], epoch, n)
        for start in range(0, n, BATCH):
            setup.learn(network, step, order[start : start + BATCH])
            step += 1
        report(setup, network, epoch + 1, step)

'''
