"""For inputs that are points of the plane: what the network decides everywhere, and what each neuron sees."""

import streamlit as st

from nnviz.arrays import Array
from nnviz.figures.regions import neuron_sheet, regions
from nnviz.number_text import brief
from nnviz.run.decision_regions import grid_around, landscape
from nnviz.run.moment import Moment
from nnviz.ui import page, state

NEURONS = 48  # of each layer that are shown
PER_LINE = 8


def show(moment: Moment | None = None, key: str = "plane") -> None:
    """Decision regions with the mini-batch's points, and each neuron's output; nothing where inputs are no points.

    `moment` is the mini-batch shown, by default the one at the session's position.
    """
    data = state.experiment().data
    if not data.is_plane:
        return
    moment = moment or state.run().moment_at(state.position().step)
    mode = page.theme()
    seen = landscape(moment.network, grid_around(data))
    predictions = moment.predictions[: len(moment.rows)]
    right = int((predictions == data.labels[moment.rows]).sum())
    decision, neurons = st.columns(2, gap="medium")
    with decision:
        st.markdown("**What the network decides**")
        st.plotly_chart(
            regions(data, seen, moment.rows, predictions, mode),
            key=f"{key}_regions",
            alt=f"Decision regions of the network over the plane; {right} of the mini-batch's {len(moment.rows)} "
            "points lie in the region of their class",
        )
        st.caption(
            f"Large points are the mini-batch: {right} of {len(moment.rows)} are classified correctly, the others have "
            "a cross. "
            "A stronger colour means that the network is more certain."
        )
    with neurons:
        for layer, a in enumerate(seen.layers, 2):
            neuron_tiles(layer, a, mode)


def neuron_tiles(layer: int, a: Array, mode: str) -> None:
    """The outputs of one layer's neurons as small heatmaps on one scale."""
    shown = min(len(a), NEURONS)
    page, low, top = neuron_sheet(a[:shown], mode, PER_LINE)
    last = ", the output" if layer == len(state.experiment().sizes) else ""
    st.markdown(f"**Each neuron of layer {layer}{last}, over the plane**")
    st.image(page, alt=f"Output of {shown} neurons of layer {layer} over the plane, from {brief(low)} to {brief(top)}")
    more = f" The first {shown} of {len(a)} neurons." if shown < len(a) else ""
    st.caption(f"From {brief(low)} to {brief(top)} on one scale, neuron 1 first.{more}")
