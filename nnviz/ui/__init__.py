"""Everything that imports Streamlit: the session's state, the page frame, the settings, the words."""
