import ast
import csv
import io
import subprocess
import sys

import numpy as np
import pytest

from nnviz.files import export
from nnviz.model.activations import ACTIVATIONS, hidden_activations
from nnviz.model.costs import COSTS
from nnviz.model.initializers import INITIALIZERS
from nnviz.model.network import Network
from nnviz.run import starting_weights
from nnviz.run.edits import read_edits
from nnviz.run.experiment import Experiment
from nnviz.run.monitor import Monitor
from nnviz.run.trajectory import Trajectory

EDITS = "40:w.2.3.7=1.5;50:eta=0.05;0:act.2.3=tanh;60:act.2.4=linear;70:lmbda=1;71:b.3.1=-1"
PAIRS = [(cost, output) for cost in COSTS for output in ACTIVATIONS if COSTS[cost].rule_for(ACTIVATIONS[output])]
RUNS = {
    "defaults": Experiment(),
    "L2": Experiment(cost="cross-entropy", init="scaled", eta=0.5, lmbda=5.0),
    "edits": Experiment(hidden=(12,), eta=0.1, edits=read_edits(EDITS)),
    "frozen biases": Experiment(hidden=(5,), biases="frozen", batch=7),
    "no hidden layer, one output": Experiment(dataset="xor", hidden=(), batch=4),
    **{f"{a}": Experiment(hidden=(6, 5), activation=a, eta=0.1) for a in hidden_activations()},
    **{f"{cost} with {output}": Experiment(hidden=(6,), cost=cost, output=output, eta=0.05) for cost, output in PAIRS},
    **{f"{init} weights": Experiment(hidden=(6,), init=init) for init in INITIALIZERS},
}


def watched(experiment, epochs):
    monitor, run = Monitor(experiment), Trajectory.of(experiment)
    for _ in monitor.advance(run, epochs * experiment.batches_per_epoch):
        pass
    return monitor


def printed(script, *arguments, folder):
    file = folder / "run.py"
    file.write_text(script, encoding="utf-8")
    command = [sys.executable, "-I", str(file), *map(str, arguments)]  # -I: nnviz is out of its reach
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout.splitlines()


@pytest.mark.parametrize("name", RUNS)
def test_the_script_prints_the_same_numbers(name, tmp_path):
    experiment = RUNS[name]
    every = 1 if experiment.dataset == "digits" else 7  # xor is evaluated every 7 epochs
    epochs = 2 * every
    expected = export.log(experiment, watched(experiment, epochs).evaluations(10**9))
    lines = printed(export.script(experiment, epochs), folder=tmp_path)
    assert lines[::every] == expected
    assert len(lines) == epochs + 1


def test_the_script_uses_numpy_and_the_standard_library_only():
    imports = [line for line in export.script(Experiment(), 1).splitlines() if line.startswith(("import ", "from "))]
    modules = {line.split()[1].split(".")[0] for line in imports} - {"__future__"}
    assert modules - sys.stdlib_module_names == {"numpy"}


def test_large_data_come_in_a_file_of_their_own(tmp_path, monkeypatch):
    monkeypatch.setattr(export, "EMBEDDED", 100)
    experiment = Experiment(hidden=(5,))
    script = export.script(experiment, 1)
    assert len(script) < 80_000
    (tmp_path / "data.npz").write_bytes(export.data_file(experiment))
    expected = export.log(experiment, watched(experiment, 1).evaluations(150))
    assert printed(script, tmp_path / "data.npz", folder=tmp_path) == expected


def test_a_run_from_a_loaded_network_brings_it_along(tmp_path):
    network = Network([64, 5, 10], seed=3)
    experiment = Experiment(hidden=(5,), init=starting_weights.STARTS.register(network.weights, network.biases))
    expected = export.log(experiment, watched(experiment, 1).evaluations(150))
    assert printed(export.script(experiment, 1), folder=tmp_path) == expected


def test_the_curves_have_full_precision_and_a_row_a_step():
    experiment = Experiment(hidden=(5,))
    monitor = watched(experiment, 1)
    evaluations, samples = monitor.evaluations(150), monitor.samples(150)
    table = list(csv.DictReader(io.StringIO(export.curves_csv(experiment, evaluations, samples))))
    assert [int(row["step"]) for row in table] == sorted({x.step for x in (*evaluations, *samples)})
    assert float(table[-1]["held-out cost"]) == evaluations[-1].held_out_cost
    by_step = {int(row["step"]): row for row in table}
    for sample in samples:
        assert float(by_step[sample.step]["gradient w3"]) == sample.gradients[1]
    assert table[1]["training cost"] == ""
    assert np.isclose(float(table[-1]["epoch"]), 1.0)


def test_no_two_modules_of_the_script_define_the_same_name():
    """In the script they share one namespace."""
    names = [
        name
        for module in export.MODULES
        for node in ast.parse(export.own_source(module)).body
        for name in defined(node)
    ]
    allowed = {"equations", "T"}  # a name of the script's own, and a type variable that means the same everywhere
    assert {name for name in names if names.count(name) > 1} <= allowed


def defined(node):
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Assign):
        yield from (target.id for target in node.targets if isinstance(target, ast.Name))
