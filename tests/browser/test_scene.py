"""The scene: one example, its equation, and that all of it is on the screen, whatever the screen."""

import re

import pytest
from playwright.sync_api import Page, expect

from nnviz.run.evaluation import evaluate
from nnviz.run.experiment import Experiment
from nnviz.run.trajectory import Trajectory
from tests.browser.board import BOARD, at, open_step
from tests.browser.conftest import Server, settled

EQUATION, HEADLINE = "[data-testid=equation]", "[data-testid=headline]"
PANELS = ".panel-button"


def boxes(page: Page, selector: str) -> list[tuple]:
    return page.locator(selector).evaluate_all(
        "nodes => nodes.map((node) => node.getBoundingClientRect()).map((b) => [b.x, b.y, b.width, b.height])"
    )


def test_the_first_screen_says_what_it_is_where_one_is_and_what_to_press(page: Page, server: Server) -> None:
    open_step(page, server)
    expect(page.locator(HEADLINE)).to_have_text("2,260 weights and biases learn to read digits.")
    expect(page.locator("[data-testid=where_now]")).to_contain_text("mini-batch 1 of 150")
    expect(page.locator("[data-testid=phase_next]")).to_have_class(re.compile("untouched"))
    page.locator("[data-testid=phase_next]").click()
    at(page, 0, 1)
    expect(page.locator("[data-testid=phase_next]")).not_to_have_class(re.compile("untouched"))
    expect(page.locator(EQUATION)).to_contain_text("= σ(")
    expect(page.locator("[data-testid=says]")).to_contain_text("The most active is neuron")


def test_nothing_moves_from_phase_to_phase(page: Page, server: Server) -> None:
    open_step(page, server)
    before = [boxes(page, selector) for selector in (PANELS, ".band", BOARD, "[data-testid=phase_next]")]
    for phase in range(1, 7):
        page.keyboard.press("ArrowRight")
        at(page, 0, phase)
        assert [boxes(page, s) for s in (PANELS, ".band", BOARD, "[data-testid=phase_next]")] == before


SIZES = [(1280, 800), (853, 533), (1024, 640), (1920, 1080)]
LAID_OUT = """canvas => new Promise((done) => {
    const { parentElement: picture } = canvas;
    const look = () => (Math.abs(canvas.clientWidth - picture.clientWidth) <= 1 ? done() : requestAnimationFrame(look));
    look();
})"""


@pytest.mark.parametrize("network", ["", "dataset=xor&hidden=2&batch=4", "hidden=30,20,16,12,10"])
def test_equation_and_scene_are_whole_on_the_screen(network: str, page: Page, server: Server) -> None:
    open_step(page, server, f"?{network}&phase=2")
    for size in SIZES:
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.locator(BOARD).evaluate(LAID_OUT)
        is_whole(page, size)


def is_whole(page: Page, size: tuple[int, int]) -> None:
    """Nothing of the band and the scene is cut off or lies over another part."""
    for selector in (EQUATION, BOARD, "[data-testid=phase_next]", "[data-testid=readout]"):
        for x, y, w, h in boxes(page, selector):
            assert x >= 0 and y >= 0 and x + w <= size[0] + 1 and y + h <= size[1] + 1, (selector, x, y, w, h)
    band, board = boxes(page, ".band")[0], boxes(page, BOARD)[0]
    assert band[1] + band[3] <= board[1]
    texts = boxes(page, f"{EQUATION}, [data-testid=says], [data-testid=code]")
    for one, other in zip(texts, texts[1:], strict=False):
        assert one[0] + one[2] <= other[0] + 1
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= size[0]


def test_the_keyboard_comes_to_the_transport_soon_and_is_always_seen(page: Page, server: Server) -> None:
    open_step(page, server)
    focused = "() => { let n = document.activeElement; while (n.shadowRoot) n = n.shadowRoot.activeElement; return n; }"
    for _ in range(5):  # Streamlit's skip link, Settings, menu and main, then the board; the pages come after it
        page.keyboard.press("Tab")
        node = page.evaluate_handle(focused).as_element()
        box = node.bounding_box()
        assert box and box["x"] >= 0 and box["width"] > 0, node.evaluate("n => n.outerHTML.slice(0, 100)")
        if node.evaluate("n => n.closest('.board') !== null"):
            return
    pytest.fail("the board is not reached within 5 presses")


def test_a_key_shows_all_numbers_and_the_link_says_so(page: Page, server: Server) -> None:
    open_step(page, server, "?phase=3")
    one = len(boxes(page, PANELS))
    page.keyboard.press("a")
    expect(page.locator(PANELS)).not_to_have_count(one)
    expect(page).to_have_url(re.compile("layout=all"))
    page.reload()
    page.wait_for_selector(f"{BOARD}[data-step]")
    settled(page)
    expect(page.locator(PANELS).nth(one)).to_be_attached()  # more of them than in the scene
    page.keyboard.press("A")
    expect(page.locator(PANELS)).to_have_count(one)
    expect(page).not_to_have_url(re.compile("layout"))


def test_a_symbol_and_its_panel_are_one_thing(page: Page, server: Server) -> None:
    open_step(page, server, "?phase=4")
    symbol = page.locator(f"{EQUATION} [data-panels='w.3']")
    blank = "canvas => !canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some(v => v)"
    over = page.locator("canvas.over")
    page.mouse.move(5, 5)
    assert over.evaluate(blank)
    symbol.hover()
    assert not over.evaluate(blank)
    page.locator("[data-panel='delta.3']").evaluate("node => node.scrollIntoView()")
    x, y, w, h = boxes(page, "[data-panel='delta.3']")[0]
    page.mouse.move(x + w / 2, y + h / 2)
    expect(page.locator(f"{EQUATION} [data-panels='delta.3']")).to_have_class(re.compile("lit"))
    expect(symbol).not_to_have_class(re.compile("lit"))


def test_the_strip_chooses_the_example_and_a_pinned_number_follows_it(page: Page, server: Server) -> None:
    open_step(page, server, "?phase=5&cell=z.2.3.0")
    title = page.locator(".st-key-pinned_heading strong")
    expect(title).to_contain_text("example 1")
    page.keyboard.press("ArrowDown")
    expect(title).to_contain_text("example 2")
    board = page.locator(BOARD).bounding_box()
    panel = page.locator("[data-panel='a.1']").bounding_box()
    page.mouse.click((board["x"] + panel["x"]) / 2, panel["y"] + 10)  # the first of the strip, left of the input
    page.wait_for_selector(f"{BOARD}[data-example='0']")
    expect(title).to_contain_text("example 1")


def test_the_code_of_the_phase_is_one_press_away(page: Page, server: Server) -> None:
    open_step(page, server, "?phase=4")
    code = page.locator(".band .code")
    expect(code).to_be_hidden()
    page.locator("[data-testid=code]").click()
    expect(code).to_contain_text("return (w_next.T @ delta_next) * prime")
    page.keyboard.press("ArrowRight")
    expect(code).to_contain_text("nabla_w = mean @ a_before.T")


def test_another_cost_is_another_equation(page: Page, server: Server) -> None:
    open_step(page, server, "?phase=3")
    expect(page.locator(EQUATION)).to_contain_text("⊙")
    page.locator("[data-testid=stExpandSidebarButton]").click()
    page.locator(".st-key-set_cost input").wait_for()
    settled(page)
    page.locator(".st-key-set_cost input").click()
    page.get_by_role("option", name="cross-entropy").click()
    expect(page.locator(EQUATION)).not_to_contain_text("⊙")
    expect(page.locator(EQUATION)).to_contain_text("− y")


def test_escape_closes_what_is_open_before_it_releases_the_pin(page: Page, server: Server) -> None:
    open_step(page, server, "?cell=w.2.3.7")
    page.locator("[data-testid=view_options]").click()
    expect(page.locator("[data-testid=layout_all]")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("[data-testid=layout_all]")).to_be_hidden()
    page.locator("[data-testid=code]").click()
    page.keyboard.press("Escape")
    expect(page.locator(".band .code")).to_be_hidden()
    expect(page.locator(".st-key-pinned_heading")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".st-key-pinned_heading")).to_have_count(0)


def test_the_mean_column_and_the_whole_matrix_are_painted_each_as_it_is(page: Page, server: Server) -> None:
    """The colours that were made for one of them are not taken for the other."""
    pixels = "canvas => canvas.toDataURL()"
    open_step(page, server, "?phase=2&example=mean&layout=all")
    whole = page.locator(BOARD).evaluate(pixels)
    open_step(page, server, "?phase=2&example=mean")
    one = len(boxes(page, PANELS))
    page.keyboard.press("A")
    expect(page.locator(PANELS)).not_to_have_count(one)
    assert page.locator(BOARD).evaluate(pixels) == whole


def test_a_light_flows_over_what_is_computed_and_the_numbers_are_there_from_the_first_frame(
    page: Page, server: Server
) -> None:
    page.emulate_media(reduced_motion="no-preference")
    open_step(page, server, "?phase=1")
    moving = page.evaluate_handle(
        """() => {
          const root = [...document.querySelectorAll('*')].find((n) => n.shadowRoot?.querySelector('canvas.over'));
          const over = root.shadowRoot.querySelector('canvas.over');
          const blank = () => !over.getContext('2d').getImageData(0, 0, over.width, over.height).data.some((v) => v);
          const seen = { lit: false, blank };
          const look = () => { seen.lit ||= !blank(); requestAnimationFrame(look); };
          look();
          return seen;
        }"""
    )
    page.keyboard.press("ArrowRight")
    page.evaluate("window.dispatchEvent(new Event('resize'))")  # the same place painted again, as answers make it
    at(page, 0, 2)
    now = page.locator(BOARD).evaluate("canvas => canvas.toDataURL()")
    page.wait_for_function("seen => seen.lit", arg=moving)
    page.wait_for_function("seen => seen.blank()", arg=moving)
    assert page.locator(BOARD).evaluate("canvas => canvas.toDataURL()") == now


def test_a_phone_has_the_equation_first_and_next_at_the_thumb(page: Page, server: Server) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    open_step(page, server, "?phase=2")
    (_, y, _, h), (_, top, _, _) = boxes(page, ".band")[0], boxes(page, BOARD)[0]
    assert y + h <= top
    _, y, _, h = boxes(page, "[data-testid=phase_next]")[0]
    assert y > 844 / 2 and y + h <= 844 and h >= 44
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390
    swipe(page, by=-120)
    at(page, 0, 3)
    swipe(page, by=120)
    at(page, 0, 2)
    swipe(page, by=-20)  # a finger that hardly moves
    at(page, 0, 2)


def swipe(page: Page, by: float) -> None:
    """Move a finger sideways over the picture."""
    picture = page.locator(".picture .over")
    touch = {"pointerType": "touch", "clientX": 200, "clientY": 500, "bubbles": True}
    picture.dispatch_event("pointerdown", touch)
    picture.dispatch_event("pointerup", touch | {"clientX": 200 + by, "clientY": 505})


def test_the_runs_curve_comes_by_itself_and_a_place_on_it_can_be_chosen(page: Page, server: Server) -> None:
    experiment = Experiment(dataset="moons", hidden=(4,), eta=1.0)
    open_step(page, server, "?dataset=moons&hidden=4&eta=1.0")
    value = page.locator("[data-testid=curve_value]")
    first = evaluate(experiment_network(experiment, 0), experiment.data, 0, 0.0)
    expect(value).to_have_text(f"{100 * first.held_out_accuracy:.1f} % of the held-out examples right")
    page.locator("[data-testid=step]").press("End")
    last = experiment.steps - 1
    at(page, last, 0)
    start = last // experiment.batches_per_epoch * experiment.batches_per_epoch
    then = evaluate(experiment_network(experiment, start), experiment.data, start, 0.0)
    expect(value).to_have_text(f"{100 * then.held_out_accuracy:.1f} % of the held-out examples right")
    curve = page.locator("[data-testid=curve]").bounding_box()
    page.mouse.click(curve["x"] + curve["width"] / 2, curve["y"] + curve["height"] / 2)
    expect(page.locator("[data-testid=step]")).not_to_have_value(str(experiment.steps))
    chosen = int(page.locator("[data-testid=step]").input_value()) - 1
    assert abs(chosen - last / 2) < last / 50
    at(page, chosen, 0)


def experiment_network(experiment: Experiment, step: int):
    return Trajectory.of(experiment).network_at(step)


QUESTION, EXPLAINED = "[data-testid=question]", ".st-key-explanation"


def test_predict_first_hides_a_phase_until_it_is_answered_and_says_why(page: Page, server: Server) -> None:
    moment = Trajectory.of(Experiment()).moment_at(0)
    delta = moment.trace.deltas[-1][:, 0]
    largest = delta[abs(delta).argmax()]
    open_step(page, server, f"?phase=2&cell=delta.3.{abs(delta).argmax()}.0")
    page.keyboard.press("q")
    expect(page.locator("[data-testid=ask_first]")).to_have_attribute("aria-pressed", "true")
    height = page.locator(".band").evaluate("node => node.offsetHeight")
    page.keyboard.press("ArrowRight")
    at(page, 0, 3)
    expect(page.locator(QUESTION)).to_contain_text("Is its δ negative or positive?")
    expect(page.locator("[data-testid=readout]")).to_contain_text("predict it first")
    expect(page.locator(EXPLAINED)).to_be_hidden()
    page.keyboard.press("2")  # zero, which it is not
    expect(page.locator(QUESTION)).to_contain_text(f"Not zero, but {'negative' if largest < 0 else 'positive'}.")
    expect(page.locator(QUESTION)).to_contain_text("0 of 1 right")
    expect(page.locator(EXPLAINED)).to_be_visible()
    expect(page.locator("[data-testid=readout]")).not_to_contain_text("predict it first")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowRight")
    expect(page.locator(QUESTION)).to_contain_text("Not zero")  # one answers once
    assert page.locator(".band").evaluate("node => node.offsetHeight") == height
    page.wait_for_url("**predict=first**")
    page.keyboard.press("q")
    expect(page.locator(QUESTION)).to_be_hidden()


def test_the_plane_does_not_tell_what_is_to_be_predicted(page: Page, server: Server) -> None:
    """Its regions are coloured once the answer is known, and the map of all of it stays away."""
    colours = """canvas => {
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width / 3, canvas.height);
        const found = new Set();
        for (let i = 0; i < data.length; i += 4) found.add(`${data[i] >> 4},${data[i + 1] >> 4},${data[i + 2] >> 4}`);
        return found.size;
    }"""
    open_step(page, server, "?dataset=moons&hidden=4&eta=1.0&step=50&phase=2&predict=first")
    expect(page.locator("[data-testid=answer_0]")).to_be_visible()
    hidden = page.locator(BOARD).evaluate(colours)
    expect(page.locator(".st-key-below")).to_have_count(0)
    page.keyboard.press("1")
    expect(page.locator("[data-testid=answer_0]")).to_be_hidden()
    assert page.locator(BOARD).evaluate(colours) > hidden + 2
