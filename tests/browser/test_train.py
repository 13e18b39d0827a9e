"""The Train page in a real browser: its buttons, curves that grow in place, the way to a mini-batch."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Server, settled

UNHURRIED = "20 mini-batches a second"  # a pace at which no machine comes to the end of a run during a test
PROGRESS = ".st-key-train_progress"
COUNT_NEW_DRAWINGS = """
() => {
    window.drawings = 0;
    const isDrawing = node => node.nodeType === 1 && (node.matches('canvas, svg') || node.querySelector('canvas, svg'));
    new MutationObserver(changes => {
        for (const { target, addedNodes } of changes) {
            if (!target.closest?.('[class*=st-key-curve_]')) continue;
            window.drawings += [...addedNodes].filter(isDrawing).length;
        }
    }).observe(document.body, { childList: true, subtree: true });
}
"""
COLLECT_PLACES = """
() => {
    window.places = [];
    const look = () => {
        const buttons = [...document.querySelectorAll('.st-key-train_controls button')].slice(0, 4);
        window.places.push(buttons.map(button => Math.round(button.getBoundingClientRect().x)).join());
        requestAnimationFrame(look);
    };
    look();
}
"""
DONE = "selector => parseInt(document.querySelector(selector)?.innerText.replaceAll(',', '')) || 0"
MORE = f"([selector, least]) => ({DONE})(selector) > least"


def open_train(page: Page, server: Server, query: str = "") -> None:
    page.goto(f"{server}/Train?{query}")
    page.locator(PROGRESS).wait_for()
    page.locator(".st-key-train_start button").wait_for()
    page.get_by_role("tab", name="Export").wait_for()  # the last thing on the page
    settled(page)


def press(page: Page, name: str) -> None:
    page.locator(f".st-key-train_{name} button").click()


def choose_pace(page: Page, pace: str) -> None:
    page.locator(".st-key-pace input").click()
    page.get_by_role("option", name=pace).click()
    expect(page.locator(".st-key-pace input")).to_have_value(pace)
    settled(page)


def done(page: Page) -> int:
    """How many mini-batches the page says are done."""
    return page.evaluate(DONE, PROGRESS)


def grown(page: Page, least: int) -> None:
    """Wait until more mini-batches are done than so many."""
    page.wait_for_function(MORE, arg=[PROGRESS, least], timeout=60_000)


def curve(page: Page, name: str):
    drawing = page.locator(f".st-key-curve_{name} svg.marks, .st-key-curve_{name} canvas.marks")
    drawing.wait_for()
    return drawing


def test_start_pause_resume_and_stop(page: Page, server: Server) -> None:
    open_train(page, server, "hidden=8&seed=1")
    expect(page.locator(PROGRESS)).to_contain_text("Nothing is trained yet")
    choose_pace(page, UNHURRIED)
    press(page, "start")
    grown(page, 20)
    press(page, "pause")
    expect(page.locator(PROGRESS)).to_contain_text("paused", timeout=60_000)
    settled(page)
    stood = done(page)
    page.wait_for_function("() => new Promise(resolve => setTimeout(() => resolve(true), 900))")  # two ticks
    assert done(page) == stood
    press(page, "resume")
    grown(page, stood)
    expect(page.locator(PROGRESS)).to_contain_text("a second", timeout=60_000)
    press(page, "stop")
    expect(page.locator(PROGRESS)).to_contain_text("you stopped it", timeout=60_000)
    expect(page.locator(".st-key-train_start button")).to_be_enabled()


def test_the_buttons_stay_where_they_are(page: Page, server: Server) -> None:
    open_train(page, server, "hidden=8&seed=3")
    choose_pace(page, UNHURRIED)
    page.evaluate(COLLECT_PLACES)
    for name in ("start", "pause", "resume", "stop"):
        press(page, name)
        expect(page.locator(f".st-key-train_{name} button")).to_be_disabled(timeout=60_000)
        settled(page)
    assert len(set(page.evaluate("window.places"))) == 1


def test_growing_curves_are_updated_in_place(page: Page, server: Server) -> None:
    open_train(page, server, "hidden=8&batch=20&seed=2")
    choose_pace(page, UNHURRIED)
    press(page, "start")
    grown(page, 75)  # one epoch: from here on all four curves are there
    for name in ("cost", "accuracy", "gradients", "saturation"):
        curve(page, name)
    page.evaluate(COUNT_NEW_DRAWINGS)
    grown(page, 150)  # another point on each
    assert page.evaluate("window.drawings") == 0
    press(page, "stop")
    expect(page.locator(".st-key-train_start button")).to_be_enabled(timeout=60_000)


def test_a_click_on_a_curve_goes_to_that_mini_batch(page: Page, server: Server) -> None:
    open_train(page, server, "hidden=8")
    press(page, "start")
    expect(page.locator(PROGRESS)).to_contain_text("done", timeout=60_000)
    settled(page)
    box = curve(page, "cost").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_url(re.compile(r"step=\d+"))
    page.wait_for_selector("[data-testid=board][data-step]")
    step = int(re.search(r"step=(\d+)", page.url)[1])
    assert step % 150 == 0  # the cost is known at the ends of epochs
    assert 1500 <= step <= 3000  # the middle of the chart
    assert page.locator("[data-testid=board]").get_attribute("data-step") == str(step)
    expect(page.locator("[data-testid=where_now]")).to_contain_text(
        f"Epoch {step // 150 + 1} of 30 · mini-batch 1 of 150"
    )


def test_a_deep_link_on_a_fresh_server_a_reload_and_other_pages_lose_nothing(page: Page, fresh_server: Server) -> None:
    open_train(page, fresh_server, "hidden=8&seed=5&step=12")
    press(page, "start")
    expect(page.locator(PROGRESS)).to_contain_text("done", timeout=60_000)
    page.get_by_role("link", name="Data", exact=True).click()
    page.wait_for_url(re.compile("/Data"))
    settled(page)
    page.get_by_role("link", name="Train", exact=True).click()
    page.wait_for_url(re.compile("/Train"))
    expect(page.locator(PROGRESS)).to_contain_text("4,500 of 4,500", timeout=60_000)
    page.reload()
    expect(page.locator(PROGRESS)).to_contain_text("4,500 of 4,500", timeout=60_000)
    assert "hidden=8" in page.url
    assert "seed=5" in page.url
    assert "step=12" in page.url


def test_a_picture_got_wrong_leads_to_its_mini_batch(page: Page, server: Server) -> None:
    open_train(page, server, "hidden=4&seed=3")
    press(page, "start")
    expect(page.locator(PROGRESS)).to_contain_text("done", timeout=60_000)
    settled(page)
    link = page.get_by_role("link", name=re.compile("taken for")).first
    truth, said = re.match(r"(\d), taken for (\d)", link.inner_text()).groups()
    link.click()
    page.wait_for_selector("[data-testid=board][data-step]")
    assert "example=" in page.url
    assert truth != said
    expect(page.locator("[data-testid=where_now]")).to_contain_text("output error")


def test_files_can_be_taken_away(page: Page, server: Server) -> None:
    open_train(page, server, "hidden=4&seed=10")
    press(page, "start")
    expect(page.locator(PROGRESS)).to_contain_text("done", timeout=60_000)
    page.get_by_role("tab", name="Export").click()
    for key in ("curves_csv", "run_script", "network_json"):
        with page.expect_download() as download:
            page.locator(f".st-key-{key} button").click()
        assert download.value.path().stat().st_size > 500, key
