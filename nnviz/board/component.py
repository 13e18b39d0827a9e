"""The board as a Streamlit component. Its JavaScript is served once from static/board/, not with every message."""

import hashlib
from pathlib import Path

import streamlit as st

STATIC = Path(__file__).parent.parent.parent / "static"


def version(folder: str) -> str:
    """A digest of the scripts in a folder, so that browsers load them anew when they change."""
    digest = hashlib.sha256()
    for script in sorted((STATIC / folder).glob("*.js")):
        digest.update(script.read_bytes())
    return digest.hexdigest()[:12]


def loader(folder: str, module: str, shared: bool = False) -> str:
    """The JavaScript that loads a component's module from static/, all its parts at once, and passes it on.

    A `shared` module is one that others import too: its address must be the one that they use.
    """
    wanted = module if shared else f"{module}?v={version(folder)}"
    others = sorted(script.name for script in (STATIC / folder).glob("*.js") if script.name != module)
    return f"""
const at = (name) => new URL(`app/static/{folder}/${{name}}`, document.baseURI).href;
for (const name of {others}) {{
  document.head.append(Object.assign(document.createElement("link"), {{ rel: "modulepreload", href: at(name) }}));
}}
const {{ default: component }} = await import(at("{wanted}"));
export default component;
"""


settled = st.components.v2.component("nnviz_settled", js=loader("board", "settled.js", shared=True))
mount = st.components.v2.component("nnviz_board", js=loader("board", "board.js"))
