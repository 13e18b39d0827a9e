"""Settings hidden by a link, one by one, for a lesson with few knobs: `?hide=eta,batch`. The run stays what it is."""

from collections.abc import Mapping

import streamlit as st

from nnviz.errors import FieldError

HIDE = "hide"  # the parameter of a link
LABELS = {  # of all settings, as they stand on the screen
    "preset": "Start from",
    "dataset": "Data",
    "hidden": "Hidden layers",
    "activation": "Activation",
    "output": "Output",
    "cost": "Cost",
    "init": "Starting weights",
    "update": "Update rule",
    "eta": "Learning rate η",
    "batch": "Mini-batch size m",
    "lmbda": "L2 λ",
    "seed": "Seed",
}


def read(params: Mapping[str, str]) -> tuple[tuple[str, ...], list[FieldError]]:
    """The settings that a link hides. A name that is none gives an error and counts as left out."""
    named = dict.fromkeys(name for name in params.get(HIDE, "").split(",") if name)
    wrong = [FieldError(HIDE, name, f"some of {', '.join(LABELS)}") for name in named if name not in LABELS]
    return tuple(name for name in named if name in LABELS), wrong


def is_hidden(name: str) -> bool:
    return name in st.session_state.get("hides", ())


def are_all_hidden() -> bool:
    return all(is_hidden(name) for name in LABELS)


def link() -> dict[str, str]:
    """The parameter that hides what is hidden now."""
    hides = st.session_state.get("hides", ())
    return {HIDE: ",".join(hides)} if hides else {}
