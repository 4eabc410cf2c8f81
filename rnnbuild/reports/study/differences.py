"""Which variants differ, and how sure that is."""

from rnnbuild.formatting import difference_text
from rnnbuild.metrics.metric import points_in
from rnnbuild.reports.blocks import Figure, Section, TableBlock
from rnnbuild.reports.plots.differences import differences_plot
from rnnbuild.reports.plots.intervals import Measured
from rnnbuild.reports.study.records import StudyRecords
from rnnbuild.studies.differences import Difference
from rnnbuild.wording.study import (
    difference_interval_text,
    differences_table,
    margin_text,
    unit_of_differences,
)


def differences_section(records: StudyRecords) -> Section:
    table = differences_table(records.findings)
    blocks = [TableBlock(table, "differences")]
    if any(each.difference.value is not None for each in records.findings.differences):
        return Section("differences", "Differences", (differences_figure(records), *blocks))
    return Section("differences", "Differences", blocks)


def differences_figure(records: StudyRecords) -> Figure:
    """Each difference with its interval, in the colour of its variant."""
    findings, plan = records.findings, records.results.plan
    labels = {variant.name: variant.label for variant in findings.variants}
    reference = findings.reference
    whose = "of all pairs" if reference is None else f"from {labels[reference]}"
    margin = "" if plan.margin is None else f" The band is the margin, {margin_text(findings)}."
    return Figure(
        "differences-plot",
        f"differences {whose}",
        differences_plot(
            [
                measured(each, labels, records)
                for each in findings.differences
                if each.difference.value is not None
            ],
            unit_of_differences(records.results.unit).strip(),
            whose,
            plan.margin,
        ),
        differences_table(findings),
        f"Right of the line is better. Lines are 95 % intervals of single differences.{margin}",
    )


def measured(each: Difference, labels: dict[str, str], records: StudyRecords) -> Measured:
    """A difference as a row of the plot, in the unit in which it is printed."""
    factor = points_in(records.results.unit)
    values = (each.difference.value, each.difference.low, each.difference.high)
    value, low, high = (None if end is None else factor * end for end in values)
    assert value is not None
    name = labels[each.variant]
    if records.findings.reference is None:
        name = f"{name} −\n{labels[each.other]}"
    interval = difference_interval_text(low, high, None)
    said = f"{difference_text(value)}{f' ({interval})' if interval else ''}, {each.verdict}"
    return Measured(name, value, low, high, records.roles[each.variant], said)
