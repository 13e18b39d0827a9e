"""Points in the plane, drawn from a seed: small tasks whose whole input space can be seen.

Everything that makes such a set is in its name: `moons` is the set with the defaults, `moons-c3-n400-noise0.2-s7` has
3 classes, 400 points, noise 0.2 and seed 7. What has its default value stays out of the name, and the order is fixed,
so that one set has one name.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np

from nnviz.arrays import Array
from nnviz.datasets.dataset import Dataset
from nnviz.errors import FieldError

Rng = np.random.Generator

CLASSES = (2, 3)
SIZES = (30, 2000)  # the fewest and the most points
NOISE = (0.0, 1.0)
SEEDS = (0, 9999)
HELD_OUT = 0.25  # share of the points that training never sees
EPOCHS = 100
CLASSES_IN_WORDS = {2: "two", 3: "three"}
RADIUS = 0.9  # points without noise lie in -RADIUS..RADIUS


@dataclass(frozen=True)
class Kind:
    """One task: where the points of class k lie, before noise."""

    name: str  # as it stands in a link
    title: str
    learns_to: str  # what a network learns with it, with {} for the number of classes
    points: Callable[[Rng, int, int, int], Array]  # (rng, k, classes, n) -> (n, 2)


def gaussians(rng: Rng, k: int, classes: int, n: int) -> Array:
    centre = 0.5 * direction(2 * np.pi * (k + 0.5) / classes)
    return centre + 0.17 * rng.standard_normal((n, 2))


def circles(rng: Rng, k: int, classes: int, n: int) -> Array:
    radius = RADIUS * (k + 0.5) / (classes - 0.5)
    return radius * direction(rng.uniform(0, 2 * np.pi, n))


def chessboard(rng: Rng, k: int, classes: int, n: int) -> Array:
    """`classes` x `classes` squares; the class is (row + column) mod `classes`."""
    row = rng.integers(classes, size=n)
    square = np.stack([(k - row) % classes, row], axis=1)
    inside = rng.uniform(0.06, 0.94, (n, 2))
    return RADIUS * (2 * (square + inside) / classes - 1)


def moons(rng: Rng, k: int, classes: int, n: int) -> Array:
    """Half circles, every other one upside down, each reaching into the next."""
    angle = rng.uniform(0, np.pi, n)
    up = 1 if k % 2 == 0 else -1
    x = k - (classes - 1) / 2 + np.cos(angle)
    y = up * (np.sin(angle) - 0.25)
    return RADIUS * np.stack([x, y], axis=1) / ((classes + 1) / 2)


def spiral(rng: Rng, k: int, classes: int, n: int) -> Array:
    along = np.sqrt(rng.uniform(0.01, 1, n))
    return RADIUS * along[:, np.newaxis] * direction(2 * np.pi * (k / classes + along))


def direction(angle: Array | float) -> Array:
    return np.stack([np.cos(angle), np.sin(angle)], axis=-1)


KINDS = {
    kind.name: kind
    for kind in (
        Kind("gaussians", "Gaussian clouds", "tell {} clouds apart", gaussians),
        Kind("circles", "Circles", "tell {} circles apart", circles),
        Kind("xor-cloud", "XOR with many points", "tell {} kinds of squares apart", chessboard),
        Kind("moons", "Moons", "tell {} moons apart", moons),
        Kind("spiral", "Spiral", "tell {} spiral arms apart", spiral),
    )
}


@dataclass(frozen=True)
class Recipe:
    """Everything that makes a generated set."""

    kind: str
    classes: int = 2
    n: int = 200
    noise: float = 0.1  # standard deviation added to both coordinates, in steps of 0.01
    seed: int = 0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise FieldError("kind", self.kind, f"one of {', '.join(KINDS)}")
        if self.classes not in CLASSES:
            raise FieldError("classes", self.classes, "2 or 3")
        check("points", self.n, *SIZES)
        check("seed", self.seed, *SEEDS)
        if not isinstance(self.noise, int | float) or not NOISE[0] <= self.noise <= NOISE[1]:
            raise FieldError("noise", self.noise, f"a number from {NOISE[0]:g} to {NOISE[1]:g}")
        object.__setattr__(self, "noise", round(float(self.noise), 2))

    @property
    def name(self) -> str:
        """The name of the set in an experiment and a link."""
        options = (f"{short}{getattr(self, name):g}" for short, name in SHORT.items() if self.differs(name))
        return "-".join((self.kind, *options))

    def differs(self, name: str) -> bool:
        return getattr(self, name) != DEFAULTS[name]


SHORT = {"c": "classes", "n": "n", "noise": "noise", "s": "seed"}  # as they stand in a name, in this order
DEFAULTS = {field.name: field.default for field in fields(Recipe)}
NAME = re.compile(
    rf"(?P<kind>{'|'.join(KINDS)})"
    r"(?:-c(?P<classes>[0-9]))?(?:-n(?P<n>[0-9]{1,4}))?"
    r"(?:-noise(?P<noise>[01](?:\.[0-9]{1,2})?))?(?:-s(?P<seed>[0-9]{1,4}))?"
)
FORM = (
    f"{', '.join(KINDS)} with options as in moons-c3-n400-noise0.2-s7 "
    f"(classes 2 or 3, points {SIZES[0]} to {SIZES[1]}, noise 0 to 1, seed 0 to {SEEDS[1]})"
)


def check(field: str, value: object, low: int, high: int) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise FieldError(field, value, f"a whole number from {low} to {high}")


def recipe(name: str) -> Recipe | None:
    """The recipe that a name means; None where it means none."""
    match = NAME.fullmatch(name)
    if match is None:
        return None
    given = {field: text for field, text in match.groupdict().items() if text is not None}
    kind = given.pop("kind")
    try:
        noise = float(given.pop("noise")) if "noise" in given else Recipe.noise
        return Recipe(kind, noise=noise, **{field: int(text) for field, text in given.items()})
    except FieldError:
        return None


def generate(made: Recipe) -> Dataset:
    """The points of a recipe, classes in turn, in an order drawn from the seed; the same ones every time."""
    kind = KINDS[made.kind]
    rng = np.random.default_rng((list(KINDS).index(made.kind), made.seed))
    labels = np.arange(made.n) % made.classes
    points = np.empty((made.n, 2))
    for k in range(made.classes):
        points[labels == k] = kind.points(rng, k, made.classes, int((labels == k).sum()))
    points += made.noise * rng.standard_normal(points.shape)
    order = rng.permutation(made.n)
    return Dataset(
        title=kind.title,
        learns_to=kind.learns_to.format(CLASSES_IN_WORDS[made.classes]),
        source=f"Drawn by nnviz: {made.n} points, {made.classes} classes, noise {made.noise:g}, seed {made.seed}.",
        inputs=points[order],
        labels=labels[order],
        n_train=made.n - int(HELD_OUT * made.n),
        classes=("A", "B", "C")[: made.classes],
        names=("x₁", "x₂"),
        epochs=EPOCHS,
    )
