"""Find Node for the JavaScript tests and checkers, or install it: `python -m tools.node` prints its path.

`python -m tools.node npm ci` runs npm, which is installed where it is missing.
"""

import shutil
import subprocess
import sys

from tools import apt

OLDEST = 18  # the first with a test runner of its own


class NodeError(Exception):
    """No Node that can run the tests; the message says what to do."""


def find_node() -> str:
    """The path of a Node that is new enough."""
    path = shutil.which("node") or shutil.which("nodejs")
    if path is None:
        raise NodeError(f"The JavaScript tests need Node {OLDEST} or newer, and there is none on the PATH.")
    version = subprocess.run([path, "--version"], capture_output=True, text=True).stdout.strip()
    major = version.removeprefix("v").split(".")[0]
    if not major.isdigit() or int(major) < OLDEST:
        raise NodeError(f"The JavaScript tests need Node {OLDEST} or newer, got {version!r} from {path}.")
    return path


def ensure_node() -> str:
    if shutil.which("node") is None and shutil.which("nodejs") is None:
        apt.install("nodejs")
    return find_node()


def npm(arguments: list[str]) -> int:
    """Run npm; its exit code."""
    ensure_node()
    if shutil.which("npm") is None:
        apt.install("npm")
    path = shutil.which("npm")
    if path is None:
        raise NodeError("The JavaScript checkers need npm, which comes with Node, and there is none on the PATH.")
    return subprocess.run([path, *arguments]).returncode


if __name__ == "__main__":
    try:
        if sys.argv[1:2] == ["npm"]:
            sys.exit(npm(sys.argv[2:]))
        print(ensure_node())
    except NodeError as error:
        sys.exit(str(error))
