"""Where the real data for tests are, beside the repository, and skipping where they are not."""

from pathlib import Path

import pytest

SHARED = Path(__file__).parents[2] / "shared" / "data"


def shared(name: str) -> Path:
    """The path of a file of real data; skips the test where it is not there."""
    path = SHARED / name
    if not path.is_file():
        pytest.skip(f"{name} is not in {SHARED.name} beside the repository")
    return path
