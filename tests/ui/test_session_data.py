import pytest

from nnviz import datasets
from nnviz.datasets.uploads import UPLOADS, Options, from_csv
from nnviz.errors import DatasetError
from nnviz.ui.session_data import GRACE, SessionUploads, size

pytestmark = pytest.mark.usefixtures("no_uploads")
FLOWERS = b"petal,species\n1.5,iris\n3.5,rose\n"


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def flowers(standardise=False):
    return from_csv(FLOWERS, "flowers", Options(standardise=standardise))


def test_a_set_is_held_while_its_session_lives():
    held = SessionUploads(clock=Clock())
    name = held.put("key", "session", flowers())
    for _ in range(10):
        held.clock.now += GRACE
        held.sweep(lambda session: True)
    assert held.get("key").name == name in UPLOADS


def test_a_short_disconnection_loses_nothing():
    held = SessionUploads(clock=Clock())
    held.put("key", "session", flowers())
    for alive in (False, True, False):
        held.clock.now += GRACE * 0.9
        held.sweep(lambda session, alive=alive: alive)
    assert len(held) == 1


def test_after_the_end_of_its_session_it_is_gone():
    held = SessionUploads(clock=Clock())
    name = held.put("key", "ended", flowers())
    held.put("other", "living", flowers(standardise=True))
    held.clock.now += GRACE + 1
    held.sweep(lambda session: session == "living")
    assert held.get("key") is None
    assert name not in UPLOADS
    assert len(held) == 1


def test_a_new_set_takes_the_place_of_the_old_one():
    held = SessionUploads()
    first = held.put("key", "session", flowers())
    held.put("key", "session", flowers(standardise=True))
    assert first not in UPLOADS


def test_all_sessions_together_are_bounded():
    held = SessionUploads(max_bytes=size(flowers()))
    held.put("key", "session", flowers())
    with pytest.raises(DatasetError, match="uploads for all visitors"):
        held.put("other", "session", flowers(standardise=True))
    held.put("key", "session", flowers())  # in place of its own
    held.put("another", "session", flowers())  # the same set is kept once


def test_only_the_key_opens_it():
    held = SessionUploads()
    held.put("key", "session", flowers())
    assert held.get("session") is None
    assert held.get(None) is None


@pytest.mark.parametrize("leaves", ["first", "second"])
def test_two_sessions_with_the_same_file_share_the_set_and_the_one_that_stays_keeps_it(leaves):
    held = SessionUploads(clock=Clock())
    names = {key: held.put(key, key, flowers()) for key in ("first", "second")}
    assert names["first"] == names["second"]
    held.clock.now += GRACE + 1
    assert held.sweep(lambda session: session != leaves)
    name = names["first"]
    assert datasets.get(name).classes == ("iris", "rose")
    assert datasets.title(name) == "flowers"
    held.clock.now += GRACE + 1
    held.sweep(lambda session: False)
    assert datasets.is_gone(name)


def test_the_same_file_uploaded_again_by_its_own_session_stays():
    held = SessionUploads(clock=Clock())
    name = held.put("key", "session", flowers())
    assert held.put("key", "session", flowers()) == name
    assert name in UPLOADS
