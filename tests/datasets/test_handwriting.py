import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnviz import datasets
from nnviz.datasets.dataset import Dataset
from nnviz.datasets.handwriting import MAX_POINTS, MAX_STROKES, as_input, read_strokes
from nnviz.errors import FieldError
from nnviz.run.experiment import Experiment
from nnviz.run.moment import AddedExample
from nnviz.run.trajectory import Trajectory

DIGITS = datasets.get("digits")
LIKE_MNIST = Dataset(
    "pictures", "", np.zeros((2, 784), np.uint8), np.array([0, 1]), 2, ("a", "b"), scale=255.0, picture=(28, 28)
)
SEVEN = (((0.25, 0.2), (0.75, 0.2), (0.45, 0.9)),)


def arc(x, y, rx, ry=None, start=0.0, end=2 * math.pi):
    """Points of an ellipse around (x, y)."""
    turns = [start + (end - start) * i / 24 for i in range(25)]
    return tuple((x + rx * math.cos(t), y + (ry or rx) * math.sin(t)) for t in turns)


# Digits as a person might draw them.
DRAWN = {
    0: (arc(0.5, 0.5, 0.25, 0.4),),
    1: (((0.5, 0.1), (0.5, 0.9)),),
    2: ((*arc(0.5, 0.3, 0.22, start=-3, end=0.6), (0.25, 0.9), (0.8, 0.9)),),
    3: (arc(0.45, 0.3, 0.22, start=-2.5, end=1.5) + arc(0.45, 0.7, 0.25, start=-1.5, end=2.5),),
    4: (((0.6, 0.1), (0.25, 0.6), (0.8, 0.6)), ((0.6, 0.3), (0.6, 0.95))),
    5: (((0.7, 0.1), (0.35, 0.1), (0.33, 0.45), *arc(0.48, 0.65, 0.23, start=-1.8, end=2.4)),),
    6: (((0.62, 0.08), (0.42, 0.3), (0.33, 0.6)), arc(0.5, 0.7, 0.17)),
    7: SEVEN,
    8: (arc(0.5, 0.3, 0.18), arc(0.5, 0.68, 0.22)),
    9: (arc(0.5, 0.3, 0.2), ((0.7, 0.3), (0.65, 0.95))),
}


def centre_of_mass(picture):
    rows, columns = np.indices(picture.shape) + 0.5
    return (rows * picture).sum() / picture.sum(), (columns * picture).sum() / picture.sum()


def box_of(picture):
    """Height and width of what is drawn."""
    rows, columns = np.flatnonzero(picture.any(axis=1)), np.flatnonzero(picture.any(axis=0))
    return rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1


class TestAsMnistDoes:
    @pytest.mark.parametrize("digit", DRAWN)
    def test_it_fits_a_box_of_20_pixels(self, digit):
        assert 19 <= max(box_of(as_input(DRAWN[digit], LIKE_MNIST).reshape(28, 28))) <= 21

    @pytest.mark.parametrize("digit", DRAWN)
    def test_its_centre_of_mass_is_in_the_middle(self, digit):
        assert centre_of_mass(as_input(DRAWN[digit], LIKE_MNIST).reshape(28, 28)) == pytest.approx((14, 14), abs=0.51)

    def test_size_and_place_of_the_drawing_make_no_difference(self):
        small = tuple(tuple((0.1 + x / 4, 0.6 + y / 4) for x, y in stroke) for stroke in SEVEN)
        assert np.abs(as_input(small, LIKE_MNIST) - as_input(SEVEN, LIKE_MNIST)).max() <= 2 / 16

    def test_pixels_are_levels_of_grey(self):
        levels = as_input(SEVEN, LIKE_MNIST) * 255
        assert np.allclose(levels, np.rint(levels))
        assert (levels.min(), levels.max()) == (0, 255)


class TestAsTheUciDigitsAre:
    def test_it_fills_the_picture_from_top_to_bottom(self):
        assert box_of(as_input(SEVEN, DIGITS).reshape(8, 8))[0] == 8

    def test_pixels_count_to_16(self):
        counts = as_input(SEVEN, DIGITS) * 16
        assert np.allclose(counts, np.rint(counts))
        assert counts.max() == 16

    def test_a_trained_network_reads_them(self):
        e = Experiment(cost="cross-entropy", init="scaled", eta=0.5)
        network = Trajectory.of(e).network_at(10 * e.batches_per_epoch)
        read = [int(network.feedforward(as_input(strokes, DIGITS)).argmax()) for strokes in DRAWN.values()]
        assert sum(said == digit for said, digit in zip(read, DRAWN, strict=True)) >= 8


class TestOddDrawings:
    def test_nothing_drawn_is_an_empty_picture(self):
        assert not as_input((), DIGITS).any()

    @pytest.mark.parametrize("data", [DIGITS, LIKE_MNIST])
    def test_a_dot_is_a_dot(self, data):
        picture = as_input((((0.1, 0.9),),), data).reshape(data.picture)
        assert 0 < (picture > 0).sum() <= picture.size / 12

    @settings(max_examples=60, derandomize=True, deadline=None)
    @given(st.lists(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=4), max_size=3))
    def test_any_strokes_give_a_picture_in_0_to_1(self, strokes):
        for data in (DIGITS, LIKE_MNIST):
            x = as_input(tuple(map(tuple, strokes)), data)
            assert x.shape == (data.n_inputs,)
            assert x.min() >= 0 and x.max() <= 1


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=20,
)


class TestMessages:
    def test_strokes_come_as_lists(self):
        assert read_strokes([[[0.25, 0.5], [1, 0]]]) == (((0.25, 0.5), (1.0, 0.0)),)

    def test_what_is_no_point_is_left_out(self):
        assert read_strokes([[[0.5], ["a", 1], [True, 0], [math.nan, 0], [7, -1]], [], 3]) == (((1.0, 0.0),),)

    def test_too_much_is_cut(self):
        assert len(read_strokes([[[0, 0]]] * 1000)) == MAX_STROKES
        assert sum(map(len, read_strokes([[[0, 0]] * 300] * 90))) <= MAX_POINTS

    @settings(max_examples=150, derandomize=True, deadline=None)
    @given(JSON)
    def test_any_message_gives_strokes(self, message):
        assert all(0 <= v <= 1 for stroke in read_strokes(message) for point in stroke for v in point)


class TestAsAnExample:
    def test_it_is_the_last_column_and_leaves_the_others_alone(self):
        run = Trajectory.of(Experiment())
        extra = AddedExample(tuple(as_input(SEVEN, DIGITS)), 7)
        plain, seen = run.moment_at(3), run.moment_with(3, extra)
        assert seen.trace.m == plain.trace.m + 1
        assert np.array_equal(seen.trace.x[:, -1], as_input(SEVEN, DIGITS))
        assert seen.trace.y[:, -1].tolist() == [0] * 7 + [1, 0, 0]
        assert np.allclose(seen.trace.deltas[0][:, :-1], plain.trace.deltas[0], rtol=1e-12, atol=1e-15)
        assert seen.labels[-1] == 7

    def test_its_own_gradients_are_backprops(self):
        run, x = Trajectory.of(Experiment()), as_input(SEVEN, DIGITS)
        _, nabla_w = run.moment_with(3, AddedExample(tuple(x), 7)).trace.gradients_of(10)
        _, expected = run.network_at(3).backprop(x, np.eye(10)[7])
        for got, wanted in zip(nabla_w, expected, strict=True):
            assert np.allclose(got, wanted, rtol=1e-12, atol=1e-15)

    def test_the_run_does_not_learn_from_it(self):
        run, untouched = Trajectory.of(Experiment()), Trajectory.of(Experiment())
        run.moment_with(3, AddedExample(tuple(as_input(SEVEN, DIGITS)), 7))
        assert np.array_equal(run.network_at(5).weights[0], untouched.network_at(5).weights[0])

    def test_another_shape_is_refused(self):
        with pytest.raises(FieldError, match="64 numbers and a class"):
            Trajectory.of(Experiment()).moment_with(0, AddedExample((1.0,), 7))
