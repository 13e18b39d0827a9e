"""Long ways to a mini-batch, what-ifs and pins in a real browser: the page stays whole and says what holds."""

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from tests.browser.board import BOARD, at, open_step, said
from tests.browser.conftest import Server, settled

SLOW = "hidden=400,400,400,400,400&batch=1"  # hours of computing
COMPUTING = ".computing:visible"
HOSTILE = "[x](https://a.example) ![y](https://a.example/p.png) <img src=https://a.example/q.png>"


def test_a_link_to_a_long_way_asks_first_and_leaves_a_working_page(page: Page, server: Server) -> None:
    page.goto(f"{server}/?{SLOW}&step=40000")
    expect(page.locator(COMPUTING)).to_contain_text("Computing up to mini-batch 40,001 takes")
    expect(page.locator(COMPUTING)).to_contain_text("Compute")
    settled(page)
    page.keyboard.press("Escape")
    expect(page.locator(COMPUTING)).to_have_count(0)
    page.keyboard.press("ArrowRight")
    at(page, 0, 1)
    expect(page).not_to_have_url(re.compile("step="))


@pytest.mark.parametrize("key", ["Escape", "Home", "ArrowRight"])
def test_a_long_way_says_how_long_it_takes_and_a_key_ends_it(key: str, page: Page, server: Server) -> None:
    open_step(page, server, f"?{SLOW}")
    page.keyboard.press("End")
    expect(page.locator(COMPUTING)).to_contain_text("mini-batch 45,000")
    expect(page.locator(BOARD)).to_have_attribute("data-step", "0")
    page.keyboard.press(key)
    expect(page.locator(COMPUTING)).to_have_count(0)
    settled(page)
    at(page, 0, 1 if key == "ArrowRight" else 0)
    expect(page.get_by_role("link", name="Data")).to_be_visible()


def test_a_what_if_by_hand_is_what_the_lesson_says(page: Page, server: Server) -> None:
    open_step(page, server, "?phase=6")
    equations = page.locator(".st-key-lesson_6 annotation")
    expect(equations.filter(has_text=r"\eta = 3")).to_have_count(1)
    page.locator("summary", has_text="More").click()
    field = page.locator(".st-key-edit_eta input")
    field.fill("0.5")
    field.press("Enter")
    expect(equations.filter(has_text=r"\eta = 0.5")).to_have_count(1)
    expect(page.locator(".st-key-lessons")).to_have_count(1)
    expect(page.locator(".st-key-words")).to_contain_text("What if: η = 0.5")


@pytest.mark.parametrize("cell", ["cost.3.0.1", "nabla_a.3.2.1", "sp.2.3.1", "db.2.3"])
def test_what_is_pinned_stays_pinned_at_the_next_phase_and_mini_batch(cell: str, page: Page, server: Server) -> None:
    open_step(page, server, f"?cell={cell}&phase=3")
    title = page.locator(".st-key-pinned_heading strong")
    before = title.text_content()
    page.keyboard.press("ArrowRight")
    at(page, 0, 4)
    page.keyboard.press("Shift+ArrowRight")
    at(page, 1, 4)
    said(page, "mini-batch 2 of 150")
    expect(title).to_have_text(before or "nothing was pinned")
    expect(page).to_have_url(re.compile(f"cell={re.escape(cell)}"))


@pytest.mark.parametrize("path", ["", "Data", "Train", "Compare", "By_hand", "Gradient_check"])
def test_text_from_a_link_is_never_live(path: str, page: Page, server: Server) -> None:
    outside = []
    page.on("request", lambda request: outside.append(request.url) if "a.example" in request.url else None)
    fields = ("seed", "dataset", "cell", "edits")
    page.goto(f"{server}/{path}?" + "&".join(f"{field}={quote(HOSTILE)}" for field in fields))
    settled(page)
    alerts = page.locator("[data-testid=stAlert]")
    for field in fields:
        expect(alerts.filter(has_text=field).first).to_be_visible()
    live = page.locator("[data-testid=stMain]").locator("a[href*='a.example'], img[src*='a.example']")
    expect(live).to_have_count(0)
    assert not [url for url in outside if not url.startswith(str(server))]


def test_a_key_pressed_as_soon_as_the_board_is_there_counts(page: Page, server: Server) -> None:
    page.goto(f"{server}/")
    page.wait_for_selector(f"{BOARD}[data-step='0']")
    page.keyboard.press("ArrowRight")
    at(page, 0, 1)


def test_a_key_pressed_as_soon_as_compare_is_there_counts(page: Page, server: Server) -> None:
    page.goto(f"{server}/Compare?hidden=8&b.eta=0.5")
    page.locator(f"{BOARD}[data-step='0']").first.wait_for()
    page.keyboard.press("ArrowRight")
    expect(page.locator(f"{BOARD}[data-step='0'][data-phase='1']")).to_have_count(2)


CLICK_AND_KEY = """link => {
    link.click();
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", ctrlKey: true, bubbles: true }));
}"""


def test_a_key_pressed_after_the_click_on_another_page_does_not_hold_it_up(page: Page, server: Server) -> None:
    """The key leads to a mini-batch that the board does not have, so that Python would be asked at once."""
    open_step(page, server, "?hidden=8&eta=1.5")
    for _ in range(3):
        page.get_by_role("link", name="Gradient check", exact=True).evaluate(CLICK_AND_KEY)
        page.get_by_text("Move one parameter by").wait_for()
        page.get_by_role("link", name="Step", exact=True).click()
        page.wait_for_selector(f"{BOARD}[data-step]")
        settled(page)
