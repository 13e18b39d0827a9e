"""What if: changes to the run from this mini-batch on, listed, each one removable."""

from dataclasses import replace

import numpy as np
import streamlit as st

from nnviz.errors import FieldError
from nnviz.lesson.cells import Cell
from nnviz.model.activations import HIDDEN
from nnviz.run.edits import Edit, read_edit
from nnviz.run.experiment import Experiment
from nnviz.run.trajectory import Moment
from nnviz.ui import state


def add(edit: Edit) -> None:
    """Put an edit into the experiment, in place of an earlier one of the same thing at the same step."""
    experiment = state.experiment()
    others = tuple(e for e in experiment.edits if (e.step, e.target) != (edit.step, edit.target))
    try:
        edited = replace(experiment, edits=tuple(sorted((*others, edit))))
    except FieldError as error:
        st.session_state.edit_error = str(error)
        return
    st.session_state.edit_error = None
    state.jump(edited, state.position())


def add_text(step: int, target: str, key: str) -> None:
    """Read an edit's value from the text box with that key."""
    text = st.session_state[key]
    try:
        edit = read_edit(f"{step}:{target}={text}")
    except ValueError:
        st.session_state.edit_error = f"The new value must be a number, got {text[:40]}"
        return
    add(edit)


def remove(edit: Edit) -> None:
    experiment = state.experiment()
    state.jump(replace(experiment, edits=tuple(e for e in experiment.edits if e != edit)), state.position())


def set_parameter(cell: Cell, value: float, step: int) -> None:
    """A new value for a pinned weight or bias, from this mini-batch on."""
    st.text_input("New value", f"{value:.4g}", key="edit_value")
    st.button(
        "Set it from this mini-batch on",
        key="edit_set",
        on_click=add_text,
        args=(step, str(cell), "edit_value"),
    )
    show_error()


def show_error() -> None:
    if st.session_state.get("edit_error"):
        st.error(st.session_state.edit_error)


def edits(moment: Moment) -> None:
    """The list of edits, each removable, with what they change at this mini-batch."""
    experiment = state.experiment()
    for i, edit in enumerate(experiment.edits):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(f"What if: {edit.words()}")
            st.button("Remove", key=f"edit_remove_{i}", on_click=remove, args=(edit,), type="tertiary")
    st.caption(difference(moment, experiment))


def choose(step: int) -> None:
    """Edits that need no pinned number: the rates, and one neuron's activation."""
    st.markdown("**What if, from this mini-batch on, ...**")
    rates(step)
    neuron(step, state.experiment())
    show_error()


def rates(step: int) -> None:
    """Another learning rate or L2 from this mini-batch on."""
    eta, lmbda = state.run().rates_at(step)
    left, right = st.columns(2)
    left.text_input("η", f"{eta:g}", key="edit_eta", on_change=add_text, args=(step, "eta", "edit_eta"))
    right.text_input("λ", f"{lmbda:g}", key="edit_lmbda", on_change=add_text, args=(step, "lmbda", "edit_lmbda"))


def neuron(step: int, experiment: Experiment) -> None:
    """Another activation for one hidden neuron."""
    if not experiment.hidden:
        return
    left, middle, right = st.columns(3)
    layer = left.selectbox("Layer", range(2, len(experiment.sizes)), key="edit_layer")
    j = middle.number_input("Neuron", 1, experiment.sizes[layer - 1], key=f"edit_neuron_{layer}")
    name = right.selectbox("Activation", list(HIDDEN), key="edit_activation")
    st.button(
        "Replace its activation",
        key="edit_replace",
        on_click=add,
        args=(Edit(step, f"act.{layer}.{j - 1}", name),),
    )


def difference(moment: Moment, experiment: Experiment) -> str:
    """This mini-batch with the edits and without them, in words."""
    plain = state.store().get(replace(experiment, edits=())).moment_at(moment.step)
    costs = [float(one.trace.cost.mean()) for one in (moment, plain)]
    parts = [
        f"∇w of layer {layer}: {np.linalg.norm(with_edits):.3g} against {np.linalg.norm(without):.3g}"
        for layer, (with_edits, without) in enumerate(
            zip(moment.trace.nabla_w, plain.trace.nabla_w, strict=True), start=2
        )
    ]
    return f"With the edits against without: cost {costs[0]:.4g} against {costs[1]:.4g}; size of " + "; ".join(parts)
