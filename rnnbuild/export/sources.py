"""The source of a program and of the files of rnnbuild that it imports, to be copied elsewhere.

All of them lie side by side in one package there: `from rnnbuild.data.text.tokeniser import ...`
becomes `from program.tokeniser import ...`.
"""

import ast
import re
from collections.abc import Iterator
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any

PROGRAM = "rnnbuild.export.program"
PACKAGE = "program"
"""The package's name in the copy."""
STANDS_IN = {
    "rnnbuild.models.framework": f"{PROGRAM}.framework",
    "rnnbuild.data.readers.json_value": f"{PROGRAM}.json_value",
    "rnnbuild.errors": f"{PROGRAM}.errors",
    "rnnbuild.data.running_text.codec": f"{PROGRAM}.running_text",
    "rnnbuild.inference.outputs": f"{PROGRAM}.reader",
    "rnnbuild.inference.stream.steps": f"{PROGRAM}.onnx_runtime",
}
"""Modules that are replaced by a simpler one."""
_IMPORT = re.compile(r"^(\s*)from (rnnbuild(?:\.\w+)+) import ", re.MULTILINE)


def copied_sources(*modules: str) -> dict[str, str]:
    """The source of these modules of `program`, and of all that they import, by module name.

    Raises ValueError where two of them have the same name.
    """
    sources: dict[str, str] = {}
    origins: dict[str, str] = {}
    pending = [f"{PROGRAM}.{module}" for module in modules]
    while pending:
        module = STANDS_IN.get(pending[0], pending[0])
        pending = pending[1:]
        name = name_in_copy(module)
        if origins.setdefault(name, module) != module:
            raise ValueError(f"{module} and {origins[name]} have the same name")
        if name not in sources:
            source = source_of(module)
            sources[name] = as_copy(module, source)
            pending += imported_from_rnnbuild(ast.parse(source))
    return sources


def source_of(module: str) -> str:
    """The source of a module, which is not imported."""
    spec = find_spec(module)
    loader: Any = spec.loader if spec else None
    source: str | None = loader.get_source(module) if loader else None
    if source is None:
        raise ValueError(f"{module} has no source")
    return source


def imported_from_rnnbuild(tree: ast.Module) -> Iterator[str]:
    """The modules of rnnbuild that a module imports names from."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("rnnbuild."):
            yield str(node.module)


def as_copy(module: str, source: str) -> str:
    """The source as it is in the copy."""
    origin = (
        f"# From rnnbuild {version('rnnbuild')}, {module.replace('.', '/')}.py; licence: MIT.\n"
    )
    return origin + _IMPORT.sub(
        lambda line: f"{line[1]}from {PACKAGE}.{name_in_copy(line[2])} import ", source
    )


def name_in_copy(module: str) -> str:
    """The name of a module, or of what stands in for it, within the package of the copy."""
    return STANDS_IN.get(module, module).rpartition(".")[2]
