"""The Data page in a real browser: uploads, downloads, and links to all of it."""

import json
import re
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from nnviz import Network
from nnviz.files import networks
from tests.browser.conftest import Server, settled

FLOWERS = b"petal,sepal,species\n" + b"1.5,2.5,iris\n3.5,4.5,rose\n" * 10


def open_tab(page: Page, server: Server, tab: str, query: str = "") -> None:
    page.goto(f"{server}/Data{query}")
    settled(page)
    page.get_by_role("tab", name=tab).click()
    settled(page)


def test_own_data_are_used_and_belong_to_this_session(page: Page, server: Server, browser: Browser) -> None:
    open_tab(page, server, "Choose or bring other data")
    page.locator(".st-key-own_files input[type=file]").set_input_files(
        {"name": "flowers.csv", "mimeType": "text/csv", "buffer": FLOWERS}
    )
    settled(page)
    page.get_by_role("button", name="Use these data").click()
    page.wait_for_url(re.compile("dataset=own-[0-9a-f]{16}"))
    settled(page)
    expect(page.get_by_role("heading", name="flowers.csv")).to_be_visible()
    link = page.url
    other = browser.new_context().new_page()
    other.goto(link)
    settled(other)
    expect(other.get_by_text("an upload belongs to the session it was made in")).to_be_visible()
    expect(other.get_by_role("heading", name="Handwritten digits")).to_be_visible()
    other.context.close()


def test_a_saved_network_is_the_start_of_another_run(page: Page, server: Server, tmp_path: Path) -> None:
    open_tab(page, server, "Save or load a network", "?step=20&hidden=12&seed=4")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save as JSON").click()
    saved = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(saved)
    assert json.loads(saved.read_text())["sizes"] == [64, 12, 10]
    page.goto(f"{server}/Data")
    settled(page)
    page.get_by_role("tab", name="Save or load a network").click()
    settled(page)
    page.locator(".st-key-network_file input[type=file]").set_input_files(saved)
    settled(page)
    page.get_by_role("button", name="Start a run from it").click()
    page.wait_for_url(re.compile("init=file-"))
    digits = re.search("init=file-([0-9a-f]{16})", page.url).group(1)
    assert saved.name == f"nnviz-{digits}.json"
    page.reload()
    settled(page)
    assert f"init=file-{digits}" in page.url


def test_a_link_with_points_shows_them(page: Page, server: Server) -> None:
    page.goto(f"{server}/Data?dataset=spiral-c3-n300-noise0.05-s7&hidden=8")
    settled(page)
    expect(page.get_by_text("300 points, 3 classes, noise 0.05, seed 7")).to_be_visible()
    expect(page.locator(".st-key-points .js-plotly-plot")).to_be_visible()


def test_a_network_from_elsewhere_brings_its_data(page: Page, server: Server) -> None:
    written = networks.to_json(Network([2, 5, 3], output="softmax", cost="log-likelihood")).encode()
    open_tab(page, server, "Save or load a network")
    page.locator(".st-key-network_file input[type=file]").set_input_files(
        {"name": "net.json", "mimeType": "application/json", "buffer": written}
    )
    settled(page)
    expect(page.get_by_text("2-5-3")).to_be_visible()
    page.get_by_role("button", name="Start a run from it").click()
    page.wait_for_url(re.compile("dataset=gaussians-c3"))
