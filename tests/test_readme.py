"""The README is true: its commands are run, and print what it shows.

A block fenced as ```console holds commands after `$` and, below each, all that it prints, to both
streams. Fenced as ```console figures vary, its figures may differ from one machine to another, so
only the words around them are compared. A block fenced as ```yaml FILE writes a file first.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
README = (PROJECT / "README.md").read_text(encoding="utf-8")
FENCE = re.compile(r"^```(\w+)[ ]?(.*?)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FIGURE = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?(?:e-?\d+)?")


@dataclass(frozen=True)
class Command:
    line: int
    text: str
    expected: str
    figures_vary: bool


def commands(fence: re.Match[str]) -> Iterator[Command]:
    """The commands of one block, with what the README says they print."""
    line = README.count("\n", 0, fence.start(3)) + 1
    for part in re.split(r"^\$ ", fence[3], flags=re.MULTILINE)[1:]:
        text, _, expected = part.partition("\n")
        yield Command(line, text, expected, "figures vary" in fence[2])


def comparable(text: str, figures_vary: bool) -> list[str]:
    """Lines without what may differ: the space around them and, where they vary, all figures."""
    lines = [line.rstrip() for line in text.strip().splitlines()]
    if not figures_vary:
        return lines
    return [" ".join(FIGURE.sub("0", line).split()) for line in lines if line]


def printed(command: str, folder: Path) -> str:
    environment = os.environ | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "COLUMNS": "80",
        "NO_COLOR": "1",
    }
    ended = subprocess.run(
        command,
        shell=True,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=600,
    )
    return ended.stdout


def test_every_command_of_the_readme_prints_what_it_shows(tmp_path: Path) -> None:
    checked = 0
    for fence in FENCE.finditer(README):
        if fence[1] == "yaml" and fence[2]:
            (tmp_path / fence[2]).write_text(fence[3], encoding="utf-8")
        if fence[1] == "csv" and fence[2]:
            (tmp_path / fence[2]).write_text(fence[3], encoding="utf-8")
        if fence[1] != "console":
            continue
        for command in commands(fence):
            got = comparable(printed(command.text, tmp_path), command.figures_vary)
            expected = comparable(command.expected, command.figures_vary)
            assert got == expected, f"README.md:{command.line}: $ {command.text}"
            checked += 1
    assert checked > 5


def test_the_readme_opens_with_the_two_commands() -> None:
    opening = README[: README.index("## ")]
    assert "make demo" in opening
    assert "make test" in opening


def test_every_command_of_the_program_is_in_the_readme() -> None:
    from rnnbuild.cli.app import COMMANDS

    missing = [name for name in COMMANDS if f"`{name}" not in README]
    assert missing == []


@pytest.mark.parametrize("name", ["Dataset", "Format"])
def test_the_readme_has_a_table_of(name: str) -> None:
    assert re.search(rf"^\| {name}", README, re.MULTILINE | re.IGNORECASE)


def test_every_bundled_dataset_is_in_the_readme() -> None:
    from rnnbuild.data.bundled.registry import DATASETS

    assert [name for name in DATASETS if f"| `{name}`" not in README] == []


def test_every_file_format_is_in_the_readme() -> None:
    from rnnbuild.data.readers.formats import READERS

    assert [name for name in READERS if f"`{name}`" not in README] == []


def test_paths_that_the_readme_names_exist() -> None:
    named = re.findall(r"\]\((?!https?:)([^)#]+)\)", README)
    assert [path for path in named if not (PROJECT / path).exists()] == []
