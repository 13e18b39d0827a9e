import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnviz import datasets
from nnviz.datasets import generated
from nnviz.datasets.generated import KINDS, Recipe, generate, recipe
from nnviz.errors import FieldError
from nnviz.run.evaluation import evaluate
from nnviz.run.experiment import Experiment, Position
from nnviz.run.link import from_params, to_params
from nnviz.run.trajectory import Trajectory

RECIPES = st.builds(
    Recipe,
    kind=st.sampled_from(list(KINDS)),
    classes=st.sampled_from(generated.CLASSES),
    n=st.integers(*generated.SIZES),
    noise=st.integers(0, 100).map(lambda percent: percent / 100),
    seed=st.integers(*generated.SEEDS),
)
FUZZ = settings(max_examples=100, derandomize=True, deadline=None)


@pytest.mark.parametrize("classes", generated.CLASSES)
@pytest.mark.parametrize("kind", KINDS)
class TestEverySet:
    def test_it_is_the_same_every_time(self, kind, classes):
        one, other = generate(Recipe(kind, classes)), generate(Recipe(kind, classes))
        assert np.array_equal(one.inputs, other.inputs)
        assert np.array_equal(one.labels, other.labels)

    def test_another_seed_gives_other_points(self, kind, classes):
        assert not np.array_equal(
            generate(Recipe(kind, classes)).inputs, generate(Recipe(kind, classes, seed=1)).inputs
        )

    def test_classes_are_as_large_as_each_other(self, kind, classes):
        counts = np.bincount(generate(Recipe(kind, classes, n=300)).labels)
        assert counts.tolist() == [300 // classes] * classes

    def test_three_quarters_are_for_training(self, kind, classes):
        data = generate(Recipe(kind, classes, n=400))
        assert (data.n_train, len(data.held_out)) == (300, 100)

    def test_noise_moves_points_by_about_its_size(self, kind, classes):
        rng_free = generate(Recipe(kind, classes, n=2000, noise=0.0)).inputs
        noisy = generate(Recipe(kind, classes, n=2000, noise=0.2)).inputs
        assert (noisy - rng_free).std() == pytest.approx(0.2, rel=0.05)

    def test_points_without_noise_lie_around_the_middle(self, kind, classes):
        if kind == "gaussians":
            pytest.skip("a Gaussian has no edge")
        assert np.abs(generate(Recipe(kind, classes, n=2000, noise=0.0)).inputs).max() <= 1.0

    def test_a_nearest_neighbour_tells_the_classes_apart(self, kind, classes):
        """The task can be solved: without noise, a held-out point's nearest training point has its class."""
        data = generate(Recipe(kind, classes, n=1000, noise=0.0))
        train, held = data.inputs[: data.n_train], data.inputs[data.n_train :]
        nearest = ((held[:, np.newaxis] - train) ** 2).sum(axis=2).argmin(axis=1)
        right = data.labels[: data.n_train][nearest] == data.labels[data.n_train :]
        assert right.mean() > 0.95


class TestNames:
    def test_defaults_stay_out_of_the_name(self):
        assert Recipe("moons").name == "moons"
        assert Recipe("xor-cloud", 3, 400, 0.25, 7).name == "xor-cloud-c3-n400-noise0.25-s7"

    @FUZZ
    @given(RECIPES)
    def test_a_name_means_the_recipe_that_has_it(self, made):
        assert recipe(made.name) == made

    @pytest.mark.parametrize(
        "name", ["moon", "moons-", "moons-c4", "moons-n29", "moons-n2001", "moons-noise1.01", "moons-noise0.123",
                 "moons-s10000", "moons-n300-c3", "moons-noisenan", "moons-n３００", "moons\n", "", "-c3"],
    )  # fmt: skip
    def test_other_names_mean_nothing(self, name):
        assert recipe(name) is None

    @pytest.mark.parametrize(
        "value", [{"classes": 4}, {"n": 10}, {"n": 1e9}, {"noise": 2.0}, {"seed": -1}, {"kind": "x"}]
    )
    def test_a_value_outside_its_limits_is_named(self, value):
        (field,) = value
        with pytest.raises(FieldError, match="points" if field == "n" else field):
            Recipe(**({"kind": "moons"} | value))


class TestInAnExperiment:
    def test_a_link_brings_the_set_back(self):
        experiment = Experiment(dataset="spiral-c3-noise0.2-s7", hidden=(8,))
        link = to_params(experiment, Position())
        assert from_params(link) == (experiment, Position(), [])

    def test_a_longer_spelling_in_a_link_is_the_same_experiment(self):
        found, _, errors = from_params({"dataset": "moons-c2-n200-noise0.10-s0"})
        assert (found, errors) == (Experiment(dataset="moons"), [])

    def test_a_longer_spelling_is_no_experiment_of_its_own(self):
        with pytest.raises(FieldError, match="dataset must be one of"):
            Experiment(dataset="moons-c2")

    def test_a_wrong_name_in_a_link_gives_a_message_with_the_form(self):
        found, _, (error,) = from_params({"dataset": "moons-n9"})
        assert found == Experiment()
        assert "moons-c3-n400-noise0.2-s7" in str(error)

    def test_a_run_learns_the_moons(self):
        e = Experiment(dataset="moons", hidden=(8,), cost="cross-entropy", init="scaled", eta=1.0)
        summary = evaluate(Trajectory.of(e).network_at(e.steps), e.data, e.steps, 0.0)
        assert summary.held_out_accuracy >= 0.95

    def test_sets_that_were_loaded_are_kept_in_bounds(self):
        for seed in range(datasets.GENERATED_KEPT + 10):
            datasets.get(Recipe("moons", n=30, seed=seed).name)
        assert datasets.load_generated.cache_info().currsize == datasets.GENERATED_KEPT
