"""A task or a kind of data is named in its own room alone, so that another is one more room."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from rnnbuild.data.codecs import CODECS
from rnnbuild.tasks.facts import Task
from rnnbuild.tasks.table import TASKS

PACKAGE = Path(__file__).parents[1] / "rnnbuild"
KINDS = ("labelled_text", "pairs", "running_text", "series", "sequences")
"""The folders of the kinds of data, one a codec."""

OF_TASKS = {
    "tasks/": "each task's own file, and their table",
    "metrics/tasks.py": "the metrics of each way of scoring",
    "data/bundled/": "a dataset states what it is for",
}
OF_KINDS = {
    "data/load.py": "the door: it knows every kind",
    "data/codecs.py": "the table of codecs",
    "data/bundled/": "a dataset states of which kind it is",
    "inference/decoding/": "one decoder a kind, and their table",
    "export/program/": "one reader a kind, copied into a folder without rnnbuild",
    "inference/generation/": "text is written and read by language models alone",
    "inference/stream/": "one reader of steps a kind, and their table",
    "serving/values.py": "what the inputs and answers of each kind are in JSON",
    "data/proposal/": "a file is looked at to see of which kind it is",
    "adoption/codec.py": "what a model that was trained elsewhere reads says which codec it has",
    "training/setup/synthetic.py": "random numbers, to time a model without data, are sequences",
}


def test_every_task_and_every_kind_has_its_room() -> None:
    assert set(TASKS) == set(get_args(Task))
    assert all((PACKAGE / "tasks" / f"{name.replace('-', '_')}.py").exists() for name in TASKS)
    assert len(CODECS) == len(KINDS)
    for kind in KINDS:
        assert (PACKAGE / "data" / kind / "codec.py").exists()
        assert (PACKAGE / "inference" / "decoding" / f"{kind}.py").exists()


@pytest.mark.parametrize("what", ["task", "kind"])
def test_none_is_named_outside_its_room(what: str) -> None:
    rooms = {*(f"data/{kind}/" for kind in KINDS), *(OF_TASKS if what == "task" else OF_KINDS)}
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        place = path.relative_to(PACKAGE).as_posix()
        if not place.startswith(tuple(rooms)):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            names = tasks_named(tree) if what == "task" else kinds_named(tree)
            found += [f"{place}:{line}: {name}" for line, name in names]
    assert not found, "\n".join(found)


def tasks_named(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Strings that are a task's name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and node.value in TASKS:
            yield node.lineno, str(node.value)


def kinds_named(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Imports out of a kind's folder."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            parts = node.module.split(".")
            if parts[:2] == ["rnnbuild", "data"] and parts[2:3] and parts[2] in KINDS:
                yield node.lineno, node.module
