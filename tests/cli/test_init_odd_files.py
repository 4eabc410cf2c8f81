"""`rnnbuild init FILE` for files that are damaged, or are not what their name says."""

from pathlib import Path

from tests.cli.command import rnnbuild
from tests.cli.test_init import begun, empty_folder, lines_of, tickets, unfolded

__all__ = ["empty_folder"]  # a fixture that every test here uses


def refused(*arguments: str) -> str:
    """The one error of `init`, which is short and leaves no config."""
    before = {path.name for path in Path().iterdir()}
    result = rnnbuild("init", *arguments)
    assert (result.code, result.out) == (2, ""), result.out
    assert result.err.count("error: ") == 1
    assert len(result.err) < 1500
    assert {path.name for path in Path().iterdir()} == before
    return unfolded(result.err)


def test_files_side_by_side_of_other_lengths_are_refused_with_both() -> None:
    lines_of("d.en", *(text for text, *_ in tickets(60)))
    lines_of("d.fr", *(text[::-1] for text, *_ in tickets(57)))
    assert "d.en has 60 lines and d.fr has 57 lines" in refused("d.en", "d.fr")


def test_a_name_with_braces_is_one_file() -> None:
    lines_of("d{a,b}.csv", "text,label", *(",".join(row[:2]) for row in tickets()))
    data = begun("d{a,b}.csv")[1]
    assert (data["train"], data["label"]) == ("d{a,b}.csv", "label")
