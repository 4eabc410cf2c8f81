"""Docstrings that users read: help texts and descriptions in the schema of configs."""

import sys
from typing import Any


def restore_docstring(thing: Any) -> None:
    """Give a function or class its docstring again where Python runs without (`python -OO`)."""
    if sys.flags.optimize < 2 or thing.__doc__:
        return
    import ast
    import inspect
    from textwrap import dedent

    (definition,) = ast.parse(dedent(inspect.getsource(thing))).body
    if isinstance(definition, ast.FunctionDef | ast.ClassDef):
        thing.__doc__ = ast.get_docstring(definition)
