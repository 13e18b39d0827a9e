import numpy as np
import pytest
from sklearn.neural_network import MLPClassifier, MLPRegressor

from benchmarks.book import BookNetwork, BookNetwork2
from nnviz import Network
from nnviz.errors import FieldError, NnvizError
from nnviz.model.activations import ACTIVATIONS, hidden_activations
from nnviz.model.costs import COSTS
from nnviz.model.equations import classes, epoch_order
from nnviz.model.update_rules import Rates

SIZES = [[4, 3], [6, 5, 3], [6, 5, 4, 3]]
M = 7  # examples in a mini-batch


def mini_batch(network, m=M, seed=0):
    """x (n_1, m) and one-hot y (n_L, m)."""
    rng = np.random.default_rng(seed)
    n_in, n_out = network.sizes[0], network.sizes[-1]
    return rng.uniform(0, 1, (n_in, m)), np.eye(n_out)[rng.integers(0, n_out, m)].T


def pairs(x, y):
    """A mini-batch as the book has it: a list of pairs of column vectors."""
    return [(x[:, [i]], y[:, [i]]) for i in range(x.shape[1])]


def assert_same(network, other, tolerance=1e-12):
    for mine, theirs in zip((*network.weights, *network.biases), (*other.weights, *other.biases), strict=True):
        assert mine.shape == theirs.shape
        assert np.abs(mine - theirs).max() < tolerance


def parameters(network):
    return [array.copy() for array in (*network.weights, *network.biases)]


class TestAgainstTheBook:
    """network.py and network2.py, example by example, on the same mini-batches."""

    @pytest.mark.parametrize("sizes", SIZES, ids=str)
    def test_fifty_mini_batches_move_the_parameters_as_network_py_does(self, sizes):
        network = Network(sizes, seed=1)
        book = BookNetwork(network.weights, network.biases)
        for step in range(50):
            x, y = mini_batch(network, m=1 + step % M, seed=step)
            network.update_mini_batch(pairs(x, y), eta=3.0)
            book.update_mini_batch(pairs(x, y), eta=3.0)
        assert_same(network, book)

    @pytest.mark.parametrize("sizes", SIZES, ids=str)
    def test_cross_entropy_with_L2_moves_them_as_network2_py_does(self, sizes):
        network = Network(sizes, cost="cross-entropy", init="scaled", seed=1)
        book = BookNetwork2(network.weights, network.biases)
        for step in range(50):
            x, y = mini_batch(network, m=1 + step % M, seed=step)
            network.update_mini_batch(pairs(x, y), eta=0.5, lmbda=5.0, n=500)
            book.update_mini_batch(pairs(x, y), eta=0.5, lmbda=5.0, n=500)
        assert_same(network, book)

    @pytest.mark.parametrize("sizes", SIZES, ids=str)
    def test_backprop_gives_the_same_gradients_for_one_example(self, sizes):
        network = Network(sizes, seed=2)
        x, y = mini_batch(network, m=1)
        mine = network.backprop(x, y)
        theirs = BookNetwork(network.weights, network.biases).backprop(x, y)
        for nablas, book_nablas in zip(mine, theirs, strict=True):
            for nabla, book_nabla in zip(nablas, book_nablas, strict=True):
                assert nabla.shape == book_nabla.shape
                assert np.abs(nabla - book_nabla).max() < 1e-12

    def test_SGD_goes_through_the_same_mini_batches(self):
        network = Network([4, 5, 3], seed=6)
        book = BookNetwork(network.weights, network.biases)
        data = pairs(*mini_batch(network, m=23))
        network.SGD(data, epochs=3, mini_batch_size=10, eta=2.0)
        for epoch in range(3):
            shuffled = [data[i] for i in epoch_order(6, epoch, 23)]
            for start in range(0, 23, 10):  # the last mini-batch holds the 3 that are left
                book.update_mini_batch(shuffled[start : start + 10], 2.0)
        assert_same(network, book)

    def test_L2_leaves_the_biases_alone_and_shrinks_the_weights(self):
        network = Network([3, 2], init="large", cost="cross-entropy")
        w, b = network.weights[0], network.biases[0]
        x = np.zeros((3, 1))
        network.gradient_step(x, network.feedforward(x), Rates(0.5, 10.0, 100))  # no error: only L2 acts
        assert network.weights[0] == pytest.approx((1 - 0.5 * 10.0 / 100) * w, rel=1e-14)
        assert np.array_equal(network.biases[0], b)

    def test_cost_derivative_is_the_slope_of_the_cost_by_the_output(self):
        a, y = np.array([[0.25], [0.75]]), np.array([[0.0], [1.0]])
        assert Network([3, 2]).cost_derivative(a, y) == pytest.approx(a - y)
        cross_entropy = Network([3, 2], cost="cross-entropy")
        assert cross_entropy.cost_derivative(a, y) == pytest.approx((a - y) / (a * (1 - a)))
        assert Network([3, 2]).cost_derivative([0.25, 0.75], [[0], [1]]).shape == (2,)


HIDDEN_IN_SKLEARN = {"sigmoid": "logistic", "tanh": "tanh", "relu": "relu", "linear": "identity"}
SKLEARN = {
    "hidden_layer_sizes": (5, 4),
    "solver": "sgd",
    "learning_rate_init": 1.0,
    "momentum": 0.0,
    "nesterovs_momentum": False,
    "batch_size": M,
    "random_state": 0,
}


def one_step_of(mlp, network, x, targets, **kwargs):
    """Give `mlp` the network's parameters and let it take one step; afterwards it stands where it went."""
    mlp.partial_fit(x.T, targets, **kwargs)  # draws weights of its own and sets up
    for mine, theirs in zip(network.weights, mlp.coefs_, strict=True):
        theirs[...] = mine.T
    for mine, theirs in zip(network.biases, mlp.intercepts_, strict=True):
        theirs[...] = mine[:, 0]
    mlp.partial_fit(x.T, targets)


def assert_stands_where(mlp, network):
    for mine, theirs in zip(network.weights, mlp.coefs_, strict=True):
        assert mine == pytest.approx(theirs.T, abs=1e-12)
    for mine, theirs in zip(network.biases, mlp.intercepts_, strict=True):
        assert mine[:, 0] == pytest.approx(theirs, abs=1e-12)


@pytest.mark.parametrize("lmbda", [0.0, 2.0], ids=["without L2", "with L2"])
@pytest.mark.parametrize("activation", hidden_activations())
class TestAgainstScikitLearn:
    """One step of gradient descent with eta = 1, so that what moves is the gradient."""

    def mlp(self, kind, activation, lmbda):
        return kind(activation=HIDDEN_IN_SKLEARN[activation], alpha=lmbda, **SKLEARN)

    def test_softmax_with_log_likelihood(self, activation, lmbda):
        network = Network([6, 5, 4, 3], activation=activation, output="softmax", cost="log-likelihood", init="scaled")
        x, y = mini_batch(network)
        mlp = self.mlp(MLPClassifier, activation, lmbda)
        one_step_of(mlp, network, x, y.argmax(axis=0), classes=range(3))
        cost = network.trace(x, y).cost.mean() + 0.5 * lmbda * sum((w**2).sum() for w in network.weights) / M
        assert mlp.loss_ == pytest.approx(cost, rel=1e-12)
        network.gradient_step(x, y, Rates(1.0, lmbda, M))
        assert_stands_where(mlp, network)

    def test_sigmoid_with_cross_entropy(self, activation, lmbda):
        network = Network([6, 5, 4, 3], activation=activation, cost="cross-entropy", init="scaled")
        x, y = mini_batch(network)
        mlp = self.mlp(MLPClassifier, activation, lmbda)
        one_step_of(mlp, network, x, y.T.astype(int), classes=range(3))  # an indicator matrix: a sigmoid each
        network.gradient_step(x, y, Rates(1.0, lmbda, M))
        assert_stands_where(mlp, network)

    def test_one_sigmoid_output_with_cross_entropy(self, activation, lmbda):
        network = Network([6, 5, 4, 1], activation=activation, cost="cross-entropy", init="scaled")
        x, _ = mini_batch(network)
        y = np.array([[0.0, 1.0, 1.0, 0.0, 1.0, 0.0, 0.0]])
        mlp = self.mlp(MLPClassifier, activation, lmbda)
        one_step_of(mlp, network, x, y[0].astype(int), classes=range(2))
        network.gradient_step(x, y, Rates(1.0, lmbda, M))
        assert_stands_where(mlp, network)

    def test_linear_with_quadratic(self, activation, lmbda):
        network = Network([6, 5, 4, 3], activation=activation, output="linear", init="scaled")
        x, _ = mini_batch(network)
        y = np.random.default_rng(5).standard_normal((3, M))
        mlp = self.mlp(MLPRegressor, activation, lmbda)
        one_step_of(mlp, network, x, y.T)
        network.gradient_step(x, y, Rates(1.0, lmbda, M))
        assert_stands_where(mlp, network)


DATA_FORMS = {
    "a list of columns": lambda x, y: pairs(x, y),
    "a zip": lambda x, y: zip(x.T[:, :, np.newaxis], y.T[:, :, np.newaxis], strict=True),
    "a generator of flat vectors": lambda x, y: ((one, target) for one, target in zip(x.T, y.T, strict=True)),
    "lists of numbers": lambda x, y: [(list(one), list(target)) for one, target in zip(x.T, y.T, strict=True)],
    "float32": lambda x, y: [(one.astype(np.float32), target) for one, target in pairs(x, y)],
}


class TestTheApiOfTheBook:
    @pytest.mark.parametrize("form", DATA_FORMS)
    def test_training_data_come_in_any_iterable_of_pairs(self, form):
        plain, formed = Network([4, 3, 2]), Network([4, 3, 2])
        x, y = mini_batch(plain, m=9)
        x = np.round(x, 2).astype(np.float32).astype(float)  # numbers that float32 can hold
        plain.SGD(pairs(x, y), 2, 4, 3.0)
        formed.SGD(DATA_FORMS[form](x, y), 2, 4, 3.0)
        assert_same(formed, plain, tolerance=1e-15)
        plain.update_mini_batch(pairs(x, y), 3.0)
        formed.update_mini_batch(DATA_FORMS[form](x, y), 3.0)
        assert_same(formed, plain, tolerance=1e-15)

    @pytest.mark.parametrize(
        "label",
        [
            lambda i: i,
            lambda i: np.int64(i),
            lambda i: np.array([i]),
            lambda i: np.eye(3)[i],
            lambda i: np.eye(3)[:, [i]],
            lambda i: list(np.eye(3)[i]),
        ],
        ids=["int", "int64", "array", "one-hot", "one-hot column", "list"],
    )
    def test_test_labels_are_class_numbers_or_one_hot_vectors(self, label):
        network = Network([3, 3])
        network.weights, network.biases = [np.eye(3)], [np.zeros((3, 1))]  # the largest input wins
        inputs = [np.eye(3)[:, [i]] for i in (0, 1, 2, 2)]
        test_data = [(one, label(i)) for one, i in zip(inputs, (0, 1, 2, 0), strict=True)]  # 3 of 4 are right
        assert network.evaluate(test_data) == 3
        assert network.evaluate(pair for pair in test_data) == 3
        assert network.evaluate(zip(*zip(*test_data, strict=True), strict=True)) == 3

    def test_a_single_output_says_1_above_one_half(self):
        network = Network([1, 1])
        network.weights, network.biases = [np.array([[1.0]])], [np.zeros((1, 1))]
        assert network.evaluate([([2.0], 1), ([-2.0], 0), ([-2.0], 1)]) == 2
        assert list(classes(np.array([[0.2, 0.5, 0.7]]))) == [0, 0, 1]

    def test_nothing_to_evaluate_is_nothing_right(self):
        assert Network([2, 2]).evaluate([]) == 0

    def test_SGD_prints_what_the_book_prints_without_test_data(self, capsys):
        network = Network([4, 3])
        network.SGD(pairs(*mini_batch(network)), 2, 3, 1.0)
        assert capsys.readouterr().out == "Epoch 0 complete\nEpoch 1 complete\n"

    def test_SGD_prints_what_the_book_prints_with_test_data(self, capsys):
        network = Network([4, 3])
        data = pairs(*mini_batch(network))
        network.SGD(zip(*zip(*data, strict=True), strict=True), 2, 3, 1.0, test_data=iter(data))
        first, second = capsys.readouterr().out.splitlines()
        assert first.startswith("Epoch 0: ")
        assert second == f"Epoch 1: {network.evaluate(data)} / {len(data)}"

    def test_the_attributes_have_the_books_names_and_shapes(self):
        network = Network([4, 3, 2])
        assert network.num_layers == 3
        assert network.sizes == [4, 3, 2]
        assert [w.shape for w in network.weights] == [(3, 4), (2, 3)]
        assert [b.shape for b in network.biases] == [(3, 1), (2, 1)]

    def test_feedforward_takes_one_example_flat_or_as_a_column_or_many(self):
        network = Network([4, 3, 2])
        x, _ = mini_batch(network)
        together = network.feedforward(x)
        assert together.shape == (2, M)
        assert network.feedforward(x[:, 0]) == pytest.approx(together[:, [0]], rel=1e-14)
        assert network.feedforward(x[:, [0]]) == pytest.approx(together[:, [0]], rel=1e-14)

    def test_L2_needs_the_size_of_the_training_set(self):
        network = Network([4, 3])
        with pytest.raises(FieldError, match="n must be the size of the training set"):
            network.update_mini_batch(pairs(*mini_batch(network)), 0.5, lmbda=1.0)


class TestTrace:
    @pytest.mark.parametrize("sizes", SIZES, ids=str)
    def test_shapes_are_those_of_the_notation(self, sizes):
        network = Network(sizes)
        trace = network.trace(*mini_batch(network))
        assert [a.shape for a in trace.activations] == [(n, M) for n in sizes]
        for each in (trace.zs, trace.primes, trace.deltas):
            assert [array.shape for array in each] == [(n, M) for n in sizes[1:]]
        assert [w.shape for w in trace.nabla_w] == [w.shape for w in network.weights]
        assert [b.shape for b in trace.nabla_b] == [b.shape for b in network.biases]
        assert trace.nabla_a.shape == (sizes[-1], M)
        assert trace.cost.shape == (M,)
        assert trace.m == M

    def test_the_gradients_are_the_means_over_the_examples(self):
        network = Network([6, 5, 3])
        trace = network.trace(*mini_batch(network))
        per_example = [trace.gradients_of(i) for i in range(M)]
        for i in range(2):
            assert trace.nabla_b[i] == pytest.approx(np.mean([b[i] for b, _ in per_example], axis=0), abs=1e-15)
            assert trace.nabla_w[i] == pytest.approx(np.mean([w[i] for _, w in per_example], axis=0), abs=1e-15)

    def test_the_gradients_of_one_example_are_those_of_backprop(self):
        network = Network([6, 5, 3])
        x, y = mini_batch(network)
        trace = network.trace(x, y)
        for i in range(M):
            for mine, alone in zip(trace.gradients_of(i), network.backprop(x[:, i], y[:, i]), strict=True):
                for nabla, nabla_alone in zip(mine, alone, strict=True):
                    assert nabla == pytest.approx(nabla_alone, abs=1e-15)

    @pytest.mark.parametrize("example", [-1, M, 99])
    def test_an_example_outside_the_mini_batch_is_refused(self, example):
        network = Network([4, 3])
        with pytest.raises(FieldError, match=f"a number from 0 to {M - 1}, got {example}"):
            network.trace(*mini_batch(network)).gradients_of(example)

    def test_each_number_follows_from_the_equations_of_the_book(self):
        network = Network([6, 5, 3], activation="tanh")
        x, y = mini_batch(network)
        t = network.trace(x, y)
        (w2, w3), (b2, b3) = network.weights, network.biases
        z2 = w2 @ x + b2
        z3 = w3 @ np.tanh(z2) + b3
        a3 = 1 / (1 + np.exp(-z3))
        delta3 = (a3 - y) * a3 * (1 - a3)
        delta2 = (w3.T @ delta3) * (1 - np.tanh(z2) ** 2)
        for shown, by_hand in [
            (t.zs[0], z2),
            (t.activations[2], a3),
            (t.nabla_a, a3 - y),
            (t.primes[1], a3 * (1 - a3)),
            (t.deltas[1], delta3),
            (t.deltas[0], delta2),
            (t.nabla_w[0], delta2 @ x.T / M),
            (t.nabla_b[0], delta2.mean(axis=1, keepdims=True)),
            (t.cost, 0.5 * ((a3 - y) ** 2).sum(axis=0)),
        ]:
            assert shown == pytest.approx(by_hand, rel=1e-12, abs=1e-15)

    def test_tracing_changes_nothing(self):
        network = Network([6, 5, 3])
        before = parameters(network)
        network.trace(*mini_batch(network))
        assert all(np.array_equal(a, b) for a, b in zip(before, parameters(network), strict=True))

    def test_a_state_keeps_its_parameters_when_the_network_learns_on(self):
        network = Network([6, 5, 3])
        x, y = mini_batch(network)
        before, state = parameters(network), network.state
        network.gradient_step(x, y, Rates(3.0, 1.0, 10))
        assert all(np.array_equal(a, b) for a, b in zip(before, (*state.weights, *state.biases), strict=True))
        assert not np.array_equal(network.weights[0], before[0])

    def test_its_inputs_are_a_copy(self):
        network = Network([4, 3])
        x, y = mini_batch(network)
        trace = network.trace(x, y)
        kept = trace.x.copy()
        x[...] = 0
        assert np.array_equal(trace.x, kept)


class TestTwins:
    def test_a_twin_learns_alone(self):
        network = Network([4, 3, 2])
        before = parameters(network)
        twin = network.with_parameters(network.weights, network.biases)
        twin.gradient_step(*mini_batch(network), Rates(1.0))
        assert all(np.array_equal(a, b) for a, b in zip(before, parameters(network), strict=True))

    def test_one_neuron_can_have_another_activation(self):
        network = Network([4, 3, 2])
        mixed = network.with_neuron(2, 1, "relu")
        x, y = mini_batch(network)
        trace = mixed.trace(x, y)
        assert np.array_equal(trace.activations[1][1], np.maximum(trace.zs[0][1], 0))
        assert mixed.activation_of(2, 1).name == "relu"
        assert network.activation_of(2, 1).name == "sigmoid"

    def test_frozen_biases_stay_while_the_weights_learn(self):
        network = Network([4, 3, 2])
        weights, biases = network.weights, network.biases
        network.gradient_step(*mini_batch(network), Rates(1.0, learn_biases=False))
        assert all(np.array_equal(a, b) for a, b in zip(biases, network.biases, strict=True))
        assert not np.array_equal(weights[0], network.weights[0])


class TestWhatIsRefused:
    @pytest.mark.parametrize("sizes", [[3], [], [3, 0], [3, -1], [3, 2.5], [3, True], [3, "2"]], ids=str)
    def test_sizes_that_make_no_network(self, sizes):
        with pytest.raises(FieldError, match="sizes must be"):
            Network(sizes)

    @pytest.mark.parametrize(
        ("field", "names"),
        [("activation", hidden_activations()), ("output", ACTIVATIONS), ("cost", COSTS), ("init", ["large", "scaled"])],
    )
    def test_an_unknown_name_is_answered_with_the_known_ones(self, field, names):
        with pytest.raises(FieldError) as caught:
            Network([3, 2], **{field: "gelu"})
        assert str(caught.value).startswith(f"{field} must be one of {', '.join(list(names)[:2])}")
        assert str(caught.value).endswith("got gelu")

    def test_softmax_in_a_hidden_layer(self):
        with pytest.raises(FieldError, match="activation must be one of sigmoid, tanh, relu, linear, got softmax"):
            Network([3, 4, 2], activation="softmax")

    @pytest.mark.parametrize("shape", [(3,), (3, 2), (4, 0), (4, 2, 1)], ids=str)
    def test_inputs_of_another_shape(self, shape):
        with pytest.raises(FieldError, match=r"x must be of shape \(4, m\), one column for each example, got"):
            Network([4, 3]).trace(np.zeros(shape), np.zeros((3, 2)))

    def test_more_inputs_than_targets(self):
        with pytest.raises(NnvizError, match="x has 2 examples and y has 5"):
            Network([4, 3]).trace(np.zeros((4, 2)), np.zeros((3, 5)))

    def test_data_whose_vectors_are_too_long(self):
        with pytest.raises(FieldError, match="y must be a vector of 3 numbers, got 4 numbers"):
            Network([4, 3]).SGD([(np.zeros(4), np.zeros(4))], 1, 1, 1.0)

    def test_no_data_at_all(self):
        with pytest.raises(NnvizError, match="no pair"):
            Network([4, 3]).SGD([], 1, 1, 1.0)

    def test_a_label_that_is_neither_a_class_nor_one_hot(self):
        with pytest.raises(FieldError, match="label must be a class number from 0 to 2 or 3 numbers"):
            Network([4, 3]).evaluate([(np.zeros(4), np.zeros(2))])


class TestEpochOrder:
    def test_every_example_comes_once(self):
        assert sorted(epoch_order(3, 5, 100)) == list(range(100))

    def test_epochs_and_seeds_differ(self):
        orders = {tuple(epoch_order(seed, epoch, 100)) for seed in range(5) for epoch in range(5)}
        assert len(orders) == 25
