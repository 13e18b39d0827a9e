"""A Redis for the tests marked `hosting`; where there is none they fail and say what helps."""

from collections.abc import Iterator

import pytest

from tests.browser.conftest import free_port
from tests.web.redis_server import RedisServer
from tools.redis_server import RedisMissingError, find_redis


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    try:
        command = find_redis()
    except RedisMissingError as error:
        pytest.fail(str(error), pytrace=False)
    server = RedisServer(command, free_port(), tmp_path_factory.mktemp("redis"))
    server.start()
    yield server
    server.stop()
