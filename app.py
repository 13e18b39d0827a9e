"""The Step page, on which visitors land: a mini-batch at a time through feedforward, backpropagation and update.

The server imports this file for the routes beside Streamlit's; each session then runs it as a script. A runner that
knows no `st.App` only runs it: all pages work, and what needs the routes says so.
"""

import streamlit as st

from nnviz.ui.step import stage
from nnviz.web.routes import middleware, routes

if __name__ == "__main__":
    stage.show()
else:
    app = st.App(__file__, routes=routes(), middleware=middleware())
