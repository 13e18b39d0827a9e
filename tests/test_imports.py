"""Who may import whom: each wing only what stands below it. docs/architecture.md says why."""

import ast
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Wing:
    """A part of the app with a wall around it."""

    files: tuple[str, ...]  # glob patterns from the root of the project
    below: frozenset[str]  # the wings that it may import from, besides itself
    packages: frozenset[str] = frozenset()  # and the packages, besides the standard library


NUMPY = frozenset({"numpy"})
BASE = frozenset({"arrays", "errors", "number_text"})
CORE = BASE | {"untrusted", "model", "datasets", "run", "lesson", "files"}

WINGS = {
    "arrays": Wing(("nnviz/arrays.py",), frozenset(), NUMPY),
    "errors": Wing(("nnviz/errors.py",), frozenset()),
    "number_text": Wing(("nnviz/number_text.py",), frozenset()),
    "untrusted": Wing(("nnviz/untrusted.py",), BASE, NUMPY),
    "model": Wing(("nnviz/model/*.py",), BASE, NUMPY),
    "nnviz": Wing(("nnviz/__init__.py",), frozenset({"model"})),
    "datasets": Wing(("nnviz/datasets/*.py",), BASE | {"untrusted"}, NUMPY),
    "run": Wing(("nnviz/run/*.py",), BASE | {"model", "datasets"}, NUMPY),
    "lesson": Wing(("nnviz/lesson/*.py",), BASE | {"model", "datasets", "run"}, NUMPY),
    "files": Wing(("nnviz/files/*.py",), BASE | {"untrusted", "model", "datasets", "run"}, NUMPY),
    "lecture": Wing(("nnviz/lecture/*.py",), BASE | {"model", "datasets", "run", "lesson"}),
    "command": Wing(("nnviz/__main__.py",), CORE | {"lecture"}),
    "figures": Wing(("nnviz/figures/*.py",), CORE, frozenset({"numpy", "pandas", "plotly"})),
    "board": Wing(("nnviz/board/*.py",), CORE, frozenset({"numpy", "streamlit"})),
    "ui": Wing(
        ("nnviz/ui/**/*.py",),
        CORE | {"nnviz", "lecture", "figures", "board"},
        frozenset({"numpy", "pandas", "streamlit", "PIL"}),  # Pillow comes with Streamlit
    ),
    "web": Wing(
        ("nnviz/web/*.py",),
        CORE | {"lecture", "figures", "board"},
        # Starlette comes with Streamlit.
        frozenset({"latex2mathml", "redis", "rjsmin", "segno", "starlette", "streamlit"}),
    ),
    "pages": Wing(("app.py", "pages/*.py"), CORE | {"figures", "ui", "web"}, frozenset({"streamlit"})),
}
WITHOUT_STREAMLIT = [path for path in (ROOT / "nnviz" / "board").glob("*.py") if path.name != "component.py"]


def files_of(wing):
    return sorted({path for pattern in WINGS[wing].files for path in ROOT.glob(pattern)})


def wing_of(module):
    """The wing of a module such as `nnviz.ui.page`."""
    part = module.split(".")[1] if "." in module else "nnviz"
    return part if part in WINGS else "nnviz"


def imported(source):
    """Every module that a source text imports, wherever in it; `from nnviz import ui` counts as nnviz.ui."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are written in full"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def violations(source, wing):
    """What a file of this wing imports and may not."""
    rules = WINGS[wing]
    for module in imported(source):
        package = module.split(".")[0]
        if package == "nnviz":
            if wing_of(module) not in rules.below | {wing}:
                yield module
        elif package not in sys.stdlib_module_names and package not in rules.packages:
            yield module


@pytest.mark.parametrize("wing", WINGS)
def test_a_file_imports_from_its_own_wing_and_those_below(wing):
    wrong = {str(path.relative_to(ROOT)): list(violations(path.read_text("utf-8"), wing)) for path in files_of(wing)}
    assert {path: modules for path, modules in wrong.items() if modules} == {}


def test_every_python_file_of_the_app_is_in_exactly_one_wing():
    in_wings = [path for wing in WINGS for path in files_of(wing)]
    app = {ROOT / "app.py", *(ROOT / "nnviz").rglob("*.py"), *(ROOT / "pages").rglob("*.py")}
    assert set(in_wings) == app
    assert len(in_wings) == len(app)


def test_the_wings_stand_in_an_order_in_which_none_imports_a_later_one():
    """So that there is no circle of wings."""
    order = list(WINGS)
    assert all(order.index(other) < order.index(wing) for wing, rules in WINGS.items() for other in rules.below)


def modules_in(source):
    """The modules of nnviz that a source text imports from."""
    for module in imported(source):
        names = module.split(".")
        paths = [ROOT.joinpath(*names[:n]) for n in (len(names), len(names) - 1)]
        yield from (path.with_suffix(".py") for path in paths[:2] if path.with_suffix(".py").exists())


def test_no_two_files_import_each_other_around_a_circle():
    graph = {path: set(modules_in(path.read_text("utf-8"))) for wing in WINGS for path in files_of(wing)}
    while leaves := [path for path, needs in graph.items() if not needs & graph.keys()]:
        for path in leaves:
            del graph[path]
    assert [str(path.relative_to(ROOT)) for path in graph] == []


@pytest.mark.parametrize("path", WITHOUT_STREAMLIT, ids=[path.name for path in WITHOUT_STREAMLIT])
def test_only_the_component_of_the_board_knows_streamlit(path):
    assert not any(module.startswith("streamlit") for module in imported(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("source", "wing", "wrong"),
    [
        ("import streamlit as st", "model", ["streamlit"]),
        ("def f():\n    import pandas.api", "run", ["pandas.api"]),
        ("from nnviz.ui import state", "lesson", ["nnviz.ui.state"]),
        ("from nnviz import figures", "files", ["nnviz.figures"]),
        ("from nnviz.lesson import cells", "run", ["nnviz.lesson.cells"]),
        ("from nnviz.ui.state import get", "figures", ["nnviz.ui.state.get"]),
        ("from nnviz.figures import colours", "board", ["nnviz.figures.colours"]),
        ("import plotly.graph_objects as go", "pages", ["plotly.graph_objects"]),
        ("import math, numpy.lib\nfrom nnviz.model.network import Network", "run", []),
        ("from nnviz.ui import page\nfrom nnviz.lesson import cells", "pages", []),
    ],
)
def test_an_arrow_in_the_wrong_direction_is_noticed(source, wing, wrong):
    assert list(violations(source, wing)) == wrong


def test_the_core_runs_where_only_numpy_is_there():
    paths = [path for wing in ("nnviz", *sorted(CORE)) for path in files_of(wing)]
    modules = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in paths]
    program = (
        "import importlib, sys\n"
        f"for name in {[name.removesuffix('.__init__') for name in modules]}: importlib.import_module(name)\n"
        "print(*sorted({name.split('.')[0] for name in sys.modules}))"
    )
    fresh = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(fresh.stdout.split())
    assert {"nnviz", "numpy"} <= loaded
    assert not loaded & {"streamlit", "pandas", "plotly", "sklearn", "scipy", "torch"}
