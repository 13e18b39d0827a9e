"""One message to the board: a small JSON header, then the numbers of the mini-batches it does not have yet.

The message is 4 bytes with the header's length (little endian), the header as UTF-8 JSON, zero bytes up to a multiple
of 8, then the arrays one after the other, each at a multiple of 8, row by row, little endian.

A mini-batch travels as what cannot be computed from the rest. What is only looked at (w, b, z, sigma'(z)) is float32,
whose 7 digits make a read-out of 4 right; a, delta and the costs, which are computed with, are float64; pictures are
the bytes they are stored in. The gradients are left out: the board forms BP3 and BP4 from delta and a, which takes a
third of the bytes, shows the gradient of any one example at once, and is held against the trace by a test.
"""

import json
from collections.abc import Iterable

import numpy as np

from nnviz.arrays import Array
from nnviz.datasets import Dataset
from nnviz.lesson.quantities import ALL
from nnviz.run.experiment import Experiment
from nnviz.run.phases import phases
from nnviz.run.trajectory import Moment

ALIGNMENT = 8
TYPES = {"float32": "f4", "float64": "f8", "uint8": "u1"}


def encode(header: dict, moments: Iterable[Moment], data: Dataset) -> bytes:
    """A message with this header and these mini-batches."""
    blob = bytearray()
    frames = [describe(moment, data, blob) for moment in moments]
    text = json.dumps({**header, "frames": frames}, separators=(",", ":"), allow_nan=False).encode()
    start = len(text).to_bytes(4, "little") + text
    return start + bytes(-len(start) % ALIGNMENT) + bytes(blob)


def describe(moment: Moment, data: Dataset, blob: bytearray) -> dict:
    """The header's entry for one mini-batch; its arrays are appended to `blob`."""
    trace = moment.trace
    arrays = [append(blob, "x", 1, pixels(moment, data) if data.picture else trace.x)]
    for i, layer in enumerate(range(2, len(trace.weights) + 2)):
        arrays += [
            append(blob, "w", layer, single(trace.weights[i])),
            append(blob, "b", layer, single(trace.biases[i])),
            append(blob, "z", layer, single(trace.zs[i])),
            append(blob, "a", layer, trace.activations[i + 1]),
            append(blob, "sp", layer, single(trace.primes[i])),
            append(blob, "delta", layer, trace.deltas[i]),
        ]
    arrays.append(append(blob, "cost", 0, trace.cost))
    return {
        "step": moment.step,
        "m": trace.m,
        "eta": moment.eta,
        "decay": moment.decay,
        "learnBiases": moment.learn_biases,
        "labels": moment.labels(data).tolist(),
        "predictions": moment.predictions.tolist(),
        "arrays": arrays,
    }


def single(array: Array) -> Array:
    """The array as float32; what is too large for it becomes infinite."""
    with np.errstate(over="ignore"):
        return array.astype(np.float32)


def pixels(moment: Moment, data: Dataset) -> Array:
    """The pictures (n_1, m) as they are stored; the board divides by `net.scale`."""
    stored = moment.trace.x * data.scale
    return np.rint(stored).astype(np.uint8) if data.inputs.dtype == np.uint8 else stored


def append(blob: bytearray, name: str, layer: int, array: Array) -> list:
    """Put `array` at the end of `blob`; [name, layer, shape, type, where it begins]."""
    blob.extend(bytes(-len(blob) % ALIGNMENT))
    entry = [name, layer, list(array.shape), TYPES[array.dtype.name], len(blob)]
    blob.extend(np.ascontiguousarray(array).tobytes())
    return entry


def network_header(experiment: Experiment) -> dict:
    """What stays the same over a run: shapes, names and the phases in words."""
    data, sizes = experiment.data, experiment.sizes
    depth = len(sizes)
    return {
        "sizes": list(sizes),
        "activations": ["", *[experiment.activation] * (depth - 2), experiment.output],
        "classes": list(data.classes),
        "names": list(data.names),
        "picture": data.picture and list(data.picture),
        "scale": data.scale,
        "oneOutput": data.one_output,
        "steps": experiment.steps,
        "batches": experiment.batches_per_epoch,
        "epochs": data.epochs,
        "phases": [{"kind": p.kind, "layer": p.layer, "title": p.title} for p in phases(depth)],
        "quantities": [
            {
                "name": q.name,
                "symbol": q.symbol,
                "title": q.title,
                "columns": q.columns,
                "phases": {str(layer): q.phase(layer, depth) for layer in q.layers(depth)},
            }
            for q in ALL
        ],
    }
