"""What a browser session holds: an experiment, a position in it, and what is looked at. Nothing large.

The link in the address bar always says the same. A link that says something else than the session last wrote was
opened by a person (a new visit, the back button), and the session follows it.
"""

import secrets
from functools import cache

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from nnviz.datasets import Dataset, uploads
from nnviz.errors import NnvizError, NotHereError
from nnviz.lesson.view import Look, read_look
from nnviz.run.experiment import Experiment, Position, from_params, to_params
from nnviz.run.trajectory import Extra, Moment, Trajectory, TrajectoryStore
from nnviz.ui.session_data import HELD, is_alive


@cache
def store() -> TrajectoryStore:
    """The runs of all sessions."""
    return TrajectoryStore()


def experiment() -> Experiment:
    return st.session_state.experiment


def position() -> Position:
    return st.session_state.position


def look() -> Look:
    """The pinned cell and the example looked at."""
    return st.session_state.look


def example_of(moment: Moment) -> int | None:
    """The example looked at, where this mini-batch has it; the last one of an epoch may be smaller."""
    example = look().example
    return example if example is not None and example < moment.trace.m else None


def run() -> Trajectory:
    """The run of this session's experiment."""
    return store().get(experiment())


def own_data() -> str | None:
    """The name of the data set that this session brought."""
    entry = HELD.get(st.session_state.get("own_key"))
    return entry.name if entry else None


def bring(data: Dataset) -> str:
    """Hold a data set for this session, in place of the one before; its name."""
    key = st.session_state.setdefault("own_key", secrets.token_hex(16))
    context = get_script_run_ctx()
    return HELD.put(key, context.session_id if context else "", data)


def extra() -> Extra | None:
    """The example that the session adds to every mini-batch it looks at, where the run's data have its shape."""
    found, e = st.session_state.get("extra"), experiment()
    fits = found and len(found.values) == e.sizes[0] and found.label < len(e.data.classes) and e.data.picture
    return found if fits else None


def moment(step: int) -> Moment:
    """Mini-batch `step` as this session sees it: with the example it added, if it did."""
    added = extra()
    return run().moment_with(step, added) if added else run().moment_at(step)


def is_first_look() -> bool:
    """Whether a visitor sees nothing yet: then the board comes alone, and the rest of the page once it is painted.

    The widgets and equations that can wait take a browser as long as everything else together. Where there is no
    browser, as in a test without one, nothing waits.
    """
    return "page_seen" not in st.session_state and st.context.url is not None


def errors() -> list[NnvizError]:
    """What was wrong with the link that was opened."""
    return st.session_state.errors


def restore() -> None:
    """Follow the link, if it says something new. Called once at the top of every page."""
    HELD.sweep(is_alive)
    opened = dict(st.query_params)
    if "experiment" in st.session_state and opened == st.session_state.link and still_here():
        return
    new_experiment, new_position, wrong = from_params(without_others(opened))
    if opened.get("dataset") != without_others(opened).get("dataset"):
        wrong.append(NotHereError("dataset", opened["dataset"], uploads.REMEDY))
    new_look, wrong_look = read_look(opened, new_experiment)
    jump(new_experiment, new_position, new_look)
    st.session_state.errors = [*wrong, *wrong_look]
    st.session_state.link = opened
    st.session_state.unfollowed = opened if wrong else None


def still_here() -> bool:
    """Whether what the session's experiment names is still known; a loaded network may have made way for others."""
    try:
        return bool(run())
    except NnvizError:
        return False


def without_others(params: dict[str, str]) -> dict[str, str]:
    """A link without a data set that another session brought."""
    name = params.get("dataset", "")
    others = uploads.is_own_name(name) and name != own_data()
    return {k: v for k, v in params.items() if k != "dataset" or not others}


def jump(new_experiment: Experiment, new_position: Position, new_look: Look | None = None) -> None:
    """Go to another run or place by the page's own doing; the board follows.

    What was looked at stays, as far as the run has it, where nothing new is given.
    """
    if new_look is None:
        new_look, _ = read_look(look().to_params(), new_experiment)
    st.session_state.look = new_look
    st.session_state.experiment = new_experiment
    st.session_state.position = new_position.within(new_experiment)
    st.session_state.errors = []
    st.session_state.jump = st.session_state.get("jump", 0) + 1


def move(new_position: Position, new_look: Look) -> None:
    """Go where the board already is."""
    st.session_state.position, st.session_state.look = new_position, new_look


def link() -> dict[str, str]:
    """The parameters of the link that restores what the session sees."""
    return to_params(experiment(), position()) | look().to_params()


def write_link() -> None:
    """Make the address bar say where the session is."""
    params = link()
    if params != dict(st.query_params):
        st.query_params.from_dict(params)
    st.session_state.link = params
