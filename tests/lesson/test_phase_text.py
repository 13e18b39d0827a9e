"""What is said about a phase fits the network, and its code is the code that runs."""

import inspect

import pytest

from nnviz.lesson.phase_text import lesson, where
from nnviz.model import equations, update_rules
from nnviz.run.edits import read_edits
from nnviz.run.experiment import Experiment
from nnviz.run.moment import Moment
from nnviz.run.phases import phases
from nnviz.run.presets import PRESETS
from nnviz.run.trajectory import Trajectory


def first(experiment: Experiment) -> Moment:
    return Trajectory.of(experiment).moment_at(0)


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_every_phase_of_every_preset_has_a_lesson(preset: object) -> None:
    moment = Trajectory.of(preset.experiment).moment_at(0)
    for phase in range(preset.experiment.phases):
        text = lesson(moment, phase)
        assert text.text and text.equations and text.code.startswith("def ")


def test_a_position_in_words_counts_from_one() -> None:
    words = where(Experiment(), 2, 1)
    assert words == "Epoch 1 of 30 · mini-batch 3 of 150 · phase 2 of 7: feedforward, layer 2"
    assert where(Experiment(), 150, 0).startswith("Epoch 2 of 30 · mini-batch 1 of 150 · phase 1 of 7: input")


def test_the_shapes_are_those_of_this_network() -> None:
    equation = lesson(first(Experiment(hidden=(20,), batch=5)), 1).equations[0]
    for shape in (r"20 \times 5", r"20 \times 64", r"64 \times 5", r"20 \times 1"):
        assert shape in equation


def test_the_code_shown_is_the_source_of_the_function_that_ran() -> None:
    kinds = [phase.kind for phase in phases(3)]
    functions = {"feedforward": equations.feedforward, "output error": equations.output_error}
    functions |= {"backpropagate": equations.backpropagate, "gradients": equations.gradients}
    functions |= {"update": update_rules.gradient_descent}
    for number, kind in enumerate(kinds[1:], start=1):
        assert lesson(first(Experiment()), number).code == inspect.getsource(functions[kind]).rstrip()


def test_the_update_shows_l2_only_where_there_is_some() -> None:
    assert "lambda" not in " ".join(lesson(first(Experiment()), 6).equations)
    assert "lambda" in " ".join(lesson(first(Experiment(lmbda=1.0)), 6).equations)


def test_where_the_last_mini_batch_is_smaller_shapes_say_m() -> None:
    texts = [lesson(first(Experiment(batch=16)), phase) for phase in (0, 1)]
    assert texts[0].text.startswith("16 examples are taken")
    assert "(the last mini-batch of an epoch has 12)" in texts[0].text
    assert r"30 \times m" in texts[1].equations[0]


def test_where_all_examples_fit_into_one_mini_batch_it_has_as_many_as_there_are() -> None:
    text = lesson(first(Experiment(dataset="xor", hidden=(2,), batch=10)), 0).text
    assert text.startswith("4 examples are taken")
    assert "last mini-batch" not in text


def test_after_an_edit_the_update_says_the_rates_that_hold() -> None:
    run = Trajectory.of(Experiment(edits=read_edits("2:eta=0.5;3:lmbda=5")))
    before, eta, both = (" ".join(lesson(run.moment_at(step), 6).equations) for step in (1, 2, 3))
    assert r"\eta = 3" in before and r"\lambda" not in before
    assert r"\eta = 0.5" in eta and r"\lambda" not in eta
    assert r"\eta = 0.5" in both and r"\lambda = 5" in both and r"n = 1500" in both


def test_frozen_biases_do_not_move_in_the_lesson() -> None:
    text = lesson(first(Experiment(biases="frozen")), 6)
    assert text.text.startswith("Every weight is moved")
    assert r"b^{l} \to b^{l}" in text.equations
    assert r"\nabla b" not in " ".join(text.equations)


def test_a_neuron_with_another_activation_is_named_from_its_mini_batch_on() -> None:
    run = Trajectory.of(Experiment(edits=read_edits("4:act.2.3=relu")))
    assert "neuron 4: relu" not in lesson(run.moment_at(3), 1).text
    feedforward, backpropagate = lesson(run.moment_at(4), 1), lesson(run.moment_at(4), 4)
    assert "sigmoid (neuron 4: relu)" in feedforward.text
    assert any(r"neuron 4: } \sigma(z) = \max(0, z)" in equation for equation in feedforward.equations)
    assert any("neuron 4" in equation for equation in backpropagate.equations)
