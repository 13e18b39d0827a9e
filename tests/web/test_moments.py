"""Moments by address: what they hold, and what is refused."""

import json

import numpy as np
import pytest

from nnviz.board.message import VERSION
from nnviz.datasets.dataset import Dataset
from nnviz.errors import FieldError, NotHereError
from nnviz.lesson.cells import read_cell
from nnviz.lesson.explain import explain
from nnviz.number_text import shown
from nnviz.run.experiment import Experiment
from nnviz.run.link import query
from nnviz.run.starting_weights import NAME_DIGITS, PREFIX
from nnviz.run.trajectory import Trajectory
from nnviz.ui.session_data import SESSION_UPLOADS
from nnviz.web import moments
from tests.board.test_message import decode

LINK = {"hidden": "8", "step": "3", "phase": "2"}


def test_mini_batches_are_those_of_the_run() -> None:
    header, frames = decode(moments.frames(LINK | {"count": "2"}))
    assert [frame["step"] for frame in header["frames"]] == [3, 4]
    assert header["network"] is None
    for step, frame in zip((3, 4), frames, strict=True):
        trace = Trajectory.of(Experiment(hidden=(8,))).moment_at(step).trace
        np.testing.assert_array_equal(frame["a.3"], trace.activations[-1])
        np.testing.assert_array_equal(frame["delta.2"], trace.deltas[0])


def test_a_board_can_open_with_what_an_address_says() -> None:
    header, _ = decode(moments.frames(LINK | {"network": "1", "cell": "z.2.1.4", "layout": "all"}))
    assert header["network"]["sizes"] == [64, 8, 10]
    assert header["position"] == {"step": 3, "phase": 2, "example": 4}
    assert header["cell"] == "z.2.1.4"
    assert header["view"]["choices"]["layout"] == "all"
    assert header["experiment"] == query(Experiment(hidden=(8,))) == "hidden=8"


def test_the_end_of_the_run_is_the_end() -> None:
    header, _ = decode(moments.frames({"dataset": "xor", "hidden": "2", "batch": "4", "step": "0", "count": "8"}))
    last = header["frames"][-1]["step"]
    header, _ = decode(moments.frames({"hidden": "8", "step": "4498", "count": "8"}))
    assert [frame["step"] for frame in header["frames"]] == [4498, 4499]
    assert last == 7


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"eta": "-3"}, "eta"),
        ({"step": "4500"}, "step"),
        ({"count": "9"}, "count"),
        ({"count": "x"}, "count"),
        ({"cell": "w.9.9.9"}, "cell"),
        ({"hidden": "<script>"}, "hidden"),
        ({"version": str(VERSION + 1)}, "version"),
    ],
)
def test_a_bad_value_names_its_field(params: dict, field: str) -> None:
    with pytest.raises(FieldError) as refused:
        moments.frames(params)
    assert refused.value.field == field


@pytest.mark.parametrize("make", moments.ANSWERS.values())
def test_what_a_visitor_loaded_is_private(make: object) -> None:
    data = Dataset("own", "Own", np.eye(4), np.array([0, 1, 0, 1]), n_train=3, classes=("a", "b"))
    name = SESSION_UPLOADS.put("key", "session", data)
    try:
        with pytest.raises(NotHereError):
            make({"dataset": name, "cell": "a.1.0.0"})
    finally:
        SESSION_UPLOADS.sweep(lambda session: False)
    with pytest.raises(NotHereError):
        make({"init": PREFIX + NAME_DIGITS * "0", "cell": "a.1.0.0"})


def test_what_takes_too_long_is_not_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moments, "COMPUTING", 0.0)
    with pytest.raises(moments.TooMuchError):
        moments.frames({"hidden": "30,30", "step": "4000", "seed": "77"})


def test_an_explained_number_says_what_the_step_page_says() -> None:
    told = json.loads(moments.explain({"step": "3", "cell": "z.3.4.0"}))
    moment = Trajectory.of(Experiment()).moment_at(3)
    found = explain(moment, read_cell("z.3.4.0", (64, 30, 10), 10), 0)
    assert told["title"] == "z³, neuron 5 of layer 3, example 1"
    assert told["equation"]["katex"] == found.equation
    assert told["equation"]["mathml"].startswith("<math")
    assert len(told["terms"]) + told["rest"]["count"] == 31  # thirty products and the bias
    largest = max(found.terms, key=lambda term: abs(term.value))
    assert told["terms"][0]["symbols"].startswith("w³₅" if len(largest.factors) > 1 else "b³₅")
    assert [name["cell"] for name in told["goesInto"]] == ["a.3.4.0", "sp.3.4.0"]


def test_a_number_has_to_be_named_to_be_explained() -> None:
    with pytest.raises(FieldError) as refused:
        moments.explain({"step": "3"})
    assert refused.value.field == "cell"


def test_every_phase_has_its_lesson() -> None:
    told = json.loads(moments.lessons({"hidden": "8,8"}))
    assert len(told) == Experiment(hidden=(8, 8)).phases
    assert all(one["text"] and "return" in one["code"] for one in told)
    assert all(equation["mathml"].startswith("<math") for one in told for equation in one["equations"])


def test_an_answer_has_as_many_mini_batches_as_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    one = len(moments.frames(LINK | {"count": "1"}))
    estimate = moments.bytes_of(Trajectory.of(Experiment(hidden=(8,))).moment_at(3))
    assert one / 2 < estimate < 2 * one
    monkeypatch.setattr(moments, "BYTES", 5 * estimate // 2)
    header, _ = decode(moments.frames(LINK | {"count": "8"}))
    assert [frame["step"] for frame in header["frames"]] == [3, 4]
    monkeypatch.setattr(moments, "BYTES", 1)
    header, _ = decode(moments.frames(LINK | {"count": "8"}))
    assert [frame["step"] for frame in header["frames"]] == [3]


def test_an_activation_is_explained_by_the_number_that_goes_into_it() -> None:
    moment = Trajectory.of(Experiment(hidden=(8,))).moment_at(3)
    told = json.loads(moments.explain(LINK | {"cell": "a.3.1.0"}))
    [term] = told["terms"]
    z, a = moment.trace.zs[-1][1, 0], moment.trace.activations[-1][1, 0]
    assert term["numbers"] == f"σ({shown(float(z))})"
    assert term["symbols"].startswith("σ(z³₂")
    assert told["value"] == shown(float(a))
