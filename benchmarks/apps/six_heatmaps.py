"""The board's view as six `st.plotly_chart` heatmaps in a fragment, for ?inputs=64 or ?inputs=784.

Twenty mini-batches are computed beforehand, and the arrays are float32, so that the charts are all that is timed.
"""

import numpy as np
import streamlit as st

from nnviz import Network
from nnviz.model.update_rules import Rates

st.set_page_config(layout="wide")
BATCHES, M, ETA = 20, 10, 0.5


@st.cache_resource
def views(inputs: int) -> list[dict[str, np.ndarray]]:
    """w, delta and nabla w of both layers at each of the mini-batches."""
    rng = np.random.default_rng(0)
    network, made = Network((inputs, 30, 10)), []
    for _ in range(BATCHES):
        x, y = rng.random((inputs, M)), np.eye(10)[:, rng.integers(0, 10, M)]
        trace = network.trace(x, y)
        groups = {"w": network.weights, "delta": trace.deltas, "nabla w": [np.abs(g) for g in trace.nabla_w]}
        made.append(
            {
                f"{name} {layer}": np.asarray(array, dtype=np.float32)
                for name, arrays in groups.items()
                for layer, array in enumerate(arrays, start=2)
            }
        )
        network.gradient_step(x, y, Rates(ETA, 0.0, M))
    return made


@st.fragment
def board() -> None:
    import plotly.graph_objects as go

    st.button("Next", key="next")
    st.session_state.clicks = st.session_state.get("clicks", -1) + 1
    clicks = st.session_state.clicks
    made = views(784 if st.query_params.get("inputs") == "784" else 64)
    for column, (name, array) in zip(st.columns(3) * 2, made[clicks % BATCHES].items(), strict=True):
        figure = go.Figure(go.Heatmap(z=array, colorscale="RdBu", zmid=0))
        figure.update_layout(height=260, margin={"l": 30, "r": 10, "t": 30, "b": 20}, title=f"{name}: clicks {clicks}")
        column.plotly_chart(figure, key=name)


board()
