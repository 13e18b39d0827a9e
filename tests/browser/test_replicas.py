"""Two replicas of the server that share a Redis: a lecturer on one, followers on the other."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.board import at
from tests.browser.conftest import run_app
from tests.browser.test_room import follow, open_room, other
from tests.web.conftest import redis_server
from tests.web.redis_server import RedisServer

__all__ = ["other", "redis_server"]  # fixtures of other folders


@pytest.mark.hosting
def test_a_room_spans_two_replicas_and_outlives_the_redis(
    page: Page, other: Page, redis_server: RedisServer, tmp_path: Path
) -> None:
    shared = {"NNVIZ_REDIS_URL": redis_server.url}
    with run_app(tmp_path / "1.txt", **shared) as first, run_app(tmp_path / "2.txt", **shared) as second:
        code = open_room(page, first, "?hidden=8&step=12&phase=3")
        follow(other, second, code)
        at(other, 12, 3)
        expect(page.locator("[data-testid=room_followers]")).to_have_text("1")
        page.locator("[data-testid=poll_open]").click()
        other.locator("[data-testid=vote_1]").click()
        expect(page.locator("[data-testid=poll_answered]")).to_have_text("1 of 1 answered")
        page.locator("[data-testid=poll_reveal]").click()
        expect(other.locator("[data-testid=poll] .right")).to_have_count(1)
        page.locator("[data-testid=poll_end]").click()
        redis_server.restart()
        page.keyboard.press("ArrowRight")
        at(other, 12, 4)
