"""Find a Chromium or Chrome for the browser tests, or get one: `python -m tools.browser` prints its path."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tools import apt

VARIABLE = "NNVIZ_CHROMIUM"
COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
DOWNLOAD_SECONDS = 600

ASK_PLAYWRIGHT = """\
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
"""

HELP = f"""\
No Chromium or Chrome was found, and the browser tests need one. Any of these helps:
  install Chromium or Google Chrome (Debian: apt-get install chromium);
  let Playwright download one: python -m playwright install chromium
  name the one to use: {VARIABLE}=/path/to/chrome"""


class BrowserError(Exception):
    """No browser that starts; the message says what to do."""


def find_browser() -> str:
    """The path of a Chromium or Chrome that starts; installs nothing."""
    named = os.environ.get(VARIABLE)
    if named:
        path = shutil.which(named)
        if path is None or not _starts(path):
            raise BrowserError(f"{VARIABLE} must name a Chromium or Chrome that starts, got {named!r}.")
        return path
    for path in _candidates():
        if _starts(path):
            return path
    raise BrowserError(HELP)


def ensure_browser() -> str:
    """The same, after trying to install one where there is none."""
    for install in (_download, lambda: apt.install("chromium")):
        try:
            return find_browser()
        except BrowserError:
            if os.environ.get(VARIABLE):  # the user chose; another one would be a surprise
                raise
        install()
    return find_browser()


def _candidates() -> Iterator[str]:
    for command in COMMANDS:
        if path := shutil.which(command):
            yield path
    yield from _usual_places()
    yield from _playwright_download()


def _usual_places() -> Iterator[str]:
    if sys.platform == "darwin":
        for app in ("Google Chrome", "Chromium"):
            for folder in (Path("/Applications"), Path.home() / "Applications"):
                yield str(folder / f"{app}.app" / "Contents" / "MacOS" / app)
    elif sys.platform == "win32":
        for variable in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"):
            if folder := os.environ.get(variable):
                yield str(Path(folder) / "Google" / "Chrome" / "Application" / "chrome.exe")
                yield str(Path(folder) / "Chromium" / "Application" / "chrome.exe")


def _playwright_download() -> Iterator[str]:
    # In a process of its own: Playwright allows itself only once in a thread.
    try:
        answer = subprocess.run([sys.executable, "-c", ASK_PLAYWRIGHT], capture_output=True, text=True, timeout=60)
    except subprocess.TimeoutExpired:
        return
    if answer.returncode == 0:
        yield answer.stdout.strip()


def _starts(path: str) -> bool:
    """Whether the program is there and can say its version: a stub or a missing library shows here."""
    if not Path(path).is_file():
        return False
    if sys.platform == "win32":  # chrome.exe --version opens a window there
        return True
    try:
        done = subprocess.run([path, "--version"], stdin=subprocess.DEVNULL, capture_output=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _download() -> None:
    """Let Playwright download its Chromium. Where there is no network it may hang, so its time is limited."""
    print("No browser found. Playwright downloads one.", file=sys.stderr)
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    process = subprocess.Popen(command, stdout=sys.stderr, start_new_session=True)
    try:
        process.wait(DOWNLOAD_SECONDS)
    except BaseException as stop:
        _end_group(process)
        if not isinstance(stop, subprocess.TimeoutExpired):
            raise
        print(f"No download after {DOWNLOAD_SECONDS} seconds.", file=sys.stderr)


def _end_group(process: subprocess.Popen) -> None:
    """End the process and its children; the download runs in a grandchild."""
    if sys.platform == "win32":
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


if __name__ == "__main__":
    try:
        print(ensure_browser())
    except BrowserError as error:
        sys.exit(str(error))
