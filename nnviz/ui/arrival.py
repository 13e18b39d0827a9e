"""Getting to a mini-batch that takes a while: it is computed in the background, and the page stays whole and usable.

A session's position is always a mini-batch that is at hand. Where it wants to go is its target, which becomes the
position once it is computed. If it takes less than 0.1 seconds, the page waits for it and the visitor sees no target.
"""

import time
from collections.abc import Sequence
from functools import cache

import streamlit as st

from nnviz.board.message import Computing
from nnviz.run.experiment import Position
from nnviz.run.replayer import Replayer
from nnviz.run.trajectory import Trajectory
from nnviz.ui import state
from nnviz.ui.safe_text import safe

AT_ONCE = 0.1  # seconds of computing for which a page waits
BUDGET = 10.0  # seconds that a link may make the server compute without the visitor's consent
POLL = 0.5  # seconds between two looks at a long computation


@cache
def replayer() -> Replayer:
    """The thread that computes long ways for all sessions."""
    return Replayer(state.store())


def settle(runs: Sequence[Trajectory] = ()) -> Computing | None:
    """Go to the target if it is at hand by now; if not, have it computed and say what is missing.

    `runs`: all runs that the page shows at the position; by default the session's own.
    """
    runs = runs or [state.run()]
    if failure := next(filter(None, (replayer().failure(key(i)) for i in range(len(runs)))), ""):
        cancel(runs)
        st.error(f"The run cannot be computed any further: {safe(failure)}")
    wanted, position = state.target(), state.position()
    if wanted is None and not at_hand(runs, position.step):  # dropped in the meantime, in favour of others
        wanted = position
        st.session_state.position = Position(0, position.phase)
        state.set_target(wanted, consent=False)
    if wanted is None:
        return None
    if reach(runs, wanted.step):
        cancel(runs)
        st.session_state.position = wanted
        st.session_state.jump += 1
        return None
    if not at_hand(runs, position.step):
        st.session_state.position = Position(0, position.phase)
    waits = [run.seconds_to(wanted.step) for run in runs]
    seconds = None if None in waits else sum(wait for wait in waits if wait is not None)
    needs_consent = not st.session_state.consent and (seconds is None or seconds > BUDGET)
    if not needs_consent:
        for i, run in enumerate(runs):
            replayer().start(key(i), run.experiment, wanted.step)
    return Computing(wanted.step, seconds, needs_consent)


def cancel(runs: Sequence[Trajectory] = ()) -> None:
    """Stay where the session is; what is computed stays."""
    for i in range(max(len(runs), 4)):
        replayer().stop(key(i))
    state.set_target(None)


def viewer() -> str:
    """Under which name runs keep the session's place."""
    return key(0)


def key(i: int) -> str:
    return f"{state.session_id()}.{i}"


def at_hand(runs: Sequence[Trajectory], step: int) -> bool:
    return all(run.at_hand(step) == step for run in runs)


def reach(runs: Sequence[Trajectory], step: int) -> bool:
    """Whether all runs have this step after a moment of computing; no moment if the replayer is at it."""
    if any(replayer().is_on(key(i)) for i in range(len(runs))):
        return at_hand(runs, step)
    return approach(runs, step)


def approach(runs: Sequence[Trajectory], step: int) -> bool:
    """Whether all runs have this step after a moment of computing; it is then kept as the visitor's place."""
    end = time.monotonic() + AT_ONCE
    return all([run.approach(step, max(end - time.monotonic(), 0.0), viewer()) for run in runs])


def in_words(computing: Computing) -> str:
    """`Computing to mini-batch 40,000, about 5 minutes.`"""
    text = f"mini-batch {computing.step + 1:,}"
    if computing.needs_consent:
        return f"Computing up to {text} takes {duration(computing.seconds)}."
    left = f", {duration(computing.seconds)}" if computing.seconds is not None else ""
    return f"Computing to {text}{left}."


def duration(seconds: float | None) -> str:
    """How long something takes, in words, as static/board/words.js has it."""
    if seconds is None:
        return "some time"
    if seconds < 1.5:
        return "about a second"
    if seconds < 90:
        return f"about {seconds:.0f} s"
    return f"about {seconds / 60:.0f} minutes" if seconds < 5400 else f"about {seconds / 3600:.0f} hours"


def notice(runs: Sequence[Trajectory] = ()) -> None:
    """Say what the page waits for, with a way out, on a page that has no board to say it."""
    computing = settle(runs)
    if computing is not None:
        waiting(tuple(run.experiment for run in runs))


@st.fragment(run_every=POLL)
def waiting(experiments: tuple) -> None:
    runs = [state.store().get(experiment) for experiment in experiments]
    computing = settle(runs)
    if computing is None:
        st.rerun()
    else:
        banner(computing)


def banner(computing: Computing) -> None:
    """What the page waits for, with a way out."""
    with st.container(horizontal=True, vertical_alignment="center", key="computing"):
        st.markdown(f"{in_words(computing)} This page shows mini-batch {state.position().step + 1:,} until then.")
        if computing.needs_consent:
            st.button("Compute", key="computing_go", on_click=agree, type="primary")
        label = "Stay here" if computing.needs_consent else "Cancel"
        st.button(label, key="computing_cancel", on_click=cancel, shortcut="Esc")


def agree() -> None:
    st.session_state.consent = True
