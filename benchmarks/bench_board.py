"""The stepping board in a real Chromium, held against the floor: the click on an empty fragment's button.

All pages are open at once and take turns, so that a busy machine slows all of them alike; each time is a median, each
ratio the median of the rounds' ratios. What "painted" means stands in painted.js and is the same for all.
`python -m benchmarks.bench_board --samples 10 --only load` takes fewer rounds and one part.
"""

import argparse
import base64
import statistics
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from benchmarks import serving, targets
from benchmarks.serving import Server, serve
from benchmarks.targets import verdict
from nnviz import datasets
from nnviz.lesson.phase_text import lesson, where
from nnviz.run.experiment import Experiment, Position
from nnviz.run.trajectory import Trajectory
from tools.browser import find_browser

SCRIPT = (Path(__file__).parent / "painted.js").read_text()
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
SIZE = {"width": 1280, "height": 800}
QUIET = 450  # milliseconds without a message after which a step counts as finished: Python hears of it at rest
RESTS = 60  # milliseconds from when a page has come to the front with the pointer on a button to the press
HELD = 60  # milliseconds for which a button is held down, as by a finger; the clock starts when it is let go
KB = 1024
BOARD = "canvas[data-testid=board][data-painted]"
IDLE = 15_000  # milliseconds in which the server is watched doing nothing
PLAYED = 5000  # milliseconds of playing that are watched
NETS = {
    "64-30-10": {"dataset": "digits", "query": "?cost=cross-entropy&init=scaled&eta=0.5"},
    "784-30-10": {"dataset": "mnist", "query": "?dataset=mnist&cost=cross-entropy&init=scaled&eta=0.5"},
}
SETTINGS = {"cost": "cross-entropy", "init": "scaled", "eta": 0.5}


@dataclass
class Watched:
    """A page with the bytes of its websockets, both ways."""

    page: Page
    bytes: int = 0
    messages: int = 0
    samples: dict[str, list[float]] = field(default_factory=dict)

    @classmethod
    def open(cls, context: BrowserContext, url: str, ready: str) -> "Watched":
        watched = cls(context.new_page())
        events = context.new_cdp_session(watched.page)
        events.send("Network.enable")
        for kind in ("webSocketFrameSent", "webSocketFrameReceived"):
            events.on(f"Network.{kind}", watched.count)
        watched.page.goto(url)
        watched.page.wait_for_function("selector => bench.find(selector)", arg=ready, timeout=120_000)
        watched.settle()
        return watched

    def count(self, event: dict) -> None:
        response = event["response"]
        if response["opcode"] == 2:
            self.bytes += len(base64.b64decode(response["payloadData"]))
        else:
            self.bytes += len(response["payloadData"])
        self.messages += 1

    def settle(self) -> None:
        """Wait until no message has come or gone for a while."""
        before = -1
        while before != self.messages:
            before = self.messages
            self.page.wait_for_timeout(QUIET)

    def press(self, button: str, *conditions: tuple[str, object]) -> list[float]:
        """Click, and how long until each condition was painted."""
        box = self.page.locator(button).bounding_box()
        self.page.bring_to_front()
        self.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        self.page.evaluate("conditions => bench.arm(conditions)", conditions)
        self.page.wait_for_timeout(RESTS)  # the page has come to the front and the button shows the pointer
        self.page.mouse.down()
        self.page.wait_for_timeout(HELD)
        self.page.mouse.up()
        return self.page.evaluate("bench.result")

    def keep(self, name: str, value: float | None) -> None:
        if value is not None:
            self.samples.setdefault(name, []).append(value)


class Counter:
    """A page whose button counts its clicks: the floor, and the charts."""

    def __init__(self, watched: Watched, kind: str) -> None:
        self.watched, self.kind, self.clicks = watched, kind, 0

    def step(self) -> float:
        self.clicks += 1
        before = self.watched.bytes
        (took,) = self.watched.press(".st-key-next button", (self.kind, f"clicks {self.clicks}"))
        self.watched.settle()
        self.watched.keep("bytes", self.watched.bytes - before)
        return took


class Board:
    """The Step page of one network, and a second visitor who goes ahead so that the server knows the way."""

    def __init__(self, context: BrowserContext, server: Server, net: str) -> None:
        self.net, self.server = net, server
        self.experiment = Experiment(dataset=NETS[net]["dataset"], **SETTINGS)
        url = f"{server}/{NETS[net]['query']}"
        self.watched = Watched.open(context, url, BOARD)
        self.scout = Watched.open(context, url, BOARD)
        self.position = Position()
        self.moment = Trajectory.of(self.experiment).moment_at(0)  # the lessons are the same at every mini-batch

    def moved(self, steps: int = 0, phases: int = 0) -> Position:
        """The place so many mini-batches or phases on."""
        step, phase = divmod(self.position.phase + phases, self.experiment.phases)
        return Position(self.position.step + steps + step, phase)

    def rounds(self) -> Iterator[tuple[str, float, float]]:
        """One round: (what, ms to the painted board, ms to the words)."""
        yield "phase", *self.step("phase_next", self.moved(phases=1))
        yield "batch", *self.step("batch_next", self.moved(steps=1))
        if self.position.step + self.experiment.batches_per_epoch >= self.experiment.steps:
            self.go(self.watched, Position(50, self.position.phase))  # not where it was before
        far = self.moved(steps=self.experiment.batches_per_epoch)
        self.go(self.scout, far)
        yield "jump", *self.step("epoch_next", far)

    def step(self, button: str, to: Position) -> list[float]:
        said = lesson(self.moment, to.phase)
        words = {
            "where": where(self.experiment, to.step, to.phase),
            "equations": said.equations,
            "code": said.code,
        }
        bytes_before, cpu_before, began = self.watched.bytes, self.server.cpu_seconds(), perf_counter()
        place = {"step": to.step, "phase": to.phase}
        took = self.watched.press(f"[data-testid={button}]", ("board", place), ("words", words))
        self.watched.settle()
        self.watched.keep(f"{button} bytes", self.watched.bytes - bytes_before)
        if cpu_before is not None:
            self.watched.keep(f"{button} cpu", (self.server.cpu_seconds() - cpu_before) * 1000)
            self.watched.keep(f"{button} seconds", perf_counter() - began)
        self.position = to
        return took

    def go(self, watched: Watched, to: Position) -> None:
        """Go there by the number field."""
        number = watched.page.locator("[data-testid=step_number]")
        number.fill(str(to.step + 1))
        number.press("Enter")
        number.evaluate("node => node.blur()")
        watched.page.wait_for_function(
            "step => bench.find('canvas[data-testid=board]').dataset.step === String(step)",
            arg=to.step,
            timeout=120_000,
        )
        watched.settle()
        if watched is self.watched:
            self.position = to

    def cells(self) -> int:
        """How many numbers on the board a new mini-batch changes."""
        sizes, m = self.experiment.sizes, self.experiment.batch
        pairs = list(zip(sizes[:-1], sizes[1:], strict=True))
        parameters = sum(n * (before + 1) for before, n in pairs)
        columns = sizes[0] + 4 * sum(sizes[1:])  # x; z, a, sigma'(z), delta
        return 3 * parameters + m * columns  # w, b; nabla w, nabla b; their changes

    def play(self, unit: str, rate: int) -> tuple[float, float]:
        """(what is really shown a second, the longest wait in ms) while playing from where the board is."""
        page = self.watched.page
        page.bring_to_front()
        page.locator("[data-testid=play_options]").click()
        page.locator("[data-testid=play_unit]").select_option(unit)
        page.locator("[data-testid=play_rate]").select_option(str(rate))
        page.locator("[data-testid=play_options]").click()
        page.evaluate("document.activeElement?.blur()")
        page.locator("[data-testid=play]").click()
        seen = page.evaluate("ms => bench.shown(ms)", PLAYED)
        page.locator("[data-testid=play]").click()
        self.watched.settle()
        here = page.locator("[data-testid=board]")
        self.position = Position(int(here.get_attribute("data-step")), int(here.get_attribute("data-phase")))
        times, places = [at for at, *_ in seen], {(step, phase) for _, step, phase in seen}
        gaps = [b - a for a, b in zip(times[:-1], times[1:], strict=True)]
        return (len(places) - 1) / (times[-1] - times[0]) * 1000, max(gaps)


def idling(server: Server, page: Page) -> float:
    """Milliseconds of processor time a second that the server takes while nobody does anything."""
    before = server.cpu_seconds()
    if before is None:
        return 0.0
    page.wait_for_timeout(IDLE)
    return (server.cpu_seconds() - before) / IDLE * 1e6


def median_ratio(one: list[float], other: list[float]) -> float:
    return statistics.median(a / b for a, b in zip(one, other, strict=True))


def line(text: str, found: str, target: str = "", judged: str = "") -> None:
    print(f"  {text:54} {found:28} {target and f'target {target}':20} {judged}".rstrip(), flush=True)


def ratio_line(text: str, times: list[float], floor: list[float], target: float | None = None) -> None:
    ratio = median_ratio(times, floor)
    found = f"{statistics.median(times):7.1f} ms  {ratio:6.2f} x floor"
    if target is None:
        line(text, found)
    else:
        line(text, found, f"<= {target:g}", verdict(ratio, target))


def stepping(context: BrowserContext, app: Server, floor_at: Server, charts_at: Server, samples: int) -> None:
    floor = Counter(Watched.open(context, str(floor_at), "[data-testid=stText]"), "text")
    boards = {net: Board(context, app, net) for net in NETS}
    charts = {
        net: Counter(Watched.open(context, f"{charts_at}/?inputs={net.split('-')[0]}", ".hm image"), "charts")
        for net in NETS
    }
    warm_up = 2
    floors: list[float] = []
    taken: dict[tuple[str, str], list[float]] = {}
    for i in range(samples + warm_up):
        of_floor = floor.step()
        found = {}
        for net, board in boards.items():
            for what, painted, words in board.rounds():
                found[net, what] = painted
                found[net, f"{what} words"] = words
            found[net, "charts"] = charts[net].step()
        if i < warm_up:
            for watched in (
                floor.watched,
                *(b.watched for b in boards.values()),
                *(c.watched for c in charts.values()),
            ):
                watched.samples.clear()
            continue
        floors.append(of_floor)
        for key, value in found.items():
            taken.setdefault(key, []).append(value)

    idle = idling(app, floor.watched.page)
    print(
        f"Click to painted, medians of {samples} rounds; floor (an empty fragment): {statistics.median(floors):.1f} ms;"
        f" the idle server's {idle:.1f} ms a second are taken off its times"
    )
    for net, board in boards.items():
        print(f" {net}")
        ratio_line("phase step, painted", taken[net, "phase"], floors, targets.PHASE)
        ratio_line("mini-batch step, the next at hand, painted", taken[net, "batch"], floors, targets.BATCH)
        ratio_line("epoch jump, known to the server only, painted", taken[net, "jump"], floors, targets.JUMP[net])
        ratio_line("words, equation and code after a phase step", taken[net, "phase words"], floors, targets.WORDS)
        ratio_line("words after a mini-batch step", taken[net, "batch words"], floors)
        ratio_line("words after an epoch jump", taken[net, "jump words"], floors)
        ratio_line("six st.plotly_chart, painted", taken[net, "charts"], floors)
        of = board.watched.samples
        size = statistics.median(of["phase_next bytes"])
        line("bytes of a phase step", f"{size / KB:7.1f} KB", "<= 8 KB", verdict(size, targets.PHASE_BYTES))
        size, cells = statistics.median(of["batch_next bytes"]), board.cells()
        each, rest = targets.BATCH_BYTES
        most = each * cells + rest
        target = f"<= {most / KB:.0f} KB"
        line("bytes of a mini-batch step", f"{size / KB:7.1f} KB for {cells:,} cells", target, verdict(size, most))
        line(
            "bytes of a step with six st.plotly_chart",
            f"{statistics.median(charts[net].watched.samples['bytes']) / KB:7.1f} KB",
        )
        for button, text in (("phase_next", "phase"), ("batch_next", "mini-batch"), ("epoch_next", "epoch")):
            if f"{button} cpu" not in of:
                line(f"server time of a {text} step", "not measured: there is no clock of it here")
                continue
            took = zip(of[f"{button} cpu"], of[f"{button} seconds"], strict=True)
            spent = statistics.median(cpu - idle * seconds for cpu, seconds in took)
            if button == "epoch_next":
                line("server time of an epoch jump", f"{spent:7.1f} ms")
            else:
                target = targets.SERVER_MS[net]
                line(f"server time of a {text} step", f"{spent:7.1f} ms", f"<= {target} ms", verdict(spent, target))


def playing(context: BrowserContext, app: Server, runs: int = 3) -> None:
    board = Board(context, app, "784-30-10")
    print(f"Playing 784-30-10, medians of {runs} times {PLAYED / 1000:g} s")
    for unit, rate, text in (("batch", 20, "mini-batches at 20/s"), ("phase", 30, "phases at 30/s")):
        target = targets.PLAYED[unit]
        found = [board.play(unit, rate) for _ in range(runs)]
        shown, gap = (statistics.median(values) for values in zip(*found, strict=True))
        of_each = ", ".join(f"{one:.1f}" for one, _ in found)
        judged = verdict(shown, target, at_least=True)
        line(text, f"{shown:5.1f} shown/s ({of_each})", f">= {target}/s", f"{judged}   longest wait {gap:.0f} ms")


def load_time(browser: Browser, context: BrowserContext | None, url: str, ready: str) -> tuple[float, list[str]]:
    """(ms from the start of loading to painted, all addresses asked for), in a new context where none is given."""
    own = context or new_context(browser)
    page = own.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(url, wait_until="commit")
    took = page.evaluate("selector => bench.loaded(selector)", ready)
    page.close()
    if context is None:
        own.close()
    return took, asked


def loading(browser: Browser, app: Server, empty: Server, samples: int) -> None:
    pages = {"empty page": (str(empty), "[data-testid=stText]")}
    pages |= {net: (f"{app}/{of['query']}", BOARD) for net, of in NETS.items()}
    pages["the viewer"] = (f"{app}/nnviz/v1/view{NETS['64-30-10']['query']}", BOARD)
    times: dict[tuple[str, str], list[float]] = {}
    plotly = set()
    warm = new_context(browser)
    for url, ready in pages.values():
        load_time(browser, warm, url, ready)  # the servers are warm from here on
    for _ in range(samples):
        for cache, context in (("cold", None), ("warm", warm)):
            for name, (url, ready) in pages.items():
                took, asked = load_time(browser, context, url, ready)
                times.setdefault((cache, name), []).append(took)
                plotly |= {address for address in asked if "plotly" in address.lower()}
    warm.close()
    print(f"Page load to first painted board, warm server, medians of {samples} loads")
    for cache in ("cold", "warm"):
        floor = times[cache, "empty page"]
        line(f"Streamlit's own empty page, {cache} browser cache", f"{statistics.median(floor):7.0f} ms")
        for name in (*NETS, "the viewer"):
            found, target = times[cache, name], targets.LOAD[cache] if name in NETS else targets.VIEWER
            ratio = median_ratio(found, floor)
            text = f"{statistics.median(found):7.0f} ms  {ratio:6.2f} x empty"
            line(f"{name}, {cache} browser cache", text, f"<= {target:g}", verdict(ratio, target))
    line("Plotly files on the first screen", f"{len(plotly):7}", "0", verdict(len(plotly), targets.PLOTLY_FILES))


def new_context(browser: Browser) -> BrowserContext:
    context = browser.new_context(viewport=SIZE)
    context.add_init_script(SCRIPT)
    return context


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, default=32, help="rounds (default 32)")
    parser.add_argument("--only", choices=("steps", "play", "load"), help="one part alone")
    chosen = parser.parse_args()
    with ExitStack() as stack:
        environment = stack.enter_context(serving.made_up_mnist())
        serving.os.environ.update(environment)  # this process reads the same data
        datasets.get("mnist")
        app = stack.enter_context(serve(serving.ROOT / "app.py"))
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=find_browser(), args=ARGUMENTS)
        stack.callback(browser.close)
        context = new_context(browser)
        if chosen.only in (None, "steps"):
            with serve(serving.APPS / "empty_fragment.py") as floor, serve(serving.APPS / "six_heatmaps.py") as charts:
                stepping(context, app, floor, charts, chosen.samples)
        context.close()
        if chosen.only in (None, "play"):
            context = new_context(browser)
            playing(context, app)
            context.close()
        if chosen.only in (None, "load"):
            with serve(serving.APPS / "empty_page.py", as_streamlit_comes=True) as empty:
                loading(browser, app, empty, chosen.samples)


if __name__ == "__main__":
    main()
    sys.exit(targets.exit_code())
