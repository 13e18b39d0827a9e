"""Install a Debian or Ubuntu package, where the user is root and so has said that we may."""

import os
import shutil
import subprocess
import sys


def may_install():
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(package):
    """Whether `apt-get install` of the package went well. Its output goes to stderr.

    No annotations and no new syntax: `tools.venv` imports this with a Python that may be too old for the app.
    """
    if not may_install():
        return False
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update"], ["install", "-y", package]):
        done = subprocess.run(["apt-get", *arguments], env=environment, stdout=sys.stderr)
    return done.returncode == 0
