import numpy as np
import pytest

from nnviz import datasets
from nnviz.datasets.statistics import bins, statistics

NAMES = ["digits", "xor", "moons-c3"]


@pytest.mark.parametrize("name", NAMES)
class TestAgainstNumpy:
    def test_moments_and_range(self, name):
        data = datasets.get(name)
        found, x = statistics(data), data.x(data.training)
        assert found.mean == pytest.approx(x.mean(axis=1))
        assert found.sd == pytest.approx(x.std(axis=1), abs=1e-7)
        assert np.array_equal(found.low, x.min(axis=1))
        assert np.array_equal(found.high, x.max(axis=1))

    def test_classes(self, name):
        data = datasets.get(name)
        found = statistics(data)
        for k in range(len(data.classes)):
            rows = np.flatnonzero(data.labels[: data.n_train] == k)
            assert found.counts[k] == len(rows)
            assert found.held_out[k] == (data.labels[data.n_train :] == k).sum()
            assert found.class_means[k] == pytest.approx(data.x(rows).mean(axis=1))

    def test_every_input_is_in_the_histogram(self, name):
        data = datasets.get(name)
        assert statistics(data).histogram.sum() == data.n_train * data.n_inputs


def test_constant_inputs_are_counted():
    data = datasets.get("digits")
    assert statistics(data).constant == (np.ptp(data.inputs[: data.n_train], axis=0) == 0).sum() > 0


def test_each_level_of_grey_has_a_bin_of_its_own():
    data = datasets.get("digits")
    counts, _ = np.histogram(data.inputs[: data.n_train], np.arange(18) - 0.5)
    assert np.array_equal(statistics(data).histogram, counts)


def test_bins_need_no_spread():
    assert np.all(np.diff(bins(datasets.get("xor"), 2.0, 2.0)) > 0)
