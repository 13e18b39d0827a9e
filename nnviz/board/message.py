"""One message to the board: who and where, what a network and its quantities are, and mini-batches with their numbers.

A message is the bytes `nnvz`, a version, the length of the header (both 4 bytes, little endian), the header as UTF-8
JSON, zero bytes up to a multiple of 8, then the arrays one after the other, each at a multiple of 8, row by row, little
endian. The header's fields are those of `Message`, in camelCase; static/board/messages.js has their types.

A mini-batch travels as what cannot be computed from the rest. What is only looked at (w, b, z, sigma'(z)) is float32,
whose 7 digits make a read-out of 4 right; a, delta and the costs, which are computed with, are float64; pictures are
the bytes they are stored in. The gradients are left out: the board forms BP3 and BP4 from delta and a, which takes a
third of the bytes, shows the gradient of any one example at once, and is held against the trace by a test.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

import numpy as np

from nnviz.arrays import Array
from nnviz.datasets import Dataset
from nnviz.lesson.band import Band, bands
from nnviz.lesson.phase_text import code_of, in_words
from nnviz.lesson.quantities import PLACES, ROWS
from nnviz.lesson.quantity import QUANTITIES, Quantity, Range, phases_with_panels
from nnviz.lesson.quiz import Question, question
from nnviz.lesson.view import VIEW_OPTIONS, View, ViewOption
from nnviz.model.activations import SATURATED, Activation
from nnviz.run.comparison import Comparison
from nnviz.run.decision_regions import grid_around, landscape
from nnviz.run.moment import Moment
from nnviz.run.setup import Setup

MAGIC = b"nnvz"
VERSION = 5  # of the message and of the board's answer; static/board/messages.js has it, too
ALIGNMENT = 8
TYPES = {"float32": "f4", "float64": "f8", "uint8": "u1"}
PLANE_POINTS = 48  # along each side of the plane
PLANE_EXAMPLES = 400  # training examples that are drawn
UNKNOWN = -1  # the label of an example whose class the visitor has not said
MAX_WANTED = 8  # mini-batches in one message


@dataclass(frozen=True)
class LayerInfo:
    """A layer as it is at some mini-batch."""

    title: str  # its activations in words; empty for the input
    kinked: tuple[int, ...]  # its neurons, from 0, whose sigma' jumps at z = 0
    ranges: Mapping[str, Range]  # by quantity: the least and greatest value, None: no bound


@dataclass(frozen=True)
class PhaseInfo:
    title: str
    word: str  # on its button
    equations: str  # the book's names of them
    group: str
    direction: int
    code: str  # the Python that computes it
    computes: tuple[str, ...]  # panels, such as z.2
    uses: tuple[str, ...]
    question: Question | None  # what to ask before it is shown


@dataclass(frozen=True)
class QuantityInfo:
    name: str
    symbol: str
    narrow: str  # the same where there is little room
    title: str
    columns: str
    layers: tuple[int, ...]
    row: int | None
    place: int | None
    one_row: bool
    spans_decades: bool
    is_gradient: bool
    marks_saturation: bool
    diagram: str | None
    operation: str | None  # by which the board derives it
    operands: Mapping[str, tuple[str, ...]]  # by layer: the panels that the operation takes


@dataclass(frozen=True)
class PlaneInfo:
    """The plane of data that are points."""

    low: tuple[float, float]  # the least x_1 and x_2 that are shown
    high: tuple[float, float]
    points: tuple[tuple[float, float, int], ...]  # x_1, x_2 and class of training examples


@dataclass(frozen=True)
class NetworkInfo:
    """What stays the same over a run."""

    headline: str
    sizes: tuple[int, ...]
    layers: tuple[LayerInfo, ...]  # l = 1..L, before any edit
    classes: tuple[str, ...]
    has_classes: bool  # whether the targets stand for classes
    names: tuple[str, ...]  # of the inputs; none for pictures
    picture: tuple[int, int] | None
    scale: float
    steps: int
    batches: int
    epochs: int
    max_examples: int
    max_wanted: int
    saturated: float
    rows: tuple[str, ...]  # of the board
    places: tuple[str, ...]  # of a layer in the scene
    bands: tuple[Band, ...]  # of each phase, before any edit
    phases: tuple[PhaseInfo, ...]
    quantities: tuple[QuantityInfo, ...]
    view_options: tuple[ViewOption, ...]
    plane: PlaneInfo | None
    input_panel: str  # of the input's values
    cost_panel: str
    predicted_in: int  # the phase that computes the output
    cost_in: int  # the phase that computes the cost


@dataclass(frozen=True)
class FrameInfo:
    """One mini-batch; its numbers are in the arrays."""

    step: int
    m: int
    labels: tuple[int, ...]  # the class of each example; UNKNOWN if the visitor has not said it
    predictions: tuple[int, ...]
    rates: Mapping[str, tuple[float, ...]]  # by panel: what its operation needs
    layers: tuple[LayerInfo, ...] | None  # if they differ from the network's
    bands: tuple[Band, ...] | None  # if they may differ from the network's
    arrays: tuple[tuple, ...]  # (panel, shape, type, where it begins)


@dataclass(frozen=True)
class Place:
    step: int
    phase: int
    example: int | None


@dataclass(frozen=True)
class Computing:
    """A mini-batch that the viewer asked for and that is still being computed."""

    step: int
    seconds: float | None  # about how long it takes still; None while that is not known
    needs_consent: bool  # True if it is not computed before the viewer has agreed


@dataclass(frozen=True)
class Beside:
    """Another run that is shown beside the board's own, at the same mini-batch and phase."""

    title: str  # its name, and what it has different
    place: int  # among all runs, from 0
    network: NetworkInfo | None = None  # where the board does not know it


@dataclass(frozen=True)
class Curve:
    """How well the network does over the run, as far as it is known."""

    text: str  # what a value says, in place of {}: {} of the held-out examples right
    is_share: bool  # whether values are shares of all examples, 0..1; if not, costs
    points: tuple[tuple[int, float], ...]  # (mini-batch before which it was evaluated, value)
    grows: bool  # whether more of it is being computed


@dataclass(frozen=True)
class Paths:
    """The numbers that the pinned one is made of, those of the largest terms first, and those that it goes into."""

    cell: str
    made_of: tuple[str, ...]
    goes_into: tuple[str, ...]


@dataclass(frozen=True)
class Message:
    run: str  # what the mini-batches belong to; another one makes the board forget them
    jump: int  # counts the moves that Python makes
    seq: int  # of the board's message that is answered
    position: Place
    cell: str | None  # the pinned number
    compact: bool  # less high and without the band, for a page that has more to show
    follows: bool  # whether something beside the board belongs to the mini-batch shown
    first_look: bool  # whether the board is alone on the page and has to say when it is painted
    computing: Computing | None = None
    curve: Curve | None = None  # where the board asked for it
    paths: Paths | None = None  # of the pinned number
    title: str = ""  # of the run, where others are shown beside it
    place: int = 0  # among all runs, from 0
    beside: tuple[Beside, ...] = ()
    network: NetworkInfo | None = None  # where the board does not know it
    experiment: str | None = None  # the link of the run's start, with the network
    colors: Mapping[str, Any] | None = None
    view: View | None = None  # None: as the board draws already


def encode(message: Message, moments: Iterable[Moment] = (), beside: Sequence[Iterable[Moment]] = ()) -> bytes:
    """The message with these mini-batches, and with those of each run beside."""
    blob = bytearray()
    header = jsonable(message) | {"frames": described(moments, blob)}
    for entry, theirs in zip(header["beside"], beside, strict=True):
        entry["frames"] = described(theirs, blob)
    text = json.dumps(header, separators=(",", ":"), allow_nan=False).encode()
    start = MAGIC + VERSION.to_bytes(4, "little") + len(text).to_bytes(4, "little") + text
    return start + bytes(-len(start) % ALIGNMENT) + bytes(blob)


def compared(message: Message, comparison: Comparison, infos: Sequence[NetworkInfo | None]) -> Message:
    """The message with all runs of a comparison, the one with the most phases leading. `infos`: of each, if sent."""
    leader = comparison.deepest
    others = [number for number in range(len(comparison.runs)) if number != leader]
    return replace(
        message,
        title=comparison.title(leader),
        place=leader,
        network=infos[leader],
        beside=tuple(Beside(comparison.title(number), number, infos[number]) for number in others),
    )


def encode_compared(message: Message, mini_batches: Sequence[Sequence[Moment]]) -> bytes:
    """The same with mini-batches, each of them in every run, in the runs' order."""
    numbers = [message.place, *(beside.place for beside in message.beside)]
    leading, *others = ([runs[number] for runs in mini_batches] for number in numbers)
    return encode(message, leading, others)


def jsonable(value: Any) -> Any:
    """Dataclasses as objects in camelCase; a view with the choice of each option."""
    if isinstance(value, View):
        return {"choices": value.choices, "lock": value.lock, "lockExample": value.lock_example}
    if is_dataclass(value):
        return {camel(field.name): jsonable(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {key: jsonable(entry) for key, entry in value.items()}
    if isinstance(value, tuple | list):
        return [jsonable(entry) for entry in value]
    return value


def camel(name: str) -> str:
    return re.sub("_(.)", lambda found: found[1].upper(), name)


# A mini-batch


def described(moments: Iterable[Moment], blob: bytearray) -> list:
    return jsonable([describe(moment, blob) for moment in moments])


def describe(moment: Moment, blob: bytearray) -> FrameInfo:
    """The header's entry for one mini-batch; its arrays are appended to `blob`."""
    arrays, rates = [], {}
    for quantity in QUANTITIES.values():
        for layer in quantity.layers(moment.network.num_layers):
            panel = panel_id(quantity.name, layer)
            factors = quantity.derivation and quantity.derivation.rates(moment, layer)
            if factors is None:
                arrays.append(append(blob, panel, values_to_send(quantity, moment, layer)))
            elif factors:
                rates[panel] = factors
    if has_plane(moment.setup.data):
        arrays += plane_of(moment, blob)
    mixed = any(activation.exceptions for activation in moment.network.activations)
    return FrameInfo(
        step=moment.step,
        m=moment.m,
        labels=labels_of(moment),
        predictions=tuple(moment.predictions.tolist()),
        rates=rates,
        layers=layers_of(moment.network.activations, moment.network.sizes) if mixed else None,
        bands=bands_of(moment) if moment.experiment.edits else None,
        arrays=tuple(arrays),
    )


def labels_of(moment: Moment) -> tuple[int, ...]:
    """The class of each example, as far as it is known."""
    labels = moment.labels.tolist()
    if moment.added and not moment.added.is_meant:
        labels[-1] = UNKNOWN
    return tuple(labels)


def has_plane(data: Dataset) -> bool:
    """Whether inputs are points that belong to classes, so that the plane can show what the network decides."""
    return data.is_plane and data.targets is None


def plane_of(moment: Moment, blob: bytearray) -> list[tuple]:
    """What the network decides over the plane, and how certain it is (255: entirely), for each point of a grid."""
    seen = landscape(moment.network, grid_around(moment.setup.data, PLANE_POINTS))
    certainty = np.rint(255 * np.nan_to_num(seen.certainty)).astype(np.uint8)
    return [append(blob, "decision", seen.decision.astype(np.uint8)), append(blob, "certainty", certainty)]


def plane_info(data: Dataset) -> PlaneInfo:
    grid = grid_around(data, PLANE_POINTS)
    rows = data.training[:PLANE_EXAMPLES]
    points = zip(*data.x(rows).round(3).tolist(), data.labels[rows].tolist(), strict=True)
    low, high = ((float(grid.x1[at]), float(grid.x2[at])) for at in (0, -1))
    return PlaneInfo(low, high, tuple(points))


def panel_id(name: str, layer: int) -> str:
    return f"{name}.{layer}"


def values_to_send(quantity: Quantity, moment: Moment, layer: int) -> Array:
    """A quantity's values in the precision in which it travels; the input as it is stored."""
    if layer == 1:
        data = moment.setup.data
        stored = moment.trace.x * data.scale
        return np.rint(stored).astype(np.uint8) if data.inputs.dtype == np.uint8 else stored
    with np.errstate(over="ignore"):  # what is too large for float32 becomes infinite
        return quantity.get(moment, layer).astype(quantity.precision)


def append(blob: bytearray, panel: str, array: Array) -> tuple[str, tuple[int, ...], str, int]:
    """Put `array` at the end of `blob`; (panel, shape, type, where it begins)."""
    blob.extend(bytes(-len(blob) % ALIGNMENT))
    entry = panel, array.shape, TYPES[array.dtype.name], len(blob)
    blob.extend(np.ascontiguousarray(array).tobytes())
    return entry


# A run


def run_id(*shown: object) -> str:
    """What the mini-batches on the board belong to; another one makes it forget them."""
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:12]


def bands_of(moment: Moment) -> tuple[Band, ...]:
    return bands(moment.network, moment.rates, moment.setup.data.picture is not None)


def headline(setup: Setup) -> str:
    """What the network is and does: `2,260 weights and biases learn to read digits.`"""
    weights = sum(w.size for w in setup.network.weights)
    if not setup.rates_at(0).learn_biases:
        return f"{weights:,} weight{'s learn' if weights > 1 else ' learns'} to {setup.data.task}."
    return f"{weights + sum(setup.sizes[1:]):,} weights and biases learn to {setup.data.task}."


def network_info(setup: Setup) -> NetworkInfo:
    """What stays the same over a run."""
    experiment, data, sizes = setup.experiment, setup.data, setup.sizes
    depth = len(sizes)
    return NetworkInfo(
        headline=headline(setup),
        sizes=sizes,
        layers=layers_of(setup.network.activations, sizes),
        classes=data.classes,
        has_classes=data.targets is None,
        names=data.names,
        picture=data.picture,
        scale=data.scale,
        steps=experiment.steps,
        batches=experiment.batches_per_epoch,
        epochs=data.epochs,
        max_examples=experiment.batch + 1,  # the viewer may add one
        max_wanted=MAX_WANTED,
        saturated=SATURATED,
        rows=ROWS,
        places=PLACES,
        bands=bands(setup.network, setup.rates_at(0), data.picture is not None),
        phases=tuple(
            PhaseInfo(
                phase.title,
                phase.word,
                phase.equations,
                phase.group,
                phase.direction,
                code_of(phase, setup.network.update_rule),
                tuple(panel_id(*panel) for panel in computes),
                tuple(panel_id(*panel) for panel in uses),
                question(phase, sizes),
            )
            for phase, computes, uses in phases_with_panels(depth)
        ),
        quantities=tuple(quantity_info(quantity, depth) for quantity in QUANTITIES.values()),
        view_options=tuple(VIEW_OPTIONS.values()),
        plane=plane_info(data) if has_plane(data) else None,
        input_panel=panel_id("a", 1),
        cost_panel=panel_id("cost", depth),
        predicted_in=QUANTITIES["a"].phase(depth, depth),
        cost_in=QUANTITIES["cost"].phase(depth, depth),
    )


def quantity_info(quantity: Quantity, depth: int) -> QuantityInfo:
    layers = tuple(quantity.layers(depth))
    operands = {str(layer): tuple(panel_id(*panel) for panel in quantity.made_of(layer, depth)) for layer in layers}
    return QuantityInfo(
        name=quantity.name,
        symbol=quantity.symbol,
        narrow=quantity.narrow or quantity.symbol,
        title=quantity.title,
        columns=quantity.columns,
        layers=layers,
        row=None if quantity.row is None else ROWS.index(quantity.row),
        place=None if quantity.place is None else PLACES.index(quantity.place),
        one_row=quantity.one_row,
        spans_decades=quantity.spans_decades,
        is_gradient=quantity.is_gradient,
        marks_saturation=quantity.marks_saturation,
        diagram=quantity.diagram,
        operation=quantity.derivation and quantity.derivation.operation,
        operands=operands if quantity.derivation else {},
    )


def layers_of(activations: list[Activation], sizes: Iterable[int]) -> tuple[LayerInfo, ...]:
    """l = 1..L, with these activations of l = 2..L."""
    infos = [LayerInfo("", (), {})]
    for activation, n in zip(activations, list(sizes)[1:], strict=True):
        ranges = {q.name: q.range(activation) for q in QUANTITIES.values()}
        kinked = tuple(j for j in range(n) if activation.of(j).has_kink)
        infos.append(LayerInfo(in_words(activation), kinked, {k: r for k, r in ranges.items() if r != (None, None)}))
    return tuple(infos)
