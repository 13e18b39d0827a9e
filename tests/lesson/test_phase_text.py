"""What is said about a phase fits the network, and its code is the code that runs."""

import inspect

import pytest

from nnviz.lesson.phase_text import lesson, where
from nnviz.model import network
from nnviz.run.experiment import Experiment
from nnviz.run.phases import phases
from nnviz.run.presets import PRESETS


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_every_phase_of_every_preset_has_a_lesson(preset: object) -> None:
    for phase in range(preset.experiment.phases):
        said = lesson(preset.experiment, phase)
        assert said.text and said.equations and said.code.startswith("def ")


def test_a_position_in_words_counts_from_one() -> None:
    words = where(Experiment(), 2, 1)
    assert words == "Epoch 1 of 30 · mini-batch 3 of 150 · phase 2 of 7: feedforward, layer 2"
    assert where(Experiment(), 150, 0).startswith("Epoch 2 of 30 · mini-batch 1 of 150 · phase 1 of 7: input")


def test_the_shapes_are_those_of_this_network() -> None:
    equation = lesson(Experiment(hidden=(20,), batch=5), 1).equations[0]
    for shape in (r"20 \times 5", r"20 \times 64", r"64 \times 5", r"20 \times 1"):
        assert shape in equation


def test_the_code_shown_is_the_source_of_the_function_that_ran() -> None:
    kinds = [phase.kind for phase in phases(3)]
    functions = {"feedforward": network.feedforward, "output error": network.output_error}
    functions |= {"backpropagate": network.backpropagate, "gradients": network.gradients, "update": network.change}
    for number, kind in enumerate(kinds[1:], start=1):
        assert lesson(Experiment(), number).code == inspect.getsource(functions[kind]).rstrip()


def test_the_update_shows_l2_only_where_there_is_some() -> None:
    assert "lambda" not in " ".join(lesson(Experiment(), 6).equations)
    assert "lambda" in " ".join(lesson(Experiment(lmbda=1.0), 6).equations)


def test_where_the_last_mini_batch_is_smaller_shapes_say_m() -> None:
    said = [lesson(Experiment(batch=16), phase) for phase in (0, 1)]
    assert "16 (the last one of an epoch: 12) examples" in said[0].text
    assert r"30 \times m" in said[1].equations[0]
