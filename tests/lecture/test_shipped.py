"""The lectures that ship: each beat's place exists, each number in a text is one of the board or computed here."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest

from nnviz.errors import FieldError
from nnviz.lecture.lecture import Beat, Lecture
from nnviz.lecture.places import places
from nnviz.lecture.shelf import shipped
from nnviz.lecture.text import paragraphs
from nnviz.lesson.cells import read_cell, values
from nnviz.lesson.place import Place
from nnviz.number_text import MINUS
from nnviz.run.experiment import Experiment
from nnviz.run.moment import Moment
from nnviz.run.trajectory import Trajectory
from nnviz.web.file import lecture_file
from nnviz.web.lectures import drawn

LECTURES = shipped()
NUMBER = re.compile(rf"(?<![\w.²³]){MINUS}?\d+(?:,\d{{3}})*(?:\.\d+)?(?: %)?")
NAMES = {str(n) for n in range(11)}  # of outputs and layers, and what is said in passing
DEEP = Experiment(hidden=(30, 30, 30, 30), cost="cross-entropy", init="he", eta=0.1)


def training_share(experiment: Experiment, step: int) -> str:
    """How many of the training digits a run gets right before a mini-batch."""
    run = Trajectory.of(experiment)
    data = run.setup.data
    answers = run.network_at(step).feedforward(data.x(data.training)).argmax(axis=0)
    return f"{100 * (answers == data.labels[data.training]).mean():.0f} %"


def steep(experiment: Experiment) -> str:
    """How many hidden neurons have a slope above 0.1 for the first example of the run."""
    return str(int((first(experiment).trace.primes[0][:, 0] > 0.1).sum()))


def sizes(experiment: Experiment) -> list[float]:
    """How large the gradient of each layer's weights is at the start of a run."""
    return [float(np.linalg.norm(nabla_w)) for nabla_w in first(experiment).trace.nabla_w]


def first(experiment: Experiment) -> Moment:
    return Trajectory.of(experiment).moment_at(0)


# What no board shows, by lecture and as it stands in the text.
FACTS: dict[str, dict[str, Callable[[], str]]] = {
    "one-mini-batch": {"1,500": lambda: f"{len(Experiment().data.training):,}"},
    "how-backpropagation-works": {
        "2,260": lambda: f"{64 * 30 + 30 + 30 * 10 + 10:,}",
        "1,500": lambda: f"{len(Experiment().data.training):,}",
        "4,499": lambda: f"{Experiment().steps - 1:,}",
        "21": lambda: str(1 + int(np.abs(first(Experiment()).trace.deltas[0][:, 0]).argmax())),
        "0.00": lambda: "0.00",  # of a neuron that is only thought of
    },
    "why-learning-slows-down": {
        "0.25": lambda: str(0.5 * (1 - 0.5)),
        "0.1": lambda: "0.1",  # the bound of the next one
        "29": lambda: steep(Experiment(cost="cross-entropy", eta=0.1, init="scaled")),
        "10 %": lambda: training_share(DEEP, 1500),
        "94 %": lambda: training_share(replace(DEEP, hidden=(30,)), 1500),
        "116": lambda: f"{sizes(DEEP)[-1] / sizes(DEEP)[0]:.0f}",
        "99 %": lambda: training_share(replace(DEEP, activation="relu"), 1500),
    },
}


def beats() -> Iterator[tuple[str, int, Beat, Place]]:
    for name, lecture in LECTURES.items():
        for number, (beat, at) in enumerate(zip(lecture.beats, places(lecture), strict=True), 1):
            yield name, number, beat, at


def known(at: Place) -> set[str]:
    """Numbers that the place itself has."""
    run = at.leader
    whole = [*run.sizes, run.batch, run.steps, run.batches_per_epoch, run.data.epochs, at.position.step]
    return {f"{n:,}" for n in whole} | {f"{run.eta:g}"}


@pytest.mark.parametrize(("name", "number", "beat", "at"), [pytest.param(*b, id=f"{b[0]}-{b[1]}") for b in beats()])
def test_each_number_in_a_beat_is_true(name: str, number: int, beat: Beat, at: Place) -> None:
    for paragraph in paragraphs(beat.text):
        for piece in paragraph["pieces"]:
            if piece["kind"] == "math":
                continue
            for text in NUMBER.findall(piece["text"]):
                if piece.get("panel", "").count(".") > 1:
                    assert shown(at, piece["panel"], text) == text
                elif text in FACTS[name]:
                    assert FACTS[name][text]() == text
                else:
                    assert text in NAMES | known(at), f"{text} in beat {number} is not checked"


def shown(at: Place, panel: str, like: str) -> str:
    """A number of the board, to as many places as `like` has."""
    run = at.leader
    cell = read_cell(panel, run.sizes, run.batch + 1)
    moment = Trajectory.of(run).moment_at(at.position.step)
    found = values(moment, cell.name, cell.layer, at.look.example)
    value = float(found[cell.j, cell.k if found.shape[1] > 1 else 0] if found.ndim > 1 else found[cell.j])
    return f"{value:.{len(like.partition('.')[2])}f}".replace("-", MINUS)


def test_the_first_picture_is_a_five_and_the_network_says_eight() -> None:
    moment = first(Experiment())
    assert (moment.labels[0], moment.predictions[0]) == (5, 8)
    assert moment.trace.y[[2, 8], 0].tolist() == [0, 0]  # so that they are off by all that they put out


def test_the_answers_marked_right_are_right() -> None:
    """Of the questions whose answers are in the files: measured here."""
    errors = first(Experiment()).trace.deltas[-1][:, 0]
    assert abs(errors[2]) > abs(errors[8])  # output 2 has the larger error
    vanishing = [np.abs(delta[:, 0]).max() for delta in first(DEEP).trace.deltas]
    assert vanishing == sorted(vanishing)  # from the first layer to the last they grow
    relu = sizes(replace(DEEP, activation="relu"))
    assert max(relu) < 2 * min(relu)
    slopes = [
        first(Experiment(cost="cross-entropy", eta=0.1, init=init)).trace.primes[0] for init in ("large", "scaled")
    ]
    assert (slopes[0] < 0.05).mean() > 4 * (slopes[1] < 0.05).mean()


@pytest.mark.parametrize("name", LECTURES)
def test_a_handout_is_small_and_without_notes(name: str) -> None:
    lecture = LECTURES[name]
    made = lecture_file(lecture, "http://localhost/")
    assert len(made) < 3_000_000
    for beat in lecture.beats:
        assert not beat.notes or beat.notes.encode() not in made


@pytest.mark.parametrize("name", LECTURES)
def test_a_lecture_asks_and_has_titles_and_words(name: str) -> None:
    lecture: Lecture = LECTURES[name]
    assert sum(beat.question is not None for beat in lecture.beats) >= 3
    assert all(beat.title and beat.text for beat in lecture.beats)


def test_a_handout_of_too_many_large_runs_is_refused_before_it_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nnviz.web.limits.HANDOUT_BYTES", 1)
    with pytest.raises(FieldError, match="small enough to be one file"):
        lecture_file(LECTURES["why-learning-slows-down"], "http://localhost/")


@pytest.mark.parametrize("formula", [r"\frac{", "x_", r"\left(", "{" * 250, "a" * 400])
def test_a_formula_that_is_none_stays_as_it_was_written(formula: str) -> None:
    [paragraph] = drawn(f"So ${formula}$.")
    assert not any(piece["kind"] == "math" for piece in paragraph["pieces"])
    assert formula in "".join(piece["text"] for piece in paragraph["pieces"])
