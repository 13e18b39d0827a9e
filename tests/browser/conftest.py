"""A real Chromium and a real server for the tests in this folder.

Where no browser can be found these tests fail and say so; they are never skipped.
"""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from tools.browser import BrowserError, find_browser

ROOT = Path(__file__).parents[2]
START_SECONDS = 60
EXPECT_MILLISECONDS = 30_000  # how long a test waits for what it expects: long enough for a busy machine
LOG_TAIL = 8_000  # characters of the server's log shown with a failed test

# Only runs the script, as other runners do; with Streamlit's flags as its own.
WITHOUT_ROUTES = """
import json, sys
from streamlit.web import bootstrap
values = [json.loads(text) if text.isalnum() and text != "none" else text for text in sys.argv[2::2]]
flags = dict(zip([flag[2:].replace(".", "_") for flag in sys.argv[1::2]], values))
bootstrap.load_config_options(flags)
bootstrap.run("app.py", False, [], flags)
"""

CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]

# Streamlit says "running" only a moment after a press, so the app counts as settled when it has not been
# running for a while.
IDLE_MILLISECONDS = 150
IDLE_SCRIPT = """
quiet => {
    const app = document.querySelector('[data-testid=stApp]');
    const idle = app !== null && app.dataset.testScriptState === 'notRunning';
    const now = performance.now();
    if (!idle) window.nnvizIdleSince = undefined;
    else window.nnvizIdleSince ??= now;
    return idle && now - window.nnvizIdleSince >= quiet;
}
"""


@dataclass(frozen=True)
class Server:
    """A running app. As text it is its address, so f"{server}/Data" is the Data page."""

    url: str  # without a slash at the end
    pid: int
    log: Path  # what the server has printed

    def __str__(self) -> str:
        return self.url


def settled(page: Page, timeout: float = 30_000) -> None:
    """Wait until the app's script has run to its end. timeout is in milliseconds."""
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]", state="attached", timeout=timeout)
    page.evaluate("window.nnvizIdleSince = undefined")
    page.wait_for_function(IDLE_SCRIPT, arg=IDLE_MILLISECONDS, timeout=timeout)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    try:
        path = find_browser()
    except BrowserError as error:
        pytest.fail(str(error), pytrace=False)
    with sync_playwright() as playwright:
        expect.set_options(timeout=EXPECT_MILLISECONDS)
        chromium = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app, shared by the tests of this worker."""
    with run_app(tmp_path_factory.mktemp("server") / "log.txt") as running:
        yield running


@pytest.fixture
def fresh_server(tmp_path: Path) -> Iterator[Server]:
    """The app in a process that nobody has opened a page of yet."""
    with run_app(tmp_path / "log.txt") as running:
        yield running


@pytest.fixture
def server_without_routes(tmp_path: Path) -> Iterator[Server]:
    """The app started by a runner that knows no `st.App`."""
    with run_app(tmp_path / "log.txt", ["-c", WITHOUT_ROUTES]) as running:
        yield running


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty page, 1280 x 800, of its own context, of a visitor who wants nothing to move by itself.

    A JavaScript error that nobody caught, or an exception on the screen, fails the test at its end.
    """
    context = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    problems: list[str] = []
    context.on("weberror", lambda event: problems.append(f"JavaScript: {event.error}"))
    yield context.new_page()
    for opened in context.pages:
        for text in opened.locator("[data-testid=stException]").all_inner_texts():
            problems.append(f"exception on the screen at {opened.url}: {text}")
    context.close()
    if problems:
        pytest.fail("\n".join(problems), pytrace=False)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item):
    """Show with a failed test what the server printed, and keep a picture of the page."""
    report = yield
    if not report.failed:
        return report
    fixtures = getattr(item, "funcargs", {})
    for name in ("server", "fresh_server"):
        if isinstance(running := fixtures.get(name), Server) and running.log.exists():
            report.sections.append((f"log of {name}", running.log.read_text(errors="replace")[-LOG_TAIL:]))
    if isinstance(shown := fixtures.get("page"), Page) and not shown.is_closed():
        picture = ROOT / "test-artifacts" / f"{item.name.replace('/', '-')}.png"
        with suppress(PlaywrightError):
            shown.screenshot(path=picture)
            report.sections.append(("picture of the page", str(picture.relative_to(ROOT))))
    return report


@contextmanager
def run_app(
    log: Path,
    command: Sequence[str] = ("-m", "streamlit", "run", "app.py"),
    port: int | None = None,
    **environment: str,
) -> Iterator[Server]:
    """The app as a process of this command of Python, which is given Streamlit's flags; at a free port, or this one."""
    port = port or free_port()
    options = {
        "server.address": "127.0.0.1",
        "server.port": port,
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": "false",
    }
    flags = [text for name, value in options.items() for text in (f"--{name}", str(value))]
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, *command, *flags],
            cwd=ROOT,
            env={**os.environ, "PYTHONUNBUFFERED": "1"} | environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_for_health(url, process, log)
            yield Server(url=url, pid=process.pid, log=log)
        finally:
            _end(process)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for_health(url: str, process: subprocess.Popen, log: Path) -> None:
    health = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # this machine needs no proxy
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError):
            health.open(f"{url}/_stcore/health", timeout=2).close()
            return
        time.sleep(0.1)
    ended = process.poll()
    why = f"it ended with {ended}" if ended is not None else f"not ready after {START_SECONDS} seconds"
    pytest.fail(f"The server did not start: {why}.\n{log.read_text(errors='replace')}", pytrace=False)


def _end(process: subprocess.Popen) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
