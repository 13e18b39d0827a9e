"""A visitor without a browser: a real websocket to a Streamlit server, and the messages that the board sends."""

import asyncio
import json
from dataclasses import dataclass, field
from time import perf_counter

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from nnviz.board.message import MAGIC, VERSION

VIEW = {"choices": {}, "lock": None, "lockExample": None}  # every option at its default
COMPONENT = "nnviz_board"


@dataclass
class Visitor:
    """One session. What it learns from the server's answers it sends back, as the page does."""

    port: int
    query: str = ""
    step: int = 0
    seq: int = 0
    bytes: int = 0
    page_hash: str = ""
    fragment: str = ""
    board: str = ""  # the widget id of the board
    button: str = ""  # the widget id of the floor's button
    header: dict = field(default_factory=dict)  # of the last message to the board
    socket: websockets.ClientConnection | None = None

    async def enter(self) -> None:
        """Open the page, as a browser does."""
        address = f"ws://127.0.0.1:{self.port}/_stcore/stream"
        self.socket = await websockets.connect(
            address, subprotocols=["streamlit"], max_size=None, compression=None, proxy=None, ping_interval=None
        )
        await self.ask(ClientState(query_string=self.query))

    async def leave(self) -> None:
        if self.socket is not None:
            await self.socket.close()

    async def go(self, step: int, want: list[int]) -> float:
        """Tell Python that the board is at this step and lacks `want`; seconds until the answer is complete."""
        self.step, self.seq = step, self.seq + 1
        message = {
            "seq": self.seq,
            "jump": self.header["jump"],
            "step": step,
            "phase": 0,
            "example": None,
            "cell": None,
            "playing": False,
            "rests": True,
            "view": VIEW,
            "want": want,
            "target": None,
            "consent": False,
            "isNew": False,
            "version": VERSION,
        }
        state = ClientState(query_string=self.query, page_script_hash=self.page_hash, fragment_id=self.fragment)
        state.widget_states.widgets.append(WidgetState(id=self.board, json_value=json.dumps({"board": message})))
        start = perf_counter()
        await self.ask(state)
        if self.header["seq"] != self.seq or [frame["step"] for frame in self.header["frames"]] != want:
            raise ValueError(f"message {self.seq} was answered by {self.header['seq']} without what was wanted")
        return perf_counter() - start

    async def next(self) -> float:
        """One mini-batch on; the one after it is fetched."""
        return await self.go(self.step + 1, [self.step + 2])

    async def click(self) -> None:
        """Press the button of the empty fragment."""
        state = ClientState(query_string=self.query, page_script_hash=self.page_hash, fragment_id=self.fragment)
        state.widget_states.widgets.append(WidgetState(id=self.button, trigger_value=True))
        await self.ask(state)

    async def ask(self, state: ClientState) -> None:
        await self.socket.send(BackMsg(rerun_script=state).SerializeToString())
        while True:
            data = await asyncio.wait_for(self.socket.recv(), 180)
            self.bytes += len(data)
            if self.read(ForwardMsg.FromString(data)):
                return

    def read(self, message: ForwardMsg) -> bool:
        """Take over what the server says; whether the script has run to its end."""
        match message.WhichOneof("type"):
            case "script_finished":
                return True
            case "new_session":
                self.page_hash = message.new_session.page_script_hash
            case "page_info_changed":
                self.query = message.page_info_changed.query_string
            case "delta":
                element = message.delta.new_element
                if element.WhichOneof("type") == "bidi_component":
                    self.read_board(element.bidi_component, message.delta.fragment_id)
                elif element.WhichOneof("type") == "button":
                    self.button, self.fragment = element.button.id, message.delta.fragment_id
                elif element.WhichOneof("type") == "exception":
                    raise ValueError(f"the page shows an exception: {element.exception.message}")
        return False

    def read_board(self, component, fragment: str) -> None:
        if COMPONENT not in component.component_name:
            return
        self.board, self.fragment = component.id, fragment
        start = len(MAGIC) + 4
        length = int.from_bytes(component.bytes[start : start + 4], "little")
        self.header = json.loads(component.bytes[start + 4 : start + 4 + length])
