"""What tests of several folders need."""

import pytest

from nnviz.datasets.uploads import UPLOADS


@pytest.fixture
def no_uploads() -> None:
    """No upload of another test is known."""
    for name, holders in list(UPLOADS._holders.items()):
        for _ in range(holders):
            UPLOADS.release(name)
