"""A pad to draw a digit on: what the network makes of it, and adding it to the mini-batch that is looked at."""

from dataclasses import dataclass

import numpy as np
import streamlit as st
from streamlit.components import v2

from nnviz.arrays import Array
from nnviz.board.component import loader
from nnviz.datasets.handwriting import Stroke, as_input, read_strokes
from nnviz.figures.pictures import sheet
from nnviz.figures.statistics import prediction_bars
from nnviz.figures.weights import weight_sheet
from nnviz.model.equations import classes
from nnviz.model.network import Network
from nnviz.number_text import brief
from nnviz.run.moment import AddedExample
from nnviz.ui import page, state
from nnviz.ui.safe_text import safe

PER_LINE = 30  # neurons in a line of activations

mount = v2.component("nnviz_pad", js=loader("pad"))


@dataclass(frozen=True)
class Prediction:
    """What a network makes of one input."""

    activations: tuple[Array, ...]  # a^l (n_l,), l = 2..L
    label: int  # the class

    @classmethod
    def of(cls, network: Network, x: Array) -> "Prediction":
        y = np.zeros((network.sizes[-1], 1))
        with np.errstate(all="ignore"):
            trace = network.trace(x.reshape(-1, 1), y)
        a = trace.activations[1:]
        return cls(tuple(layer[:, 0] for layer in a), int(classes(a[-1])[0]))


@st.fragment
def show() -> None:
    """The pad, the drawing as the network gets it, and what it says."""
    data = state.experiment().data
    if not data.picture:
        st.info("Drawing needs a data set of pictures: choose the handwritten digits or MNIST.")
        return
    pad, seen, said = st.columns([3, 2, 5], gap="large")
    with pad:
        x = as_input(drawn(), data)
    with seen:
        st.markdown("**As the network gets it**")
        st.image(
            sheet(x.reshape(-1, 1), data.picture, columns=1, cell=168),
            alt=f"The drawing as {data.picture[0]} by {data.picture[1]} pixels" if x.any() else "Nothing is drawn yet",
        )
        st.caption(f"Centred and scaled as the pictures of {safe(data.title)} are.")
    with said:
        network = network_box()
        if x.any():
            prediction = Prediction.of(network, x)
            answer(prediction)
        else:
            st.caption("Draw a digit with mouse, finger or pen.")
    if x.any():
        activations(prediction)
    use(x)


def drawn() -> tuple[Stroke, ...]:
    """The strokes on the pad; they come back when one returns to the page."""
    result = mount(
        key="pad",
        data={"strokes": st.session_state.get("pad_strokes", ())},
        default={"strokes": None},
        on_strokes_change=lambda: None,
    )
    if result.strokes is not None:
        st.session_state.pad_strokes = read_strokes(result.strokes)
    return st.session_state.get("pad_strokes", ())


def network_box() -> Network:
    """The network that looks at the drawing: the one shown, or as far as the run is computed."""
    run, step = state.run(), state.position().step
    kept = run.at_hand(run.reached)
    names = {"shown": f"at mini-batch {step + 1:,}", "reached": f"after {kept:,} mini-batches"}
    which = st.segmented_control(
        "Network", list(names), format_func=names.__getitem__, default="reached", required=True, key="pad_network"
    )
    if kept < state.experiment().batches_per_epoch:
        st.page_link(
            "pages/2_Train.py",
            label="This network is hardly trained. Train it first.",
            icon=":material/school:",
            query_params=state.link(),
        )
    return run.network_at(step if which == "shown" else kept)


def answer(prediction: Prediction) -> None:
    """The prediction in words and as bars."""
    data, outputs = state.experiment().data, prediction.activations[-1]
    said = data.classes[prediction.label]
    st.markdown(f"It says **{safe(said)}**.")
    names = [f"is {data.classes[1]}"] if len(outputs) == 1 else data.classes
    st.plotly_chart(
        prediction_bars(outputs, names, page.theme()),
        key="pad_bars",
        config={"displayModeBar": False},
        alt=f"Output activations for the drawing; the largest is class {said}",
    )


def activations(prediction: Prediction) -> None:
    """The hidden layers' activations, a cell for each neuron."""
    mode = page.theme()
    for layer, a in enumerate(prediction.activations[:-1], 2):
        finite = np.nan_to_num(a)
        top = max(float(np.abs(finite).max()), 1e-9)
        st.markdown(f"**Activations of layer {layer}**")
        st.image(
            weight_sheet(finite[:, np.newaxis], (1, 1), top, mode, columns=PER_LINE, cell=22),
            alt=f"Activations of the {len(a)} neurons of layer {layer}, from {brief(finite.min())} to "
            f"{brief(finite.max())}",
        )
        st.caption(f"{len(a)} neurons, neuron 1 first; orange is positive, up to {brief(top)}.")


def use(x: Array) -> None:
    """Add the drawing to the mini-batch that is looked at, with a target chosen by hand."""
    data, added = state.experiment().data, state.added_example()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        label = st.selectbox(
            "Target",
            range(len(data.classes)),
            index=None,
            format_func=lambda k: data.classes[k],
            key="pad_target",
            placeholder="What is it?",
            width=160,
        )
        ready = bool(x.any()) and label is not None
        if st.button("Use it as an example", key="pad_use", disabled=not ready, type="primary") and label is not None:
            keep(AddedExample(tuple(x.tolist()), label))
        if added and st.button("Take it out again", key="pad_remove"):
            keep(None)
        if added:
            st.page_link("app.py", label="See it on the board", icon=":material/grid_view:", query_params=state.link())
    if added:
        st.caption(
            f"A drawn {safe(data.classes[added.label])} is the last example of every mini-batch you look at. "
            "Its deltas and gradients are computed as if it belonged to the mini-batch; the run itself never learns "
            "from it."
        )


def keep(added: AddedExample | None) -> None:
    st.session_state.added_example = added
    state.change(state.experiment())
    st.rerun()
