"""Nothing that is read can run: no pickle, no eval, no loader that takes either."""

import ast
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "rnnbuild"
MODULES = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "marshal", "shelve"}
CALLS = {"eval", "exec", "compile", "__import__", "unsafe_load", "full_load"}
SWITCHES = {"allow_pickle": True, "safe_mode": False}


COMPILED = {"models/kernels/compiled.py": ["pickle"]}
"""The user's own cache of compiled kernels is code whatever form it has: Numba pickles it."""


def found_in(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names if name.name.split(".")[0] in MODULES)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in MODULES:
            yield str(node.module)
        elif isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name) and node.func.id in CALLS:
                yield node.func.id
            for keyword in node.keywords:
                value = getattr(keyword.value, "value", None)
                if keyword.arg in SWITCHES and value is SWITCHES[keyword.arg]:
                    yield str(keyword.arg)


def test_the_search_finds_what_it_is_for():
    source = "import pickle.x\nfrom dill import y\neval('1')\nnp.load(f, allow_pickle=True)"
    assert list(found_in(ast.parse(source))) == ["pickle.x", "dill", "eval", "allow_pickle"]


def test_no_module_unpickles_or_evaluates_anything():
    found = {
        str(path.relative_to(PACKAGE)): names
        for path in PACKAGE.rglob("*.py")
        if (names := list(found_in(ast.parse(path.read_text(encoding="utf-8")))))
    }
    assert found == COMPILED
