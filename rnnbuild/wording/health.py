"""Findings about a config's data, and their worst level."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from rnnbuild.formatting import plural
from rnnbuild.wording.pictures import sparkline
from rnnbuild.wording.table import Column, Table, Tone

Level = Literal["failure", "warning", "unchecked", "ok"]

LEVELS: tuple[Level, ...] = ("failure", "warning", "unchecked", "ok")
"""Worst first."""
TONES: Mapping[str, Tone] = {
    "ok": "good",
    "unchecked": "drawing",
    "warning": "warning",
    "failure": "bad",
}


def worst_level(findings: Sequence[Mapping[str, Any]]) -> Level:
    """The worst level among findings; `ok` without findings."""
    levels = {finding["level"] for finding in findings}
    return next((level for level in LEVELS if level in levels), "ok")


def findings_table(name: str, findings: Sequence[Mapping[str, Any]]) -> Table:
    """A row for each finding, in order; figures are part of the document only.

    A finding has a `level`, `what` was checked, a `reason`, a `remedy` and `figures`.
    """
    columns = [
        Column("level", "", tones=TONES),
        Column("what", "check", tone="name"),
        Column(("figures", "reason", "remedy"), "finding", finding_text, wrap="words"),
    ]
    return Table(
        columns,
        findings,
        keys=2,
        title=f"{counts_text(findings)} in the data of {name}",
        fields=("level", "what", "reason", "remedy"),
        document={"config": name, "verdict": worst_level(findings), "findings": list(findings)},
    )


def finding_text(figures: Mapping[str, Any], reason: str, remedy: str) -> str:
    """The histogram, if there is one, the reason and the remedy."""
    histogram = figures.get("histogram", ())
    picture = f"{sparkline(histogram)} " if len(histogram) > 1 else ""
    return f"{picture}{reason}\n→ {remedy}" if remedy else f"{picture}{reason}"


def counts_text(findings: Sequence[Mapping[str, Any]]) -> str:
    """`1 failure, 2 warnings`, or `no problems`; and `1 question unchecked`, if any is."""
    levels = [finding["level"] for finding in findings]
    counts = [(levels.count(level), level) for level in ("failure", "warning")]
    texts = [plural(count, level) for count, level in counts if count] or ["no problems"]
    if unchecked := levels.count("unchecked"):
        texts.append(f"{plural(unchecked, 'question')} unchecked")
    return ", ".join(texts)
