"""The board as a Streamlit component. Its JavaScript is served once from static/board/, not with every message."""

import hashlib
from pathlib import Path

from streamlit.components import v2

STATIC = Path(__file__).parent.parent.parent / "static"


def version(folder: str) -> str:
    """A digest of the scripts in a folder."""
    digest = hashlib.sha256()
    for script in sorted((STATIC / folder).glob("*.js")):
        digest.update(script.read_bytes())
    return digest.hexdigest()[:12]


def loader(folder: str) -> str:
    """The JavaScript that loads a component's module, static/FOLDER/FOLDER.js, all its parts at once, and passes it on.

    A browser may keep a part longer than the one that imports it. So one that remembers another version gets all of
    them anew; where it may not remember anything, it decides by itself. The text travels with every message, and is
    therefore short.
    """
    names = " ".join(sorted(script.stem for script in (STATIC / folder).glob("*.js")))
    return f"""
const at = (name) => new URL(`app/static/{folder}/${{name}}.js`, document.baseURI).href;
const names = "{names}".split(" ");
const renew = async (version) => {{
  const known = localStorage.nnviz_{folder};
  if (known && known !== version) await Promise.all(names.map((name) => fetch(at(name), {{ cache: "reload" }})));
  localStorage.nnviz_{folder} = version;
}};
await renew("{version(folder)}").catch(() => {{}});
for (const name of names) {{
  document.head.append(Object.assign(document.createElement("link"), {{ rel: "modulepreload", href: at(name) }}));
}}
export default (await import(at("{folder}"))).default;
"""


mount = v2.component("nnviz_board", js=loader("board"))
