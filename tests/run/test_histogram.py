import numpy as np
import pytest

from nnviz.run.histogram import BINS, MagnitudeHistograms, SignedHistograms


def test_every_value_is_counted_once_in_its_own_bin():
    histograms = SignedHistograms()
    values = np.array([[-0.9, -0.1], [0.1, 0.9]])
    histograms.add(3, values)
    found = np.digitize(values.ravel(), histograms.edges) - 1
    assert histograms.steps == [3]
    assert histograms.counts[0].sum() == 4
    assert set(np.flatnonzero(histograms.counts[0])) == set(found)


def test_a_larger_value_doubles_the_reach_and_earlier_rows_keep_their_values():
    rng = np.random.default_rng(0)
    first, later = rng.uniform(-1, 1, 1000), rng.uniform(-7, 7, 1000)
    histograms = SignedHistograms()
    histograms.add(0, first)
    histograms.add(1, later)
    assert histograms.reach == 8.0
    expected = np.histogram(first, BINS, (-8, 8))[0]
    np.testing.assert_array_equal(histograms.counts[0], expected)


@pytest.mark.parametrize("kind", [SignedHistograms, MagnitudeHistograms])
def test_values_that_are_not_finite_are_left_out(kind):
    histograms = kind()
    histograms.add(0, np.array([np.nan, np.inf, -np.inf, 0.5]))
    assert histograms.counts[0].sum() == 1


def test_a_matrix_of_zeros_has_a_histogram():
    histograms = SignedHistograms()
    histograms.add(0, np.zeros(7))
    histograms.add(1, np.ones(7))
    np.testing.assert_array_equal(histograms.counts.sum(axis=1), [7, 7])
    assert histograms.counts[0, BINS // 2] == 7


def test_magnitudes_are_counted_by_powers_of_ten_without_their_sign_and_without_zeros():
    histograms = MagnitudeHistograms()
    histograms.add(0, np.array([1e-3, -1.001e-3, 0.0, 1e-30, 1e30]))
    counts, edges = histograms.counts[0], histograms.edges
    assert counts.sum() == 4
    assert counts[np.digitize(-3.0, edges) - 1] == 2
    assert counts[0] == counts[-1] == 1


def test_no_step_yet_gives_an_empty_table():
    assert SignedHistograms().counts.shape == (0, BINS)
