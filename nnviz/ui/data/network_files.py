"""Networks to and from files: save the one on the screen, start a run from another one."""

import streamlit as st

from nnviz.errors import NnvizError
from nnviz.files import networks
from nnviz.files.run_from_network import experiment_from, shape
from nnviz.lesson.phase_text import mini_batch_in_words
from nnviz.model.activations import ACTIVATIONS, RELU, SOFTMAX, hidden_activations
from nnviz.model.costs import costs_for
from nnviz.model.network import Network
from nnviz.run.experiment import Position
from nnviz.ui import dataset_box, state
from nnviz.ui.safe_text import safe


def save() -> None:
    """Download buttons for the network at the session's position, or after all that is computed."""
    st.subheader("Save")
    run, step = state.run(), state.position().step
    kept = run.at_hand(run.reached)
    reached = st.toggle(f"As trained so far: after {kept:,} mini-batches", key="save_reached", disabled=not kept)
    network = run.network_at(kept if reached else step)
    at = f"after {kept:,} mini-batches" if reached else f"before {mini_batch_in_words(state.experiment(), step)}"
    try:
        names = "{activation}, {output} output, {cost} cost".format(**network.names)
    except NnvizError as error:
        st.info(safe(error))
        return
    st.markdown(f"The network {shape(tuple(network.sizes))} {at}: {names}.")
    with st.container(horizontal=True):
        st.download_button(
            "Save as JSON",
            lambda: networks.to_json(network),
            networks.file_name(network, "json"),
            "application/json",
            key="save_json",
            on_click="ignore",
            icon=":material/download:",
        )
        st.download_button(
            "Save as npz",
            lambda: networks.to_npz(network),
            networks.file_name(network, "npz"),
            key="save_npz",
            on_click="ignore",
            icon=":material/download:",
        )
    st.caption(
        "JSON is the format of the book's network2.py; its `load` reads it. Every number comes back bit for bit."
    )


def load() -> None:
    """Upload a network and start a run from it."""
    st.subheader("Load")
    file = st.file_uploader("JSON or npz of nnviz, of network2.py, or of PyTorch", ["json", "npz"], key="network_file")
    names = {}
    with st.expander("From PyTorch: what its file does not say"):
        st.code(
            'import numpy as np\nnp.savez("net.npz", **{k: v.numpy() for k, v in model.state_dict().items()})',
            language="python",
        )
        hidden, outputs = list(hidden_activations()), list(ACTIVATIONS)
        left, middle, right = st.columns(3)
        names["activation"] = left.selectbox(
            "Hidden layers", hidden, index=hidden.index(RELU.name), key="torch_activation"
        )
        names["output"] = middle.selectbox("Output", outputs, index=outputs.index(SOFTMAX.name), key="torch_output")
        costs = costs_for(names["output"])
        names["cost"] = right.selectbox("Cost", costs, index=len(costs) - 1, key=f"torch_cost_{names['output']}")
    if file is None:
        st.caption("The run starts from its weights. The link names them by their content; the file itself stays here.")
        return
    try:
        network = networks.load(file.getvalue(), **names)
        describe(network)
        if st.button("Start a run from it", key="network_use", type="primary"):
            state.jump(experiment_from(network, state.experiment(), dataset_box.candidates()), Position())
            st.toast("The run now starts from this network.")
            st.rerun()
    except NnvizError as error:
        st.error(safe(error))


def describe(network: Network) -> None:
    hidden = network.activations[0].name if network.num_layers > 2 else "no hidden layer"
    n = sum(w.size for w in network.weights) + sum(b.size for b in network.biases)
    st.markdown(
        f"**{shape(tuple(network.sizes))}**, {hidden}, {network.activations[-1].name} output, "
        f"{network.cost.name} cost, {n:,} parameters."
    )
