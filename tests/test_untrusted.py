"""Files from outside: what is broken or strange is refused in words."""

import io
import zipfile

import numpy as np
import pytest
from numpy.lib import format as npy

from nnviz.errors import DatasetError
from nnviz.untrusted import read_npz, zip_members

LIMIT = 10_000_000


def npz_with_header(shape: tuple[int, ...], body: bytes = b"") -> bytes:
    member, file = io.BytesIO(), io.BytesIO()
    npy.write_array_header_1_0(member, {"shape": shape, "fortran_order": False, "descr": "<f8"})
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("x.npy", member.getvalue() + body)
    return file.getvalue()


@pytest.mark.parametrize("shape", [(10**30, 0), (2**62, 0, 8), (0,) * 70], ids=["huge", "overflow", "dimensions"])
def test_a_shape_that_no_array_has_is_a_broken_array(shape: tuple[int, ...]) -> None:
    with pytest.raises(DatasetError, match=r"x\.npy is broken"):
        read_npz(npz_with_header(shape), LIMIT, DatasetError)


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_zip_packed_in_an_unusual_way_is_refused_unread(method: int) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        archive.writestr("a.txt", b"a" * 1000)
    with pytest.raises(DatasetError, match="stored or deflated"):
        list(zip_members(file.getvalue(), LIMIT, DatasetError))


def test_what_savez_writes_is_read() -> None:
    file = io.BytesIO()
    np.savez_compressed(file, x=np.arange(6.0).reshape(2, 3))
    assert np.array_equal(read_npz(file.getvalue(), LIMIT, DatasetError)["x"], [[0, 1, 2], [3, 4, 5]])
