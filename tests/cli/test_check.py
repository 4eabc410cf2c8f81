"""`rnnbuild check`: every problem of every config, of its variants and with its data."""

from pathlib import Path

import pytest

from tests.cli.command import rnnbuild

GOOD = "model:\n  embedding: {output_dim: 3}\n  layers: [{cell: gru, units: 4}]\n"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(name: str, text: str) -> None:
    Path(name).write_text(text, encoding="utf-8")


def test_a_config_without_problems_exits_0() -> None:
    found = rnnbuild("check", "classic")
    assert (found.code, found.err) == (0, "")
    assert "no problems" in found.out
    assert rnnbuild("check", "classic", "--quiet").out == ""


def test_problems_of_the_schema_of_variants_and_of_the_data_are_told_together() -> None:
    write(
        "bad.yaml",
        "data: {dataset: amazn}\n" + GOOD + "training: {epoch: 5}\n"
        "variants: {units: [4, x], dept: [1]}\n",
    )
    found = rnnbuild("check", "bad.yaml")
    assert (found.code, found.out) == (2, "")
    assert [line for line in found.err.splitlines() if line.startswith("error")] == [
        "error: bad.yaml:1:17: there is no bundled dataset `amazn` (did you mean `amazon`?)",
        "error: bad.yaml:5:12: unknown key `epoch` in `training`",
        'error: bad.yaml:6:23: `units` must be a whole number, found `"x"`',
        "error: bad.yaml:6:27: there is no key `dept`",
    ]
    assert found.err.endswith("4 problems\n")


def test_a_size_that_is_missing_is_told_where_it_would_stand() -> None:
    write("small.yaml", GOOD)
    found = rnnbuild("check", "small.yaml")
    assert found.code == 2
    assert "`model.embedding.input_dim` is missing: there is no data to count words in" in found.err


def test_several_configs_are_checked_though_one_is_wrong() -> None:
    found = rnnbuild("check", "classic", "no.yaml")
    assert found.code == 2
    assert "classic" in found.out
    assert "there is no file no.yaml" in found.err


def test_a_setting_of_the_command_line_is_checked_too() -> None:
    found = rnnbuild("check", "classic", "--set", "dropout=2")
    assert found.code == 2
    assert "command line: `dropout` must be less than 1, found `2`" in found.err


def test_the_verdict_as_json_is_whole_and_alone_on_stdout() -> None:
    write("bad.yaml", GOOD + "training: {epoch: 5}\n")
    found = rnnbuild("check", "classic", "bad.yaml", "--format", "json")
    assert (found.code, found.err) == (2, "")
    good, bad = found.json
    assert good == {"config": "classic", "variants": 1, "ok": True, "problems": []}
    (problem,) = [each for each in bad["problems"] if "epoch" in each["message"]]
    assert (problem["place"]["line"], problem["place"]["column"]) == (4, 12)
    assert problem["hint"] == "did you mean `epochs`?"


def test_the_verdict_as_csv_has_a_row_for_each_problem() -> None:
    write("bad.yaml", "model: {}\n")
    found = rnnbuild("check", "classic", "bad.yaml", "--format", "csv")
    assert found.lines[:2] == ["config,line,column,message,hint", "classic,,,no problems,"]
    assert found.lines[2].startswith("bad.yaml,1,8,`layers` is missing in `model`,")
