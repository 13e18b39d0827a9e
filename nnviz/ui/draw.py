"""Drawing a digit: the pad, what the network says of it, and the drawing as the example that the board shows."""

from dataclasses import replace

import numpy as np
import streamlit as st
from streamlit.components import v2

from nnviz.arrays import Array
from nnviz.board.component import loader
from nnviz.datasets.handwriting import Stroke, as_input, read_strokes
from nnviz.lesson.quantity import QUANTITIES
from nnviz.model.equations import classes
from nnviz.number_text import brief
from nnviz.run.experiment import Position
from nnviz.run.link import DEFAULT
from nnviz.run.moment import AddedExample
from nnviz.ui import arrival, page, state
from nnviz.ui.safe_text import safe

mount = v2.component("nnviz_pad", js=loader("pad"))


def open_at_the_answer() -> None:
    """Show what the network says, unless the link names a phase."""
    depth = len(state.experiment().sizes)
    says = QUANTITIES["a"].phase(depth, depth)
    if page.is_entered() and "phase" not in st.query_params and state.position().phase < says:
        state.jump(state.experiment(), Position(state.position().step, says))


def needs_pictures() -> bool:
    """Say so, where the network reads something else than pictures."""
    if state.experiment().data.picture:
        return False
    st.info(f"{safe(state.experiment().data.title)}: this network reads numbers, not pictures.")
    st.button("Draw for the handwritten digits", key="draw_digits", on_click=state.jump, args=(DEFAULT, Position()))
    return True


def pad() -> bool:
    """The pad, the answer, and what can be done next. Whether the example on the board is another one now."""
    with st.container(key="draw_side"):
        with st.container(key="draw_pad"):
            strokes = drawn()
        chosen = st.session_state.get("draw_target")
        if not strokes or (chosen is not None and chosen >= len(state.experiment().data.classes)):
            st.session_state.draw_target = None
        with st.container(key="draw_says"):
            return beside_pad(as_input(strokes, state.experiment().data))


def beside_pad(x: Array) -> bool:
    """What is said of the input (n_1,), and what can be done; whether it is another one than before."""
    if x.any():
        with st.container(key="hides_answer"):
            says(x)
        target()
    else:
        st.markdown("Draw a digit with mouse, finger or pen: it goes through the network on the right.")
    changed = show_on_board(x)
    learned()
    if x.any():
        keep()
    return changed


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


def outputs(x: Array) -> Array:
    """What the network at the session's place makes of an input (n_1,): its output (n_L, 1)."""
    with np.errstate(all="ignore"):
        return state.run().network_at(state.position().step).feedforward(x.reshape(-1, 1))


def says(x: Array) -> None:
    """The answer, and the next best one."""
    a, names = outputs(x), state.experiment().data.classes
    answer = int(classes(a)[0])
    if len(a) == 1:
        st.markdown(f"### It says {safe(names[answer])}\nOutput {brief(float(a[0, 0]))}.")
        return
    second = int(np.argsort(np.nan_to_num(a[:, 0]))[-2])
    st.markdown(
        f"### It says {safe(names[answer])}\n"
        f"Output {brief(float(a[answer, 0]))}; the next one is {safe(names[second])}, {brief(float(a[second, 0]))}."
    )


def target() -> None:
    """What the visitor meant: the target that the cost and the errors on the board are of."""
    names = state.experiment().data.classes
    options = range(len(names))
    st.pills("You meant", options, format_func=lambda k: safe(names[k]), key="draw_target")
    if st.session_state.draw_target is None:
        st.caption("Until you say so, the errors are computed as if its answer were right.")


def show_on_board(x: Array) -> bool:
    """Make the drawing the example on the board; whether it is another one than before."""
    before = st.session_state.get("drawn_example")
    now = None
    if x.any():
        chosen = st.session_state.get("draw_target")
        label = int(classes(outputs(x))[0]) if chosen is None else chosen
        now = AddedExample(tuple(x.tolist()), label, is_meant=chosen is not None)
    if now == before:
        return False
    st.session_state.drawn_example = now
    last = state.run().moment_at(state.position().step).m  # the drawing comes after all others
    state.change(state.experiment(), replace(state.look(), example=last if now else 0))
    return True


def learned() -> None:
    """Whether the network has learned anything yet; if not, a button that goes to the end of its run."""
    experiment, step = state.experiment(), state.position().step
    if state.target() is not None or step >= experiment.batches_per_epoch:
        st.caption(f"The network at mini-batch {step + 1:,} of {experiment.steps:,}.")
        return
    st.markdown("This network has learned next to nothing yet." if step else "This network has learned nothing yet.")
    takes = state.run().seconds_to(experiment.steps - 1)
    how_long = f", {arrival.duration(takes)}" if takes else ""
    st.button(
        f"Train it now ({experiment.data.epochs} epochs{how_long})",
        key="draw_train",
        type="primary",
        icon=":material/school:",
        on_click=train,
    )


def train() -> None:
    """Go to the last mini-batch of the run, in the phase that is shown."""
    experiment = state.experiment()
    state.jump(experiment, Position(experiment.steps - 1, state.position().phase))


def keep() -> None:
    """Have the drawing in the mini-batches of the other pages, too."""
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.session_state.get("added_example"):
            st.button("Take it out of the mini-batches", key="draw_remove", on_click=use, args=(None,))
        else:
            drawing = st.session_state.get("drawn_example")
            help_ = (
                "The Step page then shows it as the last example of every mini-batch. Its deltas and gradients are "
                "computed as if it belonged there; the run itself never learns from it."
            )
            st.button("Use it on the Step page", key="draw_use", on_click=use, args=(drawing,), help=help_)


def use(example: AddedExample | None) -> None:
    st.session_state.added_example = example
