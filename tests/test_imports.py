"""Who may import whom: pages -> ui -> (board, figures) -> core -> NumPy. docs/architecture.md says why."""

import ast
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Room:
    files: tuple[str, ...]  # glob patterns from the root of the project
    rooms: frozenset[str]  # the rooms it may import from
    packages: frozenset[str] = frozenset()  # and the packages, besides the standard library


ROOMS = {
    "core": Room(("nnviz/*.py", "nnviz/datasets/*.py"), frozenset({"core"}), frozenset({"numpy"})),
    "figures": Room(("nnviz/figures/*.py",), frozenset({"core", "figures"}), frozenset({"numpy", "pandas", "plotly"})),
    "board": Room(("nnviz/board/*.py",), frozenset({"core", "board"}), frozenset({"numpy", "streamlit"})),
    "ui": Room(
        ("nnviz/ui/*.py",),
        frozenset({"core", "figures", "board", "ui"}),
        frozenset({"numpy", "pandas", "streamlit", "PIL"}),  # Pillow comes with Streamlit
    ),
    "pages": Room(("app.py", "pages/*.py"), frozenset({"core", "figures", "ui"}), frozenset({"streamlit"})),
}
WITHOUT_STREAMLIT = [path for path in (ROOT / "nnviz" / "board").glob("*.py") if path.name != "component.py"]


def files_of(room):
    return sorted(path for pattern in ROOMS[room].files for path in ROOT.glob(pattern))


EVERY_FILE = [(room, path) for room in ROOMS for path in files_of(room)]


def room_of(module):
    """The room of a module such as `nnviz.ui.frame`."""
    part = module.split(".")[1] if "." in module else ""
    return part if part in ROOMS else "core"


def imported(source):
    """Every module that a source text imports, wherever in it; `from nnviz import ui` counts as nnviz.ui."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are written in full"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def violations(source, room):
    """What a file of this room imports and may not."""
    rules = ROOMS[room]
    for module in imported(source):
        package = module.split(".")[0]
        if package == "nnviz":
            if room_of(module) not in rules.rooms:
                yield module
        elif package not in sys.stdlib_module_names and package not in rules.packages:
            yield module


@pytest.mark.parametrize(("room", "path"), EVERY_FILE, ids=[str(path.relative_to(ROOT)) for _, path in EVERY_FILE])
def test_a_file_imports_from_its_own_room_and_those_below(room, path):
    assert list(violations(path.read_text(encoding="utf-8"), room)) == []


def test_every_python_file_of_the_app_is_in_exactly_one_room():
    in_rooms = [path for room in ROOMS for path in files_of(room)]
    app = {ROOT / "app.py", *(ROOT / "nnviz").rglob("*.py"), *(ROOT / "pages").rglob("*.py")}
    assert set(in_rooms) == app
    assert len(in_rooms) == len(app)


@pytest.mark.parametrize("path", WITHOUT_STREAMLIT, ids=[path.name for path in WITHOUT_STREAMLIT])
def test_only_the_component_of_the_board_knows_streamlit(path):
    assert not any(module.startswith("streamlit") for module in imported(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("source", "room", "wrong"),
    [
        ("import streamlit as st", "core", ["streamlit"]),
        ("def f():\n    import pandas.api", "core", ["pandas.api"]),
        ("from nnviz.ui import state", "core", ["nnviz.ui.state"]),
        ("from nnviz import figures", "core", ["nnviz.figures"]),
        ("from nnviz.ui.state import get", "figures", ["nnviz.ui.state.get"]),
        ("from nnviz.figures import colours", "board", ["nnviz.figures.colours"]),
        ("import plotly.graph_objects as go", "pages", ["plotly.graph_objects"]),
        ("import math, numpy.lib\nfrom nnviz import Network", "core", []),
        ("from nnviz.ui import frame\nfrom nnviz.figures import heatmap", "pages", []),
    ],
)
def test_an_arrow_in_the_wrong_direction_is_noticed(source, room, wrong):
    assert list(violations(source, room)) == wrong


def test_the_core_runs_where_only_numpy_is_there():
    modules = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in files_of("core")]
    program = (
        "import importlib, sys\n"
        f"for name in {[name.removesuffix('.__init__') for name in modules]}: importlib.import_module(name)\n"
        "print(*sorted({name.split('.')[0] for name in sys.modules}))"
    )
    fresh = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(fresh.stdout.split())
    assert {"nnviz", "numpy"} <= loaded
    assert not loaded & {"streamlit", "pandas", "plotly", "sklearn", "scipy", "torch"}
