"""The example that a session adds to what it looks at."""

from streamlit.testing.v1 import AppTest

from nnviz.run.moment import AddedExample

PAGE = """
import streamlit as st
from nnviz.ui import state
state.restore()
st.text(state.moment(2).trace.m)
"""


def seen(extra: AddedExample | None, **params: str) -> str:
    at = AppTest.from_string(PAGE, default_timeout=30)
    at.session_state["added_example"] = extra
    for name, value in params.items():
        at.query_params[name] = value
    at.run()
    assert not at.exception
    return at.text[0].value


def test_without_one_the_mini_batch_is_as_it_is() -> None:
    assert seen(None) == "10"


def test_it_is_one_example_more() -> None:
    assert seen(AddedExample((0.5,) * 64, 3)) == "11"


def test_other_data_pass_over_it() -> None:
    assert seen(AddedExample((0.5,) * 64, 3), dataset="moons") == "10"
    assert seen(AddedExample((0.5, 0.5), 0), dataset="moons") == "10"
