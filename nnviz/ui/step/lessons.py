"""The words beside the board: the phase's equation with its shapes, the code that computes it, the pinned number.

The lessons of all phases are rendered at once, and the board shows the one of its phase. They are rendered once for the
run, or with each mini-batch if edits change the rates or the activations. Text about one mini-batch is sent with every
answer, and the board marks it while it is stale.
"""

import re
from html import escape

import streamlit as st

from nnviz.lesson.phase_text import lesson, where
from nnviz.ui import state
from nnviz.ui.lazy_expander import LazyExpander
from nnviz.ui.step import pinned_number, what_if

MORE = "More: choose a number, what if"


def change_with_mini_batch() -> bool:
    """Whether the lessons are not the same at every mini-batch of the run."""
    return any(edit.kind in ("eta", "lmbda", "act") and edit.step > 0 for edit in state.experiment().edits)


def lessons() -> None:
    """The lesson of every phase; only the current one is seen."""
    position, phases = state.position(), state.experiment().phases
    moment = state.moment(position.step)
    with st.container(key="lessons", gap=None):
        visible = [f".st-key-stage:not([data-phase]) .st-key-lesson_{position.phase}"]
        visible += [f".st-key-stage[data-phase='{i}'] .st-key-lesson_{i}" for i in range(phases)]
        st.html(f"<style>{', '.join(visible)} {{ display: flex }}</style>")
        for phase in range(phases):
            text = lesson(moment, phase)
            with st.container(key=f"lesson_{phase}", gap="small"):
                st.markdown("\n\n".join([text.text, *(f"$$\n{equation}\n$$" for equation in text.equations)]))
                st.html(f"<pre class='source'>{source_html(text.code)}</pre>")
        with st.container(key="hint"):
            st.caption("Click any number on the board to see where it comes from.")


def source_html(code: str) -> str:
    """Python as HTML with its comments set apart. Streamlit's own code block would load a highlighter of 1.5 MB."""
    return re.sub(r"#.*", lambda comment: f"<i>{comment[0]}</i>", escape(code, quote=False))


def belong_to_mini_batch() -> bool:
    """Whether some of what `show` says is about the mini-batch shown: then it has to come with each move."""
    more_is_open = st.session_state.get(f"drawer_{MORE}")
    return bool(state.look().cell or has_edits() or state.run().divergence or more_is_open)


def has_edits() -> bool:
    """Whether the run has edits, or has some that are switched off."""
    return bool(state.experiment().edits or what_if.set_aside())


def show() -> None:
    """What is to be said of this mini-batch: the number that is pinned, and what was changed."""
    step = state.position().step
    with st.container(key="words"):
        divergence(step)
        if state.look().cell:
            pinned_number.show(state.moment(step))
        if has_edits():
            what_if.edits(state.moment(step))
        more(step)
    if change_with_mini_batch():
        lessons()


def divergence(step: int) -> None:
    """What happened, where the run has diverged by now."""
    experiment, diverged = state.experiment(), state.run().divergence
    if diverged and step >= diverged.step:
        at = where(experiment, diverged.step, experiment.phases - 1)
        st.error(f"The run diverged: some parameters stopped being finite numbers at {at}. {diverged.cause}")


def more(step: int) -> None:
    with LazyExpander(MORE) as is_open:
        if is_open:
            pinned_number.choose(state.moment(step))
            what_if.choose(step)
