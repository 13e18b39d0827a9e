"""The room's button in the navigation. All of it is JavaScript, static/room/: a press of a key goes from the board to
the room by itself."""

from streamlit.components import v2

from nnviz.board.component import loader

component = v2.component("nnviz_room", js=loader("room"))


def button() -> None:
    component(key="room")
