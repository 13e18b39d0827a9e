import io
import struct
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnviz import datasets
from nnviz.datasets import uploads
from nnviz.datasets.uploads import LIMITS, Options, Uploads, from_csv, from_npz, from_pictures
from nnviz.errors import DatasetError, NotHereError
from nnviz.run.experiment import Experiment
from nnviz.run.link import from_params
from nnviz.run.store import TrajectoryStore

FUZZ = settings(max_examples=150, derandomize=True, deadline=None)
FLOWERS = b"petal,sepal,species\n1.5,2.5,iris\n3.5,4.5,rose\n5.5,6.5,iris\n"


def npz(**arrays):
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def zipped(**files):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file.getvalue()


def decode(content):
    """In place of Pillow: a digit string is a picture of 2 x 2 equal pixels."""
    if not content.isdigit():
        raise ValueError("it is no picture")
    return np.full((2, 2), int(content), np.uint8)


DECODER = uploads.Decoder(lambda content: decode(content).shape[::-1], decode)


def rows_in_order(data):
    """Inputs and class names as pairs, whatever the order of the split."""
    return sorted((tuple(x), data.classes[k]) for x, k in zip(data.inputs.tolist(), data.labels, strict=True))


class TestCsv:
    def test_numbers_labels_and_names(self):
        data = from_csv(FLOWERS, "flowers.csv")
        assert rows_in_order(data) == [((1.5, 2.5), "iris"), ((3.5, 4.5), "rose"), ((5.5, 6.5), "iris")]
        assert (data.names, data.classes, data.title) == (("petal", "sepal"), ("iris", "rose"), "flowers.csv")

    @pytest.mark.parametrize("delimiter", [b",", b";", b"\t"])
    @pytest.mark.parametrize("end", [b"\n", b"\r\n"])
    @pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
    def test_any_usual_way_to_write_it(self, delimiter, end, start):
        written = start + FLOWERS.replace(b",", delimiter).replace(b"\n", end)
        assert rows_in_order(from_csv(written, "f")) == rows_in_order(from_csv(FLOWERS, "f"))

    def test_a_file_without_a_header(self):
        data = from_csv(b"1,2,0\n3,4,1\n", "f")
        assert (data.names, data.classes, len(data.labels)) == (("column 1", "column 2"), ("0", "1"), 2)

    def test_the_label_column_is_chosen_by_name(self):
        data = from_csv(b"kind,x\n1,2\n10,3\n2,4\n", "f", Options(label="kind"))
        assert data.classes == ("1", "2", "10")
        assert rows_in_order(data) == [((2.0,), "1"), ((3.0,), "10"), ((4.0,), "2")]

    def test_standardised_columns_have_mean_0_and_deviation_1(self):
        data = from_csv(b"a,b,c,y\n1,5,1e308,p\n2,5,-1e308,q\n6,5,1e308,p\n", "f", Options(standardise=True))
        assert data.inputs.mean(axis=0) == pytest.approx([0, 0, 0], abs=1e-12)
        assert data.inputs.std(axis=0) == pytest.approx([1, 0, 1])

    def test_pixels_become_a_picture(self):
        data = from_csv(b"label,a,b,c,d\n0,0,255,3,4\n1,9,8,7,6\n", "f", Options(label="label", picture=True))
        assert (data.picture, data.scale, data.inputs.dtype) == ((2, 2), 255.0, np.uint8)
        assert data.x([0]).max() <= 1

    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            (b"", "the CSV file is empty"),
            (b"a,b\n", "no rows under its header"),
            (b"a\n1\n", "one column"),
            (b"a,y\n1,p\n2\n", "row 3: 2 columns are needed, as in the first row; it has 1"),
            (b"a,y\n1,p\nx,q\n", "row 3, column a: a number is needed, got x"),
            (b"a,y\n1,p\n\n,q\n", "row 4, column a: a number is needed, got nothing"),
            (b"a,y\n1,p\nnan,q\n", "row 3, column a: a number is needed, got nan"),
            (b"a,y\n1,p\n1e999,q\n", "row 3, column a: a number is needed, got 1e999"),
            (b"a,y\n1,p\n1_000,q\n", "row 3, column a: a number is needed, got 1_000"),
            (b"a,y\n1,p\n2, \n", "row 3, column y: a label is needed, the cell is empty"),
            (b"a,y\n1,p\n2,p\n", "column y must name 2 to 20 classes, it has 1 different values"),
            (b"a,y\n1,p\n", "at least 2 examples are needed, there is 1"),
            (b"a,y\n1,p\n2,\xff\n", "row 3: the CSV file must be text in UTF-8"),
            (b"a,y\n" + b"".join(b"%d,%d\n" % (i, i) for i in range(30)), "it has 30 different values"),
        ],
    )
    def test_a_bad_file_gets_a_message_naming_the_place(self, content, reason):
        with pytest.raises(DatasetError, match=reason):
            from_csv(content, "f")

    def test_a_label_column_that_is_not_there(self):
        with pytest.raises(DatasetError, match="label must be one of the columns petal, sepal, species, got colour"):
            from_csv(FLOWERS, "f", Options(label="colour"))

    def test_a_picture_must_be_square(self):
        with pytest.raises(DatasetError, match="a square number of inputs"):
            from_csv(FLOWERS, "f", Options(picture=True))

    def test_numbers_that_are_equal_are_one_class(self):
        data = from_csv(b"a,b\n1,1\n2,1.0\n3,2\n4,2.00\n", "f")
        assert data.classes == ("1", "2")
        assert sorted(data.labels.tolist()) == [0, 0, 1, 1]

    def test_the_limits_hold(self, monkeypatch):
        monkeypatch.setattr(uploads, "LIMITS", uploads.Limits(bytes=100, rows=2, columns=2))
        with pytest.raises(DatasetError, match="row 4: at most 2 rows"):
            from_csv(FLOWERS, "f")
        with pytest.raises(DatasetError, match="4 columns; at most 3"):
            from_csv(b"a,b,c,d\n", "f")
        with pytest.raises(DatasetError, match="at most 100 bytes, this one is 101 bytes"):
            from_csv(b"x" * 101, "f")

    def test_a_title_cannot_bring_markdown(self):
        assert from_csv(FLOWERS, "![x](http://y/z)<b>.csv").title == "x (http y z) b .csv"

    @FUZZ
    @given(st.binary(max_size=80) | st.text('0123456789,;.e-\n"ab \t', max_size=80).map(str.encode))
    def test_any_bytes_give_a_data_set_or_our_own_error(self, content):
        for options in (Options(), Options(standardise=True), Options(picture=True)):
            try:
                assert np.isfinite(from_csv(content, "f", options).x([0])).all()
            except DatasetError as error:
                assert str(error)


class TestNpz:
    def test_examples_in_rows(self):
        data = from_npz(npz(x=np.array([[1.5, 2], [3, 4]]), y=np.array([0, 1])), "f")
        assert rows_in_order(data) == [((1.5, 2.0), "0"), ((3.0, 4.0), "1")]

    def test_pictures_with_text_labels(self):
        images = np.arange(18, dtype=np.uint8).reshape(2, 3, 3) * 10
        data = from_npz(npz(images=images, labels=np.array(["cat", "dog"])), "f")
        assert (data.picture, data.classes, data.scale) == ((3, 3), ("cat", "dog"), 255.0)
        assert data.inputs.dtype == np.uint8

    def test_one_hot_labels_and_arrays_by_columns(self):
        data = from_npz(npz(X=np.asfortranarray([[1.0, 2], [3, 4]]), Y=np.eye(2)), "f")
        assert rows_in_order(data) == [((1.0, 2.0), "0"), ((3.0, 4.0), "1")]

    @pytest.mark.parametrize(
        ("arrays", "reason"),
        [
            ({"a": np.zeros(3)}, "needs an array called x or inputs or images or data; it has: a"),
            ({"x": np.zeros((3, 2))}, "needs an array called y"),
            ({"x": np.zeros(3), "y": np.arange(3)}, "one example a row"),
            ({"x": np.zeros((3, 2)), "y": np.arange(4)}, "a label for each of the 3 examples"),
            ({"x": np.array([[1, 2], [3, np.inf]]), "y": np.arange(2)}, "row 2, column 2: a finite number is needed"),
            ({"x": np.zeros((2, 2000)), "y": np.arange(2)}, "1 to 1,024 inputs, it has 2,000"),
            ({"x": np.zeros((2, 2, 2)) - 1, "y": np.arange(2)}, "pixels must be from 0 to 255"),
            ({"x": np.array([[object()]]), "y": np.arange(1)}, "the array x.npy must hold numbers or text"),
            ({"x": np.zeros((0, 3)), "y": np.arange(0)}, "at least 2 examples are needed, there are none"),
            ({"x": np.array([[1 + 2j]]), "y": np.arange(1)}, "must hold numbers or text"),
        ],
    )  # fmt: skip
    def test_other_arrays_get_a_reason(self, arrays, reason):
        with pytest.raises(DatasetError, match=reason):
            from_npz(npz(**arrays), "f")

    def test_a_header_that_promises_a_huge_array_is_refused_at_once(self):
        head = b"{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000, 784), }".ljust(117) + b"\n"
        with pytest.raises(DatasetError, match="do not make the shape"):
            from_npz(zipped(**{"x.npy": b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head}), "f")

    def test_a_zip_bomb_is_refused_before_it_is_unpacked(self):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("x.npy", bytes(LIMITS.unpacked + 1))
        with pytest.raises(DatasetError, match="what a zip file holds must be at most 64 MB"):
            from_npz(file.getvalue(), "f")

    @FUZZ
    @given(st.data())
    def test_a_damaged_file_gives_a_data_set_or_our_own_error(self, data):
        content = bytearray(npz(x=np.arange(6.0).reshape(3, 2), y=np.array([0, 1, 0])))
        for _ in range(data.draw(st.integers(1, 3))):
            content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
        try:
            assert from_npz(bytes(content), "f").n_train
        except DatasetError as error:
            assert str(error)

    @FUZZ
    @given(st.binary(max_size=100))
    def test_any_array_bytes_give_a_data_set_or_our_own_error(self, tail):
        try:
            from_npz(zipped(**{"x.npy": b"\x93NUMPY\x01\x00" + tail, "y.npy": b""}), "f")
        except DatasetError as error:
            assert str(error)


class TestPictures:
    def test_each_folder_is_a_class(self):
        files = {"all/cat/1.png": b"7", "all/dog/1.PNG": b"9", "all/notes.txt": b"", "__MACOSX/all/cat/1.png": b""}
        data = from_pictures(zipped(**files), "pets.zip", DECODER)
        assert rows_in_order(data) == [((7, 7, 7, 7), "cat"), ((9, 9, 9, 9), "dog")]
        assert data.picture == (2, 2)

    def test_without_folders_the_name_starts_with_the_class(self):
        data = uploads.from_files([("3_a.png", b"7"), ("5-b.png", b"9")], "f", DECODER)
        assert data.classes == ("3", "5")

    @pytest.mark.parametrize(
        ("files", "reason"),
        [
            ({}, "no PNG pictures were found"),
            ({"a.png": b"1"}, "a.png: a folder named after its class is needed"),
            ({"a/x.png": b"1", "b/y.png": b"no"}, "b/y.png: it is no picture"),
            ({"a/x.png": b"1", "a/y.png": b"2"}, "the folders must name 2 to 20 classes"),
        ],
    )
    def test_a_bad_file_is_named(self, files, reason):
        with pytest.raises(DatasetError, match=reason):
            from_pictures(zipped(**files), "f", DECODER)

    def test_pictures_of_two_sizes_are_refused(self):
        def decode(content):
            return np.zeros((int(content), 2), np.uint8)

        with pytest.raises(DatasetError, match="one size, there are 1 x 2 and 2 x 2"):
            decoder = uploads.Decoder(lambda content: (2, 2), decode)
            from_pictures(zipped(**{"a/1.png": b"1", "b/2.png": b"2"}), "f", decoder)

    def test_no_zip_at_all(self):
        with pytest.raises(DatasetError, match="the zip file is broken"):
            from_pictures(b"no zip", "f", DECODER)

    @FUZZ
    @given(st.data())
    def test_a_damaged_zip_gives_a_data_set_or_our_own_error(self, data):
        content = bytearray(zipped(**{"a/1.png": b"1", "b/2.png": b"2"}))
        for _ in range(data.draw(st.integers(1, 3))):
            content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
        try:
            assert from_pictures(bytes(content), "f", DECODER).n_train
        except DatasetError as error:
            assert str(error)


class TestLife:
    """An upload is known as long as a session holds it."""

    def test_while_it_is_held_an_experiment_can_name_it(self):
        data = from_csv(FLOWERS, "f")
        name = uploads.UPLOADS.hold(data)
        assert datasets.get(name) is data
        assert Experiment(dataset=name, hidden=(3,)).sizes == (2, 3, 2)
        uploads.UPLOADS.release(name)

    def test_when_the_last_holder_has_left_it_is_gone_with_its_runs(self):
        names = [uploads.UPLOADS.hold(from_csv(FLOWERS, "f")) for _ in range(2)]
        assert len(set(names)) == 1
        store = TrajectoryStore()
        store.get(Experiment(dataset=names[0])).moment_at(1)
        uploads.UPLOADS.release(names[0])
        store.drop_gone()
        assert len(store) == 1
        uploads.UPLOADS.release(names[0])
        with pytest.raises(NotHereError, match="Load the file again on the Data page"):
            datasets.get(names[0])
        store.drop_gone()
        assert len(store) == 0

    def test_a_link_to_what_is_gone_says_what_to_do(self):
        found, _, (error,) = from_params({"dataset": "own-0123456789abcdef"})
        assert found == Experiment()
        assert "own-0123456789abcdef is not here" in str(error)

    def test_the_same_file_read_in_the_same_way_has_the_same_name(self):
        one, other = from_csv(FLOWERS, "f"), from_csv(FLOWERS, "f")
        names = uploads.UPLOADS
        assert names.name_of(one) == names.name_of(other)
        assert names.name_of(from_csv(FLOWERS, "f", Options(standardise=True))) != names.name_of(one)

    def test_the_name_cannot_be_worked_out_from_the_content(self):
        data = from_csv(FLOWERS, "f")
        assert uploads.UPLOADS.name_of(data) != Uploads(b"another process").name_of(data)


class TestWorkIsBounded:
    """Time and memory of a loader are bounded before the work is done."""

    def counting(self, width, height):
        decoded = []

        def levels(content):
            decoded.append(content)
            return np.zeros((2, 2), np.uint8)

        return uploads.Decoder(lambda content: (width, height), levels), decoded

    @pytest.mark.parametrize(
        ("width", "height", "n", "reason"),
        [(60_000, 60_000, 1, "a picture may have"), (2048, 2048, 9, "all pictures together may have")],
    )
    def test_pictures_that_would_take_long_are_refused_before_one_is_decoded(self, width, height, n, reason):
        decoder, decoded = self.counting(width, height)
        files = [(f"class{i % 2}/{i}.png", b"x") for i in range(n)]
        with pytest.raises(DatasetError, match=reason):
            uploads.from_files(files, "f", decoder)
        assert decoded == []

    def test_a_cut_header_in_an_npz_is_a_broken_array(self):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            header = b"{'descr': '<f8', 'fortran_order': False, 'shape': (3,"
            archive.writestr("x.npy", b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header)
        with pytest.raises(DatasetError, match="the array x.npy is broken"):
            from_npz(file.getvalue(), "f")

    def test_a_member_without_a_name_is_a_broken_zip(self):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("a", b"1")
        data = bytearray(file.getvalue())
        central = data.index(b"PK\x01\x02")
        data[central + 28 : central + 30] = b"\x00\x00"  # the length of the name
        with pytest.raises(DatasetError, match="zip file is broken"):
            from_pictures(bytes(data), "f", DECODER)
