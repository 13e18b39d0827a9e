"""The viewer: one page that hosts the board without Streamlit, at a link or in a lecturer's room.

The page is the same for every link; static/viewer/viewer.js reads the link and asks for the rest by address.
"""

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
    return HTMLResponse(html(), headers={"Content-Security-Policy": POLICY, "Cache-Control": "no-cache"})


@cache
def html() -> str:
    """The page. Its scripts are asked for at once, in place of one after the other as they import each other."""
    served = f"js/{scripts.version()}"
    preloaded = "\n".join(f'<link rel="modulepreload" href="{served}/{place}">' for place in scripts.modules())
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>nnviz</title>
<style>{style()}</style>
{preloaded}
</head>
<body>
<noscript>This page needs JavaScript.</noscript>
<script type="module" src="{served}/{scripts.FIRST}"></script>
</body>
</html>
"""


@cache
def style() -> str:
    """How the page looks, with the theme's colours under the names that Streamlit gives them in a component."""
    light, dark = (
        " ".join(f"{name}: {THEME[mode][key]};" for name, key in VARIABLES.items() if key in THEME[mode])
        for mode in ("light", "dark")
    )
    return (
        f":root {{ color-scheme: light dark; --st-font: system-ui, sans-serif; {light} }} "
        f"@media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}\n"
        + (STATIC / "viewer" / "viewer.css").read_text(encoding="utf-8")
    )
