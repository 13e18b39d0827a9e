"""What if: changes to the run from this mini-batch on, listed, each one removable."""

from dataclasses import replace

import numpy as np
import streamlit as st

from nnviz.errors import FieldError
from nnviz.lesson.cells import Cell
from nnviz.lesson.view import View
from nnviz.model.activations import hidden_activations
from nnviz.number_text import shown, written
from nnviz.run.comparison import Comparison
from nnviz.run.edits import Edit, read_value
from nnviz.run.experiment import Experiment
from nnviz.run.link import comparison_to_params
from nnviz.run.moment import Moment
from nnviz.ui import arrival, state
from nnviz.ui.lazy_expander import LazyExpander
from nnviz.ui.safe_text import safe

LISTED = 4  # edits that are listed one by one


def add(edit: Edit) -> None:
    """Put an edit into the experiment, in place of an earlier one of the same thing at the same step."""
    experiment = state.experiment()
    try:
        edited = replace(experiment, edits=(*experiment.edits, edit))
    except FieldError as error:
        st.session_state.edit_error = str(error)
        return
    st.session_state.edit_error = None
    state.change(edited)


def add_text(step: int, kind: str, indices: tuple[int, ...], key: str) -> None:
    """Read an edit's value from the text box with that key."""
    text = st.session_state[key]
    try:
        edit = read_value(step, kind, indices, text.strip())
    except ValueError:
        st.session_state.edit_error = f"The new value must be a number, got {text[:40]}"
        return
    add(edit)


def remove(edit: Edit) -> None:
    experiment = state.experiment()
    state.change(replace(experiment, edits=tuple(e for e in experiment.edits if e != edit)))


def set_parameter(cell: Cell, value: float, step: int) -> None:
    """A new value for a pinned weight or bias, from this mini-batch on."""
    st.text_input("New value", written(float(f"{value:.4g}")), key="edit_value")
    st.button(
        "Set it from this mini-batch on",
        key="edit_set",
        on_click=add_text,
        args=(step, cell.name, (cell.layer, cell.j, cell.k)[: 3 if cell.name == "w" else 2], "edit_value"),
    )
    show_error()


def show_error() -> None:
    if st.session_state.get("edit_error"):
        st.error(safe(st.session_state.edit_error))


def set_aside() -> tuple[Edit, ...]:
    """The edits that the visitor has switched off, if the run shown is the one without them."""
    without, edits = st.session_state.get("edits_aside", (None, ()))
    return edits if without == state.experiment() else ()


def switch() -> None:
    """From the run with its edits to the one without them, or back; the board stays where it is."""
    experiment = state.experiment()
    if experiment.edits:
        without = replace(experiment, edits=())
        st.session_state.edits_aside = without, experiment.edits
        state.change(without)
    else:
        state.change(replace(experiment, edits=set_aside()))


def edits(moment: Moment) -> None:
    """The list of edits, each removable, with what they change at this mini-batch, and the way to the run without."""
    experiment = state.experiment()
    now = experiment.edits or set_aside()
    changes = "the change" if len(now) == 1 else f"the {len(now)} changes"
    if len(now) > LISTED:
        with LazyExpander(f"What if: {len(now)} edits") as is_open:
            if is_open:
                listed(now)
    else:
        listed(now)
    with st.container(horizontal=True, vertical_alignment="center", key="edits_switch"):
        label = f"Show without {changes}" if experiment.edits else f"Show with {changes}"
        st.button(label, key="edits_flip", on_click=switch)
        st.page_link("pages/3_Compare.py", label="Both, and their difference", query_params=both(experiment, now))
    if experiment.edits:
        st.caption(difference(moment, experiment))
    else:
        st.caption(f"Shown is the run without {changes}.")


def both(experiment: Experiment, now: tuple[Edit, ...]) -> dict[str, str]:
    """The link to the comparison of the run without the edits, A, and with them, B, less A."""
    runs = tuple(replace(experiment, edits=edits) for edits in ((), now))
    view = View.of({"against": "first"})
    return comparison_to_params(Comparison(runs), state.position()) | replace(state.look(), view=view).to_params()


def listed(now: tuple[Edit, ...]) -> None:
    """The edits one by one; those of the run shown can be removed."""
    for i, edit in enumerate(now):
        with st.container(horizontal=True, vertical_alignment="center", key=f"edit_{i}"):
            st.markdown(f"What if: {edit.words()}", width="stretch")
            if edit in state.experiment().edits:
                st.button("Remove", key=f"edit_remove_{i}", on_click=remove, args=(edit,), type="tertiary")


def choose(step: int) -> None:
    """Edits that need no pinned number: the rates, and one neuron's activation."""
    st.markdown("**What if, from this mini-batch on, ...**")
    rates(step)
    neuron(step, state.experiment())
    show_error()


def rates(step: int) -> None:
    """Another learning rate or L2 from this mini-batch on."""
    now = state.run().rates_at(step)
    left, right = st.columns(2)
    left.text_input("η", written(now.eta), key="edit_eta", on_change=add_text, args=(step, "eta", (), "edit_eta"))
    right.text_input(
        "λ", written(now.lmbda), key="edit_lmbda", on_change=add_text, args=(step, "lmbda", (), "edit_lmbda")
    )


def neuron(step: int, experiment: Experiment) -> None:
    """Another activation for one hidden neuron."""
    if not experiment.hidden:
        return
    left, middle, right = st.columns(3)
    layer = left.selectbox("Layer", range(2, len(experiment.sizes)), key="edit_layer")
    j = middle.number_input("Neuron", 1, experiment.sizes[layer - 1], key=f"edit_neuron_{layer}")
    name = right.selectbox("Activation", list(hidden_activations()), key="edit_activation")
    st.button(
        "Replace its activation",
        key="edit_replace",
        on_click=add,
        args=(Edit(step, "act", (layer, j - 1), name),),
    )


def difference(moment: Moment, experiment: Experiment) -> str:
    """This mini-batch with the edits and without them, in words."""
    run = state.store().get(replace(experiment, edits=()))
    plain = run.moment_within(moment.step, arrival.AT_ONCE)
    if plain is None:
        return "The run without the edits is not computed up to here."
    costs = [shown(float(one.trace.cost.mean())) for one in (moment, plain)]
    parts = [
        f"size of ∇w of layer {layer} {shown(float(np.linalg.norm(edited)))} / {shown(float(np.linalg.norm(unedited)))}"
        for layer, (edited, unedited) in enumerate(zip(moment.trace.nabla_w, plain.trace.nabla_w, strict=True), start=2)
    ]
    return f"With / without the edits: cost {costs[0]} / {costs[1]}; " + "; ".join(parts)
