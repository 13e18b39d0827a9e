"""How much slower another session steps while a network trains: the same presses, with and without a training run.

One process on one core, a real Chromium. Session B goes from mini-batch to mini-batch on the Step page; timed is the
press until Python's words about the new mini-batch are there. Session A trains on data of MNIST's size, its page open
and its curves growing. The two kinds of rounds take turns. Target: at most twice as slow at the median.
"""

import itertools
import statistics
import sys
from time import perf_counter

from playwright.sync_api import Page, sync_playwright

from benchmarks import targets
from benchmarks.serving import ROOT, Server, made_up_mnist, serve
from benchmarks.targets import verdict
from tests.browser.conftest import CHROMIUM_ARGUMENTS, settled
from tools.browser import find_browser

ROUNDS, PRESSES = 4, 15
SEEDS = itertools.count(1)  # a run that is known already would not be computed
TARGET = targets.BESIDE_TRAINING
RUNS = {"MNIST's size, 784-30-10": "dataset=mnist", "the same, layers of 400": "dataset=mnist&hidden=400,400"}
STEPS = {"64-30-10": "", "784-30-10": "dataset=mnist&seed=9999"}


def open_step(page: Page, server: Server, query: str) -> None:
    page.goto(f"{server}/?{query}")
    page.wait_for_selector("[data-testid=board][data-step]")
    settled(page)


def presses(page: Page, first: int) -> list[float]:
    """Milliseconds from each press until the new mini-batch is painted."""
    taken = []
    for n in range(first, first + PRESSES):
        began = perf_counter()
        page.keyboard.press("PageDown")
        page.wait_for_selector(f"[data-testid=board][data-step='{n - 1}']")
        taken.append((perf_counter() - began) * 1000)
    return taken


def training(page: Page) -> bool:
    return page.locator(".st-key-train_pause button:enabled").count() > 0


def measure(pages: tuple[Page, Page], server: Server, trained: str, stepped: str) -> None:
    train, step = pages
    times: dict[bool, list[float]] = {False: [], True: []}
    open_step(step, server, stepped)
    presses(step, 2)
    for n in range(ROUNDS):
        train.goto(f"{server}/Train?{trained}&seed={next(SEEDS)}")
        train.locator(".st-key-train_start button:enabled").wait_for()
        settled(train)
        done = 2 + PRESSES * (2 * n + 1)
        times[False] += presses(step, done)
        train.locator(".st-key-train_start button").click()
        train.locator(".st-key-train_pause button:enabled").wait_for()
        times[True] += presses(step, done + PRESSES)
        if not training(train):
            print("  the run was at its end before the presses were: the figure is too good")
        train.locator(".st-key-train_stop button").click()
        train.locator(".st-key-train_start button:enabled").wait_for()
    alone, beside = (statistics.median(times[kind]) for kind in (False, True))
    slowest = statistics.quantiles(times[True], n=20)[-1]
    print(
        f"    alone {alone:6.1f} ms   beside training {beside:6.1f} ms (95 %: {slowest:.0f} ms)   "
        f"{beside / alone:.2f} x   target: at most {TARGET:g} x, {verdict(beside / alone, TARGET)}"
    )


def main() -> None:
    with (
        made_up_mnist() as environment,
        serve(ROOT / "app.py", core=0, **environment) as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=find_browser(), args=CHROMIUM_ARGUMENTS)
        for trained, query in RUNS.items():
            for stepped, step_query in STEPS.items():
                print(f"  training {trained}, stepping through {stepped}")
                contexts = [browser.new_context(viewport={"width": 1280, "height": 800}) for _ in range(2)]
                measure(tuple(context.new_page() for context in contexts), server, query, step_query)
                for context in contexts:
                    context.close()
        browser.close()


if __name__ == "__main__":
    main()
    sys.exit(targets.exit_code())
