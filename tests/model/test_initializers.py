import numpy as np
import pytest

from nnviz.model.initializers import HE, INITIALIZERS, LARGE, SCALED, ZEROS, sample_parameters

SIZES = (400, 300, 200)
EVERY = pytest.mark.parametrize("initializer", INITIALIZERS.values(), ids=list(INITIALIZERS))


@EVERY
def test_the_same_seed_draws_the_same_parameters(initializer):
    for one, other in zip(
        sample_parameters(initializer, SIZES, 3), sample_parameters(initializer, SIZES, 3), strict=True
    ):
        assert all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


@EVERY
def test_the_shapes_are_those_of_the_book(initializer):
    weights, biases = sample_parameters(initializer, (4, 3, 2), 0)
    assert [w.shape for w in weights] == [(3, 4), (2, 3)]
    assert [b.shape for b in biases] == [(3, 1), (2, 1)]


@pytest.mark.parametrize(
    ("initializer", "weight_sds", "bias_sd"),
    [
        (LARGE, (1.0, 1.0), 1.0),
        (SCALED, (400**-0.5, 300**-0.5), 1.0),
        (HE, ((2 / 400) ** 0.5, (2 / 300) ** 0.5), 0.0),
        (ZEROS, (0.0, 0.0), 0.0),
    ],
    ids=list(INITIALIZERS),
)
def test_weights_and_biases_spread_as_the_formula_says(initializer, weight_sds, bias_sd):
    weights, biases = sample_parameters(initializer, SIZES, 0)
    for w, sd in zip(weights, weight_sds, strict=True):  # 60,000 draws and more: the sd is within 1 %
        assert w.std() == pytest.approx(sd, rel=0.01)
        assert abs(w.mean()) <= 0.02 * sd
    for b in biases:  # 200 draws and more
        assert b.std() == pytest.approx(bias_sd, rel=0.15)


def test_another_seed_draws_other_parameters():
    assert not np.array_equal(sample_parameters(LARGE, SIZES, 0)[0][0], sample_parameters(LARGE, SIZES, 1)[0][0])


def test_networks_of_one_seed_differ_by_the_initializer_alone():
    large, _ = sample_parameters(LARGE, SIZES, 5)
    scaled, _ = sample_parameters(SCALED, SIZES, 5)
    for big, small, n_in in zip(large, scaled, SIZES[:-1], strict=True):
        assert small == pytest.approx(big / np.sqrt(n_in), rel=1e-12)


def test_a_zero_has_no_sign():
    for w in (*sample_parameters(ZEROS, SIZES, 0)[0], *sample_parameters(HE, SIZES, 0)[1]):
        assert not np.signbit(w[w == 0]).any()
