"""How well [64, 30, 10] reads the bundled digits after 30 epochs: held-out accuracy for several seeds.

The book's first network (quadratic cost, large weights, eta 3) against chapter 3's (cross-entropy, scaled
weights, eta 0.5). The second one has a target: 97 % for every seed.
"""

import statistics
import sys
from typing import Any

from benchmarks import targets
from benchmarks.targets import verdict
from nnviz.run.evaluation import evaluate
from nnviz.run.experiment import Experiment
from nnviz.run.trajectory import Trajectory

SEEDS = range(8)
SETTINGS = {
    "quadratic, large, eta 3": {"cost": "quadratic", "init": "large", "eta": 3.0},
    "cross-entropy, scaled, eta 0.5": {"cost": "cross-entropy", "init": "scaled", "eta": 0.5},
}


def accuracy(seed: int, **settings: Any) -> float:
    """The share of the held-out digits classified correctly after the last epoch."""
    experiment = Experiment(dataset="digits", hidden=(30,), seed=seed, **settings)
    found = evaluate(Trajectory.of(experiment).network_at(experiment.steps), experiment.data, experiment.steps, 0.0)
    return found.held_out_accuracy


def main() -> None:
    reached = {name: [accuracy(seed, **settings) for seed in SEEDS] for name, settings in SETTINGS.items()}
    print(f"Held-out accuracy on the digits after 30 epochs, seeds {SEEDS.start} to {SEEDS.stop - 1}")
    for name, found in reached.items():
        print(f"  {name:32} median {statistics.median(found):.1%}, from {min(found):.1%} to {max(found):.1%}")
    worst = min(reached["cross-entropy, scaled, eta 0.5"])
    target = targets.DIGITS_ACCURACY
    print(f"  worst with cross-entropy: {worst:.1%}   target: {target:.0%}   {verdict(worst, target, at_least=True)}")


if __name__ == "__main__":
    main()
    sys.exit(targets.exit_code())
