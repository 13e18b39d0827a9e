"""Print, as JSON, messages to the board and the numbers that the trace has: what the decoder is held against.

Run by frames.test.js as `python tests/js/make_frames.py`.
"""

import base64
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from nnviz.board.message import Message, Place, encode, network_info
from nnviz.lesson.cells import values
from nnviz.lesson.quantity import QUANTITIES
from nnviz.run.edits import read_edits
from nnviz.run.experiment import Experiment
from nnviz.run.trajectory import Trajectory

EXPERIMENTS = (
    Experiment(hidden=(30, 20), lmbda=2.0),
    Experiment(dataset="xor", hidden=(2,), batch=4),
    Experiment(hidden=(6,), biases="frozen", batch=7),
    Experiment(hidden=(6,), edits=read_edits("1:eta=0.5;2:lmbda=3;0:act.2.3=relu")),
)
STEP, EXAMPLE = 3, 2


def case(experiment: Experiment) -> dict:
    """One message with mini-batch STEP, and every quantity of it."""
    run = Trajectory.of(experiment)
    moment = run.moment_at(min(STEP, experiment.steps - 1))
    network = network_info(run.setup)
    message = Message("x", 1, 4, Place(moment.step, 0, None), None, False, False, False, network=network)
    expected = []
    for name, quantity in QUANTITIES.items():
        for layer in quantity.layers(len(experiment.sizes)):
            for example in (None, EXAMPLE):
                of = example if quantity.is_gradient else None
                numbers = values(moment, name, layer, of)
                expected.append({"name": name, "layer": layer, "example": of, "rows": numbers.tolist()})
    text = base64.b64encode(encode(message, [moment])).decode()
    return {"message": text, "expected": expected, "decay": moment.rates.decay}


if __name__ == "__main__":
    print(json.dumps([case(experiment) for experiment in EXPERIMENTS]))
