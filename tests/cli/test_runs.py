"""`rnnbuild runs`: the list of runs, and one run with its curves."""

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from rnnbuild.cli.runs import curves
from rnnbuild.runs.directory import RunDirectory, locked
from rnnbuild.runs.history import HistoryLine
from tests.cli.command import rnnbuild, widest


@pytest.fixture
def folder(classify_run: Path, tag_run: Path, tmp_path: Path) -> Path:
    """A folder of runs: finished, stopped, damaged, and `latest`."""
    runs = tmp_path / "runs"
    shutil.copytree(classify_run, runs / "reviews-1")
    shutil.copytree(tag_run, runs / "cities-1")
    shutil.copytree(classify_run, runs / "reviews-2")
    (runs / "reviews-2" / "metrics.json").unlink()
    shutil.copytree(classify_run, runs / "reviews-3")
    (runs / "reviews-3" / "history.jsonl").write_text("{\n")
    (runs / "latest").symlink_to("reviews-2")
    return tmp_path


def rows_by_run(folder: Path) -> dict[str, dict[str, object]]:
    rows = json.loads(rnnbuild("runs", "--format", "json", folder=folder).out)
    return {Path(row["run"]).name: row for row in rows}


def test_every_run_is_listed_once_with_its_state_and_score(folder, classify_run):
    rows = rows_by_run(folder)
    states = {name: row["status"] for name, row in rows.items()}
    assert states == {
        "reviews-1": "finished",
        "cities-1": "finished",
        "reviews-2": "stopped",
        "reviews-3": "damaged",
    }
    metrics = json.loads((classify_run / "metrics.json").read_text())
    assert rows["reviews-1"]["score"] == metrics["scores"]["test"]["accuracy"]["value"]
    assert rows["reviews-1"]["low"] == metrics["scores"]["test"]["accuracy"]["low"]
    assert rows["cities-1"]["metric"] == "entity_f1"
    assert rows["reviews-2"]["split"] == "validation"
    assert rows["reviews-2"]["epochs"] == 2


def test_the_table_fits_a_terminal_and_names_what_is_damaged(folder):
    result = rnnbuild("runs", folder=folder)
    assert result.code == 0
    assert widest(result.out.split("\n\n")[0]) <= 80
    assert "test entity F1" in result.out
    assert "reviews-3: " in result.out.split("\n\n")[-1]
    assert "damaged" in result.out


def test_runs_are_listed_with_what_tells_them_apart(folder, classify_run):
    other = folder / "runs" / "reviews-4"
    shutil.copytree(classify_run, other)
    for name in ("config.yaml", "resolved.yaml"):
        text = (other / name).read_text()
        assert "batch_size: 16" in text
        (other / name).write_text(text.replace("batch_size: 16", "batch_size: 99"))
    rows = rows_by_run(folder)
    assert rows["reviews-4"]["differs"] == "batch_size=99"
    assert rows["reviews-1"]["differs"] == "batch_size=16"
    assert rows["cities-1"]["differs"] == ""
    result = rnnbuild("runs", "--where", "batch_size=99", "--format", "csv", folder=folder)
    assert [row["run"] for row in csv.DictReader(io.StringIO(result.out))] == ["runs/reviews-4"]
    result = rnnbuild("runs", "--where", "units=12345", folder=folder)
    assert (result.code, result.out) == (0, "none of the 5 runs in runs is so\n")


def test_choosing_and_sorting_need_more_than_one_run(folder):
    result = rnnbuild("runs", "runs/reviews-1", "--sort", "score", folder=folder)
    assert result.code == 2
    assert "--sort is for a folder of runs" in result.err


def test_a_run_that_is_locked_is_running(folder):
    run = RunDirectory(folder / "runs" / "reviews-2")
    with locked(run):
        assert rows_by_run(folder)["reviews-2"]["status"] == "running"
    assert rows_by_run(folder)["reviews-2"]["status"] == "stopped"


def test_no_runs_yet_is_not_an_error(tmp_path):
    result = rnnbuild("runs", folder=tmp_path)
    assert result.code == 0
    assert "rnnbuild train" in result.out


@pytest.mark.parametrize("width", [1, 14, 30, 60, 80])
def test_the_curves_of_a_long_run_fit_any_terminal(width):
    lines = [
        HistoryLine(
            epoch=epoch,
            steps=10 * epoch,
            train={"loss": 123456.75 / epoch},
            validation={"loss": 0.25},
        )
        for epoch in range(1, 200)
    ]
    drawn = [line for line in curves(lines, "loss", width) if "│" in line]
    assert len(drawn) == 8
    assert max(map(len, drawn)) <= max(width, 14)


def test_one_run_is_shown_with_its_curves_and_scores(folder):
    result = rnnbuild("runs", "runs/reviews-1", folder=folder)
    assert result.code == 0
    for part in ("finished", "gru 6", "2 of 2 epochs", "● validation", "│", "naive Bayes"):
        assert part in result.out
    assert widest(result.out) <= 80


def test_a_stopped_run_names_the_command_that_continues_it(folder):
    result = rnnbuild("runs", "runs/latest", folder=folder)
    assert "rnnbuild resume runs/latest" in result.out


def test_a_runs_history_comes_as_csv_and_with_everything_else_as_json(folder, classify_run):
    lines = (classify_run / "history.jsonl").read_text().splitlines()
    document = json.loads(rnnbuild("runs", "runs/reviews-1", "--format", "json", folder=folder).out)
    assert document["history"] == [json.loads(line) for line in lines]
    assert document["metrics"] == json.loads((classify_run / "metrics.json").read_text())
    rows = csv.DictReader(
        io.StringIO(rnnbuild("runs", "runs/reviews-1", "--format", "csv", folder=folder).out)
    )
    losses = [float(row["validation_loss"]) for row in rows]
    assert losses == [line["validation"]["loss"] for line in document["history"]]


def test_opening_a_damaged_run_is_an_error_that_names_its_file(folder):
    result = rnnbuild("runs", "runs/reviews-3", folder=folder)
    assert result.code == 2
    assert "history.jsonl is damaged" in result.err


def test_a_missing_run_suggests_the_nearest(folder):
    result = rnnbuild("runs", "runs/reviews-9", folder=folder)
    assert result.code == 2
    assert "did you mean" in result.err


def test_runs_are_shown_without_a_framework(folder):
    script = (
        "import sys; from rnnbuild.cli.app import app\n"
        "try: app(['runs', *sys.argv[1:]])\n"
        "except SystemExit: pass\n"
        "assert not {'tensorflow', 'keras'} & sys.modules.keys()"
    )
    root = str(Path(__file__).parents[2])
    for arguments in ((), ("runs/reviews-1",)):
        done = subprocess.run(
            [sys.executable, "-c", script, *arguments],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": root},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        assert "finished" in done.stdout
