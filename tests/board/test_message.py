"""A message to the board holds the trace's own numbers."""

import json

import numpy as np
import pytest

from nnviz.board.message import ALIGNMENT, MAGIC, UNKNOWN, VERSION, Message, Place, encode, labels_of, network_info
from nnviz.lesson.quantity import QUANTITIES
from nnviz.run.edits import read_edits
from nnviz.run.experiment import Experiment
from nnviz.run.moment import AddedExample, Moment
from nnviz.run.trajectory import Trajectory

TYPES = {"f4": np.float32, "f8": np.float64, "u1": np.uint8}
EMPTY = Message("x", 1, 0, Place(0, 0, None), None, False, False, False)


def decode(message: bytes) -> tuple[dict, list[dict]]:
    """The header and, for each mini-batch, its arrays by panel."""
    assert message[:4] == MAGIC and int.from_bytes(message[4:8], "little") == VERSION
    length = int.from_bytes(message[8:12], "little")
    header = json.loads(message[12 : 12 + length])
    start = 12 + length + -(12 + length) % ALIGNMENT
    frames = []
    for frame in header["frames"]:
        arrays = {}
        for panel, shape, kind, offset in frame["arrays"]:
            flat = np.frombuffer(message, TYPES[kind], int(np.prod(shape)), start + offset)
            arrays[panel] = flat.reshape(shape)
        frames.append(arrays)
    return header, frames


def sent(experiment: Experiment, step: int) -> tuple[Moment, dict, dict]:
    """A moment, its entry in the header, and its arrays."""
    moment = Trajectory.of(experiment).moment_at(step)
    header, frames = decode(encode(EMPTY, [moment]))
    return moment, header["frames"][0], frames[0]


@pytest.mark.parametrize(
    "experiment",
    [Experiment(hidden=(30, 20)), Experiment(dataset="xor", hidden=(2,), batch=4)],
    ids=lambda e: e.dataset,
)
def test_every_number_of_a_frame_is_the_traces(experiment: Experiment) -> None:
    for step in (0, 3):
        moment, _, arrays = sent(experiment, step)
        for quantity in QUANTITIES.values():
            for layer in quantity.layers(len(experiment.sizes)):
                expected, panel = quantity.get(moment, layer), f"{quantity.name}.{layer}"
                if layer == 1:
                    np.testing.assert_array_equal(arrays[panel] / experiment.data.scale, expected)
                elif panel not in arrays:
                    assert quantity.derivation is not None
                elif quantity.precision == "float64":
                    np.testing.assert_array_equal(arrays[panel], expected)
                else:
                    half_a_quantum = np.spacing(np.abs(expected).astype(np.float32)) / 2
                    assert (np.abs(arrays[panel] - expected) <= half_a_quantum).all()


def test_the_header_says_what_is_in_the_mini_batch() -> None:
    experiment = Experiment(eta=2.0, lmbda=3.0)
    moment, entry, _ = sent(experiment, 5)
    assert (entry["step"], entry["m"]) == (5, 10)
    assert entry["rates"]["dw.2"] == [-2.0, -2.0 * 3.0 / 1500]
    assert entry["rates"]["db.3"] == [-2.0, 0.0]
    assert entry["labels"] == experiment.data.labels[moment.rows].tolist()
    assert entry["predictions"] == moment.trace.activations[-1].argmax(axis=0).tolist()


def test_after_an_edit_the_mini_batch_brings_the_rates_and_activations_that_hold() -> None:
    experiment = Experiment(edits=read_edits("2:eta=0.5;3:act.2.4=relu"))
    _, before, _ = sent(experiment, 1)
    _, entry, _ = sent(experiment, 3)
    assert (before["rates"]["dw.2"][0], entry["rates"]["dw.2"][0]) == (-3.0, -0.5)
    assert before["layers"] is None
    layer = entry["layers"][1]
    assert layer["title"] == "sigmoid (neuron 5: relu)"
    assert layer["kinked"] == [4]
    assert layer["ranges"]["a"] == [0.0, None]
    assert layer["ranges"]["sp"] == [0.0, 1.0]


def test_a_run_that_diverged_can_still_be_sent() -> None:
    _, _, arrays = sent(Experiment(hidden=(30,), activation="linear", output="linear", eta=100.0), 200)
    assert not np.isfinite(arrays["w.2"]).any()


def test_a_mini_batch_takes_less_than_two_bytes_for_each_number_that_changed() -> None:
    moment = Trajectory.of(Experiment(hidden=(30,))).moment_at(1)
    trace = moment.trace
    parameters = sum(array.size for array in (*moment.network.weights, *moment.network.biases))
    columns = trace.x.size + sum(4 * z.size for z in trace.zs)
    assert len(encode(EMPTY, [moment])) <= 2 * (3 * parameters + columns) + 8192


def test_the_network_is_described_in_the_books_terms() -> None:
    experiment = Experiment(hidden=(30, 20))
    info = network_info(Trajectory.of(experiment).setup)
    assert info.sizes == (64, 30, 20, 10)
    assert len(info.phases) == 9
    computes = [phase.computes for phase in info.phases]
    assert [next(i for i, panels in enumerate(computes) if f"delta.{layer}" in panels) for layer in (2, 3, 4)] == [
        6,
        5,
        4,
    ]
    assert info.phases[0].computes == ("a.1",)
    assert info.phases[6].uses == ("z.2", "w.3", "delta.3")


def test_a_drawing_has_no_class_before_somebody_has_said_it() -> None:
    run = Trajectory.of(Experiment())
    for is_meant, label in ((False, UNKNOWN), (True, 3)):
        moment = run.moment_with(0, AddedExample((0.5,) * 64, 3, is_meant))
        assert labels_of(moment) == (*run.moment_at(0).labels.tolist(), label)
