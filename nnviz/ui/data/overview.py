"""What a data set holds, drawn: its classes, examples and numbers, and the mini-batches to come."""

from functools import lru_cache

import numpy as np
import pandas as pd
import streamlit as st

from nnviz import datasets
from nnviz.datasets import Dataset, mnist, uploads
from nnviz.datasets.generated import KINDS, recipe
from nnviz.datasets.statistics import Statistics, statistics
from nnviz.figures.pictures import sheet
from nnviz.figures.regions import scatter
from nnviz.figures.statistics import input_histogram
from nnviz.lesson.phase_text import mini_batch_in_words
from nnviz.model.equations import epoch_order
from nnviz.number_text import shown
from nnviz.run.decision_regions import grid_around
from nnviz.run.experiment import MAX_BATCH
from nnviz.run.trajectory import Trajectory
from nnviz.ui import dataset_box, page, state
from nnviz.ui.data import upload_form
from nnviz.ui.safe_text import safe

PER_CLASS = 12  # how many examples of a class are shown
BATCHES = 3  # how many mini-batches ahead
MOST_COLUMNS = 200  # of a table that are shown


def current() -> None:
    """Everything about the data of the run."""
    data, name = state.experiment().data, state.experiment().dataset
    found = statistics(data) if uploads.is_upload_name(name) else kept_statistics(name)
    counts, shown = st.columns([2, 5], gap="large")
    with counts:
        classes(data, found)
        numbers(data, found)
    with shown:
        if data.is_plane:
            points(data)
        else:
            examples(data, found)
    next_batches(state.run(), state.position().step)
    any_batch(data)


@lru_cache(maxsize=16)
def kept_statistics(name: str) -> Statistics:
    """Of a set that everybody may see; an upload's are never kept."""
    return statistics(datasets.get(name))


def classes(data: Dataset, found: Statistics) -> None:
    """A table of the classes with their counts in the training and the held-out part."""
    st.subheader("Classes")
    table = pd.DataFrame({"class": data.classes, "training": found.counts, "held out": found.held_out})
    st.dataframe(
        table,
        hide_index=True,
        height="content",
        alt="How many examples of each class are for training and held out",
    )
    held = len(data.held_out)
    st.caption(f"{data.n_train:,} examples for training, {held:,} held out, {data.n_inputs} inputs each.")


def numbers(data: Dataset, found: Statistics) -> None:
    """How the inputs of the training examples are spread."""
    st.subheader("Pixels" if data.picture else "Inputs")
    what = "pixels" if data.picture else "inputs"
    same = f"In every example {found.constant} of the {data.n_inputs} {what} are the same." if found.constant else ""
    st.markdown(
        f"Mean {shown(found.mean.mean())}, standard deviation {shown(overall_sd(found))}, from "
        f"{shown(found.low.min())} to {shown(found.high.max())}. {same}"
    )
    st.plotly_chart(
        input_histogram(found, f"value of a{' pixel' if data.picture else 'n input'}", page.theme()),
        key="input_histogram",
        alt=f"Histogram of all {what} of the training examples",
    )
    if not data.picture:
        columns = {"mean": found.mean, "deviation": found.sd, "least": found.low, "greatest": found.high}
        table = pd.DataFrame(columns, index=pd.Index(data.names, name="input")).head(MOST_COLUMNS)
        st.dataframe(table.style.format("{:.4g}"), alt="Mean, standard deviation and range of each input")


def overall_sd(found: Statistics) -> float:
    """The standard deviation over all inputs together."""
    return float(np.sqrt((found.sd**2 + (found.mean - found.mean.mean()) ** 2).mean()))


def examples(data: Dataset, found: Statistics) -> None:
    """Some examples of each class, with the class's mean before them where they are pictures."""
    st.subheader("Examples")
    if data.picture:
        st.caption("The first of each line is the mean of all training examples of the class.")
    width = 1 if max(map(len, data.classes)) <= 2 else 5
    for number, name in enumerate(data.classes):
        rows = np.flatnonzero(data.labels[: data.n_train] == number)[:PER_CLASS]
        if not len(rows):
            st.caption(f"Class {safe(name)} has no training examples.")
        elif data.picture:
            title, picture = st.columns([width, 30], vertical_alignment="center", gap="small")
            picture.image(
                sheet(np.column_stack([found.class_means[number], data.x(rows)]), data.picture, columns=PER_CLASS + 1),
                alt=f"Class {name}: its mean and {len(rows)} examples",
            )
            title.markdown(f"**{safe(name)}**")
        else:
            show(data, rows, f"Examples of class {name}", captions=False)


def points(data: Dataset) -> None:
    """A set of points, all at once."""
    st.subheader("Points")
    st.plotly_chart(
        scatter(data, page.theme(), grid_around(data)),
        key="points",
        alt=f"The {data.n_train} training points in the plane, by class",
    )


def next_batches(run: Trajectory, step: int) -> None:
    """The examples of this mini-batch and of the ones after it."""
    st.subheader("The next mini-batches of the run")
    experiment = run.experiment
    places = [st.container() for _ in range(BATCHES)] if experiment.data.picture else st.columns(BATCHES)
    for at, column in zip(range(step, min(step + BATCHES, experiment.steps)), places, strict=False):
        name = mini_batch_in_words(experiment, at)
        with column:
            st.markdown(f"{name}" + (" (shown on the Step page)" if at == step else ""))
            show(experiment.data, run.rows(at), f"Examples of {name}", captions=True)


def any_batch(data: Dataset) -> None:
    """What a mini-batch of another size, or from another seed, looks like."""
    st.subheader("Any mini-batch")
    with st.container(horizontal=True):
        m = st.number_input("Size m", 1, MAX_BATCH, value=state.experiment().batch, key="batch_size", width=140)
        seed = st.number_input("Seed", 0, 2**32 - 1, value=state.experiment().seed, key="batch_seed", width=180)
    rows = epoch_order(int(seed), 0, data.n_train)[: int(m)]
    n_classes = len(set(data.labels[rows].tolist()))
    st.markdown(
        f"The first {len(rows)} of the {data.n_train:,} training examples, as seed {seed} shuffles them: "
        f"{n_classes} of {len(data.classes)} classes are in it."
    )
    show(data, rows, f"The first mini-batch of size {m} with seed {seed}", captions=True)


def show(data: Dataset, rows: np.ndarray, alt: str, captions: bool) -> None:
    """Some examples as pictures, or as a table where they are no pictures."""
    names = [data.classes[label] for label in data.labels[rows]]
    if data.picture:
        st.image(sheet(data.x(rows), data.picture, columns=20), alt=f"{alt}: {', '.join(names)}")
        if captions:
            st.caption("Classes: " + ", ".join(map(safe, names)))
    else:
        table = pd.DataFrame(data.x(rows).T[:, :MOST_COLUMNS], columns=list(data.names[:MOST_COLUMNS]))
        st.dataframe(
            table.assign(**{"class": names}), hide_index=True, height="content" if len(rows) <= 10 else 390, alt=alt
        )


def others() -> None:
    """Other data than the run has now: generated, downloaded, brought."""
    generate, fetch = st.columns(2, gap="large")
    with generate:
        st.subheader("Points drawn from a seed")
        made = recipe(state.experiment().dataset)
        chosen = st.pills("Task", list(KINDS), format_func=dataset_box.label, default=made and made.kind, key="task")
        if chosen and not (made and made.kind == chosen):
            dataset_box.choose(chosen)
            st.rerun()
        if made:
            dataset_box.recipe_widgets(made, "page")
        else:
            st.caption("Two inputs, two or three classes: small enough that all the network decides can be seen.")
    with fetch:
        st.subheader("MNIST and its relatives")
        for family in mnist.FAMILIES.values():
            family_row(family)
    st.subheader("Your own")
    upload_form.show()


def family_row(family: mnist.Family) -> None:
    """One published set: use it, fetch it, or where its files go."""
    if not mnist.is_here(family):
        dataset_box.fetch(family.name, f"page_{family.name}")
    elif state.experiment().dataset == family.name:
        st.markdown(f"**{family.title}** is what the run learns from.")
    else:
        st.button(f"Use {family.title}", key=f"use_{family.name}", on_click=dataset_box.choose, args=(family.name,))
