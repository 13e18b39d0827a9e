"""Streamlit's own empty page: one word, so that there is something whose painting can be timed."""

import streamlit as st

st.text("empty")
