"""The README is true: its commands are run, and print what it shows."""

import re
from pathlib import Path

import pytest

from tests.readme import PROJECT, README, Shell, commands, comparable

TEXT = README.read_text(encoding="utf-8")


def test_every_command_of_the_readme_prints_what_it_shows(tmp_path: Path) -> None:
    checked = 0
    with Shell(tmp_path) as shell:
        for command in commands(TEXT, tmp_path):
            got = comparable(shell.printed(command.text), command)
            expected = comparable(command.expected, command)
            assert got == expected, f"README.md:{command.line}: $ {command.text}"
            checked += 1
    assert checked > 5


def test_the_readme_opens_with_the_two_commands() -> None:
    opening = TEXT[: TEXT.index("## ")]
    assert "make demo" in opening
    assert "make test" in opening


def test_every_command_of_the_program_is_in_the_readme() -> None:
    from rnnbuild.cli.app import COMMANDS

    missing = [name for name in COMMANDS if f"`{name}" not in TEXT]
    assert missing == []


@pytest.mark.parametrize("name", ["Dataset", "Format"])
def test_the_readme_has_a_table_of(name: str) -> None:
    assert re.search(rf"^\| {name}", TEXT, re.MULTILINE | re.IGNORECASE)


def test_every_bundled_dataset_is_in_the_readme() -> None:
    from rnnbuild.data.bundled.registry import DATASETS

    assert [name for name in DATASETS if f"| `{name}`" not in TEXT] == []


def test_every_file_format_is_in_the_readme() -> None:
    from rnnbuild.data.readers.formats import READERS

    assert [name for name in READERS if f"`{name}`" not in TEXT] == []


def test_paths_that_the_readme_names_exist() -> None:
    named = re.findall(r"\]\((?!https?:)([^)#]+)\)", TEXT)
    assert [path for path in named if not (PROJECT / path).exists()] == []
