import io
import json
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.datasets import make_classification
from sklearn.neural_network import MLPClassifier, MLPRegressor

from nnviz import Network
from nnviz.errors import NnvizError, StorageError
from nnviz.files import networks
from nnviz.model.activations import ACTIVATIONS, hidden_activations
from nnviz.model.costs import costs_for

FUZZ = settings(max_examples=150, derandomize=True, deadline=None)
X = np.random.default_rng(0).normal(size=(3, 5))
KINDS = [(a, o, c) for a in hidden_activations() for o in ACTIVATIONS for c in costs_for(o)]


def same(one, other):
    """Whether two networks have the same shape, functions and parameters, bit for bit."""
    return (
        list(one.sizes) == list(other.sizes)
        and one.cost.name == other.cost.name
        and [a.name for a in one.activations] == [a.name for a in other.activations]
        and all(np.array_equal(v, w) for v, w in zip(one.weights, other.weights, strict=True))
        and all(np.array_equal(v, w) for v, w in zip(one.biases, other.biases, strict=True))
    )


class BookNetwork:
    """The part of network2.Network that its `load` needs; feedforward as in the book."""

    def __init__(self, sizes, cost):
        self.sizes, self.cost = sizes, cost

    def feedforward(self, a):
        for b, w in zip(self.biases, self.weights, strict=True):
            a = 1.0 / (1.0 + np.exp(-(np.dot(w, a) + b)))
        return a


def book_load(text):
    """network2.load, line by line; the cost's class must be one that network2 has."""
    data = json.loads(text)
    assert data["cost"] in ("QuadraticCost", "CrossEntropyCost")
    net = BookNetwork(data["sizes"], cost=data["cost"])
    net.weights = [np.array(w) for w in data["weights"]]
    net.biases = [np.array(b) for b in data["biases"]]
    return net


def book_save(net, cost="CrossEntropyCost", **changes):
    """network2.Network.save, line by line, with fields changed or (None) left out."""
    data = {
        "sizes": net.sizes,
        "weights": [w.tolist() for w in net.weights],
        "biases": [b.tolist() for b in net.biases],
        "cost": cost,
    } | changes
    return json.dumps({name: value for name, value in data.items() if value is not None}).encode()


def npz(**arrays):
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


class TestThereAndBack:
    @pytest.mark.parametrize(("activation", "output", "cost"), KINDS)
    def test_every_network_comes_back_bit_for_bit(self, activation, output, cost):
        net = Network([3, 4, 2], activation=activation, output=output, cost=cost, seed=3)
        assert same(networks.load(networks.to_json(net).encode()), net)
        assert same(networks.load(networks.to_npz(net)), net)

    @pytest.mark.parametrize("sizes", [(2, 1), (5, 4, 3, 2, 1)])
    def test_of_any_depth(self, sizes):
        net = Network(sizes)
        assert same(networks.load(networks.to_json(net).encode()), net)
        assert same(networks.load(networks.to_npz(net)), net)

    def test_save_writes_a_file_that_load_reads(self, tmp_path):
        net = Network([3, 4, 2])
        net.save(tmp_path / "net.json")
        assert same(networks.load((tmp_path / "net.json").read_bytes()), net)

    def test_a_network_with_an_odd_neuron_is_not_saved(self):
        with pytest.raises(StorageError, match="different activations"):
            networks.to_json(Network([3, 4, 2]).with_neuron(2, 0, "relu"))

    def test_a_diverged_network_is_not_written(self):
        net = Network([3, 2])
        net.weights[0][0, 0] = np.inf
        with pytest.raises(ValueError, match="JSON"):
            networks.to_json(net)


class TestTheBook:
    @pytest.mark.parametrize("cost", ["quadratic", "cross-entropy"])
    def test_its_load_reads_ours(self, cost):
        net = Network([3, 4, 2], cost=cost)
        theirs = book_load(networks.to_json(net))
        assert np.allclose(theirs.feedforward(X), net.feedforward(X), rtol=1e-14, atol=0)

    def test_its_load_reads_a_softmax_network_and_finds_the_same_classes(self):
        net = Network([3, 4, 2], output="softmax", cost="log-likelihood")
        theirs = book_load(networks.to_json(net))
        assert np.array_equal(theirs.feedforward(X).argmax(axis=0), net.feedforward(X).argmax(axis=0))

    def test_ours_reads_its_file(self):
        net = Network([3, 4, 2], cost="cross-entropy")
        assert same(networks.load(book_save(net)), net)

    @pytest.mark.parametrize(
        ("name", "cost"),
        [
            ("QuadraticCost", "quadratic"),
            ("MSE_cost", "quadratic"),
            ("CrossEntropyCost", "cross-entropy"),
            ("cross-entropy", "cross-entropy"),
        ],
    )
    def test_the_cost_has_several_names(self, name, cost):
        assert networks.load(book_save(Network([3, 2]), cost=name)).cost.name == cost

    def test_size_for_sizes_and_flat_biases_are_read(self):
        net = Network([3, 4, 2])
        written = book_save(net, sizes=None, size=net.sizes, biases=[b.ravel().tolist() for b in net.biases])
        read = networks.load(written)
        assert np.array_equal(read.feedforward(X), net.feedforward(X))


class TestOtherLibraries:
    @pytest.mark.parametrize("classes", [2, 3])
    @pytest.mark.parametrize("activation", ["logistic", "tanh", "relu", "identity"])
    def test_a_classifier_gives_the_same_probabilities(self, activation, classes):
        x, y = make_classification(60, 6, n_informative=4, n_classes=classes, random_state=0)
        mlp = MLPClassifier((5, 4), activation=activation, max_iter=20, random_state=0)
        with pytest.warns():
            mlp.fit(x, y)
        outputs = networks.from_sklearn(mlp).feedforward(x.T)
        expected = mlp.predict_proba(x).T if classes > 2 else mlp.predict_proba(x).T[1:]
        assert np.allclose(outputs, expected, rtol=1e-12, atol=1e-12)

    def test_a_regressor_gives_the_same_numbers(self):
        x = np.random.default_rng(1).normal(size=(30, 4))
        mlp = MLPRegressor(hidden_layer_sizes=(5,), max_iter=20, random_state=0)
        with pytest.warns():
            mlp.fit(x, x[:, :2])
        assert np.allclose(networks.from_sklearn(mlp).feedforward(x.T), mlp.predict(x).T, rtol=1e-12, atol=1e-12)

    @pytest.mark.parametrize("thing", [MLPClassifier(), None, 7, "mlp"])
    def test_what_is_not_fitted_is_refused(self, thing):
        with pytest.raises(StorageError, match="a fitted MLPClassifier or MLPRegressor is needed"):
            networks.from_sklearn(thing)

    def test_a_state_dict_is_read_in_its_order(self):
        """As PyTorch names and shapes the parameters of Sequential(Linear(3, 4), ReLU(), Linear(4, 2))."""
        rng = np.random.default_rng(0)
        w1, b1, w2, b2 = (rng.normal(size=s).astype(np.float32) for s in ((4, 3), (4,), (2, 4), (2,)))
        net = networks.load(npz(**{"0.weight": w1, "0.bias": b1, "2.weight": w2, "2.bias": b2}))
        hidden = np.maximum(w1.astype(float) @ X + b1[:, np.newaxis], 0)
        z = w2.astype(float) @ hidden + b2[:, np.newaxis]
        assert np.allclose(net.feedforward(X), np.exp(z) / np.exp(z).sum(axis=0), rtol=1e-12)
        assert net.cost.name == "log-likelihood"

    def test_pytorchs_own_state_dict(self):
        torch = pytest.importorskip("torch")
        model = torch.nn.Sequential(
            torch.nn.Linear(3, 4), torch.nn.Sigmoid(), torch.nn.Linear(4, 2, bias=False), torch.nn.Sigmoid()
        )
        written = npz(**{name: value.numpy() for name, value in model.state_dict().items()})
        net = networks.load(written, activation="sigmoid", output="sigmoid")
        expected = model(torch.tensor(X.T, dtype=torch.float32)).detach().numpy().T
        assert np.allclose(net.feedforward(X), expected, rtol=1e-5)

    def test_a_layer_without_bias_has_zeros(self):
        net = networks.load(npz(**{"fc.weight": np.ones((2, 3))}), output="sigmoid")
        assert not net.biases[0].any()

    @pytest.mark.parametrize(
        ("arrays", "reason"),
        [
            ({"conv.weight": np.zeros((8, 1, 3, 3))}, "must be a matrix"),
            ({"0.weight": np.zeros((2, 3)), "1.running_mean": np.zeros(2)}, "this one has 1.running_mean"),
            ({"0.weight": np.zeros((2, 3)), "2.weight": np.zeros((2, 3))}, "weights of layer 3 must have shape"),
            ({"0.weight": np.zeros((2, 3)), "0.bias": np.zeros(3)}, "biases of layer 2 must have shape"),
            ({"w2": np.zeros((2, 3))}, "must hold w2, b2"),
            ({"w2": np.zeros((2, 3)), "b2": np.zeros(2)}, "must hold the text activation"),
            ({}, "it has: none"),
        ],
    )
    def test_other_arrays_get_a_reason(self, arrays, reason):
        with pytest.raises(StorageError, match=reason):
            networks.load(npz(**arrays) if arrays else empty_zip())


def empty_zip():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("readme.txt", "nothing")
    return file.getvalue()


NET = Network([3, 2])


class TestRefused:
    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            (b"", "not JSON"),
            (b"\x80\x04pickle", "not JSON"),
            (b"[1, 2]", "must be an object"),
            (b"{}", "weights must be a list with one entry for each layer"),
            (book_save(NET, weights=7), "weights must be a list"),
            (book_save(NET, weights=[[]]), r"weights\[0\] must be a list of rows"),
            (book_save(NET, weights=[[[1, 2], [1]]]), "row 2: as many numbers are needed as in row 1"),
            (book_save(NET, weights=[[[1, 2, "3"], [1, 2, 3]]]), "must hold numbers, one is 3"),
            (book_save(NET, weights=[[[1, 2, True], [1, 2, 3]]]), "must hold numbers, one is True"),
            (book_save(NET, weights=[[[1, 2], [3, 4], [5, 6]]]), "biases of layer 2 must have shape"),
            (book_save(NET, biases=[]), "biases must be a list"),
            (book_save(NET, sizes=[3, 4]), r"sizes must be \[3, 2\], as the weights say, got \[3, 4\]"),
            (book_save(NET, sizes="many"), "sizes must be"),
            (book_save(NET, cost="HingeCost"), "cost must be one of quadratic, .* got HingeCost"),
            (book_save(NET, cost=["x"]), "cost must be one of"),
            (book_save(NET).replace(b"[[", b"[[NaN,", 1), "every number must be finite, the file has NaN"),
            (book_save(NET, weights=[[[float("inf"), 1, 1], [1, 1, 1]]]), "every number must be finite"),
            (book_save(NET).replace(b"[[", b"[[1e999,", 1), "every number must be finite"),
            (book_save(NET, weights=[[[10**400, 1, 1], [1, 1, 1]]]), "every number must be finite"),
            (book_save(NET, nnviz={"format": 2}), "nnviz must be an object of format 1"),
            (book_save(NET, nnviz={"activation": "magic"}), "activation must be one of sigmoid"),
            (book_save(NET, nnviz={"output": "softmax"}), "cost cross-entropy does not go with output softmax"),
            (b"[" * 100_000, "more values or lists"),
            (b"[" * 1_000, "nested 8 deep, here they are 1,000 deep"),
            (b'{"a":' * 1_000, "nested 8 deep"),
            (b'["]]]]]]]]]]]]]]",' + b"[" * 100, "nested 8 deep"),
            (b"[" + b"1," * 2_000_000 + b"1]", "more values or lists"),
            (b'{"weights": ' + b"9" * 10_000 + b"}", "not JSON"),
            (b"\xff\xfe{}", "not JSON"),
        ],
    )
    def test_a_bad_file_gets_a_reason(self, data, reason):
        with pytest.raises(StorageError, match=reason):
            networks.load(data)

    def test_a_file_of_2_gb_is_refused_before_it_is_looked_at(self):
        class TwoGigabytes(bytes):
            def __len__(self):
                return 2 * 2**30

        with pytest.raises(StorageError, match="at most 32 MB, this one is 2,048 MB"):
            networks.load(TwoGigabytes())

    def test_text_is_not_bytes(self):
        with pytest.raises(StorageError, match="a file's bytes are needed, got str"):
            networks.load("{}")

    def test_an_npz_bomb_is_refused_before_it_is_unpacked(self):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("w2.npy", bytes(networks.MAX_UNPACKED + 1))
        with pytest.raises(StorageError, match="what a zip file holds must be at most 32 MB"):
            networks.load(file.getvalue())

    def test_infinite_weights_in_an_npz_are_refused(self):
        names = {name: np.array(text) for name, text in NET.names.items()}
        with pytest.raises(StorageError, match="weights of layer 2, row 1, column 2 is nan"):
            networks.load(npz(w2=np.array([[1.0, np.nan]]), b2=np.zeros((1, 1)), **names))

    def test_pickled_objects_in_an_npz_are_refused(self):
        with pytest.raises(StorageError, match="must hold numbers or text"):
            networks.load(npz(w2=np.array([object()])))


def loads_or_refuses(data):
    """Whether `data` gives a network or nnviz's own error, and nothing else."""
    try:
        net = networks.load(data)
        assert all(np.isfinite(array).all() for array in (*net.weights, *net.biases))
        net.feedforward(np.zeros(net.sizes[0]))
    except NnvizError as error:
        assert str(error)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)
FIELDS = st.sampled_from(["sizes", "weights", "biases", "cost", "nnviz"])


class TestFuzz:
    @FUZZ
    @given(st.binary(max_size=100))
    def test_any_bytes(self, data):
        loads_or_refuses(data)

    @FUZZ
    @given(st.dictionaries(FIELDS | st.just("size"), JSON))
    def test_any_json(self, content):
        loads_or_refuses(json.dumps(content).encode())

    @FUZZ
    @given(FIELDS, JSON)
    def test_a_network_with_any_value_in_one_field(self, field, value):
        loads_or_refuses(book_save(NET, **{field: value}))

    @FUZZ
    @given(st.data(), st.sampled_from([networks.to_json(NET).encode(), networks.to_npz(NET)]))
    def test_a_damaged_file(self, data, written):
        content = bytearray(written)
        for _ in range(data.draw(st.integers(1, 3))):
            content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
        loads_or_refuses(bytes(content[: data.draw(st.integers(0, len(content)))]))


def test_a_name_with_half_a_surrogate_pair_gives_a_message_that_can_be_sent():
    content = json.loads(networks.to_json(NET)) | {"cost": "\ud800", "nnviz": {}}
    with pytest.raises(StorageError) as caught:
        networks.load(json.dumps(content).encode())
    assert str(caught.value).encode("utf-8")
