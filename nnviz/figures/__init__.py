"""Core values as Plotly figures and pictures. Never imports Streamlit."""
