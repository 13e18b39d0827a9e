"""Checking the gradients of whole layers, with progress, and a way to stop."""

import numpy as np
import streamlit as st

from nnviz.figures.check import error_heatmap
from nnviz.lesson.phase_text import mini_batch_in_words
from nnviz.model.gradcheck import ArrayCheck, check_array
from nnviz.number_text import shown
from nnviz.run.trajectory import Trajectory
from nnviz.ui import page, state

CELLS = (100, 400, 1600)  # how many parameters of each array are checked at most
EXPONENTS = range(-8, -1)  # of the step h


def where() -> None:
    """The mini-batch that is checked, in words."""
    experiment, step = state.experiment(), state.position().step
    st.markdown(f"**{mini_batch_in_words(experiment, step)}** of {experiment.summary()}")


def options() -> tuple[int, float]:
    """How many parameters of each array, and the step h."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        cells = st.selectbox("Parameters of each array, at most", CELLS, key="check_cells", width=260)
        exponent = st.select_slider("Step h = 10ⁿ, n =", EXPONENTS, value=-5, key="check_h", width=260)
        st.button("Check", key="check_start", type="primary", on_click=begin, args=(True,))
        st.button("Stop", key="check_stop", on_click=begin, args=(False,))
    return cells, 10.0**exponent


def begin(run: bool) -> None:
    st.session_state.checking = run


def wanted() -> bool:
    """Whether to check: from the start, until somebody stops it."""
    return st.session_state.get("checking", True)


def show(run: Trajectory, step: int, cells: int, h: float) -> None:
    """Check every array of parameters in turn and draw the relative errors. Stop ends it between two arrays."""
    moment = run.moment_at(step)
    network, trace = moment.network, moment.trace
    arrays = [(kind, layer) for layer in range(2, network.num_layers + 1) for kind in ("w", "b")]
    progress = st.progress(0.0, "Checking")
    worst = st.container()
    columns = st.columns(2)
    found: list[ArrayCheck] = []
    for i, (kind, layer) in enumerate(arrays):
        progress.progress(i / len(arrays), f"Checking the {'weights' if kind == 'w' else 'biases'} of layer {layer}")
        found.append(check_array(network, trace, kind, layer, h, cells))
        with columns[i % 2]:
            draw(found[-1])
    progress.empty()
    errors = [check.error for check in found]
    if not np.isfinite(errors).all():
        verdict = "Some gradients or costs are not finite numbers here, so they cannot be compared."
    elif max(errors) < 1e-6:
        verdict = "Backpropagation agrees with the central difference."
    else:
        verdict = "The two differ by more than 10⁻⁶: is h too large, or so small that rounding shows?"
    worst.markdown(f"Largest error of an array: `{shown(float(np.max(errors)), 2)}`. {verdict}")


def draw(check: ArrayCheck) -> None:
    symbol = f"∇{check.kind} of layer {check.layer}"
    count, size = int(check.checked.sum()), check.checked.size
    some = f"{count} of {size:,} parameters, spread evenly" if count < size else f"all {size:,} parameters"
    kinks = int(check.kinks.sum())
    bends = f"; at {kinks} of them an activation has a kink within h" if kinks else ""
    st.markdown(f"**{symbol}**: error `{shown(check.error, 2)}` over {some}{bends}")
    errors = np.where(check.checked, check.relative_error, np.nan)
    st.plotly_chart(
        error_heatmap(errors, page.theme()),
        key=f"check_{check.kind}_{check.layer}",
        alt=f"Relative error of {symbol}, at most {np.nanmax(errors):.1e}",
    )
