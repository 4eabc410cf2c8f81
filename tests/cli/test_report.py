"""`rnnbuild report`: the page's file, and what is said of it."""

import json
from pathlib import Path

import pytest

from tests.cli.command import rnnbuild
from tests.runs.fixture import copy_of_the_run


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return copy_of_the_run(tmp_path / "run").path


def test_the_page_is_in_the_runs_folder_and_its_size_is_said(run: Path) -> None:
    result = rnnbuild("report", run, "--format", "json")
    assert result.code == 0, result.err
    (row,) = json.loads(result.out)
    page = run / "report.html"
    assert row == {"page": str(page), "bytes": page.stat().st_size}
    assert rnnbuild("report", run).code == 0  # a page takes the place of a page


@pytest.mark.parametrize("form", ["table", "csv", "markdown"])
def test_the_page_is_named_in_every_format(run: Path, tmp_path: Path, form: str) -> None:
    target = tmp_path / "pages" / "mine.html"
    result = rnnbuild("report", run, "--output", target, "--format", form, columns=200)
    assert result.code == 0, result.err
    assert target.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert str(target) in result.out
    assert not (run / "report.html").exists()


def test_a_file_that_is_no_page_stays(run: Path, tmp_path: Path) -> None:
    target = tmp_path / "mine.html"
    target.write_text("<p>mine</p>")
    result = rnnbuild("report", run, "--output", target)
    assert result.code == 2
    assert "is not overwritten" in result.err
    assert target.read_text() == "<p>mine</p>"


def test_what_is_no_run_is_one_error(tmp_path: Path) -> None:
    result = rnnbuild("report", tmp_path / "nothing")
    assert result.code == 2
    assert "there is no run" in result.err
    assert not list(tmp_path.iterdir())


def test_a_damaged_run_is_one_error_and_leaves_no_page(run: Path) -> None:
    (run / "metrics.json").write_text("{")
    result = rnnbuild("report", run)
    assert result.code == 2
    assert "metrics.json is damaged" in result.err
    assert not (run / "report.html").exists()
