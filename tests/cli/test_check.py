"""`rnnbuild check`: every problem of every config, of its variants and with its data."""

from pathlib import Path

import pytest

from tests.cli.command import rnnbuild

NO_DATA = "without `data` nothing can be trained: only what can be explained was checked"
GOOD = "model:\n  embedding: {output_dim: 3}\n  layers: [{cell: gru, units: 4}]\n"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(name: str, text: str) -> None:
    Path(name).write_text(text, encoding="utf-8")


def test_a_config_without_problems_exits_0() -> None:
    for name, note in (("languages", ""), ("classic", NO_DATA)):
        result = rnnbuild("check", name)
        assert (result.code, result.err) == (0, f"note: {name}: {note}\n" if note else "")
        assert "no problems" in result.out
        quiet = rnnbuild("check", name, "--quiet")
        assert (quiet.out, quiet.err) == ("", "")


def test_problems_of_the_schema_of_variants_and_of_the_data_are_reported_together() -> None:
    write(
        "bad.yaml",
        "data: {dataset: amazn}\n" + GOOD + "training: {epoch: 5}\n"
        "variants: {units: [4, x], dept: [1]}\n",
    )
    result = rnnbuild("check", "bad.yaml")
    assert (result.code, result.out) == (2, "")
    assert [line for line in result.err.splitlines() if line.startswith("error")] == [
        "error: bad.yaml:1:17: there is no bundled dataset `amazn` (did you mean `amazon`?)",
        "error: bad.yaml:5:12: unknown key `epoch` in `training`",
        'error: bad.yaml:6:23: `units` must be a whole number, found `"x"`',
        "error: bad.yaml:6:27: there is no key `dept`",
    ]
    assert result.err.endswith("4 problems\n")


def test_problems_of_what_is_searched_are_reported() -> None:
    write(
        "bad.yaml",
        "data: {dataset: amazon}\n"
        + GOOD
        + "search: {units: {low: 4, high: 2}, dept: [1], cell: [gro]}\n",
    )
    result = rnnbuild("check", "bad.yaml")
    assert [line for line in result.err.splitlines() if line.startswith("error")] == [
        "error: bad.yaml:5:23: the range of `units` is empty: 4 is not less than 2"
    ]
    write(
        "bad.yaml",
        "data: {dataset: amazon}\n"
        + GOOD
        + "search: {units: {low: 2, high: 4}, dept: [1], cell: [gro]}\n",
    )
    result = rnnbuild("check", "bad.yaml")
    assert [line for line in result.err.splitlines() if line.startswith("error")] == [
        "error: bad.yaml:5:36: there is no key `dept`",
        "error: bad.yaml:5:54: `cell` must be one of `simple_rnn`, `gru`, `lstm`, found `gro`",
    ]


def test_the_first_faults_of_a_file_come_before_the_number_of_the_others() -> None:
    write("rows.csv", "text,label\n" + "a,b\n" * 9 + "too,many,fields\n" * 59)
    write("many.yaml", "data: {train: rows.csv}\n" + GOOD + "training: {epoch: 5}\n")
    result = rnnbuild("check", "many.yaml")
    errors = [line for line in result.err.splitlines() if line.startswith("error")]
    assert errors[0].startswith("error: many.yaml:5:12: unknown key `epoch`")
    assert [line.split(":")[2] for line in errors[1:6]] == ["11", "12", "13", "14", "15"]
    assert errors[6] == "error: rows.csv: 54 more such lines"
    assert len(errors) == 7


def test_a_missing_size_is_reported_where_it_belongs() -> None:
    write("small.yaml", GOOD)
    result = rnnbuild("check", "small.yaml")
    assert result.code == 2
    message = "`model.embedding.input_dim` is missing: there is no data to count words in"
    assert message in result.err


def test_all_configs_are_checked_even_if_one_is_wrong() -> None:
    result = rnnbuild("check", "classic", "no.yaml")
    assert result.code == 2
    assert "classic" in result.out
    assert "there is no file no.yaml" in result.err


def test_a_setting_of_the_command_line_is_checked_too() -> None:
    result = rnnbuild("check", "classic", "--set", "dropout=2")
    assert result.code == 2
    assert "command line: `dropout` must be less than 1, found `2`" in result.err


def test_stdout_is_the_verdict_as_json_and_nothing_else() -> None:
    write("bad.yaml", GOOD + "training: {epoch: 5}\n")
    result = rnnbuild("check", "classic", "bad.yaml", "--format", "json")
    assert (result.code, result.err) == (2, "")
    good, bad = result.json
    assert good == {
        "config": "classic",
        "variants": 1,
        "ok": True,
        "problems": [],
        "notes": [NO_DATA],
    }
    (problem,) = [each for each in bad["problems"] if "epoch" in each["message"]]
    assert (problem["place"]["line"], problem["place"]["column"]) == (4, 12)
    assert problem["hint"] == "did you mean `epochs`?"


def test_the_verdict_as_csv_has_a_row_for_each_problem() -> None:
    write("bad.yaml", "model: {}\n")
    result = rnnbuild("check", "classic", "bad.yaml", "--format", "csv")
    assert result.lines[:2] == ["config,line,column,message,hint", "classic,,,no problems,"]
    assert result.lines[2].startswith("bad.yaml,1,8,`layers` is missing in `model`,")
