import gzip
import pickle
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnviz import datasets
from nnviz.datasets import mnist
from nnviz.datasets.mnist_pickle import load_arrays, read_book
from nnviz.errors import DatasetError, NotHereError
from nnviz.run.experiment import Experiment
from nnviz.run.link import from_params
from tests.data import shared

MNIST = mnist.FAMILIES["mnist"]
N = mnist.TRAINING + mnist.HELD_OUT
FUZZ = settings(max_examples=150, derandomize=True, deadline=None)


@pytest.fixture(scope="module")
def random_digits():
    """Random numbers in the shape of MNIST's training set."""
    rng = np.random.default_rng(0)
    return rng.integers(256, size=(N, 784), dtype=np.uint8), rng.integers(10, size=N, dtype=np.uint8)


def put_idx(folder, images, labels, pack=bytes, ending="", names=(mnist.IMAGES, mnist.LABELS)):
    folder.mkdir(parents=True)
    head = struct.pack(">HBBIII", 0, 8, 3, len(images), 28, 28), struct.pack(">HBBI", 0, 8, 1, len(labels))
    for name, start, array in zip(names, head, (images, labels), strict=True):
        (folder / f"{name}{ending}").write_bytes(pack(start + array.tobytes()))


class TestFolder:
    def test_the_environment_can_name_it(self, tmp_path):
        assert mnist.cache_folder({"NNVIZ_DATA": str(tmp_path)}) == tmp_path

    def test_else_it_is_in_the_users_cache(self, tmp_path):
        assert mnist.cache_folder({"XDG_CACHE_HOME": str(tmp_path)}) == tmp_path / "nnviz"
        assert mnist.cache_folder({}).name == "nnviz"


class TestLoad:
    @pytest.mark.parametrize(
        ("family", "pack", "ending"),
        [("mnist", bytes, ""), ("fashion-mnist", lambda data: gzip.compress(data, 0), ".gz"), ("kmnist", bytes, "")],
    )
    def test_files_that_are_there_are_used(self, tmp_path, random_digits, family, pack, ending):
        images, labels = random_digits
        put_idx(tmp_path / family, images, labels, pack, ending)
        data = mnist.load(mnist.FAMILIES[family], tmp_path)
        assert (data.n_train, len(data.held_out), data.picture, len(data.classes)) == (50_000, 10_000, (28, 28), 10)
        assert np.array_equal(data.inputs, images)
        assert data.inputs.dtype == np.uint8
        assert np.array_equal(data.x([3]), images[3:4].T / 255)
        assert np.array_equal(data.labels, labels)

    def test_a_dot_in_the_files_name_is_fine(self, tmp_path, random_digits):
        put_idx(tmp_path / "mnist", *random_digits, names=("train-images.idx3-ubyte", "train-labels.idx1-ubyte"))
        assert mnist.is_here(MNIST, tmp_path)

    def test_mnist_as_published(self, tmp_path):
        with np.load(shared("mnist63k.npz")) as known:
            images, labels = known["images"], known["labels"]
        put_idx(tmp_path / "mnist", images[:N], labels[:N])
        data = mnist.load(MNIST, tmp_path)
        assert np.bincount(data.labels).tolist() == [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
        assert data.labels[:5].tolist() == [5, 0, 4, 1, 9]

    def test_without_files_it_says_what_to_do(self, tmp_path):
        assert not mnist.is_here(MNIST, tmp_path)
        with pytest.raises(NotHereError, match="dataset mnist is not here: download it on the Data page"):
            mnist.load(MNIST, tmp_path)

    def test_the_test_files_are_not_the_training_files(self, tmp_path):
        folder = tmp_path / "mnist"
        folder.mkdir()
        (folder / f"{mnist.IMAGES}.gz").write_bytes(shared("t10k-images-idx3-ubyte.gz").read_bytes())
        (folder / f"{mnist.LABELS}.gz").write_bytes(shared("t10k-labels-idx1-ubyte.gz").read_bytes())
        with pytest.raises(DatasetError, match="60,000 pictures of 28 x 28"):
            mnist.load(MNIST, tmp_path)

    def test_labels_beyond_the_classes_are_refused(self, tmp_path, random_digits):
        put_idx(tmp_path / "mnist", random_digits[0], np.full(N, 10, np.uint8))
        with pytest.raises(DatasetError, match="labels must be from 0 to 9, one is 10"):
            mnist.load(MNIST, tmp_path)

    def test_a_link_to_it_works_once_the_files_are_there(self, tmp_path, random_digits, monkeypatch):
        monkeypatch.setenv("NNVIZ_DATA", str(tmp_path))
        datasets.load_large.cache_clear()
        found, _, (error,) = from_params({"dataset": "mnist"})
        assert found == Experiment()
        assert isinstance(error, NotHereError)
        put_idx(tmp_path / "mnist", *random_digits)
        found, _, errors = from_params({"dataset": "mnist", "step": "149999"})
        assert (found, errors) == (Experiment(dataset="mnist"), [])
        datasets.load_large.cache_clear()


def book_file(path, pairs, protocol=4):
    path.write_bytes(gzip.compress(pickle.dumps(pairs, protocol), 0))
    return path


class TestBook:
    def test_the_books_file_gives_the_same_pictures(self, tmp_path, random_digits):
        images, labels = random_digits
        x, y = (images / np.float32(256)).astype(np.float32), labels.astype(np.int64)
        pairs = (x[:50_000], y[:50_000]), (x[50_000:], y[50_000:]), (x[:10], y[:10])
        (tmp_path / "mnist").mkdir()
        book_file(tmp_path / "mnist" / "mnist.pkl.gz", pairs)
        data = mnist.load(MNIST, tmp_path)
        assert np.array_equal(data.inputs, images)
        assert np.array_equal(data.labels, labels)
        assert data.scale == 255

    def test_a_pickle_written_by_python_2_is_read(self, tmp_path):
        """As its cPickle wrote arrays: byte strings for data, dtype and byte order, and the module numpy.core."""
        numbers = np.array([1.0, 2.0], "<f4").tobytes()
        written = (
            b"\x80\x02cnumpy.core.multiarray\n_reconstruct\nq\x01cnumpy\nndarray\nq\x02K\x00\x85U\x01b\x87Rq\x03"
            b"(K\x01K\x02\x85cnumpy\ndtype\nq\x04U\x02f4K\x00K\x01\x87Rq\x05(K\x03U\x01<NNN"
            b"J\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89T" + struct.pack("<I", len(numbers)) + numbers + b"tb\x85."
        )
        (tmp_path / "old").write_bytes(written)
        (array,) = load_arrays(tmp_path / "old")
        assert array.tolist() == [1.0, 2.0]

    @pytest.mark.parametrize("protocol", [3, 4])
    def test_arrays_of_python_3_are_read(self, tmp_path, protocol):
        arrays = np.arange(6, dtype=np.float32).reshape(2, 3), np.arange(3)
        read = load_arrays(book_file(tmp_path / "p", arrays, protocol))
        assert all(np.array_equal(a, b) for a, b in zip(read, arrays, strict=True))

    @pytest.mark.parametrize(
        "harmful",
        [
            b"cos\nsystem\n(S'echo'\ntR.",
            b"cbuiltins\neval\n(S'1'\ntR.",
            b"cnumpy\nload\n(S'x'\ntR.",
            b"cnumpy.core.multiarray\nfrombuffer\n(S'x'\ntR.",
            b"(i__main__\nx\n.",
            b"\x80\x02c__builtin__\ngetattr\n.",
            b"cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I99999999999\ntS'b'\ntR.",
            b"cnumpy\nndarray\n(I5\ntR.",
            b"cnumpy\ndtype\n(S'O8'\ntR.",
            b"P1\n.",
            b"\x80\x04\x8e\xff\xff\xff\xff\xff\xff\xff\x0f",
            b"I1\nr\xff\xff\xff\x7f.",
            b"]" * 5000 + b".",
            b"N" * 5000 + b".",
        ],
    )  # fmt: skip
    def test_everything_else_is_refused(self, tmp_path, harmful):
        (tmp_path / "harmful.pkl").write_bytes(harmful)
        with pytest.raises(DatasetError, match="harmful.pkl is not the book's file"):
            load_arrays(tmp_path / "harmful.pkl")

    def test_objects_that_run_code_are_refused(self, tmp_path):
        class Harmful:
            def __reduce__(self):
                return (open, (str(tmp_path / "was-run"), "w"))

        for protocol in range(6):
            with pytest.raises(DatasetError):
                load_arrays(book_file(tmp_path / "x", (Harmful(),), protocol))
        assert not (tmp_path / "was-run").exists()

    def test_a_bomb_is_stopped_at_the_limit(self, tmp_path):
        path = book_file(tmp_path / "bomb", (np.zeros(1_000_000),))
        with pytest.raises(DatasetError, match="larger than any"):
            load_arrays(path, limit=1000)

    @pytest.mark.parametrize("content", [7, (), (1, 2, 3), ((np.zeros(3), np.zeros(3)),) * 3, "text"])
    def test_other_content_is_refused(self, tmp_path, content):
        with pytest.raises(DatasetError, match="must hold"):
            read_book(book_file(tmp_path / "other", content))

    def test_text_in_place_of_numbers_is_refused(self, tmp_path):
        with pytest.raises(DatasetError, match="not a type of plain numbers"):
            load_arrays(book_file(tmp_path / "text", np.array(["a"])))

    @FUZZ
    @given(st.data())
    def test_a_damaged_file_gives_arrays_or_our_own_error(self, tmp_path_factory, data):
        content = bytearray(pickle.dumps((np.arange(4.0), np.arange(3)), 3))
        for _ in range(data.draw(st.integers(1, 4))):
            content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
        file = tmp_path_factory.getbasetemp() / "damaged.pkl"
        file.write_bytes(bytes(content))
        try:
            load_arrays(file)
        except DatasetError as error:
            assert str(error)

    @FUZZ
    @given(st.binary(max_size=80))
    def test_any_bytes_give_our_own_error_or_a_harmless_value(self, tmp_path_factory, content):
        file = tmp_path_factory.getbasetemp() / "any.pkl"
        file.write_bytes(content)
        try:
            load_arrays(file)
        except DatasetError as error:
            assert str(error)
