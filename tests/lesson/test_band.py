"""The band's equation names the panels that its phase computes and uses, and says what holds at the mini-batch."""

import re

import pytest

from nnviz.lesson.band import MEASURES, Band, bands
from nnviz.lesson.quantity import phases_with_panels
from nnviz.run.edits import read_edits
from nnviz.run.experiment import Experiment
from nnviz.run.moment import Moment
from nnviz.run.presets import PRESETS
from nnviz.run.trajectory import Trajectory


def at(experiment: Experiment, step: int = 0) -> tuple[Moment, tuple[Band, ...]]:
    moment = Trajectory.of(experiment).moment_at(step)
    return moment, bands(moment.network, moment.rates, moment.setup.data.picture is not None)


def equation(band: Band) -> str:
    return "".join(part.text for part in band.equation)


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_every_symbol_is_a_panel_of_its_phase(preset: object) -> None:
    depth = len(preset.experiment.sizes)
    _, found = at(preset.experiment)
    for band, (phase, computes, uses) in zip(found, phases_with_panels(depth), strict=True):
        panels = {f"{name}.{layer}" for name, layer in (*computes, *uses)}
        computed = {f"{name}.{layer}" for name, layer in computes}
        named = {panel for part in (*band.equation, *band.mean_equation) for panel in part.panels}
        assert named <= panels, phase.title
        assert set(band.equation[0].panels) <= computed, phase.title
        assert band.text.endswith(".") and len(band.text) < 200
        assert all(observation.measure in MEASURES for observation in band.observations)


def test_the_equations_of_the_book() -> None:
    _, found = at(Experiment())
    assert [equation(band) for band in found] == [
        "a¹ = x",
        "z² = w² a¹ + b²\u2003a² = σ(z²)",
        "z³ = w³ a² + b³\u2003a³ = σ(z³)",
        "δ³ = (a³ − y) ⊙ σ′(z³)",
        "δ² = ( (w³)ᵀ δ³ ) ⊙ σ′(z²)",
        "∇wˡ = δˡ (aˡ⁻¹)ᵀ\u2003∇bˡ = δˡ",
        "Δwˡ = −η (1/m) Σₓ ∇wˡ\u2003Δbˡ = −η (1/m) Σₓ ∇bˡ",
    ]
    assert equation(at(Experiment(cost="cross-entropy"))[1][3]) == "δ³ = a³ − y"
    softmax = Experiment(output="softmax", cost="log-likelihood")
    assert equation(at(softmax)[1][3]) == "δ³ = a³ Σy − y"


def test_what_an_edit_changes_is_said_from_its_mini_batch_on() -> None:
    experiment = Experiment(edits=read_edits("2:eta=0.5;2:lmbda=3;2:act.2.4=relu"))
    _, before = at(experiment, 1)
    _, after = at(experiment, 2)
    assert "η = 3" in before[6].text and "λ" not in equation(before[6]) and "relu" not in before[1].text
    assert "η = 0.5" in after[6].text and "λ = 3" in after[6].text and "(ηλ/n) wˡ" in equation(after[6])
    assert "neuron 5 is relu" in after[1].text


def test_means_are_said_to_be_means() -> None:
    _, found = at(Experiment())
    for band in found[:5]:
        assert band.mean_text == f"{band.text} Shown are means; the equation holds for each example."
    assert "".join(part.text for part in found[5].mean_equation).startswith("∇wˡ = (1/m) Σₓ δˡ (aˡ⁻¹)ᵀ")


def test_one_of_something_is_not_called_many() -> None:
    _, found = at(Experiment(dataset="typed:0.5>0.7", hidden=(1,), batch=1))
    for band in found:
        assert not re.search(r"\b1 (numbers|inputs|neurons|pixels)\b", band.text), band.text


def test_frozen_biases_do_not_move() -> None:
    _, found = at(Experiment(biases="frozen"))
    assert "Δb" not in equation(found[6])
    assert "The biases are frozen." in found[6].text
