"""A Redis of its own for the tests of several replicas."""

import subprocess
import time
from contextlib import suppress
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

START_SECONDS = 20


class RedisServer:
    def __init__(self, command: str, port: int, folder: Path) -> None:
        self.command, self.port, self.folder = command, port, folder
        self.url = f"redis://127.0.0.1:{port}/0"
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        options = {"bind": "127.0.0.1", "port": str(self.port), "save": "", "appendonly": "no", "dir": str(self.folder)}
        flags = [text for name, value in options.items() for text in (f"--{name}", value)]
        self.process = subprocess.Popen([self.command, *flags], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            with suppress(RedisError), Redis.from_url(self.url) as client:
                client.ping()
                return
            time.sleep(0.05)
        raise AssertionError("the Redis did not start")

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)

    def restart(self) -> None:
        """It keeps nothing."""
        self.stop()
        self.start()

    def empty(self) -> None:
        with Redis.from_url(self.url) as client:
            client.flushdb()
