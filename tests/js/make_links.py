"""Print, as JSON, links as Python writes them, and what they mean. Run by link.test.js."""

import json
import sys
from pathlib import Path
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).parents[2]))

from nnviz.board.message import jsonable, network_info
from nnviz.lesson.cells import read_cell
from nnviz.lesson.view import Look, View
from nnviz.run.experiment import Experiment, Position
from nnviz.run.link import query, to_params
from nnviz.run.trajectory import Trajectory

XOR = Experiment(dataset="xor", hidden=(2,), batch=4)
CASES = (
    (Experiment(), Position(), Look()),
    (Experiment(eta=0.5, lmbda=2.0), Position(12, 3), Look(read_cell("delta.3.4.2", (64, 30, 10), 11), 2)),
    (Experiment(), Position(1), Look(read_cell("w.2.3.7", (64, 30, 10), 11), None)),
    (Experiment(), Position(1), Look(read_cell("a.2.3.7", (64, 30, 10), 11), 4)),
    (XOR, Position(5, 1), Look(None, 3, View.of({"layout": "all", "scale": "locked", "base": "shared"}, 2, 1))),
    (XOR, Position(0, 2), Look(None, 0, View.of({"predict": "first", "gradient": "size"}))),
)


def case(experiment, position, look):
    return {
        "link": urlencode(to_params(experiment, position) | look.to_params()),
        "experiment": query(experiment),
        "network": jsonable(network_info(Trajectory.of(experiment).setup)),
        "position": {"step": position.step, "phase": position.phase},
        "example": look.example,
        "cell": str(look.cell) if look.cell else None,
        "view": jsonable(look.view),
    }


if __name__ == "__main__":
    print(json.dumps([case(*one) for one in CASES]))
