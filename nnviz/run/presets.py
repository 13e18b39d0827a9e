"""Ready experiments, each with what to look at. To add one, append a `Preset` to `PRESETS`."""

from dataclasses import dataclass

from nnviz.run.edits import read_edits
from nnviz.run.experiment import Experiment


@dataclass(frozen=True)
class Preset:
    name: str
    hint: str  # one sentence: what to look at
    experiment: Experiment


PRESETS = (
    Preset(
        "Nielsen's first network",
        "The network of chapter 1 on small digits: quadratic cost, weights from N(0, 1), a learning rate of 3.",
        Experiment(),
    ),
    Preset(
        "Cross-entropy, scaled weights",
        "Compare the output error with the first network's: no σ′(z) holds it back.",
        Experiment(cost="cross-entropy", init="scaled", eta=0.5),
    ),
    Preset(
        "A deep net that hardly learns",
        "Follow δ from right to left: each layer multiplies it by σ′(z) ≤ ¼, and the first layers barely move.",
        Experiment(hidden=(30, 30, 30, 30), init="scaled", eta=0.5),
    ),
    Preset(
        "All-zero weights",
        "Every row of ∇w is the same: neurons that start alike learn alike, until rounding parts them after long.",
        Experiment(init="zeros"),
    ),
    Preset(
        "A saturated start",
        "Large weights from 200 neurons push z far from 0: σ′(z) is near 0, so δ is too, however wrong the output.",
        Experiment(hidden=(200,), eta=0.5),
    ),
    Preset(
        "XOR by hand",
        "Four points, nine parameters: every number can be checked on paper.",
        Experiment(dataset="xor", hidden=(2,), batch=4, seed=2),
    ),
)

# The numbers of a widely used worked example: two inputs, two hidden and two output neurons, biases left alone.
TWO_TWO_TWO = read_edits(
    "0:w.2.0.0=0.15;0:w.2.0.1=0.2;0:w.2.1.0=0.25;0:w.2.1.1=0.3;0:b.2.0=0.35;0:b.2.1=0.35;"
    "0:w.3.0.0=0.4;0:w.3.0.1=0.45;0:w.3.1.0=0.5;0:w.3.1.1=0.55;0:b.3.0=0.6;0:b.3.1=0.6"
)

BY_HAND = (
    Preset(
        "2-2-2, the worked example",
        "Often worked out on the web: C = 0.298371109, and after one update w³₁,₁ = 0.35891648.",
        Experiment(
            dataset="typed:0.05,0.1>0.01,0.99",
            hidden=(2,),
            init="zeros",
            eta=0.5,
            batch=1,
            biases="frozen",
            edits=TWO_TWO_TWO,
        ),
    ),
    Preset(
        "3-2-1, one output",
        "Three inputs, two hidden neurons, one output: small enough for a first try on paper.",
        Experiment(dataset="typed:1,0.5,-1>1", hidden=(2,), init="scaled", eta=0.5, batch=1, seed=1),
    ),
    Preset(
        "XOR, 2-2-1",
        "One of the four points at a time. Which weights does each point pull on?",
        Experiment(dataset="xor", hidden=(2,), batch=1, seed=2),
    ),
)
