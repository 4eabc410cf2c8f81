"""The page of several runs: its sections, in the order of what a reader asks."""

from collections.abc import Sequence

from rnnbuild.formatting import first_few, plural
from rnnbuild.reports.blocks import Block, Code, Conclusions, Missing, Page, Section, TableBlock
from rnnbuild.reports.several.curves import curves_section
from rnnbuild.reports.several.records import SeveralRecords, several_records
from rnnbuild.reports.several.rows import rows_section
from rnnbuild.reports.several.scores import scores_section
from rnnbuild.runs.comparison import differences, listed_run
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.visible import command_text
from rnnbuild.wording.compared_runs import conclusions
from rnnbuild.wording.run_conclusions import Conclusion
from rnnbuild.wording.runs import differences_of_runs_table


def page_of_runs(runs: Sequence[RunDirectory]) -> Page:
    """Raises RunError or ConfigError where a file is damaged, ArgumentError for one run twice."""
    records = several_records(runs)
    sections = [conclusions_section(records), scores_section(records), curves_section(records)]
    if records.paired is not None:
        sections.append(rows_section(records, records.paired))
    sections.append(runs_section(records))
    names = records.names
    lead = f"{plural(len(names), 'run')} side by side; the others are compared with `{names[0]}`."
    return Page("runs", first_few(names, 4), lead, sections)


def conclusions_section(records: SeveralRecords) -> Section:
    """What the paired tests show, or why there are none."""
    blocks: list[Block] = []
    if records.paired is not None:
        blocks.append(Conclusions([Conclusion(text) for text in conclusions(records.paired)]))
    for problem in records.why_not:
        blocks.append(Missing(f"Not compared row by row: {problem.message}. {problem.hint or ''}"))
    return Section("conclusions", "Conclusions", blocks)


def runs_section(records: SeveralRecords) -> Section:
    """In which keys the configs differ, and the commands that show more of each run."""
    lines = [(command_text("report", run.run.path), False) for run in records.runs]
    lines.insert(0, (command_text("compare", *(run.run.path for run in records.runs)), False))
    differing = differences([listed_run(run.run) for run in records.runs])
    table = differences_of_runs_table(records.names, differing)
    return Section("runs", "Configs and commands", (TableBlock(table, "configs"), Code(lines)))
