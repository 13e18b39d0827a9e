"""Working by hand in a real browser, and the worksheet on real paper sizes."""

import re
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from nnviz.lesson.worksheet import worksheet
from nnviz.run.experiment import Position
from nnviz.run.link import to_params
from nnviz.run.presets import BY_HAND
from nnviz.run.trajectory import Trajectory
from tests.browser.conftest import Server, settled

A4_WIDTH = 178  # millimetres between the margins of the worksheet


def open_example(page: Page, server: Server, phase: int) -> None:
    page.goto(f"{server}/By_hand?{urlencode(to_params(BY_HAND[0].experiment, Position(0, phase)))}")
    page.wait_for_selector("[data-testid=phase_next]")
    settled(page)


def test_the_transport_reveals_line_after_line_on_one_screen(page: Page, server: Server) -> None:
    open_example(page, server, 0)
    result = page.get_by_text("0.298371", exact=True)
    expect(result).to_be_hidden()
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    expect(result).to_be_visible()
    for number in ("0.358916", "0.408666", "0.149781", "0.299502"):
        shown = page.get_by_text(number, exact=True)
        expect(shown).to_be_visible()
        assert shown.bounding_box()["y"] < 800
    expect(page).to_have_url(re.compile("phase=6"))


def test_what_is_to_be_predicted_stands_nowhere_on_the_page(page: Page, server: Server) -> None:
    open_example(page, server, 0)
    result = page.get_by_text("0.298371", exact=True)
    page.keyboard.press("q")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(page.locator(".paper.now h4").first).to_contain_text("Cost")
    expect(result).to_be_hidden()
    page.keyboard.press("1")
    expect(result).to_be_visible()


def test_lines_keep_their_place_when_they_appear(page: Page, server: Server) -> None:
    open_example(page, server, 0)
    title = page.get_by_text("Backpropagate, layer 2", exact=False).last
    before = title.bounding_box()["y"]
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("0.59327", exact=True)).to_be_visible()
    assert title.bounding_box()["y"] == pytest.approx(before, abs=2)


@pytest.mark.parametrize("solution", [False, True], ids=["worksheet", "solution"])
@pytest.mark.parametrize("preset", BY_HAND, ids=lambda preset: preset.name)
def test_the_worksheet_prints_on_a4_without_clipping(
    page: Page, tmp_path: Path, preset: object, solution: bool
) -> None:
    run = Trajectory.of(preset.experiment)
    file = tmp_path / "sheet.html"
    file.write_text(worksheet(run.moment_at(0), solution=solution))
    page.goto(file.as_uri())
    page.emulate_media(media="print")
    millimetre = 96 / 25.4
    page.set_viewport_size({"width": round(A4_WIDTH * millimetre), "height": 1000})
    assert page.evaluate("document.documentElement.scrollWidth") <= round(A4_WIDTH * millimetre)
    pdf = page.pdf(format="A4", prefer_css_page_size=True)
    assert pdf.startswith(b"%PDF")
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 2
