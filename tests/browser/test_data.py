"""The Data page in a real browser: drawing with mouse and finger, uploads, downloads, and links to all of it."""

import json
import re
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from nnviz import Network
from nnviz.files import networks
from tests.browser.conftest import Server, settled

SEVEN = [(0.25, 0.2), (0.5, 0.2), (0.75, 0.2), (0.65, 0.43), (0.55, 0.66), (0.45, 0.9)]
FLOWERS = b"petal,sepal,species\n" + b"1.5,2.5,iris\n3.5,4.5,rose\n" * 10
PAD = ".pad canvas"


def open_tab(page: Page, server: Server, tab: str, query: str = "") -> None:
    page.goto(f"{server}/Data{query}")
    settled(page)
    page.get_by_role("tab", name=tab).click()
    settled(page)


def on_pad(page: Page, x: float, y: float) -> tuple[float, float]:
    box = page.locator(PAD).bounding_box()
    return box["x"] + x * box["width"], box["y"] + y * box["height"]


def draw(page: Page, points: list[tuple[float, float]]) -> None:
    page.mouse.move(*on_pad(page, *points[0]))
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*on_pad(page, *point), steps=4)
    page.mouse.up()
    settled(page)


def ink(page: Page) -> int:
    """How many pixels of the pad are dark."""
    return page.locator(PAD).evaluate(
        """canvas => {
            const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
            let dark = 0;
            for (let i = 0; i < data.length; i += 4) dark += data[i + 3] > 128 && data[i] < 60;
            return dark;
        }"""
    )


def test_a_drawn_digit_gets_an_answer_and_undo_and_clear_work(page: Page, server: Server) -> None:
    open_tab(page, server, "Draw a digit")
    page.wait_for_selector(PAD)
    assert ink(page) == 0
    draw(page, SEVEN)
    drawn = ink(page)
    assert drawn > 2000
    expect(page.get_by_text("It says")).to_be_visible()
    expect(page.get_by_alt_text("The drawing as 8 by 8 pixels")).to_be_visible()
    draw(page, [(0.4, 0.55), (0.8, 0.55)])
    assert ink(page) > drawn
    page.get_by_role("button", name="Undo").click()
    settled(page)
    assert ink(page) == drawn
    page.get_by_role("button", name="Clear").click()
    settled(page)
    assert ink(page) == 0
    expect(page.get_by_text("It says")).to_have_count(0)


def test_the_drawing_is_still_there_when_one_comes_back(page: Page, server: Server) -> None:
    open_tab(page, server, "Draw a digit")
    page.wait_for_selector(PAD)
    draw(page, SEVEN)
    drawn = ink(page)
    page.locator(".st-key-navigation").get_by_text("Gradient check").click()
    page.wait_for_url(re.compile("Gradient_check"))
    settled(page)
    page.locator(".st-key-navigation").get_by_text("Data", exact=True).click()
    page.wait_for_url(re.compile("/Data"))
    settled(page)
    page.get_by_role("tab", name="Draw a digit").click()
    page.wait_for_selector(PAD)
    settled(page)
    assert ink(page) == drawn


def test_a_finger_draws_and_the_page_does_not_scroll(browser: Browser, server: Server) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    open_tab(page, server, "Draw a digit")
    page.wait_for_selector(PAD)
    page.locator(PAD).scroll_into_view_if_needed()
    before = page.locator(PAD).bounding_box()["y"]
    touch = context.new_cdp_session(page)
    for kind, points in (("touchStart", SEVEN[:1]), *(("touchMove", [p]) for p in SEVEN[1:]), ("touchEnd", [])):
        places = [dict(zip("xy", on_pad(page, *point), strict=True)) for point in points]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})
    settled(page)
    assert ink(page) > 2000
    assert page.locator(PAD).bounding_box()["y"] == before
    expect(page.get_by_text("It says")).to_be_visible()
    context.close()


def test_own_data_are_used_and_belong_to_this_session(page: Page, server: Server, browser: Browser) -> None:
    open_tab(page, server, "Other data")
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
    open_tab(page, server, "Networks in files", "?step=20&hidden=12&seed=4")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save as JSON").click()
    saved = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(saved)
    assert json.loads(saved.read_text())["sizes"] == [64, 12, 10]
    page.goto(f"{server}/Data")
    settled(page)
    page.get_by_role("tab", name="Networks in files").click()
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
    open_tab(page, server, "Networks in files")
    page.locator(".st-key-network_file input[type=file]").set_input_files(
        {"name": "net.json", "mimeType": "application/json", "buffer": written}
    )
    settled(page)
    expect(page.get_by_text("2-5-3")).to_be_visible()
    page.get_by_role("button", name="Start a run from it").click()
    page.wait_for_url(re.compile("dataset=gaussians-c3"))
