"""Print, as JSON, a message about a network with what tests/added.py adds to the registries. Run by added.test.js."""

import base64
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from nnviz.board.message import Message, Place, encode, network_info
from nnviz.run.experiment import Experiment
from nnviz.run.trajectory import Trajectory
from tests.added import RATIO, registered

if __name__ == "__main__":
    with registered():
        run = Trajectory.of(
            Experiment(activation="softplus", output="softplus", cost="log-cosh", init="scaled", eta=0.1)
        )
        moment = run.moment_at(1)
        network = network_info(run.setup)
        message = Message("x", 1, 0, Place(1, 0, None), None, False, False, False, network=network)
        text = base64.b64encode(encode(message, [moment])).decode()
        print(json.dumps({"message": text, "ratio": RATIO.get(moment, 2).tolist()}))
