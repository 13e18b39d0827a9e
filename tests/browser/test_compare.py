"""The Compare page in a real browser: one transport, links, curves that lead to a mini-batch."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Server, buttons_listen, settled

WHERE = ".st-key-where"
LINK = "hidden=8&b.eta=0.5&c.cost=cross-entropy"


def open_compare(page: Page, server: Server, query: str = LINK) -> None:
    page.goto(f"{server}/Compare?{query}")
    page.locator(".st-key-compare_training").wait_for()  # the last thing on the page
    settled(page)
    buttons_listen(page)


def pictures(page: Page) -> list[str]:
    return page.locator(".run img").evaluate_all("images => images.map(image => image.src)")


def test_a_comparisons_link_on_a_fresh_server_restores_all_of_it(page: Page, fresh_server: Server) -> None:
    open_compare(page, fresh_server, f"{LINK}&step=151")
    expect(page.locator(WHERE)).to_contain_text("Epoch 2 · mini-batch 2 of 150")
    expect(page.locator("table")).to_contain_text("cross-entropy")
    assert page.locator(".runs").first.locator(".run").count() == 3
    page.reload()
    expect(page.locator(WHERE)).to_contain_text("Epoch 2 · mini-batch 2 of 150")
    for part in ("b.eta=0.5", "c.cost=cross-entropy", "step=151"):
        assert part in page.url


def test_keys_move_all_runs_and_the_link_follows(page: Page, server: Server) -> None:
    open_compare(page, server)
    expect(page.locator(".run img")).to_have_count(3 * 2 * 4)  # runs, layers, quantities
    first = pictures(page)
    page.keyboard.press("ArrowRight")
    expect(page.locator(WHERE)).to_contain_text("mini-batch 2 of 150")
    page.wait_for_url(re.compile("step=1"))
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator(WHERE)).to_contain_text("Epoch 2 · mini-batch 2 of 150")
    assert all(now != before for now, before in zip(pictures(page), first, strict=True))
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(page.locator(WHERE)).to_contain_text("Epoch 1 · mini-batch 1 of 150")
    page.wait_for_function("before => document.querySelector('.run img').src === before", arg=first[0])
    assert pictures(page) == first


def test_a_click_on_the_curves_moves_all_runs_there(page: Page, server: Server) -> None:
    open_compare(page, server)
    page.locator(".st-key-compare_train button").click()
    expect(page.locator(".st-key-compare_training")).to_contain_text("C: 4,500 of 4,500", timeout=60_000)
    expect(page.locator(".st-key-compare_train button")).to_be_visible(timeout=60_000)
    settled(page)
    drawing = page.locator(".st-key-compare_cost svg.marks, .st-key-compare_cost canvas.marks")
    drawing.scroll_into_view_if_needed()
    box = drawing.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_url(re.compile(r"[?&]step=\d+"))
    assert int(re.search(r"[?&]step=(\d+)", page.url)[1]) % 150 == 0
    assert "/Compare" in page.url


def test_other_pages_and_back_lose_nothing(page: Page, server: Server) -> None:
    open_compare(page, server, f"{LINK}&step=5")
    page.get_by_role("link", name="Data", exact=True).click()
    page.wait_for_url(re.compile("/Data"))
    settled(page)
    assert "b.eta" not in page.url
    page.get_by_role("link", name="Compare", exact=True).click()
    expect(page.locator(WHERE)).to_contain_text("mini-batch 6 of 150")
    page.wait_for_url(re.compile("b.eta=0.5"))


def test_on_a_phone_nothing_is_wider_than_the_screen(page: Page, server: Server) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    for path in (f"Compare?{LINK}", "Train?hidden=8"):
        page.goto(f"{server}/{path}")
        page.locator(".st-key-navigation").wait_for()
        settled(page)
        assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390
