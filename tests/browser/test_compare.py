"""The Compare page in a real browser: one transport, links, curves that lead to a mini-batch."""

import re
from dataclasses import replace
from urllib.parse import urlencode

from playwright.sync_api import Page, expect

from nnviz.number_text import shown
from nnviz.run.comparison_presets import COMPARISONS
from nnviz.run.experiment import Experiment
from nnviz.run.link import comparison_to_params
from nnviz.run.trajectory import Trajectory
from tests.browser.board import WHERE
from tests.browser.conftest import Server, settled

LINK = "hidden=8&b.eta=0.5&c.cost=cross-entropy"
CANVAS = "canvas[data-testid=board]"
DEEPER = "hidden=8&b.hidden=8,8"
SLOW = "hidden=400,400,400,400,400&batch=1&b.eta=5"


def open_compare(page: Page, server: Server, query: str = LINK) -> None:
    page.goto(f"{server}/Compare?{query}")
    page.locator(".st-key-compare_training").wait_for()  # the last thing on the page
    page.locator(f"{CANVAS}[data-step]").first.wait_for()
    settled(page)


def all_at(page: Page, step: int, *phases: int) -> None:
    """Wait until every run, from A on, shows this mini-batch and its phase; some may have fewer phases."""
    for number, phase in enumerate(phases):
        place = f"{CANVAS}[data-step='{step}'][data-phase='{phase}']"
        page.locator(f".run-scene[style*='order: {number}'] {place}").wait_for()
    expect(page.locator(CANVAS)).to_have_count(len(phases))


def test_a_comparisons_link_on_a_fresh_server_restores_all_of_it(page: Page, fresh_server: Server) -> None:
    open_compare(page, fresh_server, f"{LINK}&step=151&phase=3&layout=all")
    for _ in range(2):
        all_at(page, 151, 3, 3, 3)
        expect(page.locator(WHERE)).to_contain_text("Epoch 2 of 30 · mini-batch 2 of 150 · phase 4 of 7")
        expect(page.locator("table")).to_contain_text("cross-entropy")
        for part in ("b.eta=0.5", "c.cost=cross-entropy", "step=151", "phase=3", "layout=all"):
            assert part in page.url
        page.reload()


def test_keys_move_all_runs_through_phases_and_mini_batches_and_the_link_follows(page: Page, server: Server) -> None:
    open_compare(page, server)
    page.keyboard.press("ArrowRight")
    all_at(page, 0, 1, 1, 1)
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Control+ArrowRight")
    all_at(page, 151, 1, 1, 1)
    page.wait_for_url(re.compile("step=151"))
    for _ in range(3):  # fast presses are all kept
        page.keyboard.press("Shift+ArrowLeft")
    all_at(page, 148, 1, 1, 1)
    page.keyboard.press("ArrowDown")
    expect(page.locator(f"{CANVAS}[data-example='1']")).to_have_count(3)


def test_a_run_with_fewer_layers_waits_for_the_phases_that_it_does_not_have(page: Page, server: Server) -> None:
    open_compare(page, server, DEEPER)  # A: input, 2, 3, error, back to 2, ...; B has layer 4, too
    for a, b in [(1, 1), (2, 2), (2, 3), (3, 4), (3, 5), (4, 6), (5, 7), (6, 8)]:
        page.keyboard.press("ArrowRight")
        all_at(page, 0, a, b)


def test_a_phase_that_only_the_deeper_run_has_is_in_the_link(page: Page, server: Server) -> None:
    open_compare(page, server, f"{DEEPER}&phase=8&cell=delta.4.1.0")
    all_at(page, 0, 6, 8)
    expect(page.get_by_text("Part of the link was ignored")).to_have_count(0)
    assert "phase=8" in page.url and "cell=delta.4.1.0" in page.url
    page.get_by_role("link", name="Step", exact=True).click()
    page.wait_for_selector(f"{CANVAS}[data-step='0'][data-phase='6']")
    settled(page)
    expect(page.get_by_text("Part of the link was ignored")).to_have_count(0)


def test_another_ready_comparison_may_have_fewer_phases(page: Page, server: Server) -> None:
    deep = next(ready for ready in COMPARISONS if ready.comparison.leader.phases == 13)
    open_compare(page, server, urlencode(comparison_to_params(deep.comparison, deep.opens_at)))
    all_at(page, 0, 11, 11)
    page.locator(".st-key-ready").get_by_role("combobox").click()
    page.get_by_role("option", name=COMPARISONS[0].name).click()
    all_at(page, 0, 3, 3)


def test_a_run_with_smaller_mini_batches_shows_its_last_example_and_its_place(page: Page, server: Server) -> None:
    open_compare(page, server, "hidden=8&b.batch=1&step=800&example=7")
    expect(page.locator(f"{CANVAS}[data-example='7']")).to_have_count(1)
    expect(page.locator(f"{CANVAS}[data-example='0']")).to_have_count(1)
    titles = page.locator("[data-testid=run_title]")
    expect(titles.filter(has_text="epoch 1, mini-batch 801 of 1,500")).to_have_count(1)


def test_a_number_is_read_in_every_run(page: Page, server: Server) -> None:
    open_compare(page, server, "hidden=8&b.init=scaled&cell=b.2.3")
    expect(page.locator("[data-testid=readout]")).to_contain_text(re.compile(r"b²₄: {2}A = \S+ {2}· B = \S+ {2}biases"))


def test_a_long_way_can_be_left_where_one_is(page: Page, server: Server) -> None:
    open_compare(page, server, f"{SLOW}&step=40000")
    computing = page.locator("[data-testid=computing]")
    expect(computing).to_contain_text("Computing up to mini-batch 40,001 takes")
    all_at(page, 0, 0, 0)
    page.keyboard.press("Escape")
    expect(computing).to_be_hidden()
    page.wait_for_url(lambda url: "step=" not in url)


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


def test_other_runs_can_be_shown_less_the_first_one(page: Page, server: Server) -> None:
    first = Experiment(hidden=(8,))
    z, other = (Trajectory.of(run).moment_at(20).trace.zs[1][2, 0] for run in (first, replace(first, eta=0.5)))
    open_compare(page, server, "hidden=8&b.eta=0.5&c.hidden=9&step=20&phase=2&cell=z.3.2.0")
    readout = page.locator("[data-testid=readout]")
    expect(readout).to_contain_text(f"B = {shown(float(other))}")
    page.locator("[data-testid=view_options]").click()
    page.locator("[data-testid=against_first]").click()
    expect(readout).to_contain_text(f"A = {shown(float(z))}")
    expect(readout).to_contain_text(f"B − A = {shown(float(other - z))}")
    expect(readout).to_contain_text("C = ")  # another size: there is no difference cell by cell
    titles = page.locator("[data-testid=run_title]")
    expect(titles.nth(1)).to_contain_text("shown is B − A")
    expect(titles.nth(2)).not_to_contain_text("shown is")
    page.wait_for_url(re.compile("against=first"))
