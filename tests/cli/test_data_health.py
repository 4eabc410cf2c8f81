"""`rnnbuild data` of a config: the health check, its remedies and exit codes."""

import csv
import io
import json

import pytest

from tests.cli.command import rnnbuild, widest
from tests.data.health.made import sound_rows, write

MODEL = "model: {embedding: {output_dim: 2}, layers: [{cell: gru, units: 2}]}\n"
LEVELS = {"ok", "warning", "failure"}


@pytest.fixture
def config(tmp_path):
    """A config whose data is in good health."""
    write(tmp_path, "train.csv", sound_rows())
    path = tmp_path / "sound.yaml"
    path.write_text(f"data: {{train: train.csv}}\n{MODEL}")
    return path


@pytest.fixture
def leaky(tmp_path):
    """A config whose test texts were all trained on."""
    rows = sound_rows()
    write(tmp_path, "train.csv", rows)
    write(tmp_path, "test.csv", rows[:200])
    path = tmp_path / "leaky.yaml"
    path.write_text(
        f"data: {{train: train.csv, test: test.csv, split: {{validation: 0}}}}\n{MODEL}"
    )
    return path


def test_sound_data_passes_and_every_line_is_ok_in_80_columns(config):
    shown = rnnbuild("data", config)
    assert (shown.code, shown.err) == (0, "")
    title, *rest = shown.out.split(f"{config}\n")
    assert title.startswith("no problems")
    assert widest("".join(rest)) <= 80
    assert "→" not in shown.out
    document = rnnbuild("data", config, "--format", "json").json
    assert document["verdict"] == "ok"
    assert {finding["level"] for finding in document["findings"]} == {"ok"}


def test_a_warning_has_a_remedy_and_exit_code_0(config):
    shown = rnnbuild("data", config, "--set", "data.max_length=3")
    assert shown.code == 0, shown.err
    assert "1 warning" in shown.out
    assert "→ Raise `data.max_length`" in shown.out


@pytest.mark.parametrize("form", ["table", "json", "csv", "markdown"])
def test_a_failure_has_exit_code_2_in_every_format(leaky, form):
    shown = rnnbuild("data", leaky, "--format", form)
    assert (shown.code, shown.err) == (2, "")
    assert "failure" in shown.out
    if form == "json":
        (failure,) = (f for f in json.loads(shown.out)["findings"] if f["level"] == "failure")
        assert failure["what"] == "leakage"
        assert failure["figures"]["test"] == {"count": 200, "of": 200, "share": 1.0}
    if form == "csv":
        rows = list(csv.DictReader(io.StringIO(shown.out)))
        assert list(rows[0]) == ["level", "what", "reason", "remedy"]
        assert {row["level"] for row in rows} <= LEVELS
        assert all(bool(row["remedy"]) == (row["level"] != "ok") for row in rows)
    if form == "markdown":
        rows = [line for line in shown.lines if line.startswith("| ")]
        assert {line.count(" | ") for line in rows} == {2}


def test_data_that_cannot_be_read_is_a_failure_with_its_place(config):
    (config.parent / "train.csv").write_text('text,label\nfine,a\n"open,b\n')
    shown = rnnbuild("data", config, "--format", "json")
    assert (shown.code, shown.err) == (2, "")
    finding, others = shown.json["findings"]
    assert (finding["level"], finding["what"]) == ("failure", "reading")
    assert (others["level"], others["what"]) == ("unchecked", "all else")
    assert "train.csv:3" in finding["reason"]
    assert finding["remedy"]


def test_data_files_are_read_from_data_dir(config, tmp_path):
    folder = tmp_path / "configs"
    folder.mkdir()
    (folder / "c.yaml").write_text(config.read_text())
    assert rnnbuild("data", folder / "c.yaml").code == 2
    assert rnnbuild("data", folder / "c.yaml", "--data-dir", tmp_path).code == 0


def test_a_name_of_both_is_the_dataset_and_stderr_says_how_to_check_the_config(tmp_path):
    card = rnnbuild("data", "parity", "--size", "50", "--format", "json")
    assert card.json["name"] == "parity"
    assert card.err == (
        "note: showing the dataset; to check the bundled config: rnnbuild data parity.yaml\n"
    )
    health = rnnbuild("data", "brackets.yaml", "--set", "data.size=200", "--format", "json")
    assert health.json["config"] == "brackets.yaml"
    assert health.code == 0
    (tmp_path / "parity").write_text(f"data: {{dataset: parity}}\n{MODEL}")
    taken = rnnbuild("data", "parity", "--size", "50", folder=tmp_path)
    assert "./parity" in taken.err
    assert taken.code == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["classic"], "classic names no data"),
        (["classik"], "did you mean `classic`"),
        (["nowhere/c.yaml"], "there is no file nowhere/c.yaml"),
        (["train.csv"], "train.csv is a data file, not a config"),
        (["reviews.yaml", "--size", "50"], "`--size` is for a bundled dataset"),
        (["reviews.yaml", "--examples", "2"], "`--examples` is for a bundled dataset"),
        (["reviews", "--data-dir", "."], "`--data-dir` is for a config"),
        (["reviews", "--set", "data.size=50"], "`--set` is for a config"),
        (["--set", "data.size=50"], "`--set` needs the name of a config"),
    ],
)
def test_what_cannot_be_checked_is_an_error_with_a_message(arguments, message, tmp_path):
    result = rnnbuild("data", *arguments, folder=tmp_path)
    assert result.code == 2
    assert message in result.err
    assert not result.out


def test_levels_are_coloured_in_a_terminal_alone(config, monkeypatch):
    monkeypatch.delenv("NO_COLOR")
    assert "\x1b[" not in rnnbuild("data", config).out
    monkeypatch.setenv("FORCE_COLOR", "1")
    coloured = rnnbuild("data", config, "--set", "data.max_length=3").out
    assert "\x1b[33mwarning" in coloured
    assert "\x1b[32mok" in coloured
