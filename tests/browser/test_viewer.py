"""The viewer: the board without Streamlit."""

import json
import re
from html import escape
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from nnviz.number_text import shown
from nnviz.run.experiment import Experiment
from nnviz.run.trajectory import Trajectory
from tests.browser.board import BOARD, at, open_step
from tests.browser.conftest import Server

EXPLAINED = "[data-testid=explained]"


def open_viewer(page: Page, server: Server, query: str) -> None:
    page.goto(f"{server}/nnviz/v1/view{query}")
    page.wait_for_selector(f"{BOARD}[data-step]")


def test_it_shows_what_the_step_page_shows_and_its_link_leads_there(page: Page, server: Server) -> None:
    query = "?hidden=8&step=12&phase=2&example=3"
    open_step(page, server, query)
    page.set_viewport_size({"width": 1280, "height": 800})
    says = page.locator("[data-testid=says]").inner_text()
    where = page.locator("[data-testid=where_now]").inner_text()
    open_viewer(page, server, query)
    expect(page.locator("[data-testid=says]")).to_have_text(says)
    expect(page.locator("[data-testid=where_now]")).to_have_text(where)
    for _ in range(6):  # through the phases, into the next mini-batch, and on to one that is not here yet
        page.keyboard.press("ArrowRight")
    at(page, 13, 1)
    page.keyboard.press("Control+ArrowRight")
    at(page, 163, 1)
    page.keyboard.press("Shift+ArrowLeft")
    at(page, 162, 1)
    page.wait_for_url(re.compile("step=162.*example=3|example=3.*step=162"))
    page.reload()
    at(page, 162, 1)
    assert "step=162" in page.locator("[data-testid=open_in_nnviz]").get_attribute("href")


def test_a_number_is_explained_and_walked_from(page: Page, server: Server) -> None:
    moment = Trajectory.of(Experiment(hidden=(8,))).moment_at(3)
    open_viewer(page, server, "?hidden=8&step=3&phase=2&cell=z.3.4.0")
    expect(page.locator(EXPLAINED)).to_contain_text("z³, neuron 5 of layer 3, example 1")
    expect(page.locator(f"{EXPLAINED} .sum")).to_contain_text(shown(float(moment.trace.zs[1][4, 0])))
    expect(page.locator(f"{EXPLAINED} math")).to_be_visible()
    page.locator(f"{EXPLAINED} .walks button").first.click()
    expect(page.locator(EXPLAINED)).not_to_contain_text("z³, neuron 5")
    page.keyboard.press("Escape")
    expect(page.locator(EXPLAINED)).to_be_hidden()


def test_embedded_it_tells_the_page_around_it_where_it_is(page: Page, server: Server) -> None:
    address = f"{server}/nnviz/v1/view?hidden=8&step=3&embed=true"
    page.set_content(f'<iframe src="{escape(address)}" width="900" height="600"></iframe>')
    page.evaluate("heard = []; addEventListener('message', ({ data }) => heard.push(data.nnviz))")
    frame = page.frame_locator("iframe")
    frame.locator(f"{BOARD}[data-step='3']").wait_for()
    frame.locator("[data-testid=phase_next]").click()
    page.wait_for_function("heard.some((link) => link && link.includes('phase=1'))")


def test_what_it_cannot_show_it_says(page: Page, server: Server) -> None:
    page.goto(f"{server}/nnviz/v1/view?eta=-3")
    expect(page.get_by_role("alert")).to_have_text("eta must be a number from 1e-06 to 100, got -3")
    page.goto(f"{server}/nnviz/v1/view?hidden=%3Cimg src=x onerror=alert(1)%3E")
    expect(page.get_by_role("alert")).to_contain_text("hidden must be")
    expect(page.get_by_role("alert").locator("img")).to_have_count(0)


def test_answers_can_be_kept_for_ever_and_refusals_name_the_field(server: Server) -> None:
    with urlopen(f"{server}/nnviz/v1/frames?hidden=8&step=3") as answer:
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        etag = answer.headers["ETag"]
    request = Request(f"{server}/nnviz/v1/frames?step=3&hidden=8", headers={"If-None-Match": etag})
    with pytest.raises(HTTPError) as kept:
        urlopen(request)
    assert kept.value.code == 304
    with pytest.raises(HTTPError) as refused:
        urlopen(f"{server}/nnviz/v1/explain?hidden=8&cell=w.9.9.9")
    assert refused.value.code == 400
    told = json.load(refused.value)
    assert (told["field"], told["value"]) == ("cell", "w.9.9.9")
    with pytest.raises(HTTPError) as too_much:
        urlopen(f"{server}/nnviz/v1/frames?hidden=400,400,400,400,400&batch=1&step=20000")
    assert too_much.value.code == 503
    assert too_much.value.headers["Retry-After"]


def test_a_moment_as_one_file_needs_no_server_and_shows_what_the_app_shows(
    page: Page, server: Server, tmp_path: Path
) -> None:
    page.emulate_media(color_scheme="light")
    open_step(page, server, "?hidden=8&step=12&cell=z.3.4.0")
    page.locator(".share-button").click()
    with page.expect_download() as download:
        page.locator("[data-testid=share_file]").click()
    path = tmp_path / "moment.html"
    download.value.save_as(path)
    assert path.stat().st_size < 600_000
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(request.url))
    page.context.set_offline(True)
    page.goto(path.as_uri())
    moment = Trajectory.of(Experiment(hidden=(8,))).moment_at(12)
    at(page, 12, 0)
    for phase in range(1, 7):
        page.keyboard.press("ArrowRight")
        at(page, 12, phase)
    value = shown(float(moment.trace.zs[1][4, 0]))
    expect(page.locator("[data-testid=readout]")).to_contain_text(f"z³₅ = {value}")
    expect(page.locator(f"{EXPLAINED} .sum")).to_contain_text(value)
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    at(page, 14, 6)
    page.keyboard.press("Shift+ArrowRight")
    expect(page.get_by_role("alert")).to_contain_text("only a few mini-batches")
    page.keyboard.press("Shift+ArrowLeft")
    at(page, 14, 6)
    assert not [url for url in asked if not url.startswith(("file:", "blob:", "data:"))]


def test_a_picture_has_twice_the_pixels_and_the_link(page: Page, server: Server, tmp_path: Path) -> None:
    open_step(page, server, "?hidden=8&step=12&phase=2")
    board = page.locator(BOARD).evaluate("canvas => [canvas.clientWidth, canvas.clientHeight]")
    page.locator(".share-button").click()
    expect(page.locator("[data-testid=share_link]")).to_contain_text("?hidden=8&step=12&phase=2")
    with page.expect_download() as download:
        page.locator("[data-testid=share_png]").click()
    path = tmp_path / "picture.png"
    download.value.save_as(path)
    with Image.open(path) as picture:
        assert picture.width == 2 * board[0] + 64
        assert picture.height > 2 * board[1] + 64
        colours = picture.convert("RGB").resize((64, 64)).getcolors(64 * 64)
    assert len(colours) > 100
