"""A lecture: played with Page Down alone, in a room, with the remote, from a disk, and made on its page."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, Page, expect

from nnviz.lecture.lecture import read
from nnviz.lecture.places import places
from nnviz.lecture.shelf import shipped
from tests.browser.board import BOARD, at, open_step
from tests.browser.conftest import Server, settled

TITLE, POLL, QUESTION = "[data-testid=beat_title]", "[data-testid=poll]", "[data-testid=beat_question]"
SHORTEST = "one-mini-batch"
SMALL = """\
# Three beats

---
link: /?hidden=8&step=12
## First
A [weight](#w.2) and a [number](#b.2.3).
<!-- Say hello. -->

---
phase: 3
light: delta.3
## Second
ask: sign delta.3.4.0

---
link: ?step=13
hide: a.3
## Third
ask: What is the shape of w³?
- [ ] 8 x 10
- [x] 10 x 8
"""


@pytest.fixture
def other(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    yield context.new_page()
    context.close()


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    yield context.new_page()
    context.close()


def play(page: Page, server: Server, name: str = SHORTEST, beat: int | str = 1) -> None:
    page.goto(f"{server}/nnviz/v1/view?lecture={name}&beat={beat}")
    page.wait_for_selector(f"{BOARD}[data-step]")


def play_draft(page: Page, server: Server, source: str = SMALL) -> None:
    page.goto(f"{server}/nnviz/v1/view")
    page.evaluate("source => { localStorage.nnviz_draft = source; }", source)
    play(page, server, "draft")


@pytest.mark.parametrize("name", list(shipped()))
def test_a_lecture_is_given_by_page_down_alone(name: str, page: Page, server: Server) -> None:
    lecture = shipped()[name]
    play(page, server, name)
    for number, (beat, place) in enumerate(zip(lecture.beats, places(lecture), strict=True), 1):
        expect(page.locator(TITLE)).to_have_text(beat.title)
        at(page, place.position.step, place.position.phase)
        if beat.question:
            expect(page.locator("[data-testid=beat_next]")).to_have_text("Show the answer")
            expect(page.locator(f"{QUESTION} button").first).to_be_visible()
            page.keyboard.press("PageDown")
            expect(page.locator(f"{QUESTION} .right")).to_contain_text("✓")
        page.wait_for_url(f"**beat={number}")
        page.keyboard.press("PageDown")


def test_words_light_panels_and_the_boards_keys_work_inside_a_beat(page: Page, server: Server) -> None:
    play_draft(page, server)
    listens = "addEventListener('nnviz-guide', (event) => lit.push(event.detail.light.join()))"
    page.evaluate(f"window.lit = []; {listens}")
    page.get_by_role("button", name="weight", exact=True).hover()
    page.get_by_role("button", name="number", exact=True).hover()
    page.locator(TITLE).hover()
    assert page.evaluate("window.lit") == ["w.2", "", "b.2.3", ""]
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    at(page, 13, 1)
    page.locator("[data-testid=beat_again]").click()
    at(page, 12, 0)
    expect(page.locator("[data-testid=beat_again]")).to_be_hidden()
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("PageDown")  # and on from the beat
    at(page, 12, 3)
    assert page.evaluate("lit.at(-1)") == "delta.3"
    page.keyboard.press("ArrowRight")
    at(page, 12, 4)
    page.wait_for_function("lit.at(-1) === ''")  # the words are not about what is shown now
    page.keyboard.press("PageUp")
    at(page, 12, 0)
    for key in (".", "PageDown"):
        page.keyboard.press("b")
        expect(page.locator(".blank:not([hidden])")).to_have_count(1)
        page.keyboard.press(key)
        expect(page.locator(".blank:not([hidden])")).to_have_count(0)
        at(page, 12, 0)


def test_a_question_hides_what_it_asks_until_it_is_answered_and_a_beat_hides_panels(page: Page, server: Server) -> None:
    play_draft(page, server)
    page.keyboard.press("PageDown")
    expect(page.locator(QUESTION)).to_contain_text("Is δ³ of output 4 negative or positive?")
    page.keyboard.press("3")
    expect(page.locator(QUESTION)).to_contain_text("δ³ of output 4 =")
    expect(page.locator("[data-testid=beat_next]")).to_have_text("Next ›")
    page.keyboard.press("PageDown")
    at(page, 13, 3)
    expect(page.locator(QUESTION)).to_contain_text("What is the shape of w³?")
    page.locator("[data-testid=answer_0]").click()
    expect(page.locator(f"{QUESTION} .wrong")).to_contain_text("✗ 8 x 10")
    expect(page.locator(f"{QUESTION} .right")).to_contain_text("✓ 10 x 8")
    page.reload()  # the beat is in the address
    expect(page.locator(TITLE)).to_have_text("Third")
    at(page, 13, 3)


def test_a_room_follows_answers_and_the_remote_takes_over(page: Page, other: Page, phone: Page, server: Server) -> None:
    play_draft(page, server)
    page.locator(".room-button").click()
    code = page.locator("[data-testid=room_code]").inner_text()
    secret = page.evaluate("localStorage.nnviz_secret")
    other.goto(f"{server}/nnviz/v1/view?room={code}")
    at(other, 12, 0)
    page.keyboard.press("Escape")
    phone.goto(f"{server}/nnviz/v1/remote#room={secret}")
    expect(phone.locator("h1")).to_have_text("First")
    expect(phone.locator(".notes")).to_have_text("Say hello.")
    expect(phone.locator(".following")).to_have_text("next: Second")
    phone.locator("[data-testid=remote_next]").tap()
    at(page, 12, 3)
    at(other, 12, 3)
    expect(other.locator(POLL)).to_contain_text("Is δ³ of output 4 negative or positive?")
    other.locator("[data-testid=vote_2]").click()
    expect(phone.locator(".answered")).to_have_text("1 answered")
    phone.locator("[data-testid=remote_show]").tap()
    phone.locator("[data-testid=remote_again]").tap()
    other.locator("[data-testid=vote_0]").click()
    expect(phone.locator(".answered")).to_have_text("1 answered")
    page.reload()
    expect(page.locator(TITLE)).to_have_text("Second")
    expect(page.locator("[data-testid=poll_answered]")).to_have_text("1 of 1 answered")
    page.keyboard.press("PageDown")  # reveals
    expect(other.locator(f"{POLL} .right")).to_have_count(1)
    expect(page.locator("[data-testid=room_poll] .right")).to_have_count(1)
    page.keyboard.press("PageDown")
    at(other, 13, 3)
    expect(phone.locator("h1")).to_have_text("Third")
    phone.locator("[data-testid=remote_blank]").tap()
    expect(other.locator(".blank:not([hidden])")).to_have_count(1)


def test_a_whole_lecture_in_a_room_with_two_followers_a_reload_and_the_remote(
    page: Page, other: Page, phone: Page, server: Server
) -> None:
    lecture = shipped()[SHORTEST]
    play(page, server)
    page.locator(".room-button").click()
    code = page.locator("[data-testid=room_code]").inner_text()
    secret = page.evaluate("localStorage.nnviz_secret")
    page.keyboard.press("Escape")
    followers = [other, other.context.new_page()]
    for follower in followers:
        follower.goto(f"{server}/nnviz/v1/view?room={code}")
    phone.goto(f"{server}/nnviz/v1/remote#room={secret}")
    middle = len(lecture.beats) // 2

    def on(number: int) -> None:
        """By a presenter remote's Page Down in the first half, by the phone in the second."""
        if number <= middle:
            page.keyboard.press("PageDown")
        else:
            phone.locator("[data-testid=remote_next]").tap()

    for number, (beat, place) in enumerate(zip(lecture.beats, places(lecture), strict=True), 1):
        expect(page.locator(TITLE)).to_have_text(beat.title)
        expect(phone.locator("h1")).to_have_text(beat.title)
        for follower in followers:
            at(follower, place.position.step, place.position.phase)
        if beat.question:
            for choice, follower in enumerate(followers):
                follower.locator(f"[data-testid=vote_{choice}]").click()
            expect(phone.locator(".answered")).to_have_text("2 answered")
            on(number)
            for shown in (*(follower.locator(f"{POLL} .right") for follower in followers), phone.locator("li.right")):
                expect(shown).to_have_count(1)
            expect(page.locator("[data-testid=room_poll] .right")).to_have_count(1)
        if number == middle:
            page.reload()
            expect(page.locator(TITLE)).to_have_text(beat.title)
        on(number)


def test_the_remote_without_a_room_says_what_to_do(phone: Page, server: Server) -> None:
    phone.goto(f"{server}/nnviz/v1/remote")
    expect(phone.locator(".status")).to_contain_text("Scan the QR picture")


def test_the_handout_opens_from_a_disk_and_asks_nobody(page: Page, server: Server, tmp_path: Path) -> None:
    request = Request(f"{server}/nnviz/v1/handout", SMALL.encode(), method="POST")
    with urlopen(request) as answer:
        body = answer.read()
    assert len(body) < 700_000
    assert b"Say hello" not in body  # notes are the lecturer's
    file = tmp_path / "handout.html"
    file.write_bytes(body)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    for step, phase in ((12, 0), (12, 3), (13, 3)):
        at(page, step, phase)
        if phase:
            page.keyboard.press("1")
        page.keyboard.press("PageDown")
    assert [url for url in asked if not url.startswith(("file:", "blob:", "data:"))] == []


def test_a_remote_opens_no_room_and_a_closed_one_stays_closed(page: Page, phone: Page, server: Server) -> None:
    phone.goto(f"{server}/nnviz/v1/remote#room={'0' * 32}")
    expect(phone.locator(".status")).to_contain_text("there is no room")
    play_draft(page, server)
    page.locator(".room-button").click()
    expect(page.locator("[data-testid=room_code]")).to_be_visible()
    secret = page.evaluate("localStorage.nnviz_secret")
    phone.goto("about:blank")
    phone.goto(f"{server}/nnviz/v1/remote#room={secret}")
    expect(phone.locator("h1")).to_have_text("First")
    page.locator("[data-testid=room_close]").click()
    expect(phone.locator(".status")).to_have_text("The room is closed.")
    expect(phone.locator("[data-testid=remote_next]")).to_be_disabled()
    phone.reload()
    expect(phone.locator(".status")).to_contain_text("there is no room")


def test_next_is_at_the_thumb_of_a_phone(phone: Page, server: Server) -> None:
    play(phone, server)
    box = phone.locator("[data-testid=beat_next]").bounding_box()
    assert box["x"] + box["width"] <= 360 and box["y"] + box["height"] <= 740


def test_a_broken_draft_says_what_is_wrong(page: Page, server: Server) -> None:
    page.goto(f"{server}/nnviz/v1/view")
    page.evaluate("localStorage.nnviz_draft = '---\\nphase: 99\\n'")
    page.goto(f"{server}/nnviz/v1/view?lecture=draft")
    expect(page.locator(".trouble")).to_contain_text("line 2: phase must be a whole number from 0 to 6, got 99")
    for odd in ("<b>", "", "%00", "../../x"):
        page.goto(f"{server}/nnviz/v1/view?lecture={odd}")
        expect(page.locator(".trouble")).to_contain_text(re.compile("lecture must be one of|There is no such lecture"))
    play(page, server, beat="3.7")
    expect(page.locator(TITLE)).to_have_text(shipped()[SHORTEST].beats[2].title)


def test_a_lecture_is_made_kept_and_played(page: Page, server: Server) -> None:
    open_step(page, server, "?hidden=8&step=12&phase=3")
    page.get_by_role("button", name="Share").click()
    page.locator("[data-testid=lecture_add]").click()
    page.get_by_role("link", name="Lecture").click()
    expect(page.locator("[data-testid=beats] li")).to_have_count(1)
    page.get_by_label("Title", exact=True).fill("The error")
    page.get_by_role("textbox", name="Light").fill("delta.9")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Light must be a quantity and a layer of this network")).to_be_visible()
    page.get_by_role("textbox", name="Light").fill("delta.3")
    page.get_by_role("textbox", name="Text").click()  # a field is taken as soon as one leaves it
    expect(page.locator("[data-testid=beats]")).to_contain_text("The error")
    page.get_by_role("button", name="Add a beat").click()
    expect(page.locator("[data-testid=beats] li")).to_have_count(2)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("[data-testid=beats] li")).to_have_count(1)
    page.reload()
    expect(page.locator("[data-testid=beats]")).to_contain_text("The error")
    settled(page)
    kept = page.evaluate("localStorage.nnviz_draft")
    assert [beat.title for beat in read(kept).beats] == ["The error"]
    with page.expect_download() as saved:
        page.get_by_role("button", name="Hand out as one HTML file").click()
    assert saved.value.suggested_filename == "nnviz-lecture.html"
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Play").click()
    at(opened.value, 12, 3)
    expect(opened.value.locator(TITLE)).to_have_text("The error")


def test_the_shortest_lecture_is_offered_until_it_was_seen(page: Page, server: Server) -> None:
    open_step(page, server, "")
    offer = page.locator("[data-testid=tour]")
    expect(offer).to_have_text("New here? Two minutes")
    offer.click()
    expect(page.locator(TITLE)).to_have_text(shipped()[SHORTEST].beats[0].title)
    page.keyboard.press("PageDown")
    page.wait_for_url("**beat=2")
    open_step(page, server, "")
    expect(offer).to_have_text(re.compile("Go on: 2 of "))
    offer.click()
    expect(page.locator(TITLE)).to_have_text(shipped()[SHORTEST].beats[1].title)
    play(page, server, SHORTEST, len(shipped()[SHORTEST].beats))
    page.wait_for_url("**beat=*")
    open_step(page, server, "")
    expect(page.locator("[data-testid=room_code], .room-button").first).to_be_visible()
    expect(offer).to_have_count(0)


def test_presenting_shows_the_board_alone_and_the_link_says_so(page: Page, server: Server) -> None:
    open_step(page, server, "?hidden=8&step=12&phase=2")
    page.keyboard.press("p")
    expect(page.locator("[data-testid=headline]")).to_be_hidden()
    expect(page.get_by_role("link", name="Draw")).to_be_hidden()
    page.wait_for_url("**present=1**")
    page.reload()
    page.wait_for_selector(f"{BOARD}[data-step='12']")
    expect(page.get_by_role("link", name="Draw")).to_be_hidden()
    page.keyboard.press("PageDown")
    at(page, 12, 3)
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Draw")).to_be_visible()
