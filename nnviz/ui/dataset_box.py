"""Choosing the data of a run: ready sets, points drawn from a seed, MNIST by download, what the session brought."""

from dataclasses import fields, replace

import streamlit as st

from nnviz import datasets
from nnviz.datasets import generated, mnist
from nnviz.datasets.generated import KINDS, Recipe
from nnviz.errors import DatasetError, NnvizError, NotHereError
from nnviz.run.experiment import without_misfits
from nnviz.ui import state
from nnviz.ui.few_controls import LABELS
from nnviz.ui.safe_text import safe

PENDING = "pending_dataset"  # (a set that was chosen but whose files are not here, the run it was chosen for)
REFUSED = "refused_dataset"  # (why the last choice was not taken, the run it was chosen for)


def offered() -> list[str]:
    """The data sets one can choose from: registered ones, the kinds of generated ones, the session's own."""
    there = [name for name in datasets.DATASETS if name not in mnist.FAMILIES or is_offered(name)]
    own = [name] if (name := state.uploaded()) else []
    return list(dict.fromkeys([*there, *KINDS, *own, chosen()]))


def candidates() -> list[str]:
    """Everything a loaded network might fit: what is offered, and the tasks of points with three classes."""
    return [*offered(), *(Recipe(kind, classes=3).name for kind in KINDS)]


def is_offered(name: str) -> bool:
    """Whether a set of MNIST's family is here or can be fetched."""
    family = mnist.FAMILIES[name]
    return bool(family.files) or mnist.is_here(family)


def chosen() -> str:
    """What the select box shows: a set whose files are still to come, the kind of a generated one, or the set."""
    name = still(PENDING) or state.experiment().dataset
    recipe = generated.recipe(name)
    return recipe.kind if recipe else name


def still(key: str) -> str | None:
    """What was noted under `key`, unless the session has gone on to another run since."""
    noted, run = st.session_state.get(key, (None, None))
    return noted if run == state.experiment() else None


def label(name: str) -> str:
    if name in KINDS:
        return KINDS[name].title
    if name in mnist.FAMILIES and not mnist.is_here(mnist.FAMILIES[name]):
        return f"{datasets.title(name)} (download)"
    return datasets.title(name)


def box() -> None:
    """The select box of the settings, with what the chosen set still needs under it."""
    st.session_state.set_dataset = chosen()
    st.selectbox(LABELS["dataset"], offered(), key="set_dataset", format_func=label, on_change=take_chosen)
    if why := still(REFUSED):
        st.error(safe(why))
    if pending := still(PENDING):
        fetch(pending, "settings")
    elif recipe := generated.recipe(state.experiment().dataset):
        recipe_widgets(recipe, "settings")


def take_chosen() -> None:
    choose(st.session_state.set_dataset)


def choose(name: str) -> None:
    """Make `name` the data of the session's run, or say what is missing."""
    st.session_state.pop(PENDING, None)
    st.session_state.pop(REFUSED, None)
    if name in mnist.FAMILIES and not mnist.is_here(mnist.FAMILIES[name]):
        st.session_state[PENDING] = name, state.experiment()
        return
    now = state.experiment()
    values = {field.name: getattr(now, field.name) for field in fields(now)}
    try:
        new, misfits = without_misfits(values | {"dataset": name})
    except NnvizError as error:
        st.session_state[REFUSED] = str(error), now
        return
    state.change(new)
    for error in misfits:
        st.toast(f"Left out, as it does not fit these data: {safe(error)}")


# Points drawn from a seed


def recipe_widgets(recipe: Recipe, place: str) -> None:
    """Classes, points, noise and seed of a generated set; `place` tells two of these on one page apart."""
    keys = {name: f"{place}_{name}" for name in ("classes", "n", "noise", "seed")}
    for name, key in keys.items():
        st.session_state[key] = getattr(recipe, name)
    changed = {"on_change": take_recipe, "args": (keys,)}
    left, right = st.columns(2)
    with left:
        st.segmented_control("Classes", generated.CLASSES, key=keys["classes"], required=True, **changed)
        st.slider("Noise", *generated.NOISE, step=0.01, key=keys["noise"], **changed)
    with right:
        st.number_input("Points", *generated.SIZES, step=10, key=keys["n"], **changed)
        st.number_input("Seed of the points", *generated.SEEDS, step=1, key=keys["seed"], **changed)


def take_recipe(keys: dict[str, str]) -> None:
    recipe = generated.recipe(state.experiment().dataset)
    if recipe:
        choose(replace(recipe, **{name: st.session_state[key] for name, key in keys.items()}).name)


# MNIST and its relatives


def fetch(name: str, key: str) -> None:
    """A button that downloads a set, with a progress bar; afterwards it is the data of the run."""
    family = mnist.FAMILIES[name]
    if not family.files:
        st.caption(f"**{family.title}**: {mnist.where_to_put(family)}.")
        return
    total = sum(file.size for file in family.files)
    st.caption(f"{family.title} is not on this computer yet. It is fetched once and kept.")
    if st.button(f"Download {total / 1e6:.0f} MB", key=f"fetch_{key}", icon=":material/download:", type="primary"):
        download(name)


def download(name: str) -> None:
    bar = st.progress(0.0, "Waiting for the server")

    def show(done: int, total: int) -> None:
        bar.progress(done / total, f"{done / 1e6:.1f} of {total / 1e6:.1f} MB")

    try:
        mnist.download(mnist.FAMILIES[name], show)
    except DatasetError as error:
        bar.empty()
        st.error(safe(error))
        return
    link = st.session_state.pop("unfollowed", None)
    if link and link.get("dataset") == name:
        st.query_params.from_dict(link)
    else:
        choose(name)
    st.rerun()


def offer(errors: list[NnvizError]) -> None:
    """Where a link needs a set that can be downloaded: offer that, and to follow the link then."""
    for error in errors:
        family = mnist.FAMILIES.get(str(error.value)) if isinstance(error, NotHereError) else None
        if family and family.files:
            fetch(family.name, "link")
