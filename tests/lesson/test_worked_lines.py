"""Working by hand: the widely used 2-2-2 example gives its published figures, digit for digit."""

import re

import pytest

from nnviz.lesson.worked_lines import fits, work_out
from nnviz.lesson.worksheet import worksheet
from nnviz.run.experiment import Experiment
from nnviz.run.presets import BY_HAND
from nnviz.run.trajectory import Trajectory

PUBLISHED = {  # after one update, the biases left alone
    "w.3": [[0.35891648, 0.408666186], [0.511301270, 0.561370121]],
    "w.2": [[0.149780716, 0.19956143], [0.24975114, 0.29950229]],
}
DIGITS = {0.35891648: 8, 0.408666186: 9, 0.511301270: 9, 0.561370121: 9}
DIGITS |= {0.149780716: 9, 0.19956143: 8, 0.24975114: 8, 0.29950229: 8}


@pytest.fixture(scope="module")
def run() -> Trajectory:
    return Trajectory.of(BY_HAND[0].experiment)


def test_the_total_error_is_the_published_one(run: Trajectory) -> None:
    assert f"{run.moment_at(0).trace.cost[0]:.9f}" == "0.298371109"


def test_the_weights_after_one_update_are_the_published_ones(run: Trajectory) -> None:
    for layer, expected in ((3, PUBLISHED["w.3"]), (2, PUBLISHED["w.2"])):
        found = run.network_at(1).weights[layer - 2]
        for j in range(2):
            for k in range(2):
                digits = DIGITS[expected[j][k]]
                assert f"{found[j, k]:.{digits}f}" == f"{expected[j][k]:.{digits}f}"


def test_frozen_biases_stay_as_they_are(run: Trajectory) -> None:
    for before, after in zip(run.network_at(0).biases, run.network_at(5).biases, strict=True):
        assert (before == after).all()


@pytest.mark.parametrize("preset", BY_HAND, ids=lambda preset: preset.name)
def test_the_numbers_of_each_line_make_its_result(preset: object) -> None:
    """The right side of every line, evaluated with its printed digits, gives the value printed after it."""
    run = Trajectory.of(preset.experiment)
    sigmoid = "(lambda z: 1 / (1 + __import__('math').exp(-z)))"
    for step in (0, 1):
        for section in work_out(run.moment_at(step)):
            for line in section.lines:
                text = line.numeric.replace("−", "-").replace("·", "*").replace("sigmoid", sigmoid)
                assert eval(text) == pytest.approx(float(line.value), rel=2e-4, abs=1e-6), f"{section.title}: {text}"


@pytest.mark.parametrize("preset", BY_HAND, ids=lambda preset: preset.name)
def test_a_worksheet_hides_every_result_and_its_solution_shows_them(preset: object) -> None:
    run = Trajectory.of(preset.experiment)
    moment = run.moment_at(0)
    lines = [line for section in work_out(moment) for line in section.lines]
    blank = worksheet(moment, solution=False)
    solved = worksheet(moment, solution=True)
    assert blank.count('class="blank"') == len(lines)
    for line in lines:
        assert line.html() in solved
        assert line.html() not in blank
    body = blank.split("Feedforward", 1)[1]
    assert not re.search(r"\d\.\d", body), "a number of the solution stands on the blank sheet"


def test_only_small_networks_with_one_example_fit_on_paper() -> None:
    assert fits(BY_HAND[0].experiment)
    assert not fits(Experiment())
    assert not fits(Experiment(dataset="xor", hidden=(2,), batch=4))
    assert not fits(Experiment(dataset="xor", hidden=(5,), batch=1))
