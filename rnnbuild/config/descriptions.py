"""What the schema's keys mean: the docstrings under its fields, read from its source on demand.

Pydantic can do the same while it makes a class, at the cost of reading every source file each time
a command starts.
"""

import ast
import inspect
from functools import cache
from itertools import pairwise
from typing import Any

from pydantic import BaseModel


def description_of(section: type[BaseModel], key: str) -> str | None:
    """The docstring under a field, of the section itself or of one that it extends."""
    for owner in section.__mro__:
        if (text := _fields(owner).get(key)) is not None:
            return text
    return None


@cache
def _fields(owner: type[Any]) -> dict[str, str]:
    definitions = _classes(inspect.getmodule(owner)) if issubclass(owner, BaseModel) else {}
    definition = definitions.get(owner.__name__)
    return _docstrings(definition.body) if definition else {}


@cache
def _classes(module: Any) -> dict[str, ast.ClassDef]:
    if module is None or not module.__name__.startswith("rnnbuild."):
        return {}
    body = ast.parse(inspect.getsource(module)).body
    return {node.name: node for node in body if isinstance(node, ast.ClassDef)}


def _docstrings(body: list[ast.stmt]) -> dict[str, str]:
    """The text that stands alone below each `key: type = default`."""
    texts = {}
    for field, below in pairwise(body):
        if (
            isinstance(field, ast.AnnAssign)
            and isinstance(field.target, ast.Name)
            and isinstance(below, ast.Expr)
            and isinstance(below.value, ast.Constant)
            and isinstance(below.value.value, str)
        ):
            texts[field.target.id] = " ".join(below.value.value.split())
    return texts
