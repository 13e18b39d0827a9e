"""Ready comparisons, each with what to look at. To add one, append a `ComparisonPreset` to `COMPARISONS`."""

from dataclasses import dataclass, replace

from nnviz.run.comparison import Comparison
from nnviz.run.experiment import Experiment, Position
from nnviz.run.phases import GRADIENTS, UPDATE, error_phase, phase_number

START = Position()


@dataclass(frozen=True)
class ComparisonPreset:
    name: str
    look: str  # one sentence: what to look at first, Markdown
    hint: str  # one paragraph: what is seen, and why, Markdown
    comparison: Comparison
    opens_at: Position = START  # where the difference is seen


def compared(first: Experiment, **different: object) -> Comparison:
    """The first run and one that differs from it as said."""
    return Comparison((first, replace(first, **different)))


LEARNS = Experiment(cost="cross-entropy", init="scaled", eta=0.5)

COMPARISONS = (
    ComparisonPreset(
        "Quadratic cost or cross-entropy, from a saturated start",
        "Both networks give the same answers here. Compare **δ³**: in A it is almost 0 wherever an output is "
        "close to 0 or 1, however wrong that is; in B it is a − y.",
        "Both networks start from the same large weights: many outputs are close to 0 or 1, and wrong. With the "
        "quadratic cost, δᴸ = (a − y) ⊙ σ′(z), and σ′(z) is almost 0 there: the more certain the mistake, the "
        "slower it is unlearned. The cross-entropy cancels σ′(z), and δᴸ = a − y. Compare δ of the output layer "
        "column by column, then ‖∇w‖ of all layers, and let both run: A creeps where B leaps (the learning "
        "slowdown, chapter 3).",
        compared(Experiment(hidden=(100,), eta=0.5), cost="cross-entropy"),
        Position(0, error_phase(3, 3)),
    ),
    ComparisonPreset(
        "Large or scaled starting weights",
        "Compare **a²**: A's hidden neurons start close to 0 or 1, B's in between.",
        "The same random numbers, but B's weights are divided by √n_in. Look at a²: A's hidden neurons start close "
        "to 0 or 1 (saturated), B's in between, where σ′ is large. ‖∇w‖ is larger in A at first, because its large "
        "w³ carries more error back. B may even start behind, and ends ahead.",
        compared(Experiment(cost="cross-entropy", eta=0.1), init="scaled"),
        Position(0, 1),
    ),
    ComparisonPreset(
        "L2 regularization, off and on",
        "Ten epochs on, compare **w²**: in B it has faded wherever the data do not hold it up.",
        "In B every update also takes ηλ/n of each weight away. Both learn alike in the beginning; then look at w² "
        "fading in B wherever the data do not hold it up (pixels that are never inked), and at the gap between "
        "training and held-out accuracy. The training cost of B has the L2 term in it, so that the two cost curves "
        "do not measure the same thing; accuracies do.",
        compared(Experiment(hidden=(100,), cost="cross-entropy", eta=0.5), lmbda=0.5),
        Position(1500),
    ),
    ComparisonPreset(
        "Sigmoid or relu in a deep net",
        "Compare the sizes **‖∇w‖** under the matrices: in A they fall about threefold from layer to layer on the way "
        "back, in B they stay within a factor of four.",
        "Four hidden layers, the same starting weights. In A each layer multiplies the error by σ′(z) ≤ ¼ on its "
        "way back: ‖∇w‖ falls by about three from layer to layer, and for many epochs A does not learn at all "
        "(vanishing gradients, chapter 5). A relu that is on has slope 1: in B the gradients of all layers are of "
        "one size.",
        compared(Experiment(hidden=(30, 30, 30, 30), cost="cross-entropy", init="he", eta=0.1), activation="relu"),
        Position(0, phase_number(6, (GRADIENTS,), 0)),
    ),
    ComparisonPreset(
        "Zero or random starting weights",
        "An epoch on, compare **w²**, each run on a scale of its own (*View*, *runs*): in A all thirty rows are the "
        "same picture.",
        "In A all neurons of layer 2 start alike, get the same gradient and stay alike: all rows of w² and ∇w² are "
        "the same picture, and thirty hidden neurons work as one. (At the very first mini-batch ∇w² is 0, as w³ "
        "is.) Random weights break the symmetry at once. Go on to epoch 15 and later: the last binary digit of some"
        " sums is rounded differently, about 10⁻¹⁷ at first; such a difference grows with every step, until it "
        "breaks the symmetry of A too, by chance and far too late.",
        compared(replace(LEARNS, init="zeros"), init="scaled"),
        Position(150),
    ),
    ComparisonPreset(
        "The mean of the gradients or their sum",
        "Compare **Δw**: from the same ∇w, B's changes are ten times A's.",
        "Some programs add up the gradients of a mini-batch where the book takes the mean. A sum of m gradients is "
        "m times their mean, so that a sum with η is exactly a mean with mη: B is A with η multiplied by m = 10, "
        "and that is all there is to it. With the same η the two programs therefore behave very differently: here "
        "B's steps are ten times as long, and it jumps about. ∇w is the same in both at the first mini-batch; the "
        "changes are not.",
        compared(LEARNS, eta=5.0),
        Position(0, phase_number(3, (UPDATE,), 0)),
    ),
)
