"""Take the pictures that the README and the docs show: `python -m tools.screenshots`.

Starts the app on a free port, opens it in Chromium, and writes docs/images/. The pictures of MNIST are taken where its
files are (docs/data.md says where that is); else the ones that are there stay.
"""

import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, sync_playwright

from nnviz.datasets import mnist
from nnviz.run.experiment import Position
from nnviz.run.link import to_params
from nnviz.run.presets import BY_HAND
from tools.browser import find_browser

ROOT = Path(__file__).parent.parent
IMAGES = ROOT / "docs" / "images"
STILL = 6000  # milliseconds: by then a run's curve is there, too
PROJECTOR, LARGE, PHONE = (1280, 800), (1920, 1080), (390, 844)
MNIST = {"dataset": "mnist", "cost": "cross-entropy", "init": "scaled", "eta": "0.5", "step": "40"}
Theme = Literal["light", "dark"]
SHOTS: tuple[tuple[str, str, dict, tuple[int, int], Theme], ...] = (  # name, path, parameters, size, theme
    ("step", "", {"step": "12", "phase": "4", "cell": "delta.2.3.1"}, PROJECTOR, "light"),
    ("step-dark", "", {"step": "12", "phase": "6"}, PROJECTOR, "dark"),
    ("step-large", "", {"step": "12", "phase": "5", "example": "2"}, LARGE, "light"),
    ("step-phone", "", {"step": "12", "phase": "4"}, PHONE, "light"),
    ("step-deep", "", {"hidden": "30,30,30,30", "init": "scaled", "eta": "0.5", "phase": "9"}, PROJECTOR, "light"),
    ("step-mnist", "", MNIST | {"phase": "2"}, PROJECTOR, "light"),
    ("step-mnist-gradients", "", MNIST | {"phase": "5"}, LARGE, "dark"),
    ("by-hand", "By_hand", to_params(BY_HAND[0].experiment, Position(0, 6)), PROJECTOR, "light"),
    ("data", "Data", {}, PROJECTOR, "light"),
    ("compare", "Compare", {}, PROJECTOR, "light"),
    ("lecture", "nnviz/v1/view", {"lecture": "how-backpropagation-works", "beat": "13"}, PROJECTOR, "light"),
)


def main() -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = ["--server.address=127.0.0.1", f"--server.port={port}", "--server.headless=true"]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", *options]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait(f"http://127.0.0.1:{port}/_stcore/health")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=find_browser(), args=["--no-sandbox", "--disable-gpu"])
            for shot in SHOTS:
                if shot[2].get("dataset") != "mnist" or mnist.is_here(mnist.FAMILIES["mnist"]):
                    take(browser, f"http://127.0.0.1:{port}", *shot)
            browser.close()
    finally:
        server.terminate()
        server.wait()


def wait(address: str, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with suppress(OSError):
            urllib.request.urlopen(address, timeout=2).close()
            return
        time.sleep(0.1)
    raise SystemExit("The app did not start.")


def take(
    browser: Browser, server: str, name: str, path: str, params: dict, size: tuple[int, int], theme: Theme
) -> None:
    """One picture, once the page has been still for a while."""
    width, height = size
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=theme)
    page.goto(f"{server}/{path}?{urllib.parse.urlencode(params)}")
    if not path.startswith("nnviz/"):
        page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    if path != "Data":
        page.wait_for_selector("[data-testid=board][data-painted]")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(STILL)
    page.screenshot(path=IMAGES / f"{name}.png")
    print(f"docs/images/{name}.png")
    page.close()


if __name__ == "__main__":
    main()
