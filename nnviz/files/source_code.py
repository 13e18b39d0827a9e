"""The source of functions with all that they need, so that it runs by itself.

Used to write the exported script out of the very code that computed the run: functions, lambdas and constants are
looked up in their modules; NumPy is the only thing that stays outside.
"""

import ast
import dis
import inspect
import sys
import textwrap
from collections.abc import Callable
from functools import cache
from types import CodeType, FunctionType, ModuleType

import numpy as np

from nnviz.errors import NnvizError


class Sources:
    """Pieces of source, each once, in an order in which they can run."""

    def __init__(self) -> None:
        self.pieces: dict[str, str] = {}  # name -> its definition

    def add(self, function: FunctionType) -> None:
        """Take a named function, and before it whatever it uses of its module."""
        if function.__name__ not in self.pieces:
            self._needs(function)
            self.pieces[function.__name__] = textwrap.dedent(inspect.getsource(function)).rstrip()

    def expression(self, function: Callable) -> str:
        """Text that stands for the function: its name, the lambda itself, or a name in NumPy."""
        if isinstance(function, np.ufunc):
            return f"np.{function.__name__}"
        if not isinstance(function, FunctionType):
            raise NnvizError(f"the source of {function!r} cannot be written; a function, lambda or ufunc can")
        if function.__name__ == "<lambda>":
            self._needs(function)
            return lambda_text(function)
        self.add(function)
        return function.__name__

    def _needs(self, function: FunctionType) -> None:
        module = sys.modules[function.__module__]
        for name in names_in(function):
            value = function.__globals__[name]
            if name in self.pieces or isinstance(value, ModuleType):
                continue
            if isinstance(value, FunctionType):
                self.add(value)
            else:
                self.pieces[name] = assignment(module, name)

    def text(self) -> str:
        """All pieces below each other, constants first."""
        constants = [piece for piece in self.pieces.values() if not piece.startswith("def ")]
        functions = [piece for piece in self.pieces.values() if piece.startswith("def ")]
        return "\n\n\n".join(filter(None, ["\n".join(constants), *functions]))


def names_in(function: FunctionType) -> list[str]:
    """The global names that a function's code uses, without the built-in ones and those in annotations."""
    codes = [function.__code__]
    for code in codes:  # grows by the comprehensions and functions inside
        codes += [inner for inner in code.co_consts if isinstance(inner, CodeType)]
    loaded = [i.argval for code in codes for i in dis.get_instructions(code) if i.opname == "LOAD_GLOBAL"]
    return [name for name in dict.fromkeys(loaded) if name in function.__globals__]


@cache
def parsed(module: ModuleType) -> tuple[str, ast.Module]:
    text = inspect.getsource(module)
    return text, ast.parse(text)


def lambda_text(function: FunctionType) -> str:
    """The source of a lambda, without what stands around it."""
    text, tree = parsed(sys.modules[function.__module__])
    line = function.__code__.co_firstlineno
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Lambda) and node.lineno == line]
    arguments = list(function.__code__.co_varnames[: function.__code__.co_argcount])
    matching = [node for node in found if [a.arg for a in node.args.args] == arguments]
    same = {ast.get_source_segment(text, node) for node in matching}
    if len(same) != 1:
        raise NnvizError(f"the lambda in line {line} of {function.__module__} must be the only one of its kind there")
    return " ".join(same.pop().split())


def assignment(module: ModuleType, name: str) -> str:
    """The line of a module that gives a constant its value."""
    text, tree = parsed(module)
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == name for t in node.targets):
            return ast.get_source_segment(text, node)
    raise NnvizError(f"{name} has no definition of its own in {module.__name__}")
