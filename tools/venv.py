"""Make the virtual environment: `python3 -m tools.venv .venv`.

Runs in whatever Python the machine has, so it uses the standard library and old syntax only.
"""

import importlib.util
import subprocess
import sys

from tools import apt

OLDEST = (3, 11)
NEWEST = (3, 13)


def main(folder):
    version = "{}.{}".format(*sys.version_info[:2])
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        sys.exit(
            "nnviz needs Python {}.{} to {}.{}, got {}. ".format(*OLDEST, *NEWEST, version)
            + "Name another one, such as: make test PYTHON=python3.12"
        )
    # Debian and Ubuntu keep this part of Python in a package of its own.
    if importlib.util.find_spec("ensurepip") is None and not apt.install(f"python{version}-venv"):
        sys.exit(f"This Python cannot make virtual environments. Install the package python{version}-venv.")
    sys.exit(subprocess.run([sys.executable, "-m", "venv", folder]).returncode)


if __name__ == "__main__":
    main(sys.argv[1])
