"""The server's own routes, beside Streamlit's: moments of runs by address, the viewer, rooms that follow a lecturer."""
