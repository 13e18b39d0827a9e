"""What a run has made of its network: confusions, mistakes, histograms, first-layer weights, and files to take away."""

from functools import lru_cache

import numpy as np
import streamlit as st

from nnviz.datasets import uploads
from nnviz.figures.confusion import confusion
from nnviz.figures.confusion import described as confusion_described
from nnviz.figures.pictures import sheet
from nnviz.figures.spread import spread
from nnviz.figures.weights import weight_sheet
from nnviz.files import export, networks
from nnviz.lesson.phase_text import mini_batch_in_words
from nnviz.lesson.quantity import QUANTITIES
from nnviz.lesson.view import Look
from nnviz.number_text import brief, shown
from nnviz.run.experiment import Experiment, Position
from nnviz.run.link import to_params
from nnviz.run.mistakes import Review, last_seen, review
from nnviz.run.phases import error_phase
from nnviz.ui import arrival, decision_regions, page, state
from nnviz.ui.safe_text import safe
from nnviz.ui.train import training

MOST_WRONG = 12  # examples shown
TIMES = 6  # moments at which first-layer weights are shown
NEURONS = 36  # shown at most


def reviewed(experiment: Experiment, step: int, part: str) -> Review:
    """What the network at a step makes of the training or held-out examples; an upload's is not kept."""
    keep = not uploads.is_upload_name(experiment.dataset)
    return (kept_review if keep else fresh_review)(experiment, step, part)


def fresh_review(experiment: Experiment, step: int, part: str) -> Review:
    data = experiment.data
    rows = data.training if part == "training" else data.held_out
    return review(state.store().get(experiment).network_at(step), data, rows)


kept_review = lru_cache(maxsize=8)(fresh_review)


@st.fragment
def show() -> None:
    """The tabs; only the open one is computed."""
    now = training.view()
    step = state.run().nearest_within(now.step, arrival.AT_ONCE)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader("The network by now", width="content")
        st.caption(f"After {step:,} mini-batches.", width="content")
        if now.status == "running":
            st.button("Take the newest", key="review_newest", icon=":material/refresh:")
    parts = {"Mistakes": mistakes, "Histograms": histograms, "First-layer weights": first_layer, "Export": exports}
    if now.experiment.data.is_plane:
        parts = {"Decision regions": regions} | parts
    for tab, draw in zip(st.tabs(list(parts), key="review", on_change="rerun"), parts.values(), strict=True):
        if tab.open:
            with tab:
                draw(now.experiment, step)


def regions(e: Experiment, step: int) -> None:
    """What the network decides over the plane, at the last mini-batch known."""
    decision_regions.show(state.run().moment_at(min(step, e.steps - 1)), key="train_plane")


def mistakes(e: Experiment, step: int) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        confusions(e, step)
    with right:
        most_wrong(e, step)


def confusions(e: Experiment, step: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown("**Confusion matrix**", width="content")
        part = part_box(e, "confusion_part")
    counts = reviewed(e, step, part).confusion(len(e.data.classes))
    alt = confusion_described(counts, e.data.classes)
    st.caption(safe(alt.removeprefix("Confusion matrix: ")) + ".")
    st.plotly_chart(confusion(counts, e.data.classes, page.theme()), key="confusion", alt=alt)


def part_box(e: Experiment, key: str) -> str:
    """Held-out or training examples; only the training ones where nothing is held out."""
    if not len(e.data.held_out):
        return "training"
    parts = ["held out", "training"]
    return st.segmented_control(
        "Examples", parts, default=parts[0], required=True, key=key, label_visibility="collapsed"
    )


def most_wrong(e: Experiment, step: int) -> None:
    """Misclassified training examples, each with a link to the mini-batch that last held it."""
    found, data = reviewed(e, step, "training"), e.data
    worst = found.most_wrong(MOST_WRONG)
    n_wrong = int((found.labels != found.predictions).sum())
    if not n_wrong:
        st.success(f"All {len(found.rows):,} training examples are classified correctly.", icon=":material/check:")
        return
    st.markdown("**Most wrong in training**")
    st.caption(
        f"{n_wrong:,} of {len(found.rows):,} training examples are wrong; here are those with the highest cost. "
        "Each link opens the mini-batch that last held the example. (Held-out examples are in no mini-batch.)"
    )
    line = st.container(horizontal=True, key="most_wrong")
    for index in worst:
        row = int(found.rows[index])
        at, column = last_seen(e, row, step)
        said, truth = data.classes[found.predictions[index]], data.classes[found.labels[index]]
        with line, st.container(width=125):
            if data.picture:
                picture = sheet(data.x([row]), data.picture, columns=1, cell=72)
                st.image(picture, width=72, alt=f"Training example {row}, class {truth}, taken for {said}")
            else:
                st.markdown(", ".join(f"{shown(x)}" for x in data.x([row])[:6, 0]))
            st.page_link(
                "app.py",
                label=safe(f"{truth}, taken for {said}"),
                help=f"Cost {shown(float(found.costs[index]))}. {mini_batch_in_words(e, at)}, example {column + 1}",
                query_params=to_params(e, Position(at, error_phase(len(e.sizes), len(e.sizes))))
                | Look(example=column).to_params(),
            )


def histograms(e: Experiment, step: int) -> None:
    with st.container(horizontal=True):
        layer = st.selectbox("Layer", range(2, len(e.sizes) + 1), key=f"spread_layer_{len(e.sizes)}", width=120)
        of = st.segmented_control("Of", ["weights", "gradients"], default="weights", required=True, key="spread_of")
    seen = training.monitor()
    found = seen.weights_spread(layer, step) if of == "weights" else seen.gradients_spread(layer, step)
    if not len(found.steps):
        st.info("Nothing is trained yet: start the run to see its histograms.")
        return
    symbol = QUANTITIES["w" if of == "weights" else "nabla_w"].with_layer(layer)
    if of == "gradients":
        symbol = f"|{symbol}|"
    st.caption(
        f"Each column is a histogram of all {symbol} at one mini-batch; {len(found.steps)} of them over the run."
        + (" Gradients of exactly 0 have no place on the logarithmic axis." if found.log else "")
    )
    st.plotly_chart(
        spread(found, symbol, e.batches_per_epoch, page.theme()),
        key="spread",
        alt=f"Histograms of {symbol} over {found.steps[-1] / e.batches_per_epoch:.1f} epochs",
    )


def first_layer(e: Experiment, step: int) -> None:
    """w^2 as pictures at a few moments, all on one scale."""
    run = state.store().get(e)
    moments = sorted({round(step * (i / (TIMES - 1)) ** 2) for i in range(TIMES)})
    moments = sorted({run.nearest_within(at, arrival.AT_ONCE) for at in moments})  # those near which a state is kept
    weights = [run.network_at(at).weights[0][:NEURONS] for at in moments]
    top = max(float(np.abs(w[np.isfinite(w)]).max(initial=0.0)) for w in weights)
    n, shape = len(weights[0]), e.data.picture or (1, e.data.n_inputs)
    st.caption(
        f"w² of {'the first ' * (n < e.sizes[1])}{n} neurons of layer 2: "
        + ("each picture has the input's shape. " if e.data.picture else "each row holds the weights of one neuron. ")
        + f"Blue is negative, orange positive, on one scale for all: up to {brief(top)}."
    )
    for column, at, w in zip(st.columns(TIMES), moments, weights, strict=False):
        with column:
            name = f"epoch {at / e.batches_per_epoch:,.1f}".removesuffix(".0") if at else "at the start"
            st.image(
                weight_sheet(w, shape, top, page.theme(), columns=min(6, max(1, 24 // shape[1] * 2)), cell=32),
                caption=name,
                width="stretch",
                alt=f"Weights of layer 2, {name}, after {at:,} mini-batches",
            )


def exports(e: Experiment, step: int) -> None:
    """Files to take away."""
    seen = training.monitor()
    epochs = step // e.batches_per_epoch
    mixed = any(edit.kind == "act" for edit in e.edits)
    with st.container(horizontal=True):
        st.download_button(
            "Curves as CSV",
            lambda: export.curves_csv(e, seen.evaluations(step), seen.samples(step)),
            "nnviz-curves.csv",
            "text/csv",
            key="curves_csv",
            on_click="ignore",
        )
        st.download_button(
            "Run as a Python script",
            lambda: export.script(e, max(epochs, 1)),
            "nnviz-run.py",
            "text/x-python",
            key="run_script",
            on_click="ignore",
        )
        st.download_button(
            "Network as JSON",
            lambda: networks.to_json(state.store().get(e).network_at(step)),
            "nnviz-network.json",
            "application/json",
            key="network_json",
            on_click="ignore",
            disabled=mixed,
            help="A network in which one neuron has another activation cannot be saved." if mixed else None,
        )
        if not export.embeds_data(e):
            st.download_button(
                "Data for the script",
                lambda: export.data_file(e),
                "nnviz-data.npz",
                key="run_data",
                on_click="ignore",
            )
    st.caption(
        f"The script needs NumPy only and runs {max(epochs, 1)} whole epochs; it prints these numbers:"
        if epochs
        else "The script needs NumPy only and runs 1 epoch. It prints cost and accuracy after each."
    )
    lines = export.log(e, seen.evaluations(step))
    st.code("\n".join([*lines[:3], *(["..."] if len(lines) > 6 else []), *lines[3:][-3:]]), language=None)
