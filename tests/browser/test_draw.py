"""The Draw page in a real browser: mouse and finger, what the network says, training it now."""

import re

from playwright.sync_api import Browser, Page, expect

from nnviz.run.experiment import Experiment
from tests.browser.board import BOARD, at
from tests.browser.conftest import Server, settled

SEVEN = [(0.25, 0.2), (0.5, 0.2), (0.75, 0.2), (0.65, 0.43), (0.55, 0.66), (0.45, 0.9)]
PAD = ".pad canvas"


def open_draw(page: Page, server: Server, query: str = "") -> None:
    page.goto(f"{server}/Draw{query}")
    page.wait_for_selector(PAD)
    page.wait_for_selector(f"{BOARD}[data-step]")
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
    open_draw(page, server)
    assert ink(page) == 0
    draw(page, SEVEN)
    drawn = ink(page)
    assert drawn > 2000
    expect(page.get_by_text("It says")).to_be_visible()
    expect(page.locator(f"{BOARD}[data-example='10']")).to_have_count(1)
    draw(page, [(0.4, 0.55), (0.8, 0.55)])
    assert ink(page) > drawn
    page.get_by_role("button", name="Undo").click()
    settled(page)
    assert ink(page) == drawn
    page.get_by_role("button", name="Clear").click()
    settled(page)
    assert ink(page) == 0
    expect(page.get_by_text("It says")).to_have_count(0)
    expect(page.locator(f"{BOARD}[data-example='0']")).to_have_count(1)


def test_the_answer_is_not_told_where_it_is_to_be_predicted(page: Page, server: Server) -> None:
    open_draw(page, server, "?predict=first")
    draw(page, SEVEN)
    at(page, 0, 2)
    expect(page.locator("[data-testid=answer_0]")).to_be_visible()
    expect(page.get_by_text("It says")).to_be_hidden()
    page.keyboard.press("1")
    expect(page.get_by_text("It says")).to_be_visible()


def test_the_drawing_is_still_there_when_one_comes_back(page: Page, server: Server) -> None:
    open_draw(page, server)
    draw(page, SEVEN)
    drawn = ink(page)
    page.locator(".st-key-navigation").get_by_text("Gradient check").click()
    page.wait_for_url(re.compile("Gradient_check"))
    settled(page)
    page.locator(".st-key-navigation").get_by_text("Draw", exact=True).click()
    page.wait_for_url(re.compile("/Draw"))
    page.wait_for_selector(PAD)
    settled(page)
    assert ink(page) == drawn


def test_a_finger_draws_and_the_page_does_not_scroll(browser: Browser, server: Server) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    open_draw(page, server)
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


def test_the_network_is_trained_on_the_spot_and_then_knows_a_seven(page: Page, server: Server) -> None:
    open_draw(page, server)
    at(page, 0, 2)
    draw(page, SEVEN)
    expect(page.get_by_text("learned nothing yet")).to_be_visible()
    expect(page.locator("[data-testid=facts]")).to_contain_text("of 10 right")  # nobody has said what the drawing is
    expect(page.locator("[data-testid=says]")).not_to_contain_text("is right")
    page.get_by_role("button", name=re.compile("Train it now")).click()
    at(page, Experiment().steps - 1, 2)
    expect(page.get_by_role("heading", name="It says 7")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("Train it now"))).to_have_count(0)
    page.wait_for_url(re.compile("step=4499"))


def test_a_drawing_is_on_the_step_page_only_if_it_is_wanted_there(page: Page, server: Server) -> None:
    open_draw(page, server)
    draw(page, SEVEN)
    for wanted, examples in ((False, 10), (True, 11)):
        if wanted:
            page.get_by_role("button", name="Use it on the Step page").click()
            expect(page.get_by_role("button", name="Take it out of the mini-batches")).to_be_visible()
        page.locator(".st-key-navigation").get_by_text("Step", exact=True).click()
        expect(page.locator("[data-testid=example_mean]")).to_contain_text(f"of {examples}")
        page.locator(".st-key-navigation").get_by_text("Draw", exact=True).click()
        page.wait_for_selector(PAD)
        settled(page)
