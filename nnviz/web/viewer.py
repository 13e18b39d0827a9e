"""The viewer: one page that hosts the board without Streamlit, at a link or in a lecturer's room.

The page is the same for every link; static/viewer/viewer.js reads the link and asks for the rest by address.
"""

from functools import cache

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from nnviz.board.component import STATIC, version
from nnviz.figures.colours import THEME

TO_ROOT = "../.."  # from nnviz/v1/view
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self' ws: wss:; "
    "img-src 'self' data: blob:; font-src 'self'; base-uri 'none'; form-action 'none'"
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
    folders = STATIC / "board", STATIC / "viewer"
    scripts = [script.relative_to(STATIC) for folder in folders for script in sorted(folder.glob("*.js"))]
    served = f"{TO_ROOT}/app/static"
    preloaded = "\n".join(f'<link rel="modulepreload" href="{served}/{script.as_posix()}">' for script in scripts)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>nnviz</title>
<style>{colours()}</style>
<link rel="stylesheet" href="{served}/viewer/viewer.css">
{preloaded}
</head>
<body data-version="{version("viewer")}">
<noscript>This page needs JavaScript.</noscript>
<script type="module" src="{served}/viewer/viewer.js"></script>
</body>
</html>
"""


def colours() -> str:
    """The theme's colours under the names that Streamlit gives them in a component, light and dark."""
    light, dark = (
        " ".join(f"{name}: {THEME[mode][key]};" for name, key in VARIABLES.items() if key in THEME[mode])
        for mode in ("light", "dark")
    )
    return (
        f":root {{ color-scheme: light dark; --st-font: system-ui, sans-serif; {light} }} "
        f"@media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}"
    )
