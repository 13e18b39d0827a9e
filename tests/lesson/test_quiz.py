"""Predict first: what a phase asks. What the board makes of it is tested in tests/js/predict.test.js."""

import re
from itertools import chain

import pytest

from nnviz.lesson.quantity import phases_with_panels
from nnviz.lesson.quiz import MEASURES, QUESTIONS, question
from nnviz.run.phases import GRADIENTS, INPUT, KINDS

WORDS = {"neuron", "layer", "name", "cell", "value", "other", "about", "after", "ratio"}


@pytest.mark.parametrize("sizes", [(64, 30, 10), (2, 2, 1), (64, 10), (3, 4, 4, 4, 2)])
def test_a_phase_asks_about_what_it_computes_from_what_is_seen_before_or_with_it(sizes: tuple[int, ...]) -> None:
    seen = {"a.1"}
    for phase, computes, _ in phases_with_panels(len(sizes)):
        computed = {f"{name}.{layer}" for name, layer in computes}
        asked = question(phase, sizes)
        if asked is not None:
            assert asked.measure in MEASURES
            assert set(asked.panels) <= computed
            weights = {f"w.{layer}" for layer in range(2, len(sizes) + 1)}
            assert set(asked.beside + asked.about) <= seen | computed | weights
            assert {len(asked.beside), len(asked.about)} <= {0, len(asked.panels)}
            assert len(asked.why) in (1, len(asked.answers))
            assert set(chain(*(re.findall(r"{(\w+)}", text) for text in (asked.text, *asked.why)))) <= WORDS
        seen |= computed


def test_every_kind_of_phase_has_its_question_and_the_input_has_none() -> None:
    assert set(QUESTIONS) == set(KINDS)
    asks = {phase.kind: question(phase, (64, 30, 10)) for phase, _, _ in phases_with_panels(3)}
    assert [kind for kind, asked in asks.items() if asked is None] == [INPUT]


def test_the_text_of_a_question_names_no_number_that_the_phase_hides() -> None:
    for phase, computes, _ in phases_with_panels(3):
        asked = question(phase, (64, 30, 10))
        if asked is None or "{other}" not in asked.text:
            continue
        hidden = {f"{name}.{layer}" for name, layer in computes}
        assert not hidden & set(asked.beside)


def test_one_layer_of_weights_is_compared_with_no_other() -> None:
    (gradients,) = (phase for phase, _, _ in phases_with_panels(2) if phase.kind == GRADIENTS)
    assert question(gradients, (64, 10)) is None
