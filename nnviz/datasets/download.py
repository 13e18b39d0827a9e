"""Fetching published files: resumed where they broke off, checked by SHA-256, never left half written.

What has arrived of a file waits in `<name>.part`. Only when all of it is there and has the right digest is it written
under its own name, in one step, so that a file of that name is always whole.
"""

import hashlib
import http.client
import os
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from nnviz.errors import DatasetError

TIMEOUT = 15.0  # seconds without a byte
SLOWEST = 2_000  # bytes a second, over one attempt
PATIENCE = 20.0  # seconds before that is looked at
ATTEMPTS = 4  # at each mirror; one that brings nothing at all counts as two
CHUNK = 64 * 1024
BROKEN = (OSError, http.client.HTTPException, ValueError)  # a URLError and a timeout are OSErrors

Progress = Callable[[int, int], None]  # (bytes so far, bytes in all)


@dataclass(frozen=True)
class Published:
    """A file as its authors published it."""

    name: str
    size: int  # bytes
    sha256: str


class NotWholeError(Exception):
    """An attempt ended before the file was whole; the message says how."""


class Fetcher:
    """Fetches published files from mirrors into a folder. The clock and the opener are arguments, for the tests."""

    def __init__(
        self,
        mirrors: Sequence[str],
        *,
        open_url: Callable = urllib.request.urlopen,
        clock: Callable[[], float] = time.monotonic,
        pause: Callable[[float], None] = time.sleep,
        timeout: float = TIMEOUT,
    ) -> None:
        self.mirrors = mirrors
        self.open_url, self.clock, self.pause, self.timeout = open_url, clock, pause, timeout

    def fetch(self, files: Sequence[Published], folder: Path, progress: Progress = lambda done, total: None) -> None:
        """Bring all `files` into `folder`; the ones that are there already stay. Raises DatasetError."""
        total = sum(file.size for file in files)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with LOCK:
                done = 0
                for file in files:
                    if not is_whole(folder / file.name, file):
                        before = done
                        self._fetch(file, folder, lambda size, before=before: progress(before + size, total))
                    done += file.size
                    progress(done, total)
        except OSError as problem:
            raise DatasetError(f"the folder {folder} cannot be written: {problem.strerror or problem}") from None

    def _fetch(self, file: Published, folder: Path, progress: Callable[[int], None]) -> None:
        part = folder / f"{file.name}.part"
        reasons: list[str] = []
        for mirror in self.mirrors:
            tried = 0
            while tried < ATTEMPTS:
                self.pause(0.5 * tried)
                before = size_of(part)
                try:
                    content = self._attempt(mirror + file.name, file, part, progress)
                except NotWholeError as problem:
                    reasons.append(str(problem))
                    tried += 1 if size_of(part) > before else 2
                    continue
                if hashlib.sha256(content).hexdigest() == file.sha256:
                    put_in_place(content, folder / file.name)
                    part.unlink(missing_ok=True)
                    return
                part.unlink(missing_ok=True)
                reasons.append("its SHA-256 is another one: it is not the published file")
                break  # the same mirror would send the same again
        raise DatasetError(f"{file.name}: {reasons[-1]}")

    def _attempt(self, url: str, file: Published, part: Path, progress: Callable[[int], None]) -> bytes:
        """The content once it has the published size; a NotWholeError where the attempt broke off before."""
        have = size_of(part)
        if have > file.size:
            part.unlink()
            have = 0
        if have < file.size:
            headers = {"User-Agent": "nnviz"} | ({"Range": f"bytes={have}-"} if have else {})
            try:
                with self.open_url(urllib.request.Request(url, headers=headers), timeout=self.timeout) as response:
                    if response.status not in (200, 206):
                        raise NotWholeError(f"the server answered {response.status}")
                    resumed = response.status == 206 and starts_at(response.headers.get("Content-Range"), have)
                    if response.status == 206 and not resumed:
                        part.unlink(missing_ok=True)
                        raise NotWholeError("the server sent another part of the file than was asked for")
                    have = self._copy(response, part, have if resumed else 0, file.size, progress)
            except urllib.error.HTTPError as problem:
                problem.close()
                if have:
                    part.unlink(missing_ok=True)  # the server may not know ranges
                raise NotWholeError(f"the server answered {problem.code}") from None
            except BROKEN as problem:
                raise NotWholeError(f"the connection failed ({cause_of(problem)})") from None
        if have < file.size:
            raise NotWholeError(f"the connection ended after {have:,} of {file.size:,} bytes")
        return part.read_bytes()

    def _copy(
        self, response: http.client.HTTPResponse, part: Path, have: int, size: int, progress: Callable[[int], None]
    ) -> int:
        """Append what arrives to `part`, at most up to one byte past `size`; how much there is then."""
        started, first = self.clock(), have
        with part.open("r+b" if have else "wb") as out:
            out.seek(have)
            while have <= size and (chunk := response.read1(min(CHUNK, size + 1 - have))):
                out.write(chunk)
                have += len(chunk)
                progress(min(have, size))
                seconds = self.clock() - started
                if seconds > PATIENCE and have - first < SLOWEST * seconds and have < size:
                    raise NotWholeError(f"the server is too slow: {have - first:,} bytes in {seconds:.0f} seconds")
        if have > size:
            part.unlink()
            raise NotWholeError(f"it is longer than {size:,} bytes: it is not the published file")
        return have


LOCK = threading.Lock()  # one download at a time in a process


def cause_of(problem: Exception) -> str:
    """Why a connection failed, in the words of the system where it has some."""
    reason = getattr(problem, "reason", None) or problem
    return getattr(reason, "strerror", None) or str(reason) or type(reason).__name__


def size_of(part: Path) -> int:
    """How many bytes have arrived already."""
    return part.stat().st_size if part.exists() else 0


def starts_at(content_range: str | None, start: int) -> bool:
    return (content_range or "").startswith(f"bytes {start}-")


def is_whole(path: Path, file: Published) -> bool:
    """Whether the file is there, with its published digest."""
    try:
        return path.stat().st_size == file.size and hashlib.sha256(path.read_bytes()).hexdigest() == file.sha256
    except OSError:
        return False


def put_in_place(content: bytes, target: Path) -> None:
    """Write a file in one step: it has its name only once it is whole and on the disk."""
    handle, temporary = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
