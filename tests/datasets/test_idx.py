import gzip
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnviz.datasets import idx
from nnviz.datasets.idx import parse_idx, read_idx
from nnviz.errors import DatasetError
from tests.data import shared

FUZZ = settings(max_examples=200, derandomize=True, deadline=None)


def idx_bytes(array):
    """An array of bytes in IDX, after the format's description."""
    return struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape) + array.astype(np.uint8).tobytes()


PICTURES = np.arange(24).reshape(2, 3, 4)


class TestRead:
    @pytest.mark.parametrize("pack", [bytes, gzip.compress])
    def test_it_gives_back_what_was_written(self, tmp_path, pack):
        file = tmp_path / "pictures"
        file.write_bytes(pack(idx_bytes(PICTURES)))
        assert np.array_equal(read_idx(file), PICTURES)

    def test_mnists_test_set_as_published(self):
        images = read_idx(shared("t10k-images-idx3-ubyte.gz"))
        labels = read_idx(shared("t10k-labels-idx1-ubyte.gz"))
        with np.load(shared("mnist63k.npz")) as known:
            assert np.array_equal(images[:3000].reshape(3000, 784), known["images"][60_000:])
            assert np.array_equal(labels, known["labels"][60_000:])

    def test_the_array_cannot_be_written_to(self):
        with pytest.raises(ValueError, match="read-only"):
            parse_idx(idx_bytes(PICTURES))[0] = 1


class TestRefused:
    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            (b"", "two zero bytes"),
            (b"\1\0\10\1\0\0\0\0", "two zero bytes"),
            (b"\0\0\15\1\0\0\0\0", "type 8"),
            (b"\0\0\10\0", "1 to 3 dimensions"),
            (b"\0\0\10\377" + bytes(4 * 255), "1 to 3 dimensions"),
            (b"\0\0\10\3\0\0\0\1", "cut off in its header"),
            (idx_bytes(PICTURES)[:-1], "2 x 3 x 4"),
            (idx_bytes(PICTURES) + b"\0", "2 x 3 x 4"),
            (b"\0\0\10\3" + b"\377" * 12, "4294967295 x"),
        ],
    )
    def test_other_bytes_get_a_reason(self, data, reason):
        with pytest.raises(DatasetError, match=reason):
            parse_idx(data)

    def test_a_gzip_bomb_is_stopped_at_the_limit(self, tmp_path, monkeypatch):
        monkeypatch.setattr(idx, "MAX_BYTES", 1000)
        file = tmp_path / "bomb.gz"
        file.write_bytes(gzip.compress(bytes(10_000_000)))
        with pytest.raises(DatasetError, match=r"bomb.gz must be at most 1,000 bytes"):
            read_idx(file)

    def test_a_missing_file_is_named(self, tmp_path):
        with pytest.raises(DatasetError, match="nothing-here cannot be read"):
            read_idx(tmp_path / "nothing-here")

    @FUZZ
    @given(st.binary(max_size=60) | st.binary(max_size=60).map(lambda tail: b"\0\0\10" + tail))
    def test_any_bytes_give_an_array_or_our_own_error(self, data):
        try:
            assert parse_idx(data).dtype == np.uint8
        except DatasetError as error:
            assert str(error)

    @FUZZ
    @given(st.data())
    def test_a_damaged_gzip_gives_an_array_or_our_own_error(self, tmp_path_factory, data):
        packed = bytearray(gzip.compress(idx_bytes(PICTURES)))
        at = data.draw(st.integers(0, len(packed) - 1))
        packed[at] = data.draw(st.integers(0, 255))
        file = tmp_path_factory.getbasetemp() / "damaged"
        file.write_bytes(bytes(packed[: data.draw(st.integers(0, len(packed)))]))
        try:
            read_idx(file)
        except DatasetError as error:
            assert str(error)
