"""The tables of a study: what they contain, and that they are whole in every width."""

import csv
import io
import json
from dataclasses import replace

import numpy as np
import pytest

from rnnbuild.cli.options import Format
from rnnbuild.cli.output.tables import print_table
from rnnbuild.runs.study.results_file import Results
from rnnbuild.studies.findings import Findings, findings_of
from rnnbuild.studies.pareto import Pareto, pareto_of
from rnnbuild.wording.study import (
    costs_table,
    differences_table,
    p_text,
    pareto_table,
    seeds_table,
    study_document,
    study_scores_table,
    study_tables,
)
from rnnbuild.wording.table import Table
from tests.cli.test_every_width import hold_in_every_width
from tests.studies.made import made_plan, made_results, without

MEANS = np.array([[0.8], [0.805], [0.83], [0.75]])
SCORES = MEANS + np.random.default_rng(3).normal(0, 0.005, (4, 5))
LONG = [
    "cell=simple_rnn, depth=1",
    "cell=gru, model.embedding.output_dim=128, depth=2",
    "cell=lstm, bidirectional=true, training.optimizer.learning_rate=0.0003, depth=2",
    "cell=lstm",
]


def made(**keys: object) -> Results:
    return made_results(SCORES, SCORES - 0.01, plan=made_plan(4, 5, **keys))


def with_labels(results: Results, labels: list[str]) -> Results:
    planned = zip(results.plan.variants, labels, strict=True)
    variants = tuple(replace(variant, label=label) for variant, label in planned)
    return replace(results, plan=replace(results.plan, variants=variants))


def findings_and_fronts(results: Results) -> tuple[Findings, Pareto]:
    findings = findings_of(results)
    return findings, pareto_of(findings)


def cells(table: Table) -> list[list[str]]:
    return [[column.cell(row) for column in table.columns] for row in table.rows]


STUDIES = {
    "reference": made(),
    "margin": made(margin=1.0),
    "pairs": made(reference=None),
    "pairs with a margin": made(reference=None, margin=1.0),
    "long names": with_labels(made(reference=None, margin=1.0), LONG),
    "missing runs": without(made(margin=1.0), ("v1", 2), *(("v3", seed) for seed in (1, 2, 3, 4))),
    "no run": without(made(margin=1.0), *(("v3", seed) for seed in (1, 2, 3, 4, 5))),
    "on validation": replace(made(), rows={"train": 9, "validation": 9, "test": 0}),
    "one variant": made_results(SCORES[:1]),
    "many seeds": made_results(np.random.default_rng(4).normal(20_000, 300, (3, 30)), unit="nats"),
}


@pytest.mark.parametrize("name", STUDIES)
def test_tables_are_whole_in_every_width(name: str) -> None:
    tables = study_tables(*findings_and_fronts(STUDIES[name]))
    assert len(tables) >= 3
    hold_in_every_width(tables)


@pytest.mark.parametrize("name", STUDIES)
@pytest.mark.parametrize("form", Format)
def test_tables_are_printed_in_every_format(
    name: str, form: Format, capsys: pytest.CaptureFixture[str]
) -> None:
    for table in study_tables(*findings_and_fronts(STUDIES[name])):
        print_table(table, form)
        printed = capsys.readouterr().out
        if form is Format.csv:
            rows = list(csv.DictReader(io.StringIO(printed)))
            assert [row["variant"] for row in rows] == [row["variant"] for row in table.rows]
        elif form is Format.json:
            assert json.loads(printed) == json.loads(json.dumps(table.json_document))


def test_differences_are_in_points_with_a_verdict_each() -> None:
    findings = findings_of(made(margin=1.0))
    table = differences_table(findings)
    assert table.title == "differences from cell=v0, test accuracy in points"
    for row, each in zip(cells(table), findings.differences, strict=True):
        assert each.difference.value is not None
        points = float(row[1].replace("−", "-"))
        assert points == pytest.approx(100 * each.difference.value, rel=5e-3)
        assert row[4] == each.verdict
        assert (row[5] != "") == (each.verdict == "inconclusive")


def test_differences_of_all_pairs_name_both_variants() -> None:
    table = differences_table(findings_of(made(reference=None)))
    assert table.keys == 2
    assert [row[:2] for row in cells(table)][:2] == [["cell=v1", "cell=v0"], ["cell=v2", "cell=v0"]]


def test_differences_of_errors_are_in_the_unit_of_the_data() -> None:
    results = replace(made(), metric="rmse", unit="target units", higher_is_better=False)
    runs = tuple(
        replace(run, test={"rmse": run.test["accuracy"]}, validation={"rmse": 1.0})
        for run in results.runs
    )
    table = differences_table(findings_of(replace(results, runs=runs)))
    assert table.title == "differences from cell=v0, test RMSE"
    # The last one has the lowest error, by 0.05.
    assert cells(table)[2][1].startswith("+0.0")


def test_the_scores_say_which_variant_is_selected_and_how_many_seeds_it_has() -> None:
    rows = cells(study_scores_table(findings_of(STUDIES["missing runs"])))
    assert [row[-1] for row in rows] == ["5", "4", "5", "1"]
    assert [row[-2] for row in rows] == ["", "", "best", ""]
    assert rows[3][2] == "none"


def test_every_seed_is_shown_and_a_missing_one_is_empty() -> None:
    rows = cells(seeds_table(findings_of(STUDIES["missing runs"])))
    for row, scores in zip(rows, SCORES, strict=True):
        assert [float(cell) for cell in row[1:] if cell] == pytest.approx(
            [score for score, cell in zip(scores, row[1:], strict=True) if cell], abs=5e-5
        )
    assert [cell != "" for cell in rows[1][1:]] == [True, False, True, True, True]


def test_the_variants_against_their_cost_begin_with_the_smallest() -> None:
    results = made(margin=1.0)
    facts = tuple(replace(each, parameters=9000 - each.parameters) for each in results.facts)
    table = pareto_table(*findings_and_fronts(replace(results, facts=facts)))
    assert [row[0] for row in cells(table)] == ["cell=v3", "cell=v2", "cell=v1", "cell=v0"]
    assert [row[4] for row in cells(table)] == [
        "parameters",
        "parameters, latency",
        "latency",
        "latency",
    ]


@pytest.mark.parametrize(
    ("p", "text"),
    [(None, ""), (0.0, "<0.001"), (0.00049, "<0.001"), (0.0005, "0.001"), (1.0, "1.000")],
)
def test_a_p_value_has_three_digits_after_the_point(p: float | None, text: str) -> None:
    assert p_text(p) == text


def test_costs_of_language_models_are_by_token() -> None:
    tables = study_tables(*findings_and_fronts(replace(made(), task="language-model")))
    headers = [column.header for table in tables[-2:] for column in table.columns]
    assert ("multiply-", "adds a token") in headers
    assert headers.count(("one", "token ms")) == 2


def test_the_document_has_every_figure_of_a_study() -> None:
    findings, pareto = findings_and_fronts(made(margin=1.0))
    document = json.loads(json.dumps(study_document(findings, pareto)))
    assert document["best"] == "v2"
    assert document["differences"][0]["p"] == findings.differences[0].p
    assert document["variants"][1]["values"]["3"] == SCORES[1, 2]
    assert document["pareto"]["by_parameters"] == ["v0", "v1", "v2"]


def test_units_that_were_found_for_equal_parameters_are_shown() -> None:
    def header(results: Results) -> list[object]:
        return [column.header for column in costs_table(findings_of(results)).columns]

    assert "units" not in header(made())
    results = made(budget=2000)
    facts = tuple(
        replace(each, units=(24 + number, 7)) for number, each in enumerate(results.facts)
    )
    results = replace(results, facts=facts)
    table = costs_table(findings_of(results))
    assert header(results)[:3] == ["variant", "units", "parameters"]
    assert [table.columns[1].cell(row) for row in table.rows][:2] == ["24, 7", "25, 7"]
