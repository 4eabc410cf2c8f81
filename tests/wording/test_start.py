"""What a run started from is named as a person in this folder would name it."""

from pathlib import Path

import pytest

from rnnbuild.runs.start_file import LayerStart, StartRecord
from rnnbuild.wording.start import source_text, start_table, start_text


def record(run: Path) -> StartRecord:
    layers = (
        LayerStart(layer="embedding", start="taken over", weights=90, taken=90, reason=""),
        LayerStart(layer="head", start="new", weights=10, taken=0, reason="3 labels"),
    )
    return StartRecord(run=str(run), task="classify", kept=None, finished=True, layers=layers)


def test_a_run_inside_the_current_folder_is_named_from_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    inside = record(tmp_path / "runs" / "a-1")
    assert source_text(inside) == "runs/a-1"
    assert start_text(inside) == "started from runs/a-1: 1 of 2 layers, 90.0 % of the weights"
    assert start_table(inside).title == "From runs/a-1"
    assert source_text(record(tmp_path.parent / "b-1")) == str(tmp_path.parent / "b-1")
