"""An address as a QR picture, for the room and for sharing."""

import io

import segno
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

LONGEST = 600  # letters; more makes cells that a phone cannot read from a projector


def svg(text: str) -> bytes:
    """The QR picture of a text, black on white, with its quiet margin, as SVG."""
    out = io.BytesIO()
    segno.make(text, micro=False).save(
        out, kind="svg", border=3, light="#fff", dark="#000", xmldecl=False, omitsize=True
    )
    return out.getvalue()


async def picture(request: Request) -> Response:
    text = request.query_params.get("text", "")
    if not 0 < len(text) <= LONGEST:
        told = {"error": f"text must be 1 to {LONGEST} letters, got {len(text)}"}
        return JSONResponse(told, 400)
    return Response(svg(text), media_type="image/svg+xml", headers={"Cache-Control": "public, max-age=3600"})
