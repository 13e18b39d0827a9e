"""The uploads of all sessions: each data set is kept as long as its session lives, and no longer.

`st.session_state` is no place for that: Streamlit frees it lazily and `gc.freeze` may keep parts of it for ever. So the
sets are kept here, and every page that opens anywhere lets go of those whose session has ended.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from streamlit import runtime

from nnviz.datasets import Dataset
from nnviz.datasets.uploads import UPLOADS
from nnviz.errors import DatasetError
from nnviz.untrusted import megabytes

GRACE = 150.0  # seconds after a session was last seen; Streamlit keeps a disconnected one for 120
MAX_BYTES = 256 * 2**20  # of all sessions together


@dataclass
class Entry:
    """A data set and the session that brought it."""

    session: str  # Streamlit's id, to ask whether it lives
    name: str  # of the data set
    data: Dataset
    seen: float  # when the session was last known to live, in seconds of the clock


class SessionUploads:
    """One data set for each session, by a key that only the session knows."""

    def __init__(self, max_bytes: int = MAX_BYTES, clock: Callable[[], float] = time.monotonic) -> None:
        self.max_bytes, self.clock = max_bytes, clock
        self._lock = threading.Lock()
        self._entries: dict[str, Entry] = {}

    def put(self, key: str, session: str, data: Dataset) -> str:
        """Keep a set in place of the session's one before; its name. Raises DatasetError if all are too large."""
        with self._lock:
            before = self._entries.get(key)
            others = {entry.name: size(entry.data) for k, entry in self._entries.items() if k != key}
            if sum(others.values()) + size(data) > self.max_bytes and UPLOADS.name_of(data) not in others:
                raise DatasetError(
                    f"the server keeps at most {megabytes(self.max_bytes)} of uploads for all visitors, and this "
                    "does not fit. Try again later or with fewer examples"
                )
            name = UPLOADS.hold(data)
            self._entries[key] = Entry(session, name, data, self.clock())
            if before:
                UPLOADS.release(before.name)
            return name

    def get(self, key: str | None) -> Entry | None:
        with self._lock:
            return self._entries.get(key) if key else None

    def sweep(self, is_alive: Callable[[str], bool]) -> bool:
        """Let go of the sets whose session has not been alive for a while; whether there were any."""
        now, before = self.clock(), len(self._entries)
        with self._lock:
            for key, entry in list(self._entries.items()):
                if is_alive(entry.session):
                    entry.seen = now
                elif now - entry.seen > GRACE:
                    UPLOADS.release(self._entries.pop(key).name)
            return len(self._entries) < before

    def __len__(self) -> int:
        return len(self._entries)


SESSION_UPLOADS = SessionUploads()


def size(data: Dataset) -> int:
    return data.inputs.nbytes + data.labels.nbytes


def is_alive(session: str) -> bool:
    """Whether a browser is connected to the session; always if no server runs."""
    return not runtime.exists() or runtime.get_instance().is_active_session(session)
