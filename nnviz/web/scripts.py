"""The viewer's JavaScript without its comments, which are a third of it; each module at an address of its version."""

import hashlib
import re
from functools import cache
from pathlib import Path

from rjsmin import jsmin
from starlette.requests import Request
from starlette.responses import Response

from nnviz.board.component import STATIC
from nnviz.web.answers import Answer

PACKAGE = Path(__file__).parents[1]
FOLDERS = ("board", "viewer", "lecture", "room")
FIRST = "viewer/viewer.js"
REMOTE = "lecture/remote.js"
IMPORT = re.compile(r'(from|import)"(\.{1,2})/([\w/]+\.js)"')


@cache
def modules() -> dict[str, str]:
    """The source of each module by its place, such as `board/board.js`."""
    paths = [path for folder in FOLDERS for path in sorted((STATIC / folder).glob("*.js"))]
    return {path.relative_to(STATIC).as_posix(): str(jsmin(path.read_text(encoding="utf-8"))) for path in paths}


def viewer_modules() -> list[str]:
    """Those that every viewer needs; a lecture's room comes later."""
    return [place for place in modules() if not place.startswith("room/") and place != REMOTE]


@cache
def version() -> str:
    """A digest of all of them and of nnviz itself, whose words and numbers the scripts show."""
    sources = [path.read_bytes() for path in sorted(PACKAGE.rglob("*.py"))]
    return hashlib.sha256("".join(modules().values()).encode() + b"".join(sources)).hexdigest()[:12]


@cache
def answers() -> dict[str, Answer]:
    return {place: Answer.of(source.encode()) for place, source in modules().items()}


async def module(request: Request) -> Response:
    """One module. Of another version there is none: the page that asks for it is an old one."""
    answer = answers().get(request.path_params["place"])
    if answer is None or request.path_params["version"] != version():
        return Response("there is no such script", 404)
    status, body, headers = answer.sent(request.headers)
    return Response(body, status, headers, "text/javascript")


def with_names(place: str) -> str:
    """A module that imports others by name (`nnviz/board/dom.js`) and not by place, for a page that is one file."""
    folder = place.split("/")[0]

    def named(found: re.Match[str]) -> str:
        word, dots, name = found.groups()
        return f'{word}"nnviz/{name if dots == ".." else f"{folder}/{name}"}"'

    return IMPORT.sub(named, modules()[place])
