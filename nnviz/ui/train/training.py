"""Training from the page: start, pause, resume, stop, and the curves while they grow.

The computing is done by the process's one `Trainer`; a session only says what it wants and shows what there is. What it
shows ends at `shown`, so that the curves can grow at a chosen pace even where the run is already known.
"""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import streamlit as st

from nnviz.figures import curves
from nnviz.lesson.phase_text import where
from nnviz.number_text import shown
from nnviz.run.evaluation import Evaluation
from nnviz.run.experiment import Experiment, Position
from nnviz.run.monitor import Monitor
from nnviz.run.trainer import StopCondition
from nnviz.ui import state

TICK = 0.4  # seconds between two looks at a growing run
WHOLE_RUN = StopCondition()
SPEED_OVER = 3.0  # seconds that the speed shown is measured over
PACES: dict[str, Callable[[Experiment], float] | None] = {  # name -> mini-batches a second
    "as fast as possible": None,
    "5 epochs a second": lambda e: 5.0 * e.batches_per_epoch,
    "1 epoch a second": lambda e: 1.0 * e.batches_per_epoch,
    "20 mini-batches a second": lambda e: 20.0,
}


@dataclass(frozen=True)
class TrainingView:
    """What this browser session trains, and how far it has seen it."""

    experiment: Experiment
    command_id: int = 0  # incremented by every command; results of an older command are ignored
    status: str = "idle"  # idle, running, paused or ended
    until: StopCondition = WHOLE_RUN
    pace: str = "as fast as possible"
    shown: float = 0.0  # mini-batches whose effect is on the screen
    ticks: tuple[tuple[float, float], ...] = ()  # (seconds, shown) of the last looks, for pace and speed
    why: str = ""  # why it ended

    @property
    def step(self) -> int:
        return int(self.shown)

    @property
    def speed(self) -> float | None:
        """Mini-batches a second over the last looks."""
        (t0, n0), (t1, n1) = (self.ticks[0], self.ticks[-1]) if self.ticks else ((0, 0), (0, 0))
        return (n1 - n0) / (t1 - t0) if t1 > t0 and n1 > n0 else None


def monitor() -> Monitor:
    return state.trainer().monitor(state.experiment())


def view() -> TrainingView:
    """The training of this browser session; another experiment begins another one, as far as its run is known."""
    known, seen = st.session_state.get("training"), st.session_state.get("training_seen")
    if known is None or known.experiment != state.experiment():
        state.trainer().pause(name())
        reached = monitor().reached
        whole = monitor().finished
        status = "ended" if whole else "paused" if reached else "idle"
        command_id = known.command_id if known else 0
        why = "all of it is known already" if whole else ""
        command(TrainingView(state.experiment(), command_id, status, shown=reached, why=why))
        return st.session_state.training
    return seen if seen and seen.command_id == known.command_id else known


def command(changed: TrainingView) -> None:
    """Take over what the visitor wants.

    Streamlit may run a press while the view's timer is still at work in another thread. The two write under different
    names, so that a look that began before a press cannot undo it.
    """
    st.session_state.training = replace(changed, command_id=changed.command_id + 1)


def name() -> str:
    """What the trainer knows this browser session by."""
    return st.session_state.setdefault("training_name", secrets.token_hex(8))


def start() -> None:
    """Begin at the first mini-batch."""
    resume(replace(view(), shown=0.0, until=wanted(), pace=st.session_state.pace, why=""))


def resume(now: TrainingView | None = None) -> None:
    """Go on from where the run is paused, or from `now`."""
    now = now or view()
    until = now.until if now.until != WHOLE_RUN else wanted()
    state.trainer().start(name(), now.experiment, until)
    command(replace(now, status="running", until=until, ticks=((time.monotonic(), now.shown),)))


def pause() -> None:
    state.trainer().pause(name())
    command(replace(view(), status="paused"))


def stop() -> None:
    state.trainer().pause(name())
    command(replace(view(), status="ended", why="you stopped it"))


def wanted() -> StopCondition:
    """When to stop, as the page's fields say. Mini-batches count from 1 on the screen: n of them make step n."""
    given = {part: st.session_state.get(f"until_{part}") for part in ("step", "accuracy", "cost")}
    return StopCondition(epochs=st.session_state.get(epochs_key()), **given)


def epochs_key() -> str:
    """Data sets differ in how long a run is."""
    return f"until_epochs_{state.experiment().data.epochs}"


def poll(now: TrainingView) -> TrainingView:
    """Show what there is by now, at the session's pace; end where training ends."""
    if now.status != "running":
        return now
    seconds, seen = time.monotonic(), monitor()
    end, why = now.until.stop_step(seen)
    shown = float(min(seen.reached, end))
    pace = PACES[now.pace]
    if pace and now.ticks:
        shown = min(shown, now.shown + pace(now.experiment) * (seconds - now.ticks[-1][0]))
    ticks = tuple(t for t in now.ticks if seconds - t[0] < SPEED_OVER)[-20:] or now.ticks[-1:]
    now = replace(now, shown=shown, ticks=(*ticks, (seconds, shown)))
    if failure := state.trainer().failure(name()):
        return replace(now, status="ended", why=f"it failed: {failure}")
    if shown >= end and end <= seen.reached:
        return replace(now, status="ended", why=why)
    forgotten = seen.reached < end and not state.trainer().is_on(name())  # while no visitor looked
    if forgotten and st.session_state.training.command_id == now.command_id:
        state.trainer().start(name(), now.experiment, now.until)
    return now


def controls() -> None:
    """The buttons, and when to stop. All four are always there: one that comes and goes would move the others."""
    now, e = view(), state.experiment()
    busy = now.status in ("running", "paused")
    buttons = {  # key -> label, callback, icon, whether it can be pressed now
        "train_start": ("Start", start, "play_arrow", not busy),
        "train_pause": ("Pause", pause, "pause", now.status == "running"),
        "train_resume": ("Resume", resume, "resume", now.status == "paused"),
        "train_stop": ("Stop", stop, "stop", busy),
    }
    with st.container(horizontal=True, vertical_alignment="bottom", key="train_controls"):
        for key, (label, on_click, icon, enabled) in buttons.items():
            kind = "primary" if key == "train_start" else "secondary"
            st.button(label, key=key, on_click=on_click, icon=f":material/{icon}:", type=kind, disabled=not enabled)
        conditions(e, locked=busy)


def conditions(e: Experiment, locked: bool) -> None:
    """Fields for `StopCondition` and the pace; they are fixed while a run is on."""
    keep_it = {"persist_state": "session", "disabled": locked}
    st.number_input(
        "Epochs",
        1,
        e.data.epochs,
        e.data.epochs,
        key=epochs_key(),
        width=130,
        **keep_it,
        help=f"A run on these data has up to {e.data.epochs:,} epochs of {e.batches_per_epoch:,} mini-batches.",
    )
    st.selectbox("Pace", list(PACES), key="pace", width=210, **keep_it)
    with st.popover("Stop earlier", key="train_until", disabled=locked):
        st.caption("Training stops at whichever comes first. An empty field is no condition.")
        part = "held-out" if len(e.data.held_out) else "training"
        st.number_input(f"at a {part} accuracy of at least (%)", 0.0, 100.0, None, 1.0, key="until_accuracy", **keep_it)
        st.number_input("at a training cost of at most", 0.0, None, None, 0.01, key="until_cost", **keep_it)
        st.number_input("after this many mini-batches", 1, 10_000_000, None, key="until_step", **keep_it)


def live() -> None:
    """Where the run is and its curves; by itself while it grows. A click on a curve goes to that mini-batch."""
    if view().status == "running":
        growing()
    else:
        still()


@st.fragment(run_every=TICK)
def growing() -> None:
    now = st.session_state.training_seen = poll(view())
    show(now)
    if now.status != "running":
        st.rerun()


@st.fragment
def still() -> None:
    show(view())


def show(now: TrainingView) -> None:
    e, seen = now.experiment, monitor()
    if not seen.evaluations(0):  # the network at its start, so that there is something to see
        for _ in seen.advance(state.run(), 0):
            pass
    st.markdown(outcome(seen.evaluations(now.step), e))
    progress(now)
    end = now.until.max_step(e)
    evaluations, samples = seen.evaluations(now.step), seen.samples(now.step)
    left, right = st.columns(2, gap="medium")
    cost = "Cost C, in training with the L2 term" if e.lmbda else "Cost C"
    with left:
        draw("cost", curves.learning_curve(cost, "cost", e, evaluations, end))
        draw("gradients", curves.gradient_curve("Gradients ‖∇wˡ‖, log", e, samples, end))
    with right:
        draw("accuracy", curves.learning_curve("Accuracy, %", "accuracy", e, evaluations, end))
        draw("saturation", curves.saturation_curve("Saturated, σ′ < 0.01, %", e, samples, end))
    if target := st.session_state.pop("clicked_step", None):
        state.jump(e, Position(target - 1))
        st.switch_page("app.py", query_params=state.link())


def outcome(evaluations: list[Evaluation], e: Experiment) -> str:
    """How well the network does by now, and how well it did at its start."""
    first, last = evaluations[0], evaluations[-1]
    part = "training" if last.held_out_accuracy is None else "held-out"
    now, before = well(last, e), well(first, e)
    gets, got = ("has a", "it had a") if e.data.targets is not None else ("gets", "it got")
    what = f"over the {part} examples" if e.data.targets is not None else f"of the {part} examples right"
    if last.step == 0:
        return f"At its start the network {gets} **{before}** {what}."
    epochs = last.step / e.batches_per_epoch
    after = f"After {epochs:,.3g} epoch{'s' * (epochs != 1)}"
    return f"{after} the network {gets} **{now}** {what}; at its start {got} {before}."


def well(evaluation: Evaluation, e: Experiment) -> str:
    """The share that is right, or the cost where answers are not right or wrong."""
    if e.data.targets is not None:
        return f"cost of {shown(evaluation.tested_cost)}"
    return f"{100 * evaluation.tested_accuracy:.1f} %"


def draw(key: str, chart: curves.Chart) -> None:
    """One chart. New rows are swapped into it as long as nothing else changes, so a growing one has a fixed `alt`."""
    growing = view().status == "running"
    st.vega_lite_chart(
        chart.table,
        chart.spec,
        key=f"curve_{key}",
        on_select=lambda: clicked(f"curve_{key}"),
        selection_mode=[curves.SELECTION],
        alt=f"{chart.title}, growing" if growing else chart.alt,
    )


def clicked(key: str) -> None:
    """Remember the mini-batch, from 1, of the point that was clicked."""
    points = st.session_state[key].selection.get(curves.SELECTION) or [{}]
    step = points[0].get("step")
    if isinstance(step, int | float) and 0 <= step <= state.experiment().steps:
        st.session_state.clicked_step = int(step) + 1


def progress(now: TrainingView) -> None:
    """The bar, and in words: where, how fast, how long still."""
    e = now.experiment
    end = now.until.max_step(e)
    share = min(now.shown / end, 1.0) if end else 1.0
    epoch, batch = divmod(now.step, e.batches_per_epoch)
    said = [
        f"{now.step:,} of {end:,} mini-batches",
        f"epoch {epoch + batch / e.batches_per_epoch:,.1f} of {end / e.batches_per_epoch:,g}",
    ]
    if now.status == "idle":
        said = [f"Nothing is trained yet. Start runs {end:,} mini-batches."]
    elif now.status == "running":
        if ahead := state.trainer().waiting(name()):
            said.append(f"waiting for {ahead} other run{'s' * (ahead > 1)}")
        elif now.speed:
            said += [f"{now.speed:,.0f} a second", f"{duration((end - now.shown) / now.speed)} left"]
    elif now.status == "paused":
        said.append("paused")
    elif now.why:
        said.append(now.why)
    with st.container(key="train_progress"):
        st.progress(share, " · ".join(said))
    seen = monitor()
    if seen.diverged is not None and seen.diverged < now.shown:
        at = where(e, seen.diverged, e.phases - 1)
        found = state.run().divergence
        cause = found.cause if found else ""
        st.error(f"The run diverged: some parameters stopped being finite numbers at {at}. {cause}")


def duration(seconds: float) -> str:
    """`75` -> `1 min 15 s`."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
