"""Working a mini-batch out by hand: the paper, the numbers one starts from, and the worksheet."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from nnviz.datasets.typed import spell
from nnviz.errors import NnvizError
from nnviz.lesson.worked_lines import MOST_LAYERS, MOST_NEURONS, Section, fits, work_out
from nnviz.lesson.worksheet import worksheet
from nnviz.model.network import Network
from nnviz.model.update_rules import TrainingState
from nnviz.run.edits import Edit
from nnviz.run.experiment import Experiment, Position
from nnviz.run.moment import Moment
from nnviz.run.phases import GRADIENTS, error_phase, phase_number
from nnviz.run.presets import BY_HAND, Preset
from nnviz.ui import state
from nnviz.ui.safe_text import safe

EXAMPLE = BY_HAND[0]  # what is worked out if the visitor's own network is too large for it


def is_example_shown() -> bool:
    """Whether the page shows the example in place of the visitor's own network, which is set aside."""
    set_aside = st.session_state.get("own")
    return bool(st.session_state.get("example_shown") and set_aside and state.experiment() == EXAMPLE.experiment)


def show_example_if_too_large() -> None:
    """Work the example out if the visitor's own network is too large for paper; the other pages keep their own."""
    if fits(state.experiment()):
        return
    state.set_own_aside()
    state.jump(EXAMPLE.experiment, Position())
    st.session_state.example_shown = True


def take(preset: Preset) -> None:
    """Work on a ready network; from now on it is the visitor's own."""
    st.session_state.pop("own", None)
    state.jump(preset.experiment, Position())


def choose() -> None:
    """The ready networks, as buttons, and why the visitor's own one is not shown."""
    if is_example_shown():
        own, _ = st.session_state.own
        st.caption(
            f"Your own network ({own.summary()}) is too large to be worked out by hand, so this is an example. "
            "Choose one of these, or set up to 4-4-4-4 neurons and a mini-batch of 1 in the settings."
        )
    with st.container(horizontal=True):
        for i, preset in enumerate(BY_HAND):
            current = preset.experiment == state.experiment()
            st.button(
                preset.name,
                key=f"by_hand_{i}",
                help=preset.hint,
                type="primary" if current else "secondary",
                on_click=take,
                args=(preset,),
            )


def paper(moment: Moment, phase: int) -> None:
    """All sections side by side; those of later phases show their titles only."""
    sections = work_out(moment)
    depth = moment.network.num_layers
    forward = [s for s in sections if s.phase < error_phase(depth, depth) or s.title == "Cost"]
    backward = [s for s in sections if s not in forward and s.phase < phase_number(depth, (GRADIENTS,), 0)]
    groups = (forward, backward, sections[-2:-1], sections[-1:])
    st.html(f"<style>{', '.join(asked_lines(sections))} {{ visibility: hidden }}</style>")
    with st.container(key="paper"):
        for column, group in zip(st.columns([10, 12, 9, 10], gap="small"), groups, strict=True):
            with column:
                for section in group:
                    st.html(section_html(section, phase))


def asked_lines(sections: Sequence[Section]) -> list[str]:
    """Selectors of the lines that say what is to be predicted from a phase on, which the board names."""
    phases = sorted({section.phase for section in sections})
    return [f":root[data-asks-from='{i}'] .paper.phase_{j} .line" for i in phases for j in phases if j >= i]


def section_html(section: Section, phase: int) -> str:
    """One section; its lines keep their place while they are hidden."""
    when = "later" if section.phase > phase else "now" if section.phase == phase else "done"
    mark = "▸ " if when == "now" else ""
    lines = "".join(f"<p class='line'>{line.html()}</p>" for line in section.lines)
    title = f"<h4>{mark}{section.title}</h4><p class='formula'>{section.formula}</p>"
    return f"<div class='paper {when} phase_{section.phase}'>{title}{lines}</div>"


def downloads(moment: Moment) -> None:
    """The worksheet with blanks, and its solution, as HTML files for the printer."""
    with st.container(horizontal=True):
        for solution, label in ((False, "Worksheet to print"), (True, "Its solution")):
            st.download_button(
                label,
                worksheet(moment, solution=solution),
                file_name=f"nnviz-{'solution' if solution else 'worksheet'}.html",
                mime="text/html",
                key=f"worksheet_{'solution' if solution else 'blank'}",
                on_click="ignore",
            )


def typed_in(experiment: Experiment, start: TrainingState) -> None:
    """Tables with all numbers of the start; a button makes a run of them."""
    text = st.text_input("Layer sizes", "-".join(map(str, experiment.sizes)), key="own_sizes")
    sizes = read_sizes(text)
    if sizes is None:
        st.error(
            f"Layer sizes must be 2 to {MOST_LAYERS} numbers from 1 to {MOST_NEURONS}, as in 2-3-1, "
            f"got {safe(text[:40])}"
        )
        return
    same = sizes == experiment.sizes
    x = experiment.data.x([0])[:, 0] if same else np.linspace(0.1, 0.4, sizes[0])
    y = experiment.data.y([0])[:, 0] if same else np.zeros(sizes[-1])
    network = Network(sizes, init="scaled", seed=experiment.seed)
    weights, biases = (start.weights, start.biases) if same else (network.weights, network.biases)
    shape = "-".join(map(str, sizes))
    left, right = st.columns(2)
    x = left.data_editor(pd.DataFrame({"input x": x}), hide_index=True, key=f"own_x_{shape}")["input x"]
    y = right.data_editor(pd.DataFrame({"target y": y}), hide_index=True, key=f"own_y_{shape}")["target y"]
    tables = [layer_table(i + 2, w, b, shape) for i, (w, b) in enumerate(zip(weights, biases, strict=True))]
    eta = st.number_input("Learning rate η", 1e-6, 100.0, float(experiment.eta), format="%g", key="own_eta")
    st.button("Work with these numbers", key="own_go", on_click=use, args=(sizes, x, y, tables, eta))
    if st.session_state.get("own_error"):
        st.error(safe(st.session_state.own_error))


def read_sizes(text: str) -> tuple[int, ...] | None:
    """`2-3-1` as (2, 3, 1); None where a network of these sizes is too large or too small for paper."""
    parts = text.strip().split("-")
    if not 2 <= len(parts) <= MOST_LAYERS or not all(p.isascii() and p.isdigit() and len(p) == 1 for p in parts):
        return None
    sizes = tuple(map(int, parts))
    return sizes if all(1 <= n <= MOST_NEURONS for n in sizes) else None


def layer_table(layer: int, w: np.ndarray, b: np.ndarray, shape: str) -> pd.DataFrame:
    """An editable table of one layer: a row for each neuron, its weights and its bias."""
    columns = [f"w from {k + 1}" for k in range(w.shape[1])] + ["b"]
    index = pd.Index([f"neuron {j + 1}" for j in range(len(w))], name=f"layer {layer}")
    return st.data_editor(pd.DataFrame(np.hstack([w, b]), index=index, columns=columns), key=f"own_{layer}_{shape}")


def use(sizes: tuple[int, ...], x: pd.Series, y: pd.Series, tables: list[pd.DataFrame], eta: float) -> None:
    """Make a run of the numbers typed in, or say which one is not accepted."""
    edits = []
    for layer, table in enumerate(tables, start=2):
        for j, row in enumerate(table.to_numpy(dtype=float)):
            edits += [Edit(0, "w", (layer, j, k), float(v)) for k, v in enumerate(row[:-1])]
            edits.append(Edit(0, "b", (layer, j), float(row[-1])))
    try:
        typed = Experiment(
            dataset=spell([x.tolist()], [y.tolist()]),
            hidden=sizes[1:-1],
            init="zeros",
            eta=eta,
            batch=1,
            biases=state.experiment().biases,
            edits=tuple(edits),
        )
    except NnvizError as error:
        st.session_state.own_error = str(error)
        return
    st.session_state.own_error = None
    state.jump(typed, Position())
