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


def loader(folder: str, module: str) -> str:
    """The JavaScript that loads a component's module from static/, all its parts at once, and passes it on.

    It travels with every message, and is therefore short.
    """
    others = " ".join(sorted(script.stem for script in (STATIC / folder).glob("*.js") if script.name != module))
    return f"""
const at = (name) => new URL("app/static/{folder}/" + name, document.baseURI).href;
for (const name of "{others}".split(" ")) {{
  const link = document.createElement("link");
  document.head.append(Object.assign(link, {{ rel: "modulepreload", href: at(name + ".js") }}));
}}
export default (await import(at("{module}?v={version(folder)}"))).default;
"""


mount = st.components.v2.component("nnviz_board", js=loader("board", "board.js"))
