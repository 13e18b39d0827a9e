import hashlib
import socket
import threading
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnviz.datasets import download, mnist
from nnviz.datasets.download import Fetcher, Published
from nnviz.errors import DatasetError, NotHereError

CONTENT = bytes(range(256)) * 1000
FILE = Published("digits.gz", len(CONTENT), hashlib.sha256(CONTENT).hexdigest())
OTHER = Published("labels.gz", 5, hashlib.sha256(b"seven").hexdigest())
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({})).open  # this machine needs no proxy


class Mirror:
    """A server on this machine whose behaviour a test chooses; it remembers what it was asked."""

    def __init__(self):
        self.files = {FILE.name: CONTENT, OTHER.name: b"seven"}
        self.behaviour = []  # one for each request in turn; then whole()
        self.asked = []  # (name, Range header)
        mirror = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                name, wanted = self.path.strip("/"), self.headers.get("Range")
                mirror.asked.append((name, wanted))
                behave = mirror.behaviour.pop(0) if mirror.behaviour else whole
                behave(self, mirror.files.get(name), wanted)

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


def answer(request, status, body, length=None, **headers):
    request.send_response(status)
    request.send_header("Content-Length", str(len(body) if length is None else length))
    for name, value in headers.items():
        request.send_header(name.replace("_", "-"), value)
    request.end_headers()
    request.wfile.write(body)


def whole(request, content, wanted):
    """As a good server does, with ranges."""
    if content is None:
        answer(request, 404, b"")
    elif wanted:
        start = int(wanted.removeprefix("bytes=").removesuffix("-"))
        answer(request, 206, content[start:], Content_Range=f"bytes {start}-{len(content) - 1}/{len(content)}")
    else:
        answer(request, 200, content)


def cut_off(request, content, wanted):
    """The connection ends in the middle, though the length was announced."""
    start = int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted else 0
    half = content[start : start + len(content) // 3]
    status, headers = (206, {"Content_Range": f"bytes {start}-"}) if wanted else (200, {})
    answer(request, status, half, length=len(content) - start, **headers)
    request.close_connection = True


def without_ranges(request, content, wanted):
    answer(request, 200, content)


def refuses_ranges(request, content, wanted):
    answer(request, 416 if wanted else 200, b"" if wanted else content)


def wrong_range(request, content, wanted):
    answer(request, 206, content, Content_Range=f"bytes 0-{len(content) - 1}/{len(content)}")


def wrong_bytes(request, content, wanted):
    answer(request, 200, bytes(len(content)))


def too_long(request, content, wanted):
    answer(request, 200, content + b"and more")


def claims_less(request, content, wanted):
    answer(request, 200, content, length=len(content) // 2)


def claims_more(request, content, wanted):
    answer(request, 200, content, length=len(content) * 2)
    request.close_connection = True


def no_length(request, content, wanted):
    request.send_response(200)
    request.end_headers()
    request.wfile.write(content)
    request.close_connection = True


def failing(request, content, wanted):
    answer(request, 503, b"busy")


def hangs_up(request, content, wanted):
    request.connection.shutdown(socket.SHUT_RDWR)
    request.close_connection = True


def garbage(request, content, wanted):
    request.wfile.write(b"\x00\xff not HTTP at all\r\n\r\n")
    request.close_connection = True


@pytest.fixture
def mirror():
    running = Mirror()
    yield running
    running.close()


def fetcher(*mirrors, **kwargs):
    return Fetcher([m.url for m in mirrors], open_url=DIRECT, pause=lambda seconds: None, timeout=5, **kwargs)


def only_whole_files(folder):
    """Nothing in the folder has a published name without being the published file."""
    for file in (FILE, OTHER):
        if (folder / file.name).exists():
            assert download.is_whole(folder / file.name, file)
    assert not list(folder.glob(".*"))


class TestFetch:
    def test_all_files_arrive_and_progress_ends_at_the_total(self, mirror, tmp_path):
        seen = []
        fetcher(mirror).fetch(
            [FILE, OTHER], tmp_path / "new" / "folder", lambda done, total: seen.append((done, total))
        )
        assert (tmp_path / "new" / "folder" / FILE.name).read_bytes() == CONTENT
        assert {total for _, total in seen} == {FILE.size + OTHER.size}
        assert [done for done, _ in seen] == sorted(done for done, _ in seen)
        assert seen[-1][0] == FILE.size + OTHER.size

    def test_what_is_there_is_not_fetched_again(self, mirror, tmp_path):
        for _ in range(2):
            fetcher(mirror).fetch([FILE, OTHER], tmp_path)
        assert len(mirror.asked) == 2

    def test_a_damaged_file_is_fetched_again(self, mirror, tmp_path):
        (tmp_path / FILE.name).write_bytes(b"x" * FILE.size)
        fetcher(mirror).fetch([FILE], tmp_path)
        assert (tmp_path / FILE.name).read_bytes() == CONTENT

    @pytest.mark.parametrize(
        "behaviour",
        [
            [cut_off],
            [cut_off, cut_off],
            [cut_off, without_ranges],
            [cut_off, refuses_ranges],
            [cut_off, wrong_range],
            [failing],
            [cut_off, failing],
            [hangs_up],
            [garbage],
            [claims_less],
            [claims_more],
            [no_length],
            [too_long],
        ],
        ids=lambda behaviour: "-".join(b.__name__ for b in behaviour),
    )
    def test_after_trouble_the_file_arrives_whole(self, mirror, tmp_path, behaviour):
        mirror.behaviour = list(behaviour)
        fetcher(mirror).fetch([FILE], tmp_path)
        assert (tmp_path / FILE.name).read_bytes() == CONTENT
        assert not list(tmp_path.glob("*.part"))
        only_whole_files(tmp_path)

    def test_a_broken_off_download_goes_on_where_it_was(self, mirror, tmp_path):
        mirror.behaviour = [cut_off]
        fetcher(mirror).fetch([FILE], tmp_path)
        assert [wanted for _, wanted in mirror.asked] == [None, f"bytes={len(CONTENT) // 3}-"]

    def test_it_also_goes_on_in_another_process(self, mirror, tmp_path):
        (tmp_path / f"{FILE.name}.part").write_bytes(CONTENT[:1000])
        fetcher(mirror).fetch([FILE], tmp_path)
        assert mirror.asked == [(FILE.name, "bytes=1000-")]
        assert (tmp_path / FILE.name).read_bytes() == CONTENT

    def test_a_spoiled_part_is_thrown_away(self, mirror, tmp_path):
        (tmp_path / f"{FILE.name}.part").write_bytes(b"spoiled")
        other = Mirror()
        try:
            fetcher(mirror, other).fetch([FILE], tmp_path)
        finally:
            other.close()
        assert other.asked == [(FILE.name, None)]
        assert (tmp_path / FILE.name).read_bytes() == CONTENT

    @pytest.mark.parametrize("behave", [wrong_bytes, too_long, failing, hangs_up, cut_off])
    def test_the_second_mirror_helps(self, mirror, tmp_path, behave):
        bad = Mirror()
        bad.behaviour = [behave] * 20
        try:
            fetcher(bad, mirror).fetch([FILE], tmp_path)
        finally:
            bad.close()
        assert (tmp_path / FILE.name).read_bytes() == CONTENT

    @pytest.mark.parametrize(
        ("behave", "reason"),
        [
            (wrong_bytes, "its SHA-256 is another one"),
            (too_long, "longer than 256,000 bytes"),
            (failing, "the server answered 503"),
            (hangs_up, "the connection failed"),
            (claims_less, "ended after 128,000 of 256,000 bytes"),
        ],
    )
    def test_in_vain_it_says_why_and_leaves_no_half_file(self, mirror, tmp_path, behave, reason):
        mirror.behaviour = [behave] * 20
        with pytest.raises(DatasetError, match=f"digits.gz: .*{reason}"):
            fetcher(mirror).fetch([FILE], tmp_path)
        assert not (tmp_path / FILE.name).exists()
        only_whole_files(tmp_path)

    def test_a_server_that_drips_is_given_up(self, mirror, tmp_path):
        ticks = iter(range(0, 10**9, 30))  # the clock moves half a minute with every look at it

        def drips(request, content, wanted):
            answer(request, 200, content[:10], length=len(content))

        mirror.behaviour = [drips] * 20
        with pytest.raises(DatasetError, match="the server is too slow: 10 bytes in 30 seconds"):
            fetcher(mirror, clock=lambda: next(ticks)).fetch([FILE], tmp_path)

    def test_a_server_that_says_nothing_is_given_up(self, mirror, tmp_path):
        done = threading.Event()
        mirror.behaviour = [lambda request, content, wanted: done.wait(30)] * 20
        silent = Fetcher([mirror.url], open_url=DIRECT, pause=lambda seconds: None, timeout=0.05)
        try:
            with pytest.raises(DatasetError, match="the connection failed"):
                silent.fetch([FILE], tmp_path)
        finally:
            done.set()

    def test_a_folder_that_cannot_be_written_is_named(self, mirror, tmp_path):
        (tmp_path / "taken").write_text("a file")
        with pytest.raises(DatasetError, match="taken cannot be written"):
            fetcher(mirror).fetch([FILE], tmp_path / "taken")

    def test_two_sessions_at_once_fetch_it_once(self, mirror, tmp_path):
        threads = [threading.Thread(target=fetcher(mirror).fetch, args=([FILE], tmp_path)) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(mirror.asked) == 1

    @settings(max_examples=40, derandomize=True, deadline=None)
    @given(st.lists(st.sampled_from([200, 206, 404, 416, 500]), max_size=4), st.binary(max_size=40), st.integers(0, 40))
    def test_whatever_the_server_sends_nothing_wrong_is_kept(self, tmp_path_factory, statuses, body, have):
        """The seam `open_url` in place of a server: any statuses, any body, any part left over from before."""
        folder = tmp_path_factory.mktemp("fuzz")
        (folder / f"{OTHER.name}.part").write_bytes(b"seven"[:have] + bytes(max(0, have - 5)))
        answers = iter(statuses)

        def open_url(request, timeout):
            status = next(answers, 503)
            if status >= 400:
                raise urllib.error.HTTPError(request.full_url, status, "no", {}, None)
            return FakeResponse(status, body)

        try:
            Fetcher(["http://mirror/"], open_url=open_url, pause=lambda seconds: None).fetch([OTHER], folder)
            assert (folder / OTHER.name).read_bytes() == b"seven"
        except DatasetError:
            assert not (folder / OTHER.name).exists()


class FakeResponse:
    def __init__(self, status, body):
        self.status, self.body, self.headers = status, body, {"Content-Range": "bytes 0-4/5"}

    def read1(self, size):
        some, self.body = self.body[:size], self.body[size:]
        return some

    def __enter__(self):
        return self

    def __exit__(self, *args):
        pass


class TestMnist:
    def test_the_published_files_are_four_at_two_mirrors(self):
        assert len({file.sha256 for file in mnist.FILES}) == 4
        assert len(mnist.MIRRORS) == 2

    def test_without_a_network_it_says_which_files_to_put_where(self, tmp_path):
        def no_network(request, timeout):
            raise urllib.error.URLError("no route to host")

        offline = Fetcher(mnist.MIRRORS, open_url=no_network, pause=lambda seconds: None)
        with pytest.raises(DatasetError) as caught:
            mnist.download(mnist.FAMILIES["mnist"], lambda done, total: None, tmp_path, offline)
        message = str(caught.value)
        for part in ("no route to host", "train-images-idx3-ubyte.gz", "mnist.pkl.gz", str(tmp_path), "NNVIZ_DATA"):
            assert part in message

    def test_a_set_that_nobody_may_fetch_says_where_its_files_go(self, tmp_path):
        with pytest.raises(NotHereError, match="put train-images-idx3-ubyte.gz"):
            mnist.download(mnist.FAMILIES["kmnist"], lambda done, total: None, tmp_path)
