"""`rnnbuild report`: the page's file, and what is said of it."""

import csv
import html
import json
import re
import shlex
import shutil
import sys
from pathlib import Path
from xml.etree import ElementTree

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
    assert row == {"file": str(page), "bytes": page.stat().st_size}
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


def test_plots_and_tables_are_files_that_other_programs_read(run: Path, tmp_path: Path) -> None:
    folder, page = tmp_path / "figures", tmp_path / "page.html"
    result = rnnbuild("report", run, "--output", page, "--plots", folder, "--format", "json")
    assert result.code == 0, result.err
    rows = json.loads(result.out)
    assert [row["file"] for row in rows[1:]] == [
        str(folder / Path(row["file"]).name) for row in rows[1:]
    ]
    assert {Path(row["file"]) for row in rows} == {page, *folder.iterdir()}
    assert all(Path(row["file"]).stat().st_size == row["bytes"] for row in rows)
    for path in folder.glob("*.svg"):
        assert ElementTree.parse(path).getroot().tag == "{http://www.w3.org/2000/svg}svg"
    for path in folder.glob("*.png"):
        assert path.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    for path in folder.glob("*.pdf"):
        assert path.read_bytes()[:5] == b"%PDF-"
    text = (folder / "curve-loss.svg").read_text()
    assert "validation" in text  # the legend, which the page writes itself
    assert "#0a64a4" in text
    assert "var(" not in text
    with (folder / "table-layers.csv").open(newline="") as stream:
        layers = list(csv.DictReader(stream))
    assert [row["layer"] for row in layers][-1] == "head"


def test_an_existing_folder_of_plots_stays_and_no_page_is_written(run: Path) -> None:
    folder = run / "figures"
    folder.mkdir()
    result = rnnbuild("report", run, "--plots", folder)
    assert result.code == 2
    assert "--plots" in result.err
    assert not (run / "report.html").exists()


def test_plots_without_the_extra_are_one_error_with_the_line_that_installs_it(
    run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    result = rnnbuild("report", run, "--plots", tmp_path / "figures")
    assert result.code == 2
    assert 'pip install "rnnbuild[plots]"' in result.err
    assert not (tmp_path / "figures").exists()
    assert not (run / "report.html").exists()


def test_the_page_of_a_language_model_has_a_text_and_the_command_that_writes_it(
    language_run: Path, tmp_path: Path
) -> None:
    target = tmp_path / "page.html"
    assert rnnbuild("report", language_run, "--output", target).code == 0
    page = html.unescape(target.read_text(encoding="utf-8"))
    (command,) = re.findall(r"<code>rnnbuild (generate [^<]*)</code>", page)
    written = rnnbuild(*shlex.split(command))
    assert written.code == 0
    assert written.out.rstrip("\n") in page


def test_a_language_model_without_weights_has_a_page_without_a_text(
    language_run: Path, tmp_path: Path
) -> None:
    run = Path(shutil.copytree(language_run, tmp_path / "run"))
    (run / "model.keras").write_bytes(b"damaged")
    result = rnnbuild("report", run)
    assert result.code == 0
    assert "the page has no sample of text" in result.err
    assert "writes it again" not in (run / "report.html").read_text(encoding="utf-8")
