"""Answers by address, and whose turn it is to have one computed."""

import asyncio
import gzip
import threading

import pytest

from nnviz.web.answers import Answer, Answers
from nnviz.web.turns import BusyError, Turns
from tests.web.loop import run

TEXT = b"the same letters again and again " * 100


def test_an_answer_is_packed_where_that_pays_and_the_browser_can_read_it() -> None:
    answer = Answer.of(TEXT)
    status, body, headers = answer.sent({"accept-encoding": "gzip, br"})
    assert status == 200
    assert headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(body) == TEXT
    assert answer.sent({})[1] == TEXT
    assert Answer.of(bytes(range(256))).packed is None


def test_a_browser_that_has_the_answer_is_sent_none() -> None:
    answer = Answer.of(TEXT)
    assert answer.sent({"if-none-match": answer.etag})[:2] == (304, b"")
    assert "immutable" in answer.sent({})[2]["Cache-Control"]
    assert Answer.of(TEXT).etag == answer.etag != Answer.of(TEXT[1:]).etag


def test_an_answer_is_computed_once_and_the_oldest_go_first() -> None:
    answers, made = Answers(most_bytes=400), []

    def make(name: str) -> bytes:
        made.append(name)
        return name.encode() * 256  # which hardly takes room once packed

    for name in ("a", "a", "b", "a"):
        answers.made(name, lambda name=name: make(name))
    assert made == ["a", "b", "a"]
    assert answers.get("b") is None


def test_addresses_take_turns() -> None:
    done: list[str] = []
    begin = threading.Event()

    async def asked() -> None:
        turns = Turns(100, 100)
        first = asyncio.ensure_future(turns.run("x", begin.wait))
        await asyncio.sleep(0)
        many = [turns.run("greedy", lambda n=n: done.append(f"greedy {n}")) for n in range(5)]
        waiting = [asyncio.ensure_future(work) for work in many]
        await asyncio.sleep(0)
        waiting.append(asyncio.ensure_future(turns.run("lecturer", lambda: done.append("lecturer"))))
        await asyncio.sleep(0)
        begin.set()
        await asyncio.gather(first, *waiting)

    run(asked())
    assert done == ["greedy 0", "lecturer", *(f"greedy {n}" for n in range(1, 5))]


def test_who_asks_too_much_is_turned_away_and_others_are_not() -> None:
    begin = threading.Event()

    async def asked() -> None:
        turns = Turns(most=3, most_each=2)
        works = [asyncio.ensure_future(turns.run("x", begin.wait)) for _ in range(3)]
        await asyncio.sleep(0)
        with pytest.raises(BusyError):
            await turns.run("x", begin.wait)
        works.append(asyncio.ensure_future(turns.run("y", begin.wait)))
        await asyncio.sleep(0)
        with pytest.raises(BusyError):
            await turns.run("z", begin.wait)
        begin.set()
        assert await asyncio.gather(*works) == [True] * 4
        assert await turns.run("x", begin.wait)

    run(asked())


def test_whoever_leaves_the_queue_holds_up_nobody() -> None:
    begin = threading.Event()

    async def asked() -> None:
        turns = Turns(10, 10)
        first = asyncio.ensure_future(turns.run("x", begin.wait))
        await asyncio.sleep(0)
        leaves = asyncio.ensure_future(turns.run("y", begin.wait))
        stays = asyncio.ensure_future(turns.run("z", begin.wait))
        await asyncio.sleep(0)
        leaves.cancel()
        begin.set()
        assert await asyncio.gather(first, stays) == [True, True]
        assert await turns.run("y", begin.wait)

    run(asked())


def test_work_that_fails_passes_the_turn_on() -> None:
    async def asked() -> None:
        turns = Turns(10, 10)
        with pytest.raises(ZeroDivisionError):
            await turns.run("x", lambda: 1 / 0)
        assert await turns.run("x", lambda: 7) == 7

    run(asked())
