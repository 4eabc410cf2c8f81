"""Every file of a run, damaged in every way, by every command that reads runs: one clear error.

The message names the file, the exit code says that the request was wrong, nothing is waited for,
and no bug is reported.
"""

import json
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import Result, rnnbuild
from tests.runs.test_files import places, with_value

pytestmark = pytest.mark.skipif(os.name != "posix", reason="named pipes are those of POSIX systems")

Damage = Callable[[Path], object]
SECONDS = 60
"""A command that takes longer waits for something that does not come."""

CONTENTS = {
    "empty": b"",
    "UTF-16": '{"format": 1}\n'.encode("utf-16"),
    "Latin-1": b'{"a": "\xe9"}\n',
    "zeros": bytes(64),
    "a list": b"[]\n",
    "NaN": b"NaN\n",
    "an empty object": b"{}\n",
    "deep": b"[" * 100_000 + b"\n",
    "digits": b'{"a": ' + b"1" * 5000 + b"}\n",
    "binary": bytes(range(256)) * 20 + b"\n",
}
STRANGE: tuple[Any, ...] = (None, "x", -1, 1e308, float("nan"), 10**30, [], {}, True)


def instead(make: Damage) -> Damage:
    def damage(path: Path) -> None:
        path.unlink()
        make(path)

    return damage


WAYS: dict[str, Damage] = {
    "folder": instead(Path.mkdir),
    "pipe": instead(os.mkfifo),
    "loop": instead(lambda path: path.symlink_to(path.name)),
    "nothing": instead(lambda path: None),
    "half": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    **{
        name: lambda path, content=content: path.write_bytes(content)  # type: ignore[misc]
        for name, content in CONTENTS.items()
    },
}


def with_strange_values(path: Path) -> Iterator[tuple[str, Damage]]:
    """Each value of a JSON file replaced and left out, in its first line if it has lines."""
    content = path.read_bytes()
    document = json.loads(content.splitlines()[0] if path.suffix == ".jsonl" else content)
    for place in places(document):
        for strange in STRANGE:
            text = json.dumps(with_value(document, place, strange)) + "\n"
            yield f"{place} {strange}", lambda path, text=text: path.write_text(text)  # type: ignore[misc]


def files_of(run: Path) -> list[Path]:
    """Its files, relative to it."""
    return sorted(path.relative_to(run) for path in run.rglob("*") if path.is_file())


def in_time(*command: str | Path) -> Result:
    def stop(number: int, frame: object) -> None:
        raise TimeoutError(f"{command} waits")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(SECONDS)
    try:
        return rnnbuild(*command)
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def assert_clear(result: Result, file: Path, what: str) -> None:
    """Done, or a wrong request whose message names the file, or the folder that it is in."""
    assert result.code in (0, 2), (what, result)
    for bug in ("unexpected error", "Traceback", "itself failed"):
        assert bug not in result.err, (what, result.err)
    if result.code == 2:
        named = {file.name, "checkpoints"} if "checkpoints" in file.parts else {file.name}
        # A run without resolved.yaml is another folder, and one without a model is not finished.
        excuse = {"resolved.yaml": "is not a run"}.get(file.name, file.name)
        assert any(name in result.err for name in (*named, excuse)), (what, result.err)
        assert "error: " in result.err


def try_all(
    run: Path, tmp_path: Path, files: list[Path], ways: Callable[[Path], Any], *commands: Any
) -> None:
    number = 0
    for file in files:
        for name, damage in ways(run / file):
            for command, *arguments in commands:
                copy = tmp_path / str(number) / "run"
                number += 1
                shutil.copytree(run, copy)
                damage(copy / file)
                result = in_time(command, copy, *arguments)
                assert_clear(result, file, f"{command} {file} {name}")
                shutil.rmtree(copy.parent)
    assert number > 100


def test_damaged_files_are_named_by_the_commands_that_need_no_framework(
    classify_run: Path, tmp_path: Path
) -> None:
    # Those in folders are read by the commands that load a framework.
    files = [file for file in files_of(classify_run) if len(file.parts) == 1]
    light = (("predict", "so fine"), ("runs",), ("compare", str(classify_run)))
    try_all(classify_run, tmp_path, files, lambda path: WAYS.items(), *light)


@pytest.mark.torture
def test_damaged_files_are_named_by_every_command(classify_run: Path, tmp_path: Path) -> None:
    longer = ("--epochs", "3", "--accept-changes", "--quiet")
    commands = (("evaluate",), ("resume", "--quiet"), ("resume", *longer))
    files = files_of(classify_run)
    try_all(classify_run, tmp_path, files, lambda path: WAYS.items(), *commands)


@pytest.mark.torture
@pytest.mark.parametrize("kind", ["classify_run", "tag_run", "translate_run", "language_run"])
def test_strange_values_are_named_by_the_commands_that_read_them(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    run: Path = request.getfixturevalue(kind)

    def ways(path: Path) -> Iterator[tuple[str, Damage]]:
        return with_strange_values(path) if path.suffix in (".json", ".jsonl") else iter(())

    try_all(run, tmp_path, files_of(run), ways, ("predict", "so fine"), ("runs",))
