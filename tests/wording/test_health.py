"""Findings as a table: levels, their worst, and what the title counts."""

from dataclasses import asdict

import pytest

from rnnbuild.data.kind.finding import failure, limited, ok, unchecked, warning
from rnnbuild.wording.health import findings_table

OK, OPEN = ok("rows", "There are 9."), unchecked("drift", "test has 5 steps")
WARNED, FAILED = warning("cut", "Much.", "Cut less."), failure("leakage", "All.", "Remove.")


@pytest.mark.parametrize(
    ("findings", "verdict", "title"),
    [
        ([OK], "ok", "no problems in the data of c.yaml"),
        ([OK, OPEN], "unchecked", "no problems, 1 question unchecked in the data of c.yaml"),
        (
            [OPEN, WARNED, OPEN],
            "warning",
            "1 warning, 2 questions unchecked in the data of c.yaml",
        ),
        ([FAILED, WARNED, OK], "failure", "1 failure, 1 warning in the data of c.yaml"),
    ],
)
def test_the_title_counts_what_is_wrong_and_what_is_open(findings, verdict, title):
    table = findings_table("c.yaml", [asdict(finding) for finding in findings])
    assert table.title == title
    assert table.document["verdict"] == verdict
    assert [table.columns[0].cell(row) for row in table.rows] == [f.level for f in findings]


def test_what_was_not_looked_at_leaves_a_warning_and_no_ok():
    missing = {"test": "it has 5 steps"}
    assert limited(WARNED, missing).level == "warning"
    assert limited(WARNED, missing).reason == "Much. Not looked at: test, because it has 5 steps."
    assert limited(OK, missing).level == "unchecked"
    assert limited(OK, {}) is OK
