"""The rows of the data on which two runs differ, with their texts."""

from rnnbuild.formatting import plural
from rnnbuild.metrics.language_model import NATS_A_TOKEN
from rnnbuild.reports.blocks import Block, Example, Examples, Section, Sentences, Word
from rnnbuild.reports.several.records import SeveralRecords
from rnnbuild.runs.differing_rows import DifferingRow, DifferingRows
from rnnbuild.runs.paired_runs import PairedRuns
from rnnbuild.tasks.table import TASKS
from rnnbuild.wording.compared_runs import certainty, comparative_of
from rnnbuild.wording.metric_names import metric_name
from rnnbuild.wording.mistakes import answer_text, token_lines


def rows_section(records: SeveralRecords, paired: PairedRuns) -> Section:
    """For each run but the first, rows that it answers better, and rows that the first does."""
    first = records.names[0]
    blocks: list[Block] = []
    for difference in paired.differences:
        run = records.name(difference.run)
        blocks += side(difference.better, run, first, paired)
        blocks += side(difference.worse, first, run, paired)
    if not blocks:
        blocks.append(Sentences(["No row is answered better by one of them."]))
    return Section("rows", "Where they differ", blocks)


def side(rows: DifferingRows, better: str, worse: str, paired: PairedRuns) -> list[Block]:
    """Rows that `better` answers better; nothing where there are none."""
    if not rows.rows:
        return []
    what = f"{better} {comparative_of(paired) or 'is correct, and not'} {worse}"
    shown = f", {len(rows.rows)} of them" if rows.count > len(rows.rows) else ""
    title = f"{what}: {plural(rows.count, 'row')}{shown}"
    return [Examples(title, [example_of(row, better, worse, paired) for row in rows.rows])]


def example_of(row: DifferingRow, better: str, worse: str, paired: PairedRuns) -> Example:
    place = f"{paired.split} row {row.row:,}"
    if TASKS[paired.runs[0].answers.task].target == "next token":
        name = metric_name(NATS_A_TOKEN.name)
        nats = [f"{answer_text(each.prediction)} {name}" for each in (row.better, row.worse)]
        more = f"{better}: {nats[0]}, {worse}: {nats[1]}"
        return Example(place, [Word(row.text)], more=more)
    if row.tokens is not None:
        return Example(place, [Word(row.text)], more="; ".join(token_lines(row.tokens)))
    return Example(
        place,
        [Word(row.text)],
        answer_text(row.target),
        f"{answer_text(row.worse.prediction)}{certainty(row.worse)}",
        f"{better}: {answer_text(row.better.prediction)}{certainty(row.better)}",
        by=worse,
    )
