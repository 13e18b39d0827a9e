"""JavaScript keeps to Python's line limit; Biome breaks code by itself, but neither comments nor texts."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
LIMIT = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["ruff"]["line-length"]


def test_no_line_of_javascript_is_longer_than_pythons() -> None:
    files = [file for folder in ("static", "tests/js", "benchmarks") for file in (ROOT / folder).rglob("*.js")]
    assert files
    long = [
        f"{file.relative_to(ROOT)}:{number}"
        for file in files
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > LIMIT
    ]
    assert not long
