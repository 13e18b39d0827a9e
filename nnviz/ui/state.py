"""What a browser session holds: an experiment, a position in it, and what is looked at. Nothing large.

The link in the address bar always says the same. A link that says something else than the session last wrote was
opened by the visitor (a new visit, the back button), and the session follows it.
"""

import secrets

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from nnviz.datasets import Dataset, uploads
from nnviz.errors import NnvizError, NotHereError
from nnviz.lesson.view import Look, read_look
from nnviz.run.experiment import Experiment, Position
from nnviz.run.link import comparison_from_params, from_params, to_params
from nnviz.run.moment import AddedExample, Moment
from nnviz.run.store import TrajectoryStore, shared
from nnviz.run.trainer import Trainer
from nnviz.run.trajectory import Trajectory
from nnviz.ui import few_controls
from nnviz.ui.session_data import SESSION_UPLOADS, is_alive


def store() -> TrajectoryStore:
    """The runs of all sessions."""
    return shared()


@st.cache_resource
def trainer() -> Trainer:
    """The thread that computes the runs of all sessions to their end."""
    return Trainer(store())


def experiment() -> Experiment:
    return st.session_state.experiment


def position() -> Position:
    """Where the session is: a mini-batch that is at hand."""
    return st.session_state.position


def target() -> Position | None:
    """Where the session wants to go, as long as that mini-batch is still being computed: see ui/arrival.py."""
    return st.session_state.get("target")


def look() -> Look:
    """The pinned cell, the example, and how the board draws."""
    return st.session_state.look


def example_of(moment: Moment) -> int | None:
    """The example looked at, if this mini-batch has it; the last one of an epoch may be smaller."""
    example = look().example
    return example if example is not None and example < moment.m else None


def run() -> Trajectory:
    """The run of this session's experiment."""
    return store().get(experiment())


def uploaded() -> str | None:
    """The name of the data set that this session uploaded."""
    entry = SESSION_UPLOADS.get(st.session_state.get("upload_key"))
    return entry.name if entry else None


def upload(data: Dataset) -> str:
    """Keep a data set for this session, in place of the one before; its name."""
    key = st.session_state.setdefault("upload_key", secrets.token_hex(16))
    return SESSION_UPLOADS.put(key, session_id(), data)


def session_id() -> str:
    """Streamlit's id of this session; empty if no server runs."""
    context = get_script_run_ctx()
    return context.session_id if context else ""


def added_example() -> AddedExample | None:
    """The example that the session adds to every mini-batch it looks at, if the run's data have its shape.

    On the Draw page it is the drawing, on the others the one that the visitor wanted there.
    """
    name = "drawn_example" if st.session_state.get("on_page") == "Draw" else "added_example"
    added, e = st.session_state.get(name), experiment()
    fits = added and len(added.values) == e.sizes[0] and added.label < len(e.data.classes) and e.data.picture
    return added if fits else None


def moment(step: int) -> Moment:
    """Mini-batch `step` as this session sees it: with the example it added, if it did."""
    added = added_example()
    return run().moment_with(step, added) if added else run().moment_at(step)


def moment_within(step: int, seconds: float) -> Moment | None:
    """The same if it takes at most about `seconds` to compute, else None."""
    return moment(step) if run().moment_within(step, seconds) else None


def is_first_look() -> bool:
    """Whether the visitor sees nothing yet: then the board comes alone, and the rest of the page once it is painted.

    The widgets and equations that can wait take a browser as long as everything else together. Without a browser, as
    in a test of the pages, nothing waits.
    """
    return "page_seen" not in st.session_state and st.context.url is not None


def errors() -> list[NnvizError]:
    """What was wrong with the link that was opened."""
    return st.session_state.errors


def restore(several: bool = False) -> None:
    """Follow the link, if it says something new. Called once at the top of every page.

    `several`: whether the page shows the runs of a comparison.
    """
    if SESSION_UPLOADS.sweep(is_alive):
        store().drop_gone()
    opened = dict(st.query_params)
    if "experiment" in st.session_state and opened == st.session_state.link and still_here():
        return
    followed = without_others(opened)
    if several:
        comparison, new_position, wrong = comparison_from_params(followed)
        new_experiment, leader = comparison.runs[0], comparison.leader
    else:
        new_experiment, new_position, wrong = from_params(followed)
        leader = new_experiment
    if opened.get("dataset") != followed.get("dataset"):
        wrong.append(NotHereError("dataset", opened["dataset"], uploads.REMEDY))
    new_look, wrong_look = read_look(opened, leader)
    jump(new_experiment, new_position, new_look, consent=False, leader=leader)
    st.session_state.hides, wrong_hides = few_controls.read(opened)
    st.session_state.errors = [*wrong, *wrong_look, *wrong_hides]
    st.session_state.link = opened
    st.session_state.unfollowed = opened if wrong else None


def still_here() -> bool:
    """Whether what the session's experiment names is still known; a loaded network may have made way for others."""
    try:
        return bool(run())
    except NnvizError:
        return False


def without_others(params: dict[str, str]) -> dict[str, str]:
    """A link without a data set that another session uploaded."""
    return {k: v for k, v in params.items() if k != "dataset" or not is_of_others(v)}


def is_of_others(dataset: str) -> bool:
    """Whether it is the name of a data set that another session uploaded."""
    return uploads.is_upload_name(dataset) and dataset != uploaded()


def jump(
    new_experiment: Experiment,
    new_position: Position,
    new_look: Look | None = None,
    *,
    consent: bool = True,
    leader: Experiment | None = None,
) -> None:
    """Go to another run or place by the page's own doing; the board follows.

    Without a new look the old one stays, as far as the run has it. `consent`: whether the visitor asked for the place,
    so that it is computed however long that takes. `leader`: the run that has the place, if it is another one.
    """
    leader = leader or new_experiment
    if new_look is None:
        new_look, _ = read_look(look().to_params(), leader)
    wanted = new_position.within(leader)
    if st.session_state.get("experiment") != new_experiment:
        st.session_state.position = Position(0, wanted.phase)
    st.session_state.look = new_look
    st.session_state.experiment = new_experiment
    st.session_state.errors = []
    st.session_state.jump = st.session_state.get("jump", 0) + 1
    set_target(wanted, consent)


def change(new_experiment: Experiment, new_look: Look | None = None) -> None:
    """Show another run, or look at something else, at the place where the session is or for which it waits."""
    waits_for = target()
    consent = waits_for is None or st.session_state.consent
    jump(new_experiment, waits_for or position(), new_look, consent=consent)


def set_target(wanted: Position | None, consent: bool = True) -> None:
    """Where to go as soon as it is at hand; None: nowhere."""
    st.session_state.target, st.session_state.consent = wanted, consent


def move(new_position: Position, new_look: Look) -> None:
    """Go where the board already is."""
    st.session_state.position, st.session_state.look = new_position, new_look


def set_own_aside() -> None:
    """Remember the run that the visitor works on, before a page shows others."""
    if "experiment" in st.session_state and "own" not in st.session_state:
        st.session_state.own = (experiment(), link())


def own_link() -> dict[str, str]:
    """The link to the visitor's own run: the one that was set aside, if another one is shown."""
    aside = st.session_state.get("own")
    return aside[1] if aside and aside[0] != experiment() else link()


def link() -> dict[str, str]:
    """The parameters of the link that restores what the session sees, or what it waits for."""
    place = (target() or position()).within(experiment())
    seen, _ = read_look(look().to_params(), experiment())  # a comparison may show what this run does not have
    return to_params(experiment(), place) | seen.to_params() | few_controls.link()


def write_link() -> None:
    """Make the address bar say where the session is."""
    params = link()
    if params != dict(st.query_params):
        st.query_params.from_dict(params)
    st.session_state.link = params
