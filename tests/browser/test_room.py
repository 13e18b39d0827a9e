"""A room: a lecturer, two followers, one of them on a phone."""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.board import BOARD, at, open_step
from tests.browser.conftest import Server, free_port, run_app

STATUS, POLL, QUESTION = "[data-testid=room_status]", "[data-testid=poll]", "[data-testid=room_poll]"

NO_SOCKETS = """
window.WebSocket = class {
  static OPEN = 1;
  constructor() { setTimeout(() => this.onclose({ code: 1006 })); }
  close() {}
};
"""


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    yield context.new_page()
    context.close()


@pytest.fixture
def other(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    yield context.new_page()
    context.close()


def button(page: Page, key: str) -> Locator:
    return page.locator(f".st-key-{key} button, button.st-key-{key}").first


def open_room(page: Page, server: Server, query: str = "?hidden=8&step=12") -> str:
    """Open a room at a link; its code."""
    open_step(page, server, query)
    button(page, "room_open").click()
    return page.locator("[data-testid=room_code]").inner_text()


def follow(page: Page, server: Server, code: str) -> None:
    page.goto(f"{server}/nnviz/v1/view?room={code}")
    page.wait_for_selector(f"{BOARD}[data-step]")


def link(server: Server, code: str) -> str:
    with urlopen(f"{server}/nnviz/v1/rooms/{code}") as answer:
        return json.load(answer)["link"]


def test_followers_see_what_the_lecturer_shows_and_may_look_around(
    page: Page, other: Page, phone: Page, server: Server
) -> None:
    code = open_room(page, server)
    for follower in (other, phone):
        follow(follower, server, code)
        at(follower, 12, 0)
    expect(page.locator("[data-testid=room_followers]")).to_have_text("2")
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    for follower in (other, phone):
        at(follower, 13, 1)
    other.keyboard.press("ArrowRight")
    at(other, 13, 2)
    expect(other.locator(STATUS)).to_contain_text("looking around")
    page.keyboard.press("ArrowLeft")
    at(phone, 13, 0)
    at(page, 13, 0)  # a follower's keys have not moved the room
    assert "step=13" in link(server, code) and "phase" not in link(server, code)
    other.wait_for_selector(f"{BOARD}[data-step='13'][data-phase='2']")
    other.locator("[data-testid=room_back]").click()
    at(other, 13, 0)
    expect(other.locator(STATUS)).to_contain_text("what the lecturer shows")
    with other.context.expect_page() as opened:
        other.locator("[data-testid=open_in_nnviz]").click()
    at(opened.value, 13, 0)
    assert "room" not in opened.value.url


def test_other_settings_the_pinned_number_the_example_and_the_view_follow(
    page: Page, other: Page, server: Server
) -> None:
    code = open_room(page, server, "?hidden=8&step=2&phase=3&cell=delta.3.4.2&layout=all")
    follow(other, server, code)
    at(other, 2, 3)
    expect(other.locator("[data-testid=explained]")).to_contain_text("δ³, neuron 5 of layer 3, example 3")
    expect(other.locator("[data-testid=readout]")).to_contain_text("δ³₅ =")
    page.keyboard.press("Escape")  # the panel, which was opened first
    page.keyboard.press("a")
    page.keyboard.press("ArrowUp")
    expect(other.locator(f"{BOARD}[data-example='1']")).to_have_count(1)
    open_step(page, server, "?hidden=9&step=4")  # another run, by the address bar: the tab goes on with its room
    at(other, 4, 0)
    expect(other.locator("[data-testid=headline]")).to_contain_text("685 weights and biases")
    expect(other.locator("[data-testid=explained]")).to_be_hidden()


def test_a_question_in_two_rounds_hides_the_numbers_until_it_is_revealed(
    page: Page, other: Page, phone: Page, server: Server
) -> None:
    code = open_room(page, server, "?hidden=8&step=12&phase=3&cell=delta.3.4.0")
    for follower in (other, phone):
        follow(follower, server, code)
        at(follower, 12, 3)
    page.locator("[data-testid=poll_open]").click()
    expect(phone.locator(POLL)).to_contain_text("Is its δ negative or positive?")
    for everybody in (page, other, phone):
        expect(everybody.locator("[data-testid=readout]")).to_contain_text("predict it first")
    for follower in (other, phone):
        expect(follower.locator("[data-testid=explained]")).to_be_hidden()
    page.keyboard.press("ArrowRight")
    for everybody in (page, other):  # moving on shows nothing of what is asked, either
        at(everybody, 12, 4)
        expect(everybody.locator("[data-testid=readout]")).to_contain_text("predict it first")
    page.keyboard.press("ArrowLeft")
    other.reload()  # whoever comes in the middle sees the question, not the numbers
    expect(other.locator(POLL)).to_be_visible()
    other.wait_for_selector(f"{BOARD}[data-step='12']")
    expect(other.locator("[data-testid=readout]")).to_contain_text("predict it first")
    phone.locator("[data-testid=vote_1]").tap()
    expect(phone.locator(POLL)).to_contain_text("Sent.")
    phone.reload()
    expect(phone.locator("[data-testid=vote_1]")).to_have_attribute("aria-pressed", "true")
    other.locator("[data-testid=vote_0]").click()
    other.locator("[data-testid=vote_2]").click()  # it may be changed
    expect(page.locator("[data-testid=poll_answered]")).to_have_text("2 of 2 answered")
    expect(page.locator(f"{QUESTION} .count")).to_have_count(0)
    page.locator("[data-testid=poll_show]").click()
    expect(page.locator(f"{QUESTION} .count")).to_have_text(["0", "1", "1"])
    expect(phone.locator(f"{POLL} .count")).to_have_text(["0", "1", "1"])
    expect(phone.locator("[data-testid=vote_0]")).to_be_disabled()
    page.locator("[data-testid=poll_again]").click()
    phone.locator("[data-testid=vote_2]").tap()
    expect(page.locator("[data-testid=poll_answered]")).to_have_text("1 of 2 answered")
    expect(page.locator("[data-testid=readout]")).to_contain_text("predict it first")
    page.locator("[data-testid=poll_reveal]").click()
    expect(page.locator(f"{QUESTION} .count")).to_have_text(["0", "0", "1", "0", "1", "1"])
    expect(page.locator(f"{QUESTION} .right, {QUESTION} .why")).to_have_count(2)
    expect(phone.locator(f"{POLL} .right")).to_have_count(1)
    for everybody in (page, other, phone):
        expect(everybody.locator("[data-testid=readout]")).to_contain_text("δ³₅ =")
    expect(other.locator("[data-testid=explained]")).to_contain_text("δ³, neuron 5")
    page.locator("[data-testid=poll_end]").click()
    expect(phone.locator(POLL)).to_be_hidden()


def test_each_phase_of_the_usual_network_can_be_asked(page: Page, server: Server) -> None:
    open_room(page, server, "?step=3&phase=2")
    page.keyboard.press("Escape")
    for phase in range(2, 7):
        at(page, 3, phase)
        page.locator("[data-testid=poll_open]").click()
        expect(page.locator(QUESTION)).to_be_visible()
        page.locator("[data-testid=poll_end]").click()
        expect(page.locator(QUESTION)).to_be_hidden()
        page.keyboard.press("ArrowRight")


def test_a_hostile_hand_over_link_changes_nothing(page: Page, server: Server) -> None:
    code = open_room(page, server)
    for hostile in ("%", "short", "x" * 32):
        open_step(page, server, f"?hidden=8&step=13#room={hostile}")
        button(page, "room_open").click()
        expect(page.locator("[data-testid=room_code]")).to_have_text(code)


def test_the_room_outlives_reloads_a_lost_connection_and_another_page_and_ends_when_it_is_closed(
    page: Page, other: Page, server: Server
) -> None:
    code = open_room(page, server)
    follow(other, server, code)
    page.reload()
    at(page, 12, 0)
    page.keyboard.press("ArrowRight")
    at(other, 12, 1)
    other.reload()
    at(other, 12, 1)
    other.context.set_offline(True)
    page.keyboard.press("ArrowRight")
    at(page, 12, 2)
    other.context.set_offline(False)
    at(other, 12, 2)
    page.wait_for_url("**phase=2**")  # and so the links of the page know of it
    page.get_by_role("link", name="By hand").click()
    expect(page.locator("[data-testid=chip_0]")).to_be_visible()
    page.get_by_role("link", name="Step").click()
    at(page, 12, 2)
    page.keyboard.press("ArrowRight")
    at(other, 12, 3)
    button(page, "room_open").click()
    button(page, "room_close").click()
    expect(other.locator(STATUS)).to_contain_text("has closed the room")
    other.keyboard.press("ArrowRight")
    at(other, 12, 4)


def test_a_server_that_is_started_again_has_the_room_and_its_question_from_the_lecturers_browser(
    page: Page, other: Page, tmp_path: Path
) -> None:
    port = free_port()
    with run_app(tmp_path / "first.txt", port=port) as server:
        code = open_room(page, server, "?hidden=8&step=12&phase=3&cell=delta.3.4.0")
        follow(other, server, code)
        page.locator("[data-testid=poll_open]").click()
        other.locator("[data-testid=vote_1]").click()
        expect(page.locator("[data-testid=poll_answered]")).to_have_text("1 of 1 answered")
    with run_app(tmp_path / "second.txt", port=port):
        expect(page.locator("[data-testid=poll_answered]")).to_have_text("0 of 1 answered")
        expect(other.locator("[data-testid=readout]")).to_contain_text("predict it first")
        other.locator("[data-testid=vote_2]").click()
        expect(page.locator("[data-testid=poll_answered]")).to_have_text("1 of 1 answered")


def test_where_no_socket_works_the_room_is_asked_and_answered_by_other_means(
    page: Page, other: Page, server: Server
) -> None:
    code = open_room(page, server, "?hidden=8&step=12&phase=3")
    other.add_init_script(NO_SOCKETS)
    follow(other, server, code)
    at(other, 12, 3)
    page.locator("[data-testid=poll_open]").click()
    other.locator("[data-testid=vote_1]").click()
    expect(other.locator(POLL)).to_contain_text("Sent.")
    page.locator("[data-testid=poll_show]").click()
    expect(other.locator(f"{POLL} .count")).to_have_text(["0", "1", "0"])


def test_a_link_hands_the_room_over_to_another_device(page: Page, other: Page, phone: Page, server: Server) -> None:
    code = open_room(page, server)
    follow(phone, server, code)
    secret = page.evaluate("localStorage.nnviz_secret")
    open_step(other, server, f"?hidden=8&step=20#room={secret}")
    at(phone, 20, 0)
    assert secret not in other.url
    other.keyboard.press("ArrowRight")
    at(phone, 20, 1)


def test_a_room_that_is_not_there_says_so_and_a_code_can_be_typed(page: Page, other: Page, server: Server) -> None:
    other.goto(f"{server}/nnviz/v1/view?room=ZZZZZZ")
    expect(other.locator(STATUS)).to_contain_text("no such room")
    other.locator("[data-testid=other_code]").click()
    for odd in ("<script>", "abc", ""):
        other.goto(f"{server}/nnviz/v1/view?room={odd}")
        expect(other.locator(".join .note")).to_have_text("A code has six letters and digits.")
    code = open_room(page, server)
    other.goto(f"{server}/nnviz/v1/view")
    other.get_by_label("Code").fill("abc")
    other.get_by_role("button", name="Join").click()
    expect(other.locator(".join .note")).to_contain_text("six letters")
    other.get_by_label("Code").fill(code.lower())
    other.get_by_role("button", name="Join").click()
    at(other, 12, 0)


def test_a_server_without_the_routes_shows_the_pages_and_says_what_it_lacks(
    page: Page, server_without_routes: Server
) -> None:
    open_step(page, server_without_routes, "?hidden=8&step=12")
    page.keyboard.press("ArrowRight")
    at(page, 12, 1)
    button(page, "room_open").click()
    expect(page.locator(".room > .panel")).to_contain_text("has no rooms. Start it with: streamlit run app.py")
