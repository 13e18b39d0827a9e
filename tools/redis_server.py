"""Find a redis-server for the tests of several replicas, or get one: `python -m tools.redis_server` prints its path."""

import os
import shutil
import sys

from tools import apt

VARIABLE = "NNVIZ_REDIS_SERVER"
COMMANDS = ("redis-server", "valkey-server")
HELP = f"""\
No redis-server was found, and the tests of several replicas need one. Either of these helps:
  install it (Debian: apt-get install redis-server);
  name the one to use: {VARIABLE}=/path/to/redis-server"""


class RedisMissingError(Exception):
    """There is no redis-server; the message says what to do."""


def find_redis() -> str:
    """The path of a redis-server; installs nothing."""
    for command in filter(None, (os.environ.get(VARIABLE), *COMMANDS)):
        if path := shutil.which(command):
            return path
    raise RedisMissingError(HELP)


def ensure_redis() -> str:
    """The same, after trying to install one where there is none."""
    try:
        return find_redis()
    except RedisMissingError:
        apt.install("redis-server")
    return find_redis()


if __name__ == "__main__":
    try:
        print(ensure_redis())
    except RedisMissingError as error:
        sys.exit(str(error))
