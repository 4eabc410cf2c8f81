"""`rnnbuild init FILE` for files that are damaged, or are not what their name says."""

import json
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


def test_a_damaged_line_of_a_utf_8_file_is_named_and_read() -> None:
    rows = [f"{text} größer,{team}".encode() for text, team, _ in tickets(150)]
    rows[70] = "Müller ruft an,billing".encode("latin-1")
    Path("d.csv").write_bytes(b"text,label\n" + b"\n".join(rows))
    error = refused("d.csv")
    assert "d.csv:72:2: the byte 0xfc is not UTF-8" in error
    assert "most of the file is UTF-8" in error
    assert "`latin-1` reads `Müller`" in error


def test_encodings_that_read_a_file_otherwise_are_said() -> None:
    rows = [f"{text} blåbær señor,{team}" for text, team, _ in tickets()]
    lines_of("d.csv", "text,label", *rows, encoding="latin-1")
    result, data, _ = begun("d.csv")
    assert data["encoding"] == "latin-1"
    said = unfolded(result.out)
    assert "the file is not UTF-8: `latin-1` reads `blåbær`, and is taken" in said
    assert "`data.encoding: cp1250` reads" in said


def test_a_file_of_nuls_is_binary_and_long_names_are_cut() -> None:
    Path("nul.csv").write_bytes(bytes(300_000))
    assert "nul.csv is a binary file, not text" in refused("nul.csv")
    lines_of("long.csv", "x" * 200_000, "7 apples", "8 pears")
    assert len(rnnbuild("init", "long.csv").out) < 2000


def test_the_folder_where_one_is_is_looked_at_if_it_has_texts_alone() -> None:
    for name in ("one.txt", "two.txt"):
        Path(name).write_text("To be, or not to be: that is the question.\n" * 99)
    result, data, _ = begun(".")
    assert data["train"] == "*.txt"
    assert "running text" in result.out


def test_a_folder_without_texts_alone_is_refused_with_a_command_that_works() -> None:
    Path("empty").mkdir()
    error = refused("empty")
    assert "empty is no folder of .txt files alone" in error
    assert "`rnnbuild init empty --dataset languages`" in error
    assert rnnbuild("init", "empty", "--dataset", "languages").code == 0
    lines_of("t.csv", "text,label", *(",".join(row[:2]) for row in tickets()))
    assert "it has t.csv" in refused(".")


def test_a_series_of_groups_says_why_its_dates_are_not_read() -> None:
    days = [f"2020-01-{day:02}" for day in range(1, 31)]
    rows = [(day, shop, f"{n % 7}.5") for shop in "abc" for n, day in enumerate(days)]
    lines_of("s.csv", "date,shop,sales", *map(",".join, rows))
    result, data, _ = begun("s.csv")
    assert data["date"] == "none"
    said = unfolded(result.out)
    assert "line 32: an earlier date than in the row before, 2020-01-01" in said
    assert "`shop` has 3 values that recur" in said
    # Sorted by date, a day has three rows, which are no series of one step a day.
    lines_of("by_day.csv", "date,shop,sales", *map(",".join, sorted(rows)))
    Path("config.yaml").unlink()
    result, data, _ = begun("by_day.csv")
    assert data["gaps"] == "ignore"
    assert "one for each" not in result.out
    assert "`shop` has 3 values that recur" in unfolded(result.out)


def test_a_constant_column_is_no_label_where_names_are_made_up() -> None:
    rows = sorted(
        f'"{4 * (n % 2)}","{n}","Mon Apr 06","NO_QUERY","user{n}","{text}"'
        for n, (text, *_) in enumerate(tickets())
    )
    lines_of("tweets.csv", *rows)
    data = begun("tweets.csv")[1]
    assert data["header"] == ["label", "column2", "column3", "column4", "column5", "text"]


def test_a_column_cannot_be_both_and_a_text_that_is_the_label_is_not_the_text() -> None:
    rows = [f"{text},{text[::-1]},{team}" for text, team, _ in tickets()]
    lines_of("t.csv", "text,mirrored,team", *rows)
    error = refused("t.csv", "--label", "team", "--text", "team")
    assert "cannot be both the text and its label" in error
    lines_of("u.csv", "text,body,n", *(f"{team},{text},1.5" for text, team, _ in tickets()))
    data = begun("u.csv", "--label", "text")[1]
    assert (data["text"], data["label"]) == ("body", "text")


def test_json_with_another_ending_is_json() -> None:
    rows = [{"text": text, "label": team} for text, team, _ in tickets()]
    lines_of("t.csv", *map(json.dumps, rows))
    assert begun("t.csv")[1]["format"] == "jsonl"
    Path("list.csv").write_text(json.dumps(rows, indent=1))
    Path("config.yaml").unlink()
    assert "JSON" in refused("list.csv")


def test_a_column_without_a_name_is_said_unless_it_counts_rows() -> None:
    rows = [f"{n},{','.join(row)}" for n, row in enumerate(tickets())]
    lines_of("t.csv", ",text,label,", *rows)
    said = unfolded(begun("t.csv")[0].out)
    assert "column 4 has no name in the first line: to read it" in said
    assert "column 1" not in said


def test_what_speaks_against_a_label_is_said() -> None:
    lines_of("t.csv", "text,label,part", *(f"{row[0]},{n},x" for n, row in enumerate(tickets(60))))
    said = unfolded(begun("t.csv")[0].out)
    assert "`label` (60 values in 60 rows, fewer than 2 rows for each)" in said
    assert "`part` (1 value)" in said
