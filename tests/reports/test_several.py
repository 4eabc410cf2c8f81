"""Pages of several runs, and of several studies."""

from pathlib import Path

import pytest

from rnnbuild.errors import ArgumentError, RunError
from rnnbuild.reports.html import page_html
from rnnbuild.reports.page import page_of
from tests.reports.pages import made_study
from tests.reports.test_html import Elements
from tests.runs.fixture import copy_of_the_run


@pytest.fixture
def runs(tmp_path: Path) -> list[Path]:
    """Two runs of an older version, which did not record their answers."""
    return [copy_of_the_run(tmp_path / name).path for name in ("a-1", "b-1")]


def test_runs_without_recorded_answers_are_side_by_side_and_the_page_says_what_is_missing(
    runs: list[Path],
) -> None:
    page = page_of(runs)
    html = page_html(page)
    assert page.title == "a-1, b-1"
    assert "Not compared row by row" in html
    assert f"rnnbuild evaluate {runs[0]}" in html
    names = [figure.name for figure in page.figures]
    assert names == [
        "score",
        "curves-validation-token_accuracy",
        "curves-validation-loss",
        "curves-train-loss",
    ]
    for figure in page.figures[1:]:
        assert list(figure.legend) == [("a-1", "category_1"), ("b-1", "category_2")]


def test_runs_of_one_name_are_told_apart_by_their_folders(tmp_path: Path) -> None:
    runs = [copy_of_the_run(tmp_path / name / "run").path for name in ("one", "two")]
    html = page_html(page_of(runs))
    assert f"<code>{runs[0]}</code>" in html


def test_a_run_named_twice_and_a_run_beside_a_study_are_errors(
    runs: list[Path], tmp_path: Path
) -> None:
    with pytest.raises(ArgumentError, match="the same run"):
        page_of([runs[0], runs[0]])
    study = made_study(tmp_path / "study").path
    with pytest.raises(ArgumentError, match="is a study"):
        page_of([runs[0], study])
    with pytest.raises(ArgumentError, match="named twice"):
        page_of([study, study])
    with pytest.raises(RunError, match="there is no run"):
        page_of([runs[0], tmp_path / "nothing"])


def test_several_studies_are_one_page_in_which_every_name_occurs_once(tmp_path: Path) -> None:
    studies = [made_study(tmp_path / name, variants=2).path for name in ("one", "two")]
    page = page_of(studies)
    tables = [block.name for block in page.tables]
    assert len(set(tables)) == len(tables)
    parsed = Elements()
    parsed.feed(page_html(page))
    names = [each["id"] for _, each in parsed.elements if "id" in each]
    assert len(set(names)) == len(names)
    assert page.sections[0].title == "one: conclusions"
    assert "two: conclusions" in page_html(page)
