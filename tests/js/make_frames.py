"""Print, as JSON, messages to the board and the numbers that the trace has: what the decoder is held against.

Run by frames.test.js as `python tests/js/make_frames.py`.
"""

import base64
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from nnviz.board.message import encode, network_header
from nnviz.lesson.quantities import QUANTITIES, values
from nnviz.run.experiment import Experiment
from nnviz.run.trajectory import Trajectory

SHOWN = ("w", "b", "z", "a", "sp", "delta", "nabla_w", "nabla_b", "dw", "db")
EXPERIMENTS = (
    Experiment(hidden=(30, 20), lmbda=2.0),
    Experiment(dataset="xor", hidden=(2,), batch=4),
    Experiment(hidden=(6,), biases="frozen", batch=7),
)
STEP, EXAMPLE = 3, 2


def case(experiment: Experiment) -> dict:
    """One message with mini-batch STEP, and every quantity of it."""
    run = Trajectory(experiment)
    moment = run.moment_at(min(STEP, experiment.steps - 1))
    header = {"run": "x", "jump": 1, "seq": 4, "net": network_header(experiment)}
    expected = []
    for name in SHOWN:
        for layer in QUANTITIES[name].layers(len(experiment.sizes)):
            for example in (None, EXAMPLE):
                own = example if QUANTITIES[name].columns != "examples" and name.startswith("nabla") else None
                numbers = values(moment, name, layer, own)
                expected.append({"name": name, "layer": layer, "example": own, "rows": numbers.tolist()})
    message = base64.b64encode(encode(header, [moment], experiment.data)).decode()
    return {"message": message, "expected": expected, "cost": moment.trace.cost.tolist()}


if __name__ == "__main__":
    print(json.dumps([case(experiment) for experiment in EXPERIMENTS]))
