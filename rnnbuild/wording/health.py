"""The health of a config's data: its findings, and their worst level."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from rnnbuild.formatting import plural
from rnnbuild.wording.pictures import sparkline
from rnnbuild.wording.table import Column, Table, Tone

Level = Literal["failure", "warning", "ok"]

LEVELS: tuple[Level, ...] = ("failure", "warning", "ok")
"""The worst first."""
TONES: Mapping[str, Tone] = {"ok": "good", "warning": "warning", "failure": "bad"}


def worst_level(findings: Sequence[Mapping[str, Any]]) -> Level:
    """The worst level among findings; `ok` where there is none."""
    levels = {finding["level"] for finding in findings}
    return next((level for level in LEVELS if level in levels), "ok")


def findings_table(name: str, findings: Sequence[Mapping[str, Any]]) -> Table:
    """A row for each finding, in the order in which they are asked; figures in the document alone.

    A finding is its `level`, `what` was looked at, the `reason`, the `remedy` and its `figures`.
    """
    columns = [
        Column("level", "", one_line=True, tones=TONES),
        Column("what", "looked at", tone="name"),
        Column(("figures", "reason", "remedy"), "found", finding_text),
    ]
    return Table(
        columns,
        findings,
        title=f"{counts_text(findings)} in the data of {name}",
        fields=("level", "what", "reason", "remedy"),
        document={"config": name, "verdict": worst_level(findings), "findings": list(findings)},
    )


def finding_text(figures: Mapping[str, Any], reason: str, remedy: str) -> str:
    """The picture of its histogram, where there is one, the reason, and the remedy."""
    histogram = figures.get("histogram", ())
    picture = f"{sparkline(histogram)} " if len(histogram) > 1 else ""
    return f"{picture}{reason}\n→ {remedy}" if remedy else f"{picture}{reason}"


def counts_text(findings: Sequence[Mapping[str, Any]]) -> str:
    """`2 warnings, 1 failure`, or that there is none."""
    levels = [finding["level"] for finding in findings]
    counts = [(levels.count(level), level) for level in LEVELS if level != "ok"]
    return ", ".join(plural(count, level) for count, level in counts if count) or "nothing wrong"
