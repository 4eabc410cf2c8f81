"""The page of a study: what is in it, and the same colour for the same variant."""

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rnnbuild.errors import RunError
from rnnbuild.reports.blocks import Page, TableBlock
from rnnbuild.reports.html import page_html
from rnnbuild.reports.study.page import page_of_study
from rnnbuild.runs.study.directory import StudyDirectory
from rnnbuild.runs.study.results_file import read_results
from tests.reports.pages import hostile_study, made_study, write_study
from tests.reports.test_html import tags_of
from tests.studies.made import made_plan, made_results


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Page:
    return page_of_study(made_study(tmp_path_factory.mktemp("studies") / "made-1"))


def figure_of(page: Page, name: str) -> dict[str, object]:
    return next(figure.spec for figure in page.figures if figure.name == name)


def test_the_conclusions_come_first_and_the_plan_last(page: Page) -> None:
    names = [section.name for section in page.sections]
    assert names == ["conclusions", "variants", "differences", "training", "costs", "plan"]
    assert "3 variants by 5 seeds" in page.lead


def test_every_seed_is_a_dot_beside_the_mean_and_its_interval(page: Page) -> None:
    spec = json.dumps(figure_of(page, "scores"))
    assert len(re.findall(r"seed \d: 0\.", spec)) == 15
    assert spec.count('"low": 0.') == 3
    assert "majority (trivial)" in spec


def test_a_variant_has_the_same_colour_in_every_plot(page: Page) -> None:
    roles = {
        (row["name"], row["role"])
        for name in ("scores", "differences-plot")
        for row in figure_of(page, name)["data"]["values"]  # type: ignore[index]
        if row["role"] != "muted"
    }
    roles |= {
        (row["label"], row["role"])
        for row in figure_of(page, "pareto-parameters")["data"]["values"]  # type: ignore[index]
    }
    for figure in page.figures:
        roles |= set(figure.legend)
    assert sorted(roles) == [(f"cell=v{n}", f"category_{n + 1}") for n in range(3)]


def test_of_more_variants_than_colours_the_reference_and_the_best_are_coloured(
    tmp_path: Path,
) -> None:
    page = page_of_study(made_study(tmp_path / "study", variants=12, epochs=2))
    rows = figure_of(page, "scores")["data"]["values"]  # type: ignore[index]
    coloured = {row["name"] for row in rows if row["role"] != "muted"}
    assert coloured == {"cell=v0", *(f"cell=v{number}" for number in range(5, 12))}
    legend = next(each.legend for each in page.figures if each.name.startswith("curves"))
    assert legend[-1] == ("4 others", "muted")


def test_a_study_whose_runs_are_gone_says_so_and_shows_the_rest(tmp_path: Path) -> None:
    study = StudyDirectory(tmp_path / "study")
    write_study(study, made_results(np.arange(10).reshape(2, 5) / 20))
    html = page_html(page_of_study(study))
    assert "The folders of the runs are gone" in html
    assert "curves-" not in html.partition("<script>")[0]
    assert "cell=v1" in html


def test_failures_and_added_seeds_are_on_the_page(tmp_path: Path) -> None:
    study = hostile_study(tmp_path / "study")
    html = page_html(page_of_study(study))
    assert "Runs that failed" in html
    assert "v1-seed-1.log" in html
    assert not {"img", "i", "b"} & set(tags_of(html))
    assert tags_of(html).count("script") == html.count('<script type="application/json">') + 3


def test_a_variant_alone_and_a_single_seed_have_a_page(tmp_path: Path) -> None:
    alone = StudyDirectory(tmp_path / "alone")
    write_study(alone, made_results([[0.5, 0.6]]))
    assert "differences" not in [section.name for section in page_of_study(alone).sections]
    once = StudyDirectory(tmp_path / "once")
    write_study(once, made_results([[0.5], [0.6]]))
    assert "two seeds" in page_html(page_of_study(once)) or page_of_study(once).figures


def test_a_study_without_test_rows_or_latencies_has_a_page(tmp_path: Path) -> None:
    study = StudyDirectory(tmp_path / "study")
    results = made_results([[0.5, 0.6], [0.7, 0.9]], rows={"train": 9, "validation": 5, "test": 0})
    facts = tuple(replace(each, latency=None) for each in results.facts)
    write_study(study, replace(results, facts=facts, baselines={}))
    html = page_html(page_of_study(study))
    assert "There are no test rows" in html
    assert "The time of an answer was not measured yet" in html


def test_all_pairs_are_named_by_both(tmp_path: Path) -> None:
    study = StudyDirectory(tmp_path / "study")
    plan = made_plan(3, 3, reference=None)
    write_study(study, made_results(np.arange(9).reshape(3, 3) / 20 + 0.1 * np.eye(3), plan=plan))
    rows = figure_of(page_of_study(study), "differences-plot")["data"]["values"]  # type: ignore[index]
    assert [row["name"] for row in rows] == [
        "cell=v1 −\ncell=v0",
        "cell=v2 −\ncell=v0",
        "cell=v2 −\ncell=v1",
    ]


def test_a_study_of_which_no_run_has_finished_is_one_error(tmp_path: Path) -> None:
    study = made_study(tmp_path / "study")
    study.results.unlink()
    with pytest.raises(RunError, match="has finished yet"):
        page_of_study(study)


def test_every_table_of_the_study_is_on_the_page(page: Page) -> None:
    tables = [block.name for block in page.blocks if isinstance(block, TableBlock)]
    assert tables == ["variants", "seeds", "differences", "pareto", "costs", "plan"]


def test_the_page_of_a_study_reads_its_results_file(tmp_path: Path) -> None:
    study = made_study(tmp_path / "study")
    value = read_results(study).runs[0].test["accuracy"]
    assert value is not None
    assert f"seed 1: {value:.4f}" in page_html(page_of_study(study))
