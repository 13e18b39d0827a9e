"""A moment as one HTML file: it opens from a disk, goes through all phases of a few mini-batches, and asks nobody."""

import base64
import json
import time
from collections.abc import Mapping
from html import escape

from starlette.requests import Request

from nnviz.errors import FieldError
from nnviz.lecture.lecture import Lecture
from nnviz.lecture.places import places
from nnviz.lesson.place import Place, place
from nnviz.web import lectures, limits, moments, scripts, viewer

BESIDE = 2  # mini-batches before and after the one shown
POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' blob:; style-src 'unsafe-inline'; img-src data: blob:; "
    "base-uri 'none'; form-action 'none'"
)
START = """
const imports = {};
for (const { dataset, textContent } of document.querySelectorAll("[data-module]")) {
  const script = new Blob([textContent], { type: "text/javascript" });
  imports["nnviz/" + dataset.module] = URL.createObjectURL(script);
}
const map = Object.assign(document.createElement("script"), { type: "importmap" });
map.textContent = JSON.stringify({ imports });
document.head.append(map);
import("nnviz/FIRST");
""".replace("FIRST", scripts.FIRST)


def moment_file(params: Mapping[str, str], app: str) -> bytes:
    """The file of a link. `app`: the address of the app, to which it leads back. Errors as of `moments.frames`."""
    return page(inside(params), title_of(params), app)


def page(known: dict[str, object], title: str, app: str) -> bytes:
    """The file that knows this."""
    kept = json.dumps(known).replace("</", r"<\/")
    sources = "\n".join(
        f'<script type="text/plain" data-module="{place}">{scripts.with_names(place)}</script>'
        for place in scripts.viewer_modules()
    )
    title = escape(f"nnviz: {title}")
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{viewer.style("viewer/viewer.css")}</style>
</head>
<body data-app="{escape(app)}">
<script type="application/json" id="nnviz-inside">{kept}</script>
{sources}
<script>{START}</script>
</body>
</html>
""".encode()


def inside(params: Mapping[str, str]) -> dict[str, object]:
    """What the file of a moment knows: some mini-batches as a message, and the pinned number explained at each."""
    at = place(params)
    first = max(at.position.step - BESIDE, 0)
    steps = range(first, min(at.position.step + BESIDE + 1, at.steps))
    message = moments.opening(at, steps)
    explained = {}
    if at.look.cell is not None:
        for step in steps:
            told = moments.explain({**params, "step": str(step)})
            explained[f"{step} {at.look.cell} {params.get('example', '')}"] = json.loads(told)
    return {"open": [in_base64(message)], "places": {}, "explained": explained, "lecture": None}


def lecture_file(lecture: Lecture, app: str) -> bytes:
    """A lecture as one HTML file, with the mini-batches of its beats. Errors as of `moments.frames`."""
    return page(inside_lecture(lecture), lecture.title, app)


def inside_lecture(lecture: Lecture) -> dict[str, object]:
    """What the file of a lecture knows: a message for each of its runs, its beats, their pinned numbers explained."""
    runs: dict[str, list[Place]] = {}
    for at in places(lecture):
        runs.setdefault(moments.start_of(at), []).append(at)
    messages, found, explained = [], {}, {}
    began, left = time.monotonic(), limits.HANDOUT_BYTES
    for beats in runs.values():
        if left <= 0 or time.monotonic() - began > limits.HANDOUT:
            raise FieldError("the lecture", f"{len(lecture.beats)} beats", "small enough to be one file: fewer runs")
        steps = sorted({at.position.step for at in beats})
        found |= {at.link: len(messages) for at in beats}
        message = moments.opening(beats[0], steps, left)
        left -= len(message)
        messages.append(in_base64(message))
        for at in beats:
            if at.look.cell:
                key = f"{at.position.step} {at.look.cell} {at.params.get('example', '')}"
                explained[key] = json.loads(moments.explain(at.params))
    told = lectures.played(lecture)
    for beat in told["beats"]:
        beat["notes"] = ""  # which are the lecturer's
    return {"open": messages, "places": found, "explained": explained, "lecture": told}


def in_base64(message: bytes) -> str:
    return base64.b64encode(message).decode()


def title_of(params: Mapping[str, str]) -> str:
    """What the file shows, in words."""
    at = place(params)
    return f"{at.leader.summary()}, mini-batch {at.position.step + 1}"


def app_address(request: Request) -> str:
    """The app's own address, as the visitor's browser knows it."""
    return str(request.url.replace(path=request.url.path.rsplit("/nnviz/v1/", 1)[0] + "/", query="", fragment=""))
