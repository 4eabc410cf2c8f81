"""The health check of a config's data, printed."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rnnbuild.cli.loading import data_folder, written_config
from rnnbuild.cli.options import Format
from rnnbuild.cli.output.curve import sparkline
from rnnbuild.cli.output.figures import plural
from rnnbuild.cli.output.tables import Column, Table, print_table
from rnnbuild.config.load import checked
from rnnbuild.data.health_check import check
from rnnbuild.data.kind.finding import Finding, Level
from rnnbuild.errors import ConfigError, Problem

LEVELS: tuple[Level, ...] = ("failure", "warning", "ok")
"""The worst first."""
STYLES = {"ok": "green", "warning": "yellow", "failure": "bold red"}


def findings_of(name: str, settings: Sequence[str], data_dir: Path | None) -> tuple[Finding, ...]:
    """What is found in the data of a config; raises ConfigError where it names none."""
    config = checked(written_config(name, settings))
    if config.data is None:
        raise ConfigError(
            Problem(
                f"{name} names no data, so there is none to look at",
                config.place("model"),
                "add `data: {dataset: languages}`, or `data: {train: train.csv}`",
            )
        )
    return check(config.data, data_folder(name, data_dir), config.task)


def verdict_of(findings: Sequence[Finding]) -> Level:
    """The worst level that there is."""
    return next((level for level in LEVELS if any(f.level == level for f in findings)), "ok")


def print_findings(name: str, findings: Sequence[Finding], form: Format) -> None:
    """A row for each, in the order in which they are asked; figures in JSON alone."""
    document = {
        "config": name,
        "verdict": verdict_of(findings),
        "findings": [asdict(finding) for finding in findings],
    }
    if form is Format.csv:
        keys = ("level", "what", "reason", "remedy")
        columns = [Column(key, key) for key in keys]
        rows: list[dict[str, Any]] = [asdict(finding) for finding in findings]
        return print_table(Table(columns, rows), form)
    columns = [
        Column("level", "", no_wrap=True, value_styles=STYLES),
        Column("what", "looked at", style="bold"),
        Column("told", "found"),
    ]
    between = " → " if form is Format.markdown else "\n→ "
    rows = [
        {"level": each.level, "what": each.what, "told": told(each, between)} for each in findings
    ]
    title = f"{summary(findings)} in the data of {name}"
    return print_table(Table(columns, rows, title), form, document)


def told(finding: Finding, between: str) -> str:
    """The picture of its histogram, where there is one, the reason, and the remedy."""
    histogram = finding.figures.get("histogram", ())
    picture = sparkline(histogram) if len(histogram) > 1 else ""
    reason = f"{picture} {finding.reason}" if picture else finding.reason
    return f"{reason}{between}{finding.remedy}" if finding.remedy else reason


def summary(findings: Sequence[Finding]) -> str:
    """`2 warnings, 1 failure`, or that there is none."""
    counts = [(sum(f.level == level for f in findings), level) for level in LEVELS if level != "ok"]
    parts = [plural(count, level) for count, level in counts if count]
    return ", ".join(parts) or "nothing wrong"
