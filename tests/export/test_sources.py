"""The files that are copied into an export."""

import ast
import sys

import pytest

from rnnbuild.export.sources import copied_sources

ALLOWED = {
    "onnx_runtime": {"numpy", "onnxruntime"},
    "litert_runtime": {"numpy", "ai_edge_litert"},
    "tensorflow_runtime": {"numpy", "tensorflow"},
    "keras_runtime": {"numpy", "keras"},
}


def imported(source: str) -> set[str]:
    """The top of the name of each module that is imported anywhere in a source."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {name.name.partition(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(str(node.module).partition(".")[0])
    return names


@pytest.mark.parametrize("kind", ["text", "translation", "running_text", "numbers", "series"])
@pytest.mark.parametrize("runtime", ALLOWED)
def test_only_python_numpy_and_the_runtime_are_imported(kind: str, runtime: str) -> None:
    streaming = ("stream",) if runtime == "onnx_runtime" else ()
    if streaming and kind == "running_text":
        streaming = ("stream", "generate")
    sources = copied_sources("run", "__init__", kind, runtime, *streaming)
    every = set().union(*map(imported, sources.values()))
    assert every - set(sys.stdlib_module_names) - {"program"} <= ALLOWED[runtime]
    used = {
        node.module.partition(".")[2]
        for source in sources.values()
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("program.")
    }
    assert used <= set(sources)
    # Whatever is copied is imported, but for what run.py chooses by name.
    assert set(sources) - used <= {"run", "__init__", kind, runtime, *streaming}


def test_the_tokeniser_is_the_packages_own_but_for_its_first_line() -> None:
    from pathlib import Path

    from rnnbuild.data.text import tokeniser

    source = Path(tokeniser.__file__).read_text(encoding="utf-8")
    origin, _, copy = copied_sources("text")["tokeniser"].partition("\n")
    assert copy == source
    assert origin == "# From rnnbuild 0.1.0, rnnbuild/data/text/tokeniser.py; licence: MIT."
