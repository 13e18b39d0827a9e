"""The floor: a fragment with a button and the number of its clicks, which is the least that can be seen to change."""

import streamlit as st

st.set_page_config(layout="wide")


@st.fragment
def floor() -> None:
    st.button("Next", key="next")
    st.session_state.clicks = st.session_state.get("clicks", -1) + 1
    st.text(f"clicks {st.session_state.clicks}")


floor()
