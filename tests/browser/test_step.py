"""The Step page in a real browser: keys, links, the board's own pace, and words that are never wrong."""

import io
import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.board import BOARD, at, open_step, said
from tests.browser.conftest import Server, settled

PIXELS = "canvas => canvas.toDataURL()"
COUNT_DIFFERING = """
async (canvas, url) => {
    const other = Object.assign(new Image(), { src: url });
    await other.decode();
    const { width, height } = canvas;
    const copy = new OffscreenCanvas(width, height).getContext("2d");
    copy.drawImage(other, 0, 0);
    const [a, b] = [copy, canvas.getContext("2d")].map((pen) => pen.getImageData(0, 0, width, height).data);
    let differing = 0;
    for (let i = 0; i < a.length; i++) if (Math.abs(a[i] - b[i]) > 2) differing++;
    return differing;
}
"""


def picture(page: Page) -> np.ndarray:
    """What is seen of the board, as grey levels 0..255."""
    shot = page.locator(BOARD).screenshot()
    return np.asarray(Image.open(io.BytesIO(shot)).convert("L"), dtype=float)


def difference(one: np.ndarray, other: np.ndarray) -> float:
    """The mean difference of two pictures in grey levels; the smoothing of thin lines alone makes about 0.2."""
    return float(np.abs(one - other).mean())


def test_arrow_keys_step_through_the_phases_and_page_keys_through_the_mini_batches(page: Page, server: Server) -> None:
    open_step(page, server)
    page.keyboard.press("ArrowRight")
    at(page, 0, 1)
    said(page, "phase 2 of 7: feedforward, layer 2")
    page.keyboard.press("Shift+ArrowRight")
    at(page, 1, 1)
    page.keyboard.press("Shift+ArrowRight")
    at(page, 2, 1)
    said(page, "mini-batch 3 of 150")
    page.keyboard.press("Shift+ArrowLeft")
    at(page, 1, 1)
    page.keyboard.press("Control+ArrowRight")
    at(page, 151, 1)
    said(page, "Epoch 2 of 30")
    page.keyboard.press("Home")
    at(page, 0, 0)


def test_forwards_through_a_mini_batch_and_back_shows_the_first_picture_again(page: Page, server: Server) -> None:
    open_step(page, server)
    first = picture(page)
    for phase in range(1, 7):
        page.keyboard.press("ArrowRight")
        at(page, 0, phase)
    assert difference(picture(page), first) > 5
    page.keyboard.press("ArrowRight")
    at(page, 1, 0)
    for phase in range(6, -1, -1):
        page.keyboard.press("ArrowLeft")
        at(page, 0, phase)
    assert difference(picture(page), first) < 0.5


def test_the_buttons_have_their_names_and_work(page: Page, server: Server) -> None:
    open_step(page, server)
    places = {
        "phase_next": (0, 1), "phase_back": (0, 0), "batch_next": (1, 0), "batch_back": (0, 0), "epoch_next": (150, 0),
        "epoch_back": (0, 0),
    }  # fmt: skip
    for name, (step, phase) in places.items():
        page.locator(f"[data-testid={name}]").click()
        at(page, step, phase)


def test_a_link_opened_on_a_fresh_server_lands_exactly_there(page: Page, fresh_server: Server) -> None:
    open_step(page, fresh_server, "?hidden=30,20&seed=7&step=12&phase=3")
    at(page, 12, 3)
    said(page, "mini-batch 13 of 150 · phase 4 of 9: feedforward, layer 4")
    page.reload()
    at(page, 12, 3)
    said(page, "mini-batch 13 of 150 · phase 4 of 9")


def test_a_broken_link_shows_a_message_and_a_working_page(page: Page, server: Server) -> None:
    open_step(page, server, "?eta=-3&hidden=<script>alert(1)</script>&cell=w.9.9.9&step=2")
    warnings = page.locator("[data-testid=stAlert]")
    expect(warnings).to_have_count(3)
    expect(warnings.first).to_contain_text("hidden must be")
    page.keyboard.press("ArrowRight")
    at(page, 2, 1)


def test_24_presses_at_12_a_second_are_exactly_24_steps(page: Page, server: Server) -> None:
    open_step(page, server)
    for _ in range(24):
        page.keyboard.press("ArrowRight", delay=5)
        page.wait_for_timeout(78)
    at(page, 3, 3)
    said(page, "mini-batch 4 of 150 · phase 4 of 7")
    expect(page).to_have_url(re.compile("step=3&phase=3"))


def test_the_canvas_stays_the_same_node_from_step_to_step(page: Page, server: Server) -> None:
    open_step(page, server)
    page.locator(BOARD).evaluate("canvas => { canvas.mark = 1 }")
    for _ in range(9):
        page.keyboard.press("ArrowRight")
    said(page, "mini-batch 2 of 150 · phase 3 of 7")
    assert page.locator(BOARD).evaluate("canvas => canvas.mark") == 1


def test_back_forward_and_other_pages_lose_nothing(page: Page, server: Server) -> None:
    open_step(page, server, "?seed=5")
    page.keyboard.press("Shift+ArrowRight")
    expect(page).to_have_url(re.compile("step=1$"))
    page.keyboard.press("ArrowRight")
    said(page, "mini-batch 2 of 150 · phase 2 of 7")
    expect(page).to_have_url(re.compile("step=1&phase=1"))
    settled(page)
    page.get_by_role("link", name="Data").click()
    page.wait_for_url("**/Data**")
    expect(page.get_by_text("The next mini-batches")).to_be_visible()
    assert "seed=5" in page.url and "step=1" in page.url
    page.reload()
    expect(page.get_by_text("mini-batch 2 of 150 (shown on the Step page)")).to_be_visible()
    page.go_back()
    at(page, 1, 1)
    said(page, "mini-batch 2 of 150 · phase 2 of 7")
    page.go_back()
    said(page, "mini-batch 2 of 150 · phase 1 of 7")
    at(page, 1, 0)
    page.go_forward()
    at(page, 1, 1)


def test_keys_typed_into_a_field_do_not_step(page: Page, server: Server) -> None:
    open_step(page, server)
    field = page.locator("[data-testid=step_number]")
    field.click()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Home")
    at(page, 0, 0)
    field.fill("21")
    field.press("Enter")
    at(page, 20, 0)


def test_after_the_scrubber_is_let_go_the_keys_work_again(page: Page, server: Server) -> None:
    open_step(page, server)
    box = page.locator("[data-testid=step]").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_function("document.querySelector('[data-testid=stApp]') && true")
    canvas = page.locator(BOARD)
    expect(canvas).not_to_have_attribute("data-step", "0")
    step = int(canvas.get_attribute("data-step"))
    page.keyboard.press("ArrowRight")
    at(page, step, 1)


def test_a_click_pins_a_cell_and_explains_it_and_escape_releases_it(page: Page, server: Server) -> None:
    open_step(page, server, "?phase=2")
    box = page.locator(BOARD).bounding_box()
    panel = page.locator("[data-panel='z.3']").bounding_box()
    page.mouse.click(panel["x"] + panel["width"] * 0.25, panel["y"] + panel["height"] / 2)
    expect(page.locator(".st-key-explanation")).to_contain_text("z³, neuron")
    expect(page).to_have_url(re.compile(r"cell=z\.3\."))
    assert box is not None
    page.keyboard.press("Shift+ArrowRight")
    said(page, "mini-batch 2 of 150")
    expect(page.locator(".st-key-explanation")).to_contain_text("z³, neuron")
    page.get_by_role("button", name="Release").wait_for()
    page.keyboard.press("Escape")
    expect(page.locator(".st-key-explanation")).to_have_count(0)
    expect(page).not_to_have_url(re.compile("cell="))


def test_one_can_walk_from_a_number_to_what_it_is_made_of_and_back(page: Page, server: Server) -> None:
    open_step(page, server, "?phase=4&cell=delta.2.3.1")
    explanation = page.locator(".st-key-explanation")
    expect(explanation).to_contain_text("δ², neuron 4 of layer 2, example 2")
    settled(page)
    page.locator(".st-key-from_0 button").click()
    expect(explanation).not_to_contain_text("δ², neuron 4 of layer 2, example 2")
    expect(page).not_to_have_url(re.compile(r"cell=delta\.2\.3\.1"))
    settled(page)
    page.go_back()
    expect(explanation).to_contain_text("δ², neuron 4 of layer 2, example 2")


def test_an_edit_in_a_link_is_honoured_on_a_fresh_server(page: Page, fresh_server: Server) -> None:
    open_step(page, fresh_server, "?edits=0:w.2.3.7=1.5&cell=w.2.3.7")
    expect(page.locator(".st-key-words")).to_contain_text("What if: weight from neuron 8 to neuron 4 of layer 2 = 1.5")
    expect(page.locator(".st-key-explanation")).to_contain_text("set by hand right before this mini-batch")


def test_up_and_down_choose_the_example(page: Page, server: Server) -> None:
    open_step(page, server, "?phase=5")
    page.wait_for_selector(f"{BOARD}[data-example='0']")
    page.keyboard.press("ArrowDown")
    page.wait_for_selector(f"{BOARD}[data-example='1']")
    expect(page).to_have_url(re.compile("example=1"))
    page.keyboard.press("ArrowUp")
    for _ in range(10):
        page.keyboard.press("ArrowDown")
    page.wait_for_selector(f"{BOARD}[data-example='mean']")
    expect(page).to_have_url(re.compile("example=mean"))


def test_play_goes_on_by_itself_and_stops_at_once(page: Page, server: Server) -> None:
    open_step(page, server)
    page.keyboard.press("Space")
    page.wait_for_selector(f"{BOARD}:not([data-phase='0'])")
    page.keyboard.press("Space")
    canvas = page.locator(BOARD)
    stopped = canvas.get_attribute("data-step"), canvas.get_attribute("data-phase")
    said(page, f"phase {int(stopped[1]) + 1} of 7")
    page.wait_for_timeout(1200)
    assert (canvas.get_attribute("data-step"), canvas.get_attribute("data-phase")) == stopped


def test_no_timer_outlives_the_page_while_playing(page: Page, server: Server) -> None:
    open_step(page, server)
    page.keyboard.press("Space")
    page.wait_for_selector(f"{BOARD}:not([data-phase='0'])")
    page.get_by_role("link", name="Data").click()
    expect(page.get_by_text("The next mini-batches")).to_be_visible()
    settled(page)
    url = page.url
    page.wait_for_timeout(1200)
    assert page.url == url


def slow_down(page: Page) -> None:
    """From now on Python hears of everything late."""
    page.evaluate(
        """() => {
            const send = WebSocket.prototype.send;
            WebSocket.prototype.send = function (data) { setTimeout(() => send.call(this, data), 700) };
        }"""
    )


def test_words_of_a_slow_server_are_late_but_never_wrong(page: Page, server: Server) -> None:
    """The board goes on at once; until the answer comes, what Python says of the mini-batch is marked as late."""
    open_step(page, server, "?phase=2&cell=z.3.2.1")
    explanation = page.locator(".st-key-explanation annotation").nth(1)
    before = explanation.text_content()
    slow_down(page)
    page.keyboard.press("Shift+ArrowRight")
    at(page, 1, 2)
    expect(page.locator(".st-key-words[data-stale]")).to_have_count(1)
    assert explanation.text_content() == before
    expect(page.locator(".st-key-words[data-stale]")).to_have_count(0)
    expect(explanation).not_to_have_text(before)


def test_a_mini_batch_that_is_not_here_is_waited_for_in_words(page: Page, server: Server) -> None:
    """Panels and place change together; where that takes a moment the board says what it waits for."""
    open_step(page, server)
    slow_down(page)
    page.keyboard.press("Control+ArrowRight")
    expect(page.get_by_test_id("loading")).to_have_text("loading mini-batch 151 …")
    expect(page.locator(BOARD)).to_have_attribute("data-step", "0")
    at(page, 150, 0)
    expect(page.get_by_test_id("loading")).to_be_hidden()
    said(page, "Epoch 2 of 30")


def test_the_lesson_of_a_phase_does_not_wait_for_python(page: Page, server: Server) -> None:
    open_step(page, server)
    slow_down(page)
    page.keyboard.press("ArrowRight")
    at(page, 0, 1)
    expect(page.locator(".st-key-lesson_1")).to_be_visible(timeout=500)
    expect(page.locator(".st-key-lesson_0")).to_be_hidden()
    said(page, "phase 2 of 7: feedforward, layer 2")
    expect(page).to_have_url(re.compile("phase=1"))


def test_a_board_that_was_stepped_to_looks_like_one_that_was_opened_there(page: Page, server: Server) -> None:
    """A step repaints only what its phase changes; nothing of the phase before may be left."""
    there = "?hidden=12,14&step=3"
    open_step(page, server, there)
    stepped = {}
    for key, phase in [*(("ArrowRight", p) for p in range(1, 9)), *(("ArrowLeft", p) for p in (7, 6, 5))]:
        page.keyboard.press(key)
        at(page, 3, phase)
        stepped[key, phase] = page.locator(BOARD).evaluate(PIXELS)
    for key, phase in (("ArrowRight", 2), ("ArrowRight", 5), ("ArrowRight", 8), ("ArrowLeft", 5)):
        open_step(page, server, f"{there}&phase={phase}")
        differing = page.locator(BOARD).evaluate(COUNT_DIFFERING, stepped[key, phase])
        assert differing == 0, f"{key} to phase {phase}"


def test_a_locked_scale_paints_equal_values_in_equal_colours(page: Page, server: Server) -> None:
    """With the update frozen out by eta's smallest value, w hardly moves; a locked scale must not move at all."""
    open_step(page, server, "?eta=0.000001")
    page.locator("[data-testid=view_options]").click()
    page.locator("[data-testid=scale_locked]").click()
    expect(page).to_have_url(re.compile("scale=locked&lock=0"))
    panel = page.locator("[data-panel='w.3']").bounding_box()
    canvas = page.locator(BOARD)
    box = canvas.bounding_box()

    def pixels() -> list[int]:
        corner = [panel["x"] - box["x"], panel["y"] - box["y"], panel["width"], panel["height"]]
        return canvas.evaluate(
            "(canvas, [x, y, w, h]) => Array.from(canvas.getContext('2d').getImageData(x, y, w, h).data)", corner
        )

    before = pixels()
    page.keyboard.press("Shift+ArrowRight")
    at(page, 1, 0)
    assert pixels() == before


def test_a_zoomed_panel_offers_its_numbers_in_full_precision(page: Page, server: Server) -> None:
    open_step(page, server, "?phase=2")
    page.locator("[data-panel='z.3']").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("[role=dialog] .js-plotly-plot")
    with page.expect_download() as download:
        page.locator(".st-key-panel_csv button").click()
    rows = download.value.path().read_text().splitlines()
    assert len(rows) == 11
    assert len(rows[1].split(",")[1]) > 14


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_fits_a_projector_without_scrolling(page: Page, server: Server, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)
    open_step(page, server, "?phase=6")
    bottom = page.locator("[data-testid=readout]").bounding_box()
    assert bottom["y"] + bottom["height"] <= 800
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280


def test_on_a_phone_the_board_is_one_column_inside_the_screen(page: Page, server: Server) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    open_step(page, server, "?phase=6")
    box = page.locator(BOARD).bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390
    page.locator("[data-testid=phase_back]").click()
    at(page, 0, 5)
    page.locator("[data-testid=view_options]").click()
    page.locator("[data-testid=scale_shared]").click()
    expect(page).to_have_url(re.compile("scale=shared"))
