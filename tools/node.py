"""Find Node for the JavaScript tests, or install it: `python -m tools.node` prints its path."""

import shutil
import subprocess
import sys

from tools import apt

OLDEST = 18  # the first with a test runner of its own


class NodeError(Exception):
    """No Node that can run the tests; the message says what to do."""


def find_node() -> str:
    """The path of a Node of version 18 or newer."""
    path = shutil.which("node") or shutil.which("nodejs")
    if path is None:
        raise NodeError(f"The tests in tests/js need Node {OLDEST} or newer, and there is none on the PATH.")
    version = subprocess.run([path, "--version"], capture_output=True, text=True).stdout.strip()
    major = version.removeprefix("v").split(".")[0]
    if not major.isdigit() or int(major) < OLDEST:
        raise NodeError(f"The tests in tests/js need Node {OLDEST} or newer, got {version!r} from {path}.")
    return path


def ensure_node() -> str:
    if shutil.which("node") is None and shutil.which("nodejs") is None:
        apt.install("nodejs")
    return find_node()


if __name__ == "__main__":
    try:
        print(ensure_node())
    except NodeError as error:
        sys.exit(str(error))
