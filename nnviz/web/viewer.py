"""The viewer: one page that hosts the board without Streamlit, at a link or in a lecturer's room.

The page is the same for every link; static/viewer/viewer.js reads the link and asks for the rest by address.
"""

from collections.abc import Iterable
from functools import cache

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from nnviz.board.component import STATIC
from nnviz.figures.colours import THEME
from nnviz.web import scripts

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; connect-src 'self' ws: wss:; "
    "img-src 'self' data: blob:; base-uri 'none'; form-action 'none'"
)
VARIABLES = {
    "--st-primary-color": "primaryColor",
    "--st-link-color": "linkColor",
    "--st-background-color": "backgroundColor",
    "--st-secondary-background-color": "secondaryBackgroundColor",
    "--st-text-color": "textColor",
    "--st-border-color": "borderColor",
}


async def page(_request: Request) -> Response:
    return sent(html())


async def remote(_request: Request) -> Response:
    """The lecturer's phone in the hall."""
    others = ("board/dom.js", "viewer/routes.js")
    return sent(document("nnviz remote", style("lecture/remote.css"), scripts.REMOTE, others))


def sent(page: str) -> Response:
    return HTMLResponse(page, headers={"Content-Security-Policy": POLICY, "Cache-Control": "no-cache"})


@cache
def html() -> str:
    """The page. Its scripts are asked for at once, in place of one after the other as they import each other."""
    return document("nnviz", style("viewer/viewer.css"), scripts.FIRST, scripts.viewer_modules())


def document(title: str, css: str, first: str, others: Iterable[str]) -> str:
    """An HTML page that runs the module `first`, for which others are fetched ahead."""
    served = f"js/{scripts.version()}"
    preloaded = "\n".join(f'<link rel="modulepreload" href="{served}/{place}">' for place in others)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{css}</style>
{preloaded}
</head>
<body data-routes="./">
<noscript>This page needs JavaScript.</noscript>
<script type="module" src="{served}/{first}"></script>
</body>
</html>
"""


@cache
def style(file: str) -> str:
    """How a page looks, with the theme's colours under the names that Streamlit gives them in a component."""
    light, dark = (
        " ".join(f"{name}: {THEME[mode][key]};" for name, key in VARIABLES.items() if key in THEME[mode])
        for mode in ("light", "dark")
    )
    return (
        f":root {{ color-scheme: light dark; --st-font: system-ui, sans-serif; {light} }} "
        f"@media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}\n" + (STATIC / file).read_text(encoding="utf-8")
    )
