"""The pinned number, explained: its equation, its numbers, its terms as bars, and links to walk on."""

from dataclasses import replace

import numpy as np
import streamlit as st

from nnviz.lesson.cells import Cell, in_words, shape, short_name, within
from nnviz.lesson.explain import explain
from nnviz.lesson.explanation import Explanation
from nnviz.lesson.quantity import QUANTITIES
from nnviz.number_text import shown
from nnviz.run.moment import Moment
from nnviz.ui import page, state
from nnviz.ui.lazy_expander import LazyExpander
from nnviz.ui.step import what_if

LINKS = 6  # how many numbers to walk to, in each direction
GRADIENTS = {"nabla_w": "w", "nabla_b": "b"}  # with the parameter that each one belongs to
STEPS_H = np.logspace(-12, 0, 25)  # step sizes of the central difference


def show(moment: Moment) -> None:
    """The explanation of the pinned number."""
    cell = cell_of(moment)
    if cell is None:
        return
    with st.container(key="explanation"):
        heading(cell)
        panel(moment, explain(moment, cell, state.example_of(moment)))


def heading(cell: Cell) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="pinned_heading"):
        st.markdown(f"**{in_words(cell)}**", width="stretch")
        st.button("Release", key="release", on_click=pin, args=(None,), type="tertiary", help="Key: Esc")


def panel(moment: Moment, explanation: Explanation) -> None:
    """The explanation itself."""
    if explanation.example is not None and explanation.cell.quantity.is_gradient:
        st.caption(f"Of example {explanation.example + 1} alone.")
    st.latex(explanation.equation)
    st.latex(explanation.numbers)
    for note in explanation.notes:
        st.info(note)
    walk("Made of", explanation.depends_on, "from")
    walk("Goes into", explanation.used_by, "into")
    if len(explanation.terms) > 1:
        with LazyExpander("Terms as bars") as is_open:
            if is_open:
                bars(explanation)
    if explanation.cell.name in GRADIENTS:
        with LazyExpander("Check this gradient") as is_open:
            if is_open:
                check(moment, explanation)
    if explanation.cell.name in ("w", "b"):
        with LazyExpander("What if it were another number?") as is_open:
            if is_open:
                what_if.set_parameter(explanation.cell, explanation.value, moment.step)


def cell_of(moment: Moment) -> Cell | None:
    """The pinned cell; where this mini-batch is smaller than the others, its last example."""
    cell = state.look().cell
    return None if cell is None else within(cell, moment.m)


def pin(cell: Cell | None) -> None:
    """Explain another number, or none."""
    look = replace(state.look(), cell=cell)
    if cell and cell.quantity.columns == "examples" and look.example is not None:
        look = replace(look, example=cell.k)  # so that the number is on the screen
    state.change(state.experiment(), look)


def walk(title: str, cells: tuple[Cell, ...], key: str) -> None:
    """Buttons to some of the numbers that this one is made of or goes into."""
    if not cells:
        return
    st.caption(title if len(cells) <= LINKS else f"{title} {len(cells)} numbers; {LINKS} of them:")
    with st.container(horizontal=True, gap="small"):
        for i, cell in enumerate(cells[:LINKS]):
            st.button(short_name(cell), key=f"{key}_{i}", on_click=pin, args=(cell,))


def bars(explanation: Explanation) -> None:
    from nnviz.figures.terms import terms  # Plotly is loaded when it is first needed

    figure = terms(explanation, page.theme())
    st.plotly_chart(figure, key="term_bars", alt=f"The terms of {explanation.title} as bars")


def check(moment: Moment, explanation: Explanation) -> None:
    """Backprop against the central difference, and its error against the step h."""
    from nnviz.figures.check import error_curve
    from nnviz.model import gradcheck

    cell, trace = explanation.cell, moment.trace
    network = moment.network
    columns = slice(None) if explanation.example is None else [explanation.example]
    x, y = trace.x[:, columns], trace.y[:, columns]
    index = (cell.j, cell.k) if cell.name == "nabla_w" else (cell.j,)
    where = (GRADIENTS[cell.name], cell.layer, index)
    found = gradcheck.check_parameter(network, x, y, *where)
    st.markdown(
        f"Backprop: `{shown(found.analytic, 10)}`  \nCentral difference, h = {shown(found.h)}: "
        f"`{shown(found.numeric, 10)}`  \n"
        f"Relative error: `{shown(found.relative_error, 2)}`"
        + ("  \nAn activation has a kink within h of this point, so the two may differ." if found.kink else "")
    )
    errors = gradcheck.error_by_step(network, x, y, *where, STEPS_H)
    st.plotly_chart(
        error_curve(STEPS_H, errors, page.theme()),
        key="check_curve",
        alt="Relative error of the central difference against the step size h: a V",
    )
    st.caption(
        "On the right, h is too large: the cost curves. On the left, h is too small: rounding dominates. Between them "
        "the two methods agree."
    )


def choose(moment: Moment) -> None:
    """The same by keyboard: quantity, layer and indices, counted from 1."""
    sizes = state.experiment().sizes
    name = st.selectbox("Quantity", list(QUANTITIES), format_func=lambda n: QUANTITIES[n].title, key="choose_quantity")
    quantity = QUANTITIES[name]
    layers = quantity.layers(len(sizes))
    left, middle, right = st.columns(3)
    layer = left.selectbox("Layer", list(layers), key=f"choose_layer_{layers[0]}") or layers[0]
    rows, columns = shape(quantity, layer, sizes, moment.m)
    j = middle.number_input("Row", 1, rows, key=f"choose_row_{rows}")
    k = right.number_input("Column", 1, columns, key=f"choose_column_{columns}")
    st.button("Explain", key="choose_go", on_click=pin, args=(Cell(name, layer, j - 1, k - 1),))
