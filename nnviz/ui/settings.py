"""The settings in the sidebar: one widget for each field of `Experiment`, and the presets.

The widgets show what the session's experiment says; a change is checked by the field's own rule before it is taken. A
value that is not accepted stays in its widget with a message under it, and the run goes on with the last good one.
"""

from typing import Any

import streamlit as st

from nnviz.errors import FieldError, NnvizError
from nnviz.model.activations import ACTIVATIONS, hidden_activations
from nnviz.model.costs import costs_for
from nnviz.model.initializers import INITIALIZERS
from nnviz.model.update_rules import UPDATE_RULES
from nnviz.run.experiment import FIELDS, Experiment, Position, changed
from nnviz.run.link import DEFAULT
from nnviz.run.presets import PRESETS
from nnviz.run.starting_weights import is_start_name
from nnviz.ui import dataset_box, few_controls, state
from nnviz.ui.few_controls import LABELS
from nnviz.ui.safe_text import safe

CUSTOM = "Your own settings"


def sidebar() -> None:
    """Draw the settings; the experiment they make is the session's."""
    experiment = state.experiment()
    if few_controls.are_all_hidden():
        return
    with st.sidebar:
        if not few_controls.is_hidden("preset"):
            preset_box(experiment)
        if not few_controls.is_hidden("dataset"):
            dataset_box.box()
        text("hidden", help="Sizes from left to right, as in 30,20. `none` for no hidden layer.")
        choose("activation", list(hidden_activations()), help="Of the hidden layers.")
        left, right = st.columns(2)
        with left:
            choose("output", list(ACTIVATIONS), help="Activation of the output layer.")
        with right:
            choose("cost", costs_for(experiment.output), help="Only the costs that go with the output.")
        choose("init", initializer_names(), format_func=start_label, help=initializer_help())
        if len(UPDATE_RULES) > 1:
            choose("update", list(UPDATE_RULES))
        left, right = st.columns(2)
        with left:
            text("eta")
            text("batch")
        with right:
            text("lmbda", help="As in network2.py: w → (1 − ηλ/n) w − η∇w.")
            text("seed", help="The same seed gives the same starting weights and mini-batches.")


def preset_box(experiment: Experiment) -> None:
    """Choose a ready experiment; it starts at its first mini-batch."""
    match = next((p for p in PRESETS if p.experiment == experiment), None)
    st.session_state.preset = match.name if match else CUSTOM
    names = [p.name for p in PRESETS] + ([] if match else [CUSTOM])
    st.selectbox(LABELS["preset"], names, key="preset", on_change=take_preset)
    st.caption(match.hint if match else experiment.summary())


def take_preset() -> None:
    chosen = next((p for p in PRESETS if p.name == st.session_state.preset), None)
    if chosen:
        st.session_state.refused = {}
        state.jump(chosen.experiment, Position())


def choose(name: str, options: list[str], **kwargs: Any) -> None:
    """A select box for one field, unless the link hides it."""
    if few_controls.is_hidden(name):
        return
    st.session_state[f"set_{name}"] = getattr(state.experiment(), name)
    st.selectbox(LABELS[name], options, key=f"set_{name}", on_change=take, args=(name,), **kwargs)


def text(name: str, **kwargs: Any) -> None:
    """A text box for one field, unless the link hides it, with the reason under it where its text was refused."""
    if few_controls.is_hidden(name):
        return
    refused = st.session_state.setdefault("refused", {}).get(name)
    if refused is None:
        st.session_state[f"set_{name}"] = FIELDS[name].write(getattr(state.experiment(), name))
    else:
        st.session_state[f"set_{name}"] = refused[0]
    st.text_input(LABELS[name], key=f"set_{name}", on_change=take, args=(name,), **kwargs)
    if refused:
        st.error(safe(refused[1]))


def take(name: str) -> None:
    """Take over what a widget now says, or remember why not."""
    given = st.session_state[f"set_{name}"]
    refused = st.session_state.setdefault("refused", {})
    refused.pop(name, None)
    try:
        value = FIELDS[name].parse(name, given)
        state.change(with_value(state.experiment(), name, value))
    except FieldError as error:
        refused[name] = (given, error.named(LABELS[name]) if error.field == name else str(error))
    except NnvizError as error:
        refused[name] = (given, str(error))


def with_value(experiment: Experiment, name: str, value: Any) -> Experiment:
    """The experiment with one field changed; a new output brings a cost that goes with it."""
    changes = {name: value}
    if name == "hidden" and is_start_name(experiment.init) and value != experiment.hidden:
        changes["init"] = DEFAULT.init  # weights from a file have one shape only
    return changed(experiment, changes)


def initializer_names() -> list[str]:
    """The initializers, and the file that the run starts from, if it does."""
    return list(dict.fromkeys([*INITIALIZERS, state.experiment().init]))


def start_label(name: str) -> str:
    return f"from a file ({name.removeprefix('file-')[:6]}…)" if is_start_name(name) else name


def initializer_help() -> str:
    return "  \n".join(f"{i.name}: ${i.formula}$" for i in INITIALIZERS.values())
