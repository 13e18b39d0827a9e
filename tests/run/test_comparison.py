import pytest

from nnviz.errors import NnvizError
from nnviz.run.comparison import FEWEST, LETTERS, Comparison
from nnviz.run.comparison_presets import COMPARISONS
from nnviz.run.evaluation import evaluate
from nnviz.run.experiment import Experiment, Position
from nnviz.run.link import comparison_from_params as from_params
from nnviz.run.link import comparison_to_params as to_params
from nnviz.run.trajectory import Trajectory

A = Experiment(hidden=(8,))
TWO = Comparison((A, Experiment(hidden=(8,), eta=0.5)))


@pytest.mark.parametrize("ready", COMPARISONS, ids=lambda ready: ready.name)
def test_a_link_restores_every_ready_comparison_and_where_it_was(ready):
    position = Position(17, 3)
    assert from_params(to_params(ready.comparison, position)) == (ready.comparison, position, [])


@pytest.mark.parametrize("ready", COMPARISONS, ids=lambda ready: ready.name)
def test_every_ready_comparison_differs_in_one_field_and_says_what_to_look_at(ready):
    assert len(ready.comparison.differences) == 1
    assert len(ready.hint) > 150


def test_a_link_holds_only_what_the_others_have_different():
    assert to_params(TWO, Position()) == {"hidden": "8", "b.eta": "0.5"}
    same = Comparison((A, A, A))
    assert to_params(same, Position()) == {"hidden": "8", "runs": "3"}
    assert from_params({"hidden": "8", "runs": "3"})[0] == same


def test_a_value_that_is_the_default_is_in_the_link_where_the_first_run_has_another():
    comparison = Comparison((Experiment(eta=0.5), Experiment()))
    assert from_params(to_params(comparison, Position()))[0] == comparison


def test_differences_come_with_each_runs_value():
    comparison = Comparison((A, Experiment(hidden=(8,), eta=0.5), Experiment(hidden=(8,), seed=4)))
    assert comparison.differences == {"eta": ("3", "0.5", "3"), "seed": ("0", "0", "4")}


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"b.eta": "-1"}, "b.eta must be a number from 1e-06 to 100, got -1"),
        ({"b.eta": "nan"}, "b.eta must be"),
        ({"b.colour": "red"}, "b must be one of dataset"),
        ({"b.hidden": "9999999"}, "b.hidden must be"),
        ({"b.cost": "log-likelihood"}, "run b: cost log-likelihood does not go with output sigmoid"),
        ({"runs": "5"}, "runs must be a whole number from 2 to 4, got 5"),
        ({"runs": "x" * 500}, "runs must be"),
        ({"b.edits": "4499:w.2.0.0=1;99999:eta=1"}, "run b: edits must be at a mini-batch"),
        ({"eta": "0", "b.seed": "1"}, "eta must be"),
        ({"b.dataset": "nothing"}, "b.dataset must be"),
    ],
)
def test_a_bad_value_in_a_link_gives_a_message_and_is_left_out(params, message):
    comparison, _, errors = from_params(params)
    assert [str(error)[: len(message)] for error in errors] == [message]
    assert comparison.runs[0] == Experiment()
    assert FEWEST <= len(comparison.runs) <= len(LETTERS)


@pytest.mark.parametrize("key", ["e.eta", "b.", "b", ".", "bb.eta", "z.runs", "B.eta"])
def test_keys_that_mean_nothing_do_no_harm(key):
    comparison, _, _ = from_params({key: "1"})
    assert comparison.runs == (Experiment(), Experiment())


def test_another_first_run_takes_the_differences_of_the_others_along():
    changed = TWO.with_first(Experiment(hidden=(9,), seed=3))
    assert changed.runs[1] == Experiment(hidden=(9,), seed=3, eta=0.5)


def test_what_no_longer_goes_with_the_first_run_is_dropped():
    softmax = Comparison((A, Experiment(hidden=(8,), cost="cross-entropy")))
    first = Experiment(hidden=(8,), output="tanh")
    assert softmax.with_first(first).runs == (first, first)


def test_a_new_output_brings_a_cost_that_goes_with_it():
    changed = TWO.with_value(1, "output", "softmax")
    assert changed.runs[1].cost == "log-likelihood"
    with pytest.raises(NnvizError, match="does not go with"):
        TWO.with_value(1, "cost", "log-likelihood")


@pytest.mark.parametrize("n", [0, 1, 5])
def test_there_are_two_to_four_runs(n):
    with pytest.raises(NnvizError, match="runs must be from 2 to 4"):
        Comparison((A,) * n)


def test_the_runs_go_as_far_as_the_shortest():
    comparison = Comparison((A, Experiment(hidden=(8,), batch=100)))
    assert comparison.steps == 450
    assert comparison.within(Position(2000, 3)) == Position(449, 3)


def test_the_same_seed_gives_the_same_start_and_mini_batches():
    for comparison in (ready.comparison for ready in COMPARISONS):
        a, b = map(Trajectory.of, comparison.runs)
        assert (a.rows(200) == b.rows(200)).all()
        if "init" not in comparison.differences:
            for one, other in zip(a.network_at(0).weights, b.network_at(0).weights, strict=True):
                assert (one == other).all()


class TestWhatTheParagraphsSay:
    """Each claim of a ready comparison, held against the runs."""

    def runs(self, start):
        ready = next(ready for ready in COMPARISONS if ready.name.startswith(start))
        return [Trajectory.of(run) for run in ready.comparison.runs]

    def test_cross_entropy_has_the_larger_errors_and_leaps_ahead(self):
        a, b = self.runs("Quadratic")
        assert abs(b.trace_at(0).deltas[-1]).mean() > 5 * abs(a.trace_at(0).deltas[-1]).mean()
        accuracies = [evaluate(run.network_at(150), run.setup.data, 150, 0.0).held_out_accuracy for run in (a, b)]
        assert accuracies[1] > accuracies[0] + 0.3

    def test_zero_weights_stay_alike_but_for_rounding(self):
        a, b = self.runs("Zero")
        for run, alike in ((a, True), (b, False)):
            w = run.network_at(300).weights[0]
            assert bool(abs(w - w[0]).max() < 1e-9 * abs(w).max()) is alike
        assert not a.trace_at(0).nabla_w[0].any()
        assert a.trace_at(5).nabla_w[0].any()

    def test_gradients_vanish_with_sigmoid_and_not_with_relu(self):
        sizes = [[float((w**2).sum() ** 0.5) for w in run.trace_at(0).nabla_w] for run in self.runs("Sigmoid")]
        assert all(later > 2 * earlier for earlier, later in zip(sizes[0][:-1], sizes[0][1:], strict=True))
        assert max(sizes[1]) < 3 * min(sizes[1])

    def test_a_sum_is_a_mean_with_m_times_the_learning_rate(self):
        a, b = self.runs("The mean")
        first, summed = a.moment_at(0), b.moment_at(0)
        m = first.trace.m
        assert b.experiment.eta == m * a.experiment.eta
        for i, nabla in enumerate(first.trace.nabla_w):
            by_hand = -a.experiment.eta * sum(first.trace.gradients_of(x)[1][i] for x in range(m))
            assert abs(summed.change_w[i] - by_hand).max() < 1e-12
            assert (nabla == summed.trace.nabla_w[i]).all()

    def test_l2_makes_the_weights_smaller(self):
        a, b = self.runs("L2")
        assert (b.network_at(1500).weights[0] ** 2).sum() < 0.8 * (a.network_at(1500).weights[0] ** 2).sum()

    def test_large_weights_saturate_and_carry_more_error_back(self):
        a, b = (run.trace_at(0) for run in self.runs("Large"))
        assert a.primes[0].mean() < b.primes[0].mean()
        assert (a.nabla_w[0] ** 2).sum() > (b.nabla_w[0] ** 2).sum()
