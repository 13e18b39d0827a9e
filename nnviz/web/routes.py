"""The routes beside Streamlit's, under nnviz/v1/. docs/architecture.md says what each of them answers."""

import asyncio
import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import TypeVar
from urllib.parse import urlencode

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute

from nnviz.errors import FieldError, NnvizError, NotHereError, shortened
from nnviz.lecture.lecture import MOST_BYTES, read
from nnviz.web import file, lectures, limits, moments, qr, room_routes, scripts, viewer
from nnviz.web.answers import Answer, Answers
from nnviz.web.headers import SafeHeaders
from nnviz.web.turns import BusyError, Turns

T = TypeVar("T")
TYPES = {
    "frames": "application/octet-stream",
    "lessons": "application/json",
    "explain": "application/json",
    "qr": "image/svg+xml",
}
TURNS = Turns(limits.WAITING, limits.WAITING_EACH)
ANSWERS = Answers(limits.ANSWERS_BYTES)
ASKED: dict[str, asyncio.Future[Answer | Response]] = {}  # what is being computed, by address
LONGEST_QUERY = 4_000  # letters


def routes() -> list[Route | WebSocketRoute]:
    """All of them, under the base path of the server."""
    base = "/" + "/".join(part for part in (st.get_option("server.baseUrlPath").strip("/"), "nnviz/v1") if part)
    moment_routes = [
        Route(f"{base}/{name}", partial(answered, name=name, make=make)) for name, make in moments.ANSWERS.items()
    ]
    return [
        *moment_routes,
        Route(f"{base}/lectures", lecture_from_file, methods=["POST"]),
        Route(f"{base}/lectures/{{name}}/file", lecture_as_file),
        Route(f"{base}/handout", handout, methods=["POST"]),
        Route(f"{base}/lectures/{{name}}", lecture_by_name),
        Route(f"{base}/file", as_file),
        Route(f"{base}/view", viewer.page),
        Route(f"{base}/remote", viewer.remote),
        Route(f"{base}/js/{{version}}/{{place:path}}", scripts.module),
        Route(f"{base}/qr", partial(answered, name="qr", make=qr.picture)),
        Route(f"{base}/rooms/{{code}}", room_routes.ask, methods=["GET", "POST"]),
        WebSocketRoute(f"{base}/rooms/open", room_routes.lead),
        WebSocketRoute(f"{base}/rooms/{{code}}", room_routes.follow),
    ]


def middleware() -> list[Middleware]:
    return [Middleware(SafeHeaders)]


async def answered(request: Request, name: str, make: Callable[[Mapping[str, str]], bytes]) -> Response:
    """What `make` computes of the query, in its turn, or from what is kept."""
    params = dict(request.query_params)
    address = f"{name}?{urlencode(sorted(params.items()))}"
    if len(address) > LONGEST_QUERY:
        return refused(400, FieldError("the address", f"{len(address)} letters", f"at most {LONGEST_QUERY} letters"))
    answer = ANSWERS.get(address) or await asked_once(request, address, lambda: make(params))
    if isinstance(answer, Response):
        return answer
    status, body, headers = answer.sent(request.headers)
    return Response(body, status, headers, TYPES[name])


async def asked_once(request: Request, address: str, make: Callable[[], bytes]) -> Answer | Response:
    """The answer to a question that others may be asking just now, too: it waits for its turn once."""
    if (asking := ASKED.get(address)) is None:
        work = computed(request, lambda: ANSWERS.made(address, make))
        asking = ASKED[address] = asyncio.ensure_future(work)
        asking.add_done_callback(lambda _: ASKED.pop(address))
    return await asyncio.shield(asking)  # whoever leaves does not end it for the others


async def as_file(request: Request) -> Response:
    """The moment of a link as one HTML file, to be kept."""
    params = dict(request.query_params)
    if len(request.url.query) > LONGEST_QUERY:
        return refused(400, FieldError("the address", f"{len(request.url.query)} letters", f"at most {LONGEST_QUERY}"))
    made = await computed(request, lambda: file.moment_file(params, file.app_address(request)))
    number = int(params.get("step", "0")) + 1 if isinstance(made, bytes) else 0
    return to_be_kept(made, f"nnviz-mini-batch-{number}.html")


async def lecture_by_name(request: Request) -> Response:
    """A lecture that ships, for the viewer."""
    name = request.path_params["name"]
    return as_lecture(await computed(request, lambda: lectures.by_name(name)))


async def lecture_from_file(request: Request) -> Response:
    """The lecture in a file, for the viewer."""
    source = await sent_lecture(request)
    if isinstance(source, Response):
        return source
    return as_lecture(await computed(request, lambda: lectures.from_file(source)))


async def sent_lecture(request: Request) -> str | Response:
    """The lecture file that was sent; or the answer that says that it is too large."""
    body = await room_routes.body_of(request, MOST_BYTES)
    if len(body) > MOST_BYTES:
        return refused(400, FieldError("the file", "more", f"at most {MOST_BYTES:,} bytes"))
    return body.decode("utf-8", "replace")


async def lecture_as_file(request: Request) -> Response:
    """A lecture that ships, as one HTML file to hand out."""
    name = request.path_params["name"]
    app = file.app_address(request)
    return to_be_kept(
        await computed(request, lambda: file.lecture_file(lectures.named(name), app)), f"nnviz-{name}.html"
    )


async def handout(request: Request) -> Response:
    """The lecture in a file, as one HTML file to hand out."""
    source = await sent_lecture(request)
    if isinstance(source, Response):
        return source
    app = file.app_address(request)
    made = await computed(request, lambda: file.lecture_file(read(source), app))
    return to_be_kept(made, "nnviz-lecture.html")


def to_be_kept(made: bytes | Response, name: str) -> Response:
    """An HTML file that the browser saves under this name."""
    if isinstance(made, Response):
        return made
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(made, headers=headers, media_type="text/html")


def as_lecture(made: bytes | Response) -> Response:
    if isinstance(made, Response):
        return made
    return Response(made, headers={"Cache-Control": "no-cache"}, media_type="application/json")


async def computed(request: Request, work: Callable[[], T]) -> T | Response:
    """What `work` returns, in the turn of whoever asks; or the answer that says why it does not."""
    address = request.client.host if request.client else ""
    try:
        return await TURNS.run(address, work)
    except (BusyError, moments.TooMuchError) as error:
        return busy(error)
    except NotHereError as error:
        return refused(404, error)
    except NnvizError as error:
        return refused(400, error)


def refused(status: int, error: NnvizError) -> Response:
    """Which field, which value, and what is accepted."""
    told = {"error": str(error)}
    if isinstance(error, FieldError):
        told |= {"field": error.field, "value": shortened(error.value), "accepted": error.accepted}
    return JSONResponse(told, status, {"Cache-Control": "no-store"})


def busy(error: Exception) -> Response:
    """Not now. What takes too long to compute does not get shorter by asking again; the queue does."""
    too_long = isinstance(error, moments.TooMuchError)
    why = "this mini-batch takes too long to compute here" if too_long else "too many questions wait"
    headers = {"Retry-After": str(limits.RETRY_AFTER), "Cache-Control": "no-store", "Content-Type": "application/json"}
    return Response(json.dumps({"error": why, "tooLong": too_long}), 503, headers)
