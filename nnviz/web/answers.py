"""Answers by address: kept while there is room, packed where that pays, and said to a browser to be kept."""

import gzip
import hashlib
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from nnviz.web import limits

PAYS = 0.85  # of its size that packing must bring an answer below
FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Answer:
    body: bytes
    packed: bytes | None  # with gzip, where that pays
    etag: str

    @classmethod
    def of(cls, body: bytes) -> "Answer":
        packed = gzip.compress(body, compresslevel=5, mtime=0) if len(body) <= limits.PACKED else body
        pays = len(packed) < PAYS * len(body)
        return cls(body, packed if pays else None, f'"{hashlib.sha256(body).hexdigest()[:20]}"')

    @property
    def nbytes(self) -> int:
        return len(self.body) + len(self.packed or b"")

    def sent(self, headers: Mapping[str, str]) -> tuple[int, bytes, dict[str, str]]:
        """Status, body and headers for a browser that says `headers`."""
        about = {"Cache-Control": FOR_EVER, "ETag": self.etag, "Vary": "Accept-Encoding"}
        if headers.get("if-none-match") == self.etag:
            return 304, b"", about
        if self.packed is not None and "gzip" in headers.get("accept-encoding", ""):
            return 200, self.packed, about | {"Content-Encoding": "gzip"}
        return 200, self.body, about | {"Content-Encoding": "identity"}


class Answers:
    """The answers computed last. Used from the thread that computes them, and read from the event loop."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self._kept: OrderedDict[str, Answer] = OrderedDict()
        self._nbytes = 0  # of all that is kept

    def get(self, address: str) -> Answer | None:
        return self._kept.get(address)

    def made(self, address: str, make: Callable[[], bytes]) -> Answer:
        """The answer to an address, computed if it is not kept."""
        if (known := self._kept.get(address)) is not None:
            return known
        answer = Answer.of(make())
        if answer.nbytes > self.most_bytes:
            return answer
        self._kept[address] = answer
        self._nbytes += answer.nbytes
        while self._nbytes > self.most_bytes:
            self._nbytes -= self._kept.popitem(last=False)[1].nbytes
        return answer
