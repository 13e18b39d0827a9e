"""A message to the board holds the trace's own numbers."""

import json

import numpy as np
import pytest

from nnviz.board.message import ALIGNMENT, encode, network_header
from nnviz.run.experiment import Experiment
from nnviz.run.trajectory import Trajectory

TYPES = {"f4": np.float32, "f8": np.float64, "u1": np.uint8}


def decode(message: bytes) -> tuple[dict, list[dict]]:
    """The header and, for each mini-batch, its arrays by name and layer."""
    length = int.from_bytes(message[:4], "little")
    header = json.loads(message[4 : 4 + length])
    start = 4 + length + -(4 + length) % ALIGNMENT
    frames = []
    for frame in header["frames"]:
        arrays = {}
        for entry in frame["arrays"]:
            name, layer, shape, kind, offset = entry
            flat = np.frombuffer(message, TYPES[kind], int(np.prod(shape)), start + offset)
            arrays[name, layer] = flat.reshape(shape)
        frames.append(arrays)
    return header, frames


@pytest.mark.parametrize(
    "experiment",
    [Experiment(hidden=(30, 20)), Experiment(dataset="xor", hidden=(2,), batch=4)],
    ids=lambda e: e.dataset,
)
def test_every_number_of_a_frame_is_the_traces(experiment: Experiment) -> None:
    run = Trajectory(experiment)
    moments = [run.moment_at(step) for step in (0, 3)]
    _, frames = decode(encode({"run": "x"}, moments, experiment.data))
    for moment, arrays in zip(moments, frames, strict=True):
        trace = moment.trace
        np.testing.assert_array_equal(arrays["x", 1] / experiment.data.scale, trace.x)
        np.testing.assert_array_equal(arrays["cost", 0], trace.cost)
        for i, layer in enumerate(range(2, len(experiment.sizes) + 1)):
            single = {"w": trace.weights[i], "b": trace.biases[i], "z": trace.zs[i], "sp": trace.primes[i]}
            for name, expected in single.items():
                half_a_quantum = np.spacing(np.abs(expected).astype(np.float32)) / 2
                assert (np.abs(arrays[name, layer] - expected) <= half_a_quantum).all()
            np.testing.assert_array_equal(arrays["a", layer], trace.activations[i + 1])
            np.testing.assert_array_equal(arrays["delta", layer], trace.deltas[i])


def test_the_header_says_what_is_in_the_mini_batch() -> None:
    experiment = Experiment(eta=2.0, lmbda=3.0)
    moment = Trajectory(experiment).moment_at(5)
    header, _ = decode(encode({"run": "x"}, [moment], experiment.data))
    frame = header["frames"][0]
    assert (frame["step"], frame["m"], frame["eta"]) == (5, 10, 2.0)
    assert frame["decay"] == 2.0 * 3.0 / 1500
    assert frame["labels"] == experiment.data.labels[moment.rows].tolist()
    assert frame["predictions"] == moment.trace.activations[-1].argmax(axis=0).tolist()


def test_a_run_that_diverged_can_still_be_sent() -> None:
    experiment = Experiment(hidden=(30,), activation="linear", output="linear", eta=100.0)
    run = Trajectory(experiment)
    _, frames = decode(encode({}, [run.moment_at(200)], experiment.data))
    assert run.divergence is not None
    assert not np.isfinite(frames[0]["w", 2]).any()


def test_a_mini_batch_takes_less_than_two_bytes_for_each_number_that_changed() -> None:
    experiment = Experiment(hidden=(30,))
    moment = Trajectory(experiment).moment_at(1)
    trace = moment.trace
    parameters = sum(array.size for array in (*trace.weights, *trace.biases))
    columns = trace.x.size + sum(4 * z.size for z in trace.zs)
    message = encode({"run": "x", "position": {}}, [moment], experiment.data)
    assert len(message) <= 2 * (3 * parameters + columns) + 8192


def test_the_network_is_described_in_the_books_terms() -> None:
    header = network_header(Experiment(hidden=(30, 20)))
    assert header["sizes"] == [64, 30, 20, 10]
    assert len(header["phases"]) == 9
    delta = next(q for q in header["quantities"] if q["name"] == "delta")
    assert delta["phases"] == {"2": 6, "3": 5, "4": 4}
