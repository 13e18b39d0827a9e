"""How the Step page loads: what comes first, what is fetched, and what a browser may keep."""

import json

from playwright.sync_api import Page, Request, expect

from nnviz.board.component import STATIC, version
from tests.browser.board import BOARD, at, open_step
from tests.browser.conftest import Server, settled

HOLD_BACK = """
    const send = WebSocket.prototype.send, held = [];
    let sent = 0, free = false;
    WebSocket.prototype.send = function (data) {
        if (sent++ === 0 || free) return send.call(this, data);
        held.push(() => send.call(this, data));
    };
    window.letGo = () => { free = true; held.forEach((go) => go()); };
"""


SEEN_LESSONS = """
    () => {
        const seen = [...document.querySelectorAll("[class*=st-key-lesson_]")].filter((node) => node.checkVisibility());
        return seen.length && seen.map((node) => Number(/st-key-lesson_(\\d+)/.exec(node.className)[1]));
    }
"""


def test_the_board_comes_first_and_stays_when_the_rest_of_the_page_comes(page: Page, server: Server) -> None:
    """The rest is held back until the board has been looked at."""
    page.add_init_script(HOLD_BACK)
    page.goto(f"{server}/?step=12&phase=3")
    page.wait_for_selector(f"{BOARD}[data-painted]")
    expect(page.locator(".st-key-navigation a")).to_have_count(0)
    expect(page.locator("[data-testid=stSidebar]")).to_have_count(0)
    expect(page.locator(".st-key-stage")).to_have_css("display", "grid")  # the page's style is there, too
    settled(page)
    box = page.locator(BOARD).bounding_box()
    canvas = page.locator(BOARD).element_handle()
    page.evaluate("window.letGo()")
    expect(page.locator(".st-key-lesson_3")).to_be_visible()
    expect(page.locator(".st-key-navigation a")).to_have_count(8)
    settled(page)
    assert page.locator(BOARD).bounding_box() == box
    assert page.evaluate("canvas => canvas.isConnected", canvas)
    page.keyboard.press("ArrowRight")
    at(page, 12, 4)


def test_who_steps_before_the_lessons_are_there_gets_the_right_one(page: Page, server: Server) -> None:
    page.add_init_script(HOLD_BACK)
    page.goto(f"{server}/?step=12&phase=3")
    page.wait_for_selector(f"{BOARD}[data-painted]")
    page.keyboard.press("ArrowRight")
    at(page, 12, 4)
    page.evaluate("window.letGo()")
    first_seen = page.wait_for_function(SEEN_LESSONS).json_value()
    assert first_seen == [4]


def test_scripts_of_another_version_are_not_kept(page: Page, server: Server) -> None:
    """A browser that has been here before an upgrade fetches every script anew, once."""
    fetched: list[str] = []

    def watch(request: Request) -> None:
        if request.resource_type == "fetch" and "app/static/board/" in request.url:
            fetched.append(request.url.split("/")[-1])

    page.on("request", watch)
    open_step(page, server)
    assert fetched == []
    page.evaluate("localStorage.nnviz_board = 'another'")
    open_step(page, server)
    assert sorted(fetched) == sorted(script.name for script in (STATIC / "board").glob("*.js"))
    assert page.evaluate("localStorage.nnviz_board") == version("board")
    open_step(page, server)
    assert len(fetched) == len(set(fetched))


def test_the_board_comes_where_nothing_may_be_kept(page: Page, server: Server) -> None:
    page.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no') } })")
    open_step(page, server)
    page.keyboard.press("ArrowRight")
    at(page, 0, 1)


def test_nothing_is_fetched_from_elsewhere(page: Page, server: Server) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    open_step(page, server)
    assert not [url for url in asked if not url.startswith((server.url, "data:", "blob:"))]
    assert not [url for url in asked if "plotly" in url.lower()], json.dumps(asked)
