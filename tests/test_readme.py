"""The documentation is true: its commands are run, and print what it shows."""

import re
from pathlib import Path

import pytest

from tests.readme import DOCS, PAGES, README, Shell, commands, comparable

TEXTS = {page.name: page.read_text(encoding="utf-8") for page in PAGES}
RUN = [page for page in PAGES if "\n```console" in TEXTS[page.name]]
"""Pages with commands."""


@pytest.mark.parametrize("page", RUN, ids=lambda page: str(page.name))
def test_every_command_of_a_page_prints_what_it_shows(page: Path, tmp_path: Path) -> None:
    checked = 0
    with Shell(tmp_path) as shell:
        for command in commands(TEXTS[page.name], tmp_path):
            got = comparable(shell.printed(command.text), command)
            expected = comparable(command.expected, command)
            assert got == expected, f"{page.name}:{command.line}: $ {command.text}"
            checked += 1
    assert checked


def test_most_pages_have_commands() -> None:
    assert len(RUN) > 5
    assert README in RUN


def test_the_readme_opens_with_the_two_commands() -> None:
    opening = TEXTS["README.md"][: TEXTS["README.md"].index("## ")]
    assert "make demo" in opening
    assert "make test" in opening


def test_the_readme_leads_to_every_page() -> None:
    names = [page.name for page in (*DOCS.glob("*.md"), *DOCS.glob("*.ipynb"))]
    assert [name for name in names if f"(rnnbuild/docs/{name})" not in TEXTS["README.md"]] == []


def test_every_command_of_the_program_is_described() -> None:
    from rnnbuild.cli.app import COMMANDS

    missing = [name for name in COMMANDS if f"`{name}" not in TEXTS["commands.md"]]
    assert missing == []


def test_every_bundled_dataset_is_described() -> None:
    from rnnbuild.data.bundled.registry import DATASETS

    assert [name for name in DATASETS if f"| `{name}`" not in TEXTS["data.md"]] == []


def test_every_file_format_is_described() -> None:
    from rnnbuild.data.readers.formats import READERS

    assert [name for name in READERS if f"`{name}`" not in TEXTS["data.md"]] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.name))
def test_paths_that_a_page_names_exist(page: Path) -> None:
    named = re.findall(r"\]\((?!https?:)([^)#]+)\)", TEXTS[page.name])
    assert [path for path in named if not (page.parent / path).exists()] == []
