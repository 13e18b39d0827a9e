"""Streamlit servers for the benchmarks: started on this computer alone, watched through /proc, ended by their pid."""

import ctypes
import gzip
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parent.parent
APPS = Path(__file__).parent / "apps"
PORTS = range(8900, 9000)
START_SECONDS = 60
STREAMLIT = ("-m", "streamlit")
WITHOUT_UVLOOP = ("-c", "import sys; sys.modules['uvloop'] = None; from streamlit.web.cli import main; main()")


@dataclass(frozen=True)
class Server:
    """A running server. As text it is its address."""

    port: int
    pid: int

    def __str__(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def cpu_seconds(self) -> float | None:
        """Processor time that the process has taken so far, all threads; None where the system has no clock of it."""
        clock = ctypes.c_int()
        try:
            failed = ctypes.CDLL(None).clock_getcpuclockid(self.pid, ctypes.byref(clock))
        except (AttributeError, TypeError, OSError):
            return None
        return None if failed else time.clock_gettime(clock.value)

    def memory(self) -> float | None:
        """Megabytes of memory the process holds that nobody else does; None where there is no /proc."""
        with suppress(OSError):
            lines = Path(f"/proc/{self.pid}/smaps_rollup").read_text().splitlines()
            kilobytes = sum(int(line.split()[1]) for line in lines if line.startswith("Private_"))
            return kilobytes / 1024
        return None


@contextmanager
def serve(
    script: Path, core: int | None = None, as_streamlit_comes: bool = False, **environment: str
) -> Iterator[Server]:
    """Run a Streamlit script with the app's own configuration, on one core where `core` names it.

    `as_streamlit_comes`: without uvloop, which Streamlit uses if it is installed but does not install itself.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the servers end with this process
    port = free_port()
    options = {
        "server.address": "127.0.0.1",
        "server.port": port,
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": "false",
        "logger.level": "error",
    }
    flags = [text for name, value in options.items() for text in (f"--{name}", str(value))]
    variables = os.environ | {"PYTHONPATH": str(ROOT), "NO_PROXY": "127.0.0.1"} | environment
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(
            [sys.executable, *(WITHOUT_UVLOOP if as_streamlit_comes else STREAMLIT), "run", str(script), *flags],
            cwd=ROOT,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            if core is not None and hasattr(os, "sched_setaffinity"):
                os.sched_setaffinity(process.pid, {core})
            wait_for_health(port, process)
            yield Server(port, process.pid)
        finally:
            end(process)
            log.seek(0)
            if troubles := [line for line in log if "Error" in line or "Traceback" in line]:
                print(f"The server of {script.name} complained: {troubles[-1].strip()} ({len(troubles)} lines)")


def free_port() -> int:
    """A port nobody listens on; where to look first depends on the process, so that two runs do not meet."""
    first = os.getpid() * 7 % len(PORTS)
    for port in (*PORTS[first:], *PORTS[:first]):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise OSError(f"no free port from {PORTS.start} to {PORTS.stop - 1}")


def wait_for_health(port: int, process: subprocess.Popen) -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # this computer needs no proxy
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        with suppress(OSError):
            opener.open(f"http://127.0.0.1:{port}/_stcore/health", timeout=2).close()
            if process.poll() is None:
                return
        time.sleep(0.1)
    raise OSError(f"the server on port {port} did not start")


def end(process: subprocess.Popen) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def made_up_mnist() -> Iterator[dict[str, str]]:
    """Random pictures in MNIST's format in a temporary folder; gives the environment in which nnviz finds them."""
    rng, n = np.random.default_rng(0), 60_000
    pictures = np.where(rng.random((n, 28, 28)) < 0.2, rng.integers(1, 256, (n, 28, 28)), 0)  # a fifth is ink
    with tempfile.TemporaryDirectory() as folder:
        for name, array in (("train-images-idx3-ubyte", pictures), ("train-labels-idx1-ubyte", rng.integers(0, 10, n))):
            path = Path(folder) / "mnist" / f"{name}.gz"
            path.parent.mkdir(exist_ok=True)
            head = bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">u4").tobytes()
            with gzip.open(path, "wb", compresslevel=1) as file:
                file.write(head + array.astype(np.uint8).tobytes())
        yield {"NNVIZ_DATA": folder}
