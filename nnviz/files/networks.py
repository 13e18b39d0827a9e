"""Networks to and from files: JSON as the book's network2.py writes it, npz, scikit-learn, PyTorch's state dicts.

A file comes from anywhere, so that every part of it is checked: how large it is, how deep it is nested, that shapes fit
together and every number is finite. Nothing in a file is ever run.

JSON: {"sizes": [...], "weights": [...], "biases": [...], "cost": "CrossEntropyCost", "nnviz": {...}}. The book's `load`
reads it and passes over "nnviz", which holds what the book's networks do not have: the activations' names.
npz: w2, b2, w3, b3, ... and the names as text.
"""

import io
import json
import math
import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from nnviz.arrays import Array
from nnviz.errors import NnvizError, StorageError, shortened
from nnviz.model.activations import ACTIVATIONS, hidden_activations
from nnviz.model.costs import COSTS, costs_for
from nnviz.model.network import FORMAT, Network
from nnviz.run.starting_weights import Start
from nnviz.untrusted import ZIP_MAGIC, megabytes, read_npz

MAX_BYTES = 32 * 2**20  # of a file
MAX_UNPACKED = 32 * 2**20  # of what an npz holds
MAX_DEPTH = 8  # lists in lists; the format needs 4
MAX_LISTS = 20_000  # one for each neuron and each bias, and a few
MAX_NUMBERS = 1_500_000  # parameters
MAX_LAYERS, MAX_NEURONS = 12, 4_096

# Costs by the names that files use, in lower case without - and _: nnviz's own, the book's, and two more.
READ_COSTS = {
    spelling.lower().replace("-", ""): cost.name
    for cost in reversed(COSTS.values())  # two share the book's CrossEntropyCost: the first one means it
    for spelling in (cost.book_name, cost.name, f"{cost.name}cost")
} | {"mse": "quadratic", "msecost": "quadratic"}
SKLEARN_ACTIVATIONS = {
    "logistic": "sigmoid",
    "identity": "linear",
    "tanh": "tanh",
    "relu": "relu",
    "softmax": "softmax",
}
SKLEARN_COSTS = {"sigmoid": "cross-entropy", "softmax": "log-likelihood", "linear": "quadratic"}
STRING = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)


# Writing


def to_json(network: Network) -> str:
    """The network as network2.py saves it, with nnviz's own fields; every number comes back bit for bit."""
    return json.dumps(network.to_dict(), allow_nan=False)


def to_npz(network: Network) -> bytes:
    """The network as an npz file: w2, b2, w3, b3, ... in float64, and the names as text."""
    arrays: dict[str, Any] = {name: np.array(text) for name, text in network.names.items()}
    for layer, (w, b) in enumerate(zip(network.weights, network.biases, strict=True), 2):
        arrays |= {f"w{layer}": w, f"b{layer}": b}
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)
    return file.getvalue()


def file_name(network: Network, ending: str) -> str:
    """The name under which a network is saved: the digits are the ones by which a link names it."""
    start = Start(tuple(network.weights), tuple(network.biases))
    return f"nnviz-{start.name.removeprefix('file-')}.{ending}"


# Reading


def load(data: bytes, **names: str) -> Network:
    """The network in a file: JSON or npz of nnviz, of network2.py, or of a state dict.

    `names` (activation, output, cost) say what a state dict does not; they are not looked at for other files.
    """
    if not isinstance(data, bytes | bytearray | memoryview):
        raise StorageError(f"a file's bytes are needed, got {type(data).__name__}")
    if len(data) > MAX_BYTES:
        raise StorageError(f"a file must be at most {megabytes(MAX_BYTES)}, this one is {megabytes(len(data))}")
    data = bytes(data)
    if data.startswith(ZIP_MAGIC):
        return from_npz(data, **names)
    return from_json(data)


def from_json(data: bytes) -> Network:
    """A network from JSON as network2.py writes it; also with `size` for `sizes` and other names of the costs."""
    content = parse(data)
    if not isinstance(content, dict):
        raise StorageError("the JSON must be an object with sizes, weights, biases and cost")
    weights, biases = (matrices(content, name) for name in ("weights", "biases"))
    sizes = content.get("sizes", content.get("size"))
    own = content.get("nnviz", {})
    if not isinstance(own, dict) or own.get("format", FORMAT) != FORMAT:
        raise StorageError(f"nnviz must be an object of format {FORMAT}, got {shortened(own)}")
    cost = own.get("cost", content.get("cost", "QuadraticCost"))
    return assemble(
        weights,
        [b.reshape(-1, 1) if b.ndim == 1 else b for b in biases],
        sizes=sizes,
        activation=own.get("activation", "sigmoid"),
        output=own.get("output", "sigmoid"),
        cost=READ_COSTS.get(str(cost).lower().replace("_", "").replace("-", ""), cost),
    )


def from_npz(data: bytes, **names: str) -> Network:
    """A network from npz: nnviz's own (w2, b2, ...) or the state dict of Linear layers (0.weight, 0.bias, ...)."""
    if len(data) > MAX_BYTES:
        raise StorageError(f"a file must be at most {megabytes(MAX_BYTES)}, this one is {megabytes(len(data))}")
    arrays = read_npz(data, MAX_UNPACKED, StorageError)
    if any(key.endswith(".weight") for key in arrays):
        return from_state_dict(arrays, **names)
    depth = sum(1 for key in arrays if re.fullmatch(r"w[0-9]{1,2}", key))
    wanted = [f"{kind}{layer}" for layer in range(2, depth + 2) for kind in "wb"]
    if not depth or any(key not in arrays for key in wanted):
        there = ", ".join(shortened(key) for key in list(arrays)[:10]) or "none"
        raise StorageError(f"the npz file must hold w2, b2, w3, b3, ... or 0.weight, 0.bias, ...; it has: {there}")
    return assemble(
        [arrays[f"w{layer}"] for layer in range(2, depth + 2)],
        [arrays[f"b{layer}"].reshape(-1, 1) for layer in range(2, depth + 2)],
        **{name: text_of(arrays, name) for name in ("activation", "output", "cost")},
    )


def from_state_dict(
    arrays: dict[str, Array], activation: str = "relu", output: str = "softmax", cost: str | None = None
) -> Network:
    """A network from the parameters of PyTorch's Linear layers, in the order of the layers.

    `weight` has shape (n_l, n_{l-1}) as w^l, `bias` (n_l,); a layer without bias gets zeros. What is between the layers
    is not in a state dict, so that it is an argument. `cost`: by default the last one that goes with `output`.
    """
    prefixes = [key.removesuffix("weight") for key in arrays if key.endswith(".weight")]
    known = {f"{prefix}{part}" for prefix in prefixes for part in ("weight", "bias")}
    strange = [key for key in arrays if key not in known]
    if strange:
        raise StorageError(
            f"a state dict of Linear layers holds weights and biases only, this one has {shortened(strange[0])}"
        )
    weights = [arrays[f"{prefix}weight"] for prefix in prefixes]
    for prefix, w in zip(prefixes, weights, strict=True):
        if w.ndim != 2:
            raise StorageError(f"{shortened(prefix)}weight must be a matrix (n_out, n_in), its shape is {w.shape}")
    biases = [arrays.get(f"{prefix}bias", np.zeros(len(w))) for prefix, w in zip(prefixes, weights, strict=True)]
    costs = costs_for(output)
    return assemble(
        weights,
        [b.reshape(-1, 1) for b in biases],
        activation=activation,
        output=output,
        cost=cost or (costs[-1] if costs else ""),
    )


def from_sklearn(mlp: Any) -> Network:
    """The network that a fitted MLPClassifier or MLPRegressor of scikit-learn is.

    Its coefs_ have shape (n_{l-1}, n_l), so that w^l is their transpose. Given the same inputs, the outputs are
    `predict_proba` (a single output for two classes) or `predict` of the regressor.
    """
    try:
        coefs, intercepts = list(mlp.coefs_), list(mlp.intercepts_)
        hidden, output = mlp.activation, mlp.out_activation_
    except AttributeError as problem:
        raise StorageError(f"a fitted MLPClassifier or MLPRegressor is needed: {problem}") from None
    if hidden not in SKLEARN_ACTIVATIONS or output not in SKLEARN_ACTIVATIONS:
        raise StorageError(
            f"activation must be one of {', '.join(SKLEARN_ACTIVATIONS)}, got {shortened((hidden, output))}"
        )
    output = SKLEARN_ACTIVATIONS[output]
    return assemble(
        [np.asarray(w).T for w in coefs],
        [np.asarray(b).reshape(-1, 1) for b in intercepts],
        activation=SKLEARN_ACTIVATIONS[hidden],
        output=output,
        cost=SKLEARN_COSTS.get(output, "quadratic"),
    )


# Checks


def parse(data: bytes) -> Any:
    """The value that JSON text means, after a look at how large and how deep it is."""
    if len(data) > MAX_BYTES:
        raise StorageError(f"a file must be at most {megabytes(MAX_BYTES)}, this one is {megabytes(len(data))}")
    bare = np.frombuffer(STRING.sub(b'""', data), np.uint8)
    opening, closing = (bare == ord("[")) | (bare == ord("{")), (bare == ord("]")) | (bare == ord("}"))
    lists, numbers = int(opening.sum()), int((bare == ord(",")).sum())
    if lists > MAX_LISTS or numbers > MAX_NUMBERS:
        raise StorageError(
            f"a network may have {MAX_NUMBERS:,} parameters in {MAX_LISTS:,} lists; this file has more values or lists"
        )
    depth = np.cumsum(opening.astype(np.int32) - closing.astype(np.int32))
    if depth.size and depth.max() > MAX_DEPTH:
        raise StorageError(f"lists may be nested {MAX_DEPTH} deep, here they are {depth.max():,} deep")
    try:
        return json.loads(data, parse_constant=refuse_constant)
    except NnvizError:
        raise
    except (ValueError, RecursionError) as problem:  # a JSONDecodeError or UnicodeDecodeError is a ValueError
        raise StorageError(f"the file is not JSON: {shortened(problem, 120)}") from None


def refuse_constant(name: str) -> None:
    raise StorageError(f"every number must be finite, the file has {name}")


def matrices(content: dict, field: str) -> list[Array]:
    """The arrays of one field: a list of lists of numbers for each layer."""
    value = content.get(field)
    if not isinstance(value, list) or not 1 <= len(value) <= MAX_LAYERS:
        raise StorageError(
            f"{field} must be a list with one entry for each layer from the second, got {shortened(value)}"
        )
    return [matrix(f"{field}[{i}]", entry) for i, entry in enumerate(value)]


def matrix(field: str, rows: object) -> Array:
    """A matrix from a list of rows, or a vector from a list of numbers."""
    if not isinstance(rows, list) or not rows:
        raise StorageError(f"{field} must be a list of rows, got {shortened(rows)}")
    if not isinstance(rows[0], list):
        return np.array([finite(field, cell) for cell in rows])
    width = len(rows[0])
    for j, row in enumerate(rows):
        if not isinstance(row, list) or len(row) != width or not row:
            raise StorageError(f"{field}, row {j + 1}: as many numbers are needed as in row 1 ({width})")
    return np.array([[finite(field, cell) for cell in row] for row in rows])


def finite(field: str, cell: object) -> float:
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        raise StorageError(f"{field} must hold numbers, one is {shortened(cell)}")
    try:
        value = float(cell)
    except OverflowError:
        value = math.inf
    if not math.isfinite(value):
        raise StorageError(f"every number must be finite, {field} has {value}")
    return value


def text_of(arrays: dict[str, Array], name: str) -> str:
    """A name stored as text in an npz file."""
    value = arrays.get(name)
    if value is None or value.dtype.kind != "U" or value.size != 1:
        raise StorageError(f"the npz file must hold the text {name}")
    return str(value.reshape(-1)[0])


def assemble(
    weights: Sequence[Array],
    biases: Sequence[Array],
    *,
    activation: object,
    output: object,
    cost: object,
    sizes: object = None,
) -> Network:
    """The network of these parameters, when everything fits together."""
    if not 1 <= len(weights) <= MAX_LAYERS or len(weights) != len(biases):
        raise StorageError(
            f"weights and biases must be for 1 to {MAX_LAYERS} layers, got {len(weights)} and {len(biases)}"
        )
    arrays = [checked(f"weights of layer {l}", w) for l, w in enumerate(weights, 2)]
    columns = [checked(f"biases of layer {l}", b) for l, b in enumerate(biases, 2)]
    found = (arrays[0].shape[1], *(len(w) for w in arrays))
    for l, (w, b) in enumerate(zip(arrays, columns, strict=True), 2):
        if w.shape != (found[l - 1], found[l - 2]):
            raise StorageError(
                f"the weights of layer {l} must have shape {(found[l - 1], found[l - 2])}, it is {w.shape}"
            )
        if b.shape != (found[l - 1], 1):
            raise StorageError(f"the biases of layer {l} must have shape {(found[l - 1], 1)}, it is {b.shape}")
    if sizes is not None and sizes != list(found):
        raise StorageError(f"sizes must be {list(found)}, as the weights say, got {shortened(sizes)}")
    if max(found) > MAX_NEURONS:
        raise StorageError(f"a layer may have {MAX_NEURONS:,} neurons, one has {max(found):,}")
    choose("activation", activation, hidden_activations())
    choose("output", output, ACTIVATIONS)
    choose("cost", cost, COSTS)
    try:
        network = Network(found, activation=str(activation), output=str(output), cost=str(cost), init="zeros")
    except StorageError:
        raise
    except NnvizError as problem:  # a cost that does not go with the output
        raise StorageError(str(problem)) from None
    return network.with_parameters(arrays, columns)


def choose(field: str, name: object, registry: dict[str, Any]) -> None:
    if not isinstance(name, str) or name not in registry:
        raise StorageError(f"{field} must be one of {', '.join(registry)}, got {shortened(name)}")


def checked(field: str, array: Array) -> Array:
    """The array as float64 (rows, columns) of finite numbers, in memory of its own."""
    if array.dtype.kind not in "fiu" or array.ndim != 2 or not array.size:
        raise StorageError(f"the {field} must be a matrix of numbers, got {array.dtype} of shape {array.shape}")
    if array.size > MAX_NUMBERS:
        raise StorageError(f"a network may have {MAX_NUMBERS:,} parameters; the {field} alone are {array.size:,}")
    with np.errstate(over="ignore"):
        copy = np.array(array, dtype=float, order="C")
    if not np.isfinite(copy).all():
        j, k = np.argwhere(~np.isfinite(copy))[0]
        raise StorageError(f"every number must be finite; in the {field}, row {j + 1}, column {k + 1} is {copy[j, k]}")
    return copy
