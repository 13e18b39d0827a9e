import numpy as np
import pytest
from sklearn.datasets import load_digits

from nnviz import datasets
from nnviz.datasets import Dataset
from nnviz.datasets.digits import FILE
from nnviz.errors import FieldError, NnvizError
from nnviz.run.experiment import Experiment
from tools import make_digits

BUNDLED = ["digits", "xor"]


@pytest.fixture
def digits():
    return datasets.get("digits")


class TestDigits:
    def test_the_bundled_file_is_what_the_tool_makes_from_scikit_learn(self, tmp_path, monkeypatch, capsys):
        monkeypatch.setattr(make_digits, "FILE", tmp_path / "digits.npz")
        make_digits.main()
        with np.load(make_digits.FILE) as made, np.load(FILE) as bundled:
            assert sorted(made.files) == sorted(bundled.files) == ["images", "labels"]
            for name in made.files:
                assert made[name].dtype == bundled[name].dtype
                assert np.array_equal(made[name], bundled[name])

    def test_they_are_all_of_the_uci_digits_each_once(self, digits):
        source = load_digits()
        known = sorted((*image, label) for image, label in zip(source.data.astype(int), source.target, strict=True))
        assert sorted((*image, label) for image, label in zip(digits.inputs, digits.labels, strict=True)) == known

    def test_1500_are_for_training_and_297_held_out(self, digits):
        assert len(digits.training) == 1500
        assert len(digits.held_out) == 297
        assert np.array_equal(np.concatenate([digits.training, digits.held_out]), np.arange(1797))

    def test_both_parts_hold_every_digit(self, digits):
        for rows in (digits.training, digits.held_out):
            assert set(digits.labels[rows]) == set(range(10))

    def test_pixels_are_from_0_to_1(self, digits):
        x = digits.x(np.arange(1797))
        assert x.shape == (64, 1797)
        assert (x.min(), x.max()) == (0.0, 1.0)

    def test_source_and_licence_are_named(self, digits):
        assert "UCI" in digits.source
        assert "CC BY 4.0" in digits.source

    def test_it_is_the_default(self):
        assert Experiment().dataset == "digits"
        assert Experiment().data is datasets.get("digits")


class TestXor:
    def test_it_is_the_truth_table(self):
        xor = datasets.get("xor")
        points = {tuple(x): y for x, y in zip(xor.x([0, 1, 2, 3]).T, xor.y([0, 1, 2, 3])[0], strict=True)}
        assert points == {(0, 0): 0, (0, 1): 1, (1, 0): 1, (1, 1): 0}

    def test_all_four_points_are_for_training(self):
        assert datasets.get("xor").n_train == 4
        assert len(datasets.get("xor").held_out) == 0


@pytest.mark.parametrize("name", BUNDLED)
class TestEveryBundledSet:
    def test_examples_are_columns(self, name):
        data = datasets.get(name)
        rows = [2, 0, 3]
        assert data.x(rows).shape == (data.n_inputs, 3)
        assert data.y(rows).shape == (data.n_outputs, 3)
        for column, row in enumerate(rows):
            assert np.array_equal(data.x(rows)[:, [column]], data.x([row]))
            assert np.array_equal(data.y(rows)[:, [column]], data.y([row]))

    def test_targets_stand_for_the_labels(self, name):
        data = datasets.get(name)
        y = data.y(data.training)
        found = y[0] if data.one_output else y.argmax(axis=0)
        assert np.array_equal(found, data.labels[data.training])
        assert set(np.unique(y)) == {0.0, 1.0}

    def test_it_is_loaded_once_and_cannot_be_written_to(self, name):
        data = datasets.get(name)
        assert datasets.get(name) is data
        for array in (data.inputs, data.labels):
            with pytest.raises(ValueError, match="read-only"):
                array[0] = 0

    def test_it_says_what_it_is(self, name):
        data = datasets.get(name)
        assert data.title
        assert data.source
        assert len(data.classes) == len(set(data.classes)) == data.labels.max() + 1


class TestTheRegistry:
    def test_a_new_set_takes_one_line_and_is_loaded_once_when_it_is_asked_for(self, monkeypatch):
        monkeypatch.setattr(datasets, "DATASETS", dict(datasets.DATASETS))
        made = []

        def two_points():
            made.append(1)
            return Dataset("Two points", "By hand.", np.eye(2), np.array([0, 1]), 2, ("left", "right"))

        datasets.register("two-points", two_points)
        assert made == []
        experiment = Experiment(dataset="two-points", hidden=(3,), batch=1)
        assert experiment.sizes == (2, 3, 2)
        assert datasets.get("two-points") is datasets.get("two-points")
        assert made == [1]

    def test_an_unknown_name_is_answered_with_the_known_ones(self):
        with pytest.raises(FieldError, match=r"dataset must be one of digits, xor.*, got zebra"):
            datasets.get("zebra")


class TestWhatIsRefused:
    def made(self, **changes):
        fields = {
            "title": "Points",
            "source": "By hand.",
            "inputs": np.zeros((4, 2)),
            "labels": np.array([0, 1, 1, 0]),
            "n_train": 3,
            "classes": ("no", "yes"),
        }
        return Dataset(**(fields | changes))

    def test_a_good_one_is_taken(self):
        assert self.made().n_outputs == 2
        assert self.made(one_output=True).n_outputs == 1

    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            ({"labels": np.array([0, 1])}, "4 inputs, 2 labels and 3 for training do not fit together"),
            ({"n_train": 0}, "0 for training"),
            ({"n_train": 5}, "5 for training"),
            ({"labels": np.array([0, 1, 2, 0])}, "labels must be from 0 to 1"),
            ({"labels": np.array([0, -1, 1, 0])}, "labels must be from 0 to 1"),
        ],
        ids=["too few labels", "none for training", "too many for training", "a class too high", "a class below 0"],
    )
    def test_parts_that_do_not_fit(self, changes, message):
        with pytest.raises(NnvizError, match=message):
            self.made(**changes)
