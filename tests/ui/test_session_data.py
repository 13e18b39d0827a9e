import gc

import pytest

from nnviz.datasets import uploads
from nnviz.datasets.uploads import Options, from_csv
from nnviz.errors import DatasetError
from nnviz.ui.session_data import GRACE, Held, size

FLOWERS = b"petal,species\n1.5,iris\n3.5,rose\n"


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def flowers(standardise=False):
    return from_csv(FLOWERS, "flowers", Options(standardise=standardise))


def test_a_set_is_held_while_its_session_lives():
    held = Held(clock=Clock())
    name = held.put("key", "session", flowers())
    for _ in range(10):
        held.clock.now += GRACE
        held.sweep(lambda session: True)
    assert held.get("key").name == name in uploads.OWN


def test_a_short_disconnection_loses_nothing():
    held = Held(clock=Clock())
    held.put("key", "session", flowers())
    for alive in (False, True, False):
        held.clock.now += GRACE * 0.9
        held.sweep(lambda session, alive=alive: alive)
    assert len(held) == 1


def test_after_the_end_of_its_session_it_is_gone():
    held = Held(clock=Clock())
    name = held.put("key", "ended", flowers())
    held.put("other", "living", flowers(standardise=True))
    held.clock.now += GRACE + 1
    held.sweep(lambda session: session == "living")
    gc.collect()
    assert held.get("key") is None
    assert name not in uploads.OWN
    assert len(held) == 1


def test_a_new_set_takes_the_place_of_the_old_one():
    held = Held()
    first = held.put("key", "session", flowers())
    held.put("key", "session", flowers(standardise=True))
    gc.collect()
    assert first not in uploads.OWN


def test_all_sessions_together_are_bounded():
    held = Held(max_bytes=size(flowers()))
    held.put("key", "session", flowers())
    with pytest.raises(DatasetError, match="all visitors' data together"):
        held.put("other", "session", flowers())
    held.put("key", "session", flowers())  # in place of its own


def test_only_the_key_opens_it():
    held = Held()
    held.put("key", "session", flowers())
    assert held.get("session") is None
    assert held.get(None) is None
