"""Predict first: the pinned panel stays hidden until the viewer has said what to expect."""

import streamlit as st

from nnviz.lesson.cells import values, within
from nnviz.lesson.quiz import Question, questions
from nnviz.ui import state


def is_on() -> bool:
    return st.session_state.get("predict_first", False)


def switch() -> None:
    """Turn predicting on or off; the score is kept for the session."""
    right, asked = st.session_state.setdefault("score", (0, 0))
    label = f"Predict first ({right} of {asked} right)" if asked else "Predict first"
    st.toggle(label, key="predict_first", persist_state="session", help="Hides a pinned number until you have guessed.")


def this_one() -> tuple:
    """What a prediction is about: the run, the mini-batch and the cell."""
    return state.experiment(), state.position().step, state.look()


def hidden_panel() -> str | None:
    """The panel whose values are hidden, as the board names it; None where none is."""
    cell = state.look().cell
    if not is_on() or cell is None or len(answered()) >= len(asked()):
        return None
    return f"{cell.name}.{cell.layer}"


def asked() -> tuple[Question, ...]:
    """The questions about the pinned number."""
    moment = state.moment(state.position().step)
    cell = state.look().cell
    if cell is None:
        return ()
    example = state.example_of(moment) if cell.quantity.columns != "examples" else None
    return questions(within(cell, moment.m), values(moment, cell.name, cell.layer, example))


def answered() -> list[bool]:
    """Whether each answer given so far about the pinned number was right."""
    about, given = st.session_state.get("predictions", (None, []))
    return given if about == this_one() else []


def answer(question: Question, choice: int) -> None:
    """Take an answer, and count it."""
    right = question.right is None or question.right == choice
    st.session_state.predictions = (this_one(), [*answered(), right])
    good, all_asked = st.session_state.get("score", (0, 0))
    st.session_state.score = (good + right, all_asked + 1)


def ask() -> bool:
    """Ask the next question about the pinned number; whether something is still to be asked."""
    if not is_on():
        return False
    given, all_questions = answered(), asked()
    for question, right in zip(all_questions, given, strict=False):
        st.markdown(f"{'✓' if right else '✗'} {question.text} **{said(question)}**")
    if len(given) >= len(all_questions):
        return False
    question = all_questions[len(given)]
    st.markdown(question.text)
    with st.container(horizontal=True):
        for i, text in enumerate(question.answers):
            st.button(text.capitalize(), key=f"predict_{i}", on_click=answer, args=(question, i))
    return True


def said(question: Question) -> str:
    return "neither" if question.right is None else question.answers[question.right]
