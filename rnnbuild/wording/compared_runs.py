"""Trained runs side by side: scores, differences with verdicts, the rows on which they differ."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from rnnbuild.config.variants import short_value
from rnnbuild.formatting import clock, difference_text, percent, plural
from rnnbuild.metrics.language_model import NATS_A_TOKEN
from rnnbuild.metrics.metric import Metric
from rnnbuild.runs.differing_rows import DifferingRow, DifferingRows, RowAnswer
from rnnbuild.runs.paired_runs import MetricDifference, PairedRuns, RunDifference
from rnnbuild.tasks.table import TASKS
from rnnbuild.visible import command_text
from rnnbuild.wording.metric_names import metric_name
from rnnbuild.wording.mistakes import answer_text, one_line, token_lines
from rnnbuild.wording.scores import (
    defined_text,
    interval_column,
    interval_notes,
    repeated,
    rows_text,
    split_name,
)
from rnnbuild.wording.study import (
    TONES,
    difference_columns,
    difference_interval_text,
    p_text,
    printed,
    unit_of_differences,
)
from rnnbuild.wording.table import Column, Table

SHOWN = 5
"""Rows that are shown of each kind in a table; the JSON document has more."""


def compared_runs_tables(compared: PairedRuns) -> list[Table]:
    """All tables, in the order in which they are read."""
    return [
        scores_side_by_side(compared),
        run_differences_table(compared),
        *differing_rows_tables(compared),
    ]


def scores_side_by_side(compared: PairedRuns) -> Table:
    """A row for each run: in what its config differs, its main score, its size and time."""
    main, split = compared.metrics[0].name, compared.split
    rows = [
        {
            "run": run.path,
            "differs": settings_text(settings),
            "layers": run.listed.overview.layers,
            **vars(run.metrics.scores[split][main]),
            "parameters": run.metrics.parameters,
            "seconds": run.listed.overview.seconds,
        }
        for run, settings in zip(compared.runs, compared.settings, strict=True)
    ]
    columns = [
        Column("run", "run", tone="name"),
        *(
            Column(key, header, wrap="items")
            for key, header in (("layers", "layers"), ("differs", "differs in"))
            if len({row[key] for row in rows}) > 1
        ),
        Column("value", metric_name(main), defined_text, "right"),
        interval_column(),
        Column("parameters", "parameters", align="right"),
        Column("seconds", "time", clock, "right"),
    ]
    notes = interval_notes({run.path: run.metrics.scores[split][main] for run in compared.runs})
    first = compared.runs[0].metrics
    title = f"{split_name(first, split)} {metric_name(main)} over {rows_text(first, split)}"
    return Table(columns, rows, title=title, notes=notes)


def run_differences_table(compared: PairedRuns) -> Table:
    """A row for each run but the first and each metric: the difference, and whether by chance."""
    several = len(compared.differences) > 1
    unshown = repeated(compared.runs[0].metrics.scores[compared.split])
    rows = [
        difference_row(difference.run, metric, difference.by_metric[metric.name], compared)
        for difference in compared.differences
        for metric in compared.metrics
        if metric.name not in unshown
    ]
    columns = [
        *([Column("run", "run", tone="name")] if several else []),
        Column("metric", "", metric_name),
        Column("score", "score", defined_text, "right"),
        *difference_columns(),
        Column("p", ("p by", "Holm") if several else "p", p_text, "right"),
        Column("verdict", "verdict", tones=TONES),
    ]
    first = compared.runs[0].path
    title = (
        f"differences from {first}" if several else f"{compared.differences[0].run} beside {first}"
    )
    notes = [
        "Positive is better. "
        + (
            "Differences of shares are in points. "
            if any(m.unit == "share" for m in compared.metrics)
            else ""
        )
        + (
            f"p values are adjusted by Holm for {len(compared.differences)} runs. "
            if several
            else ""
        )
        + test_text(compared),
        *interval_notes(
            {
                metric_name(name) + (f" of {each.run}" if several else ""): by.examples.difference
                for each in compared.differences
                for name, by in each.by_metric.items()
                if name not in unshown
            }
        ),
    ]
    return Table(columns, rows, title=title, keys=2 if several else 1, notes=notes)


def difference_row(
    run: str, metric: Metric[Any], difference: MetricDifference, compared: PairedRuns
) -> dict[str, Any]:
    """A difference's values, in the unit in which differences are printed."""
    scored = next(each for each in compared.runs if each.path == run)
    return {
        "run": run,
        "reference": compared.runs[0].path,
        "metric": metric.name,
        "score": scored.metrics.scores[compared.split][metric.name].value,
        **printed(difference.examples.difference, metric.unit),
        "p": difference.p,
        "verdict": difference.verdict,
    }


def test_text(compared: PairedRuns) -> str:
    """How differences are tested, in a sentence."""
    target = TASKS[compared.runs[0].answers.task].target
    if target == "numbers":
        return "Differences are tested row by row in order of time (Diebold and Mariano)."
    if target == "next token":
        return "Differences are tested passage by passage in their order (Diebold and Mariano)."
    return "Differences are tested by swapping the answers to each example at random."


def conclusions(compared: PairedRuns) -> list[str]:
    """What the comparison shows by the main metric, and what it does not show."""
    main, first = compared.metrics[0], compared.runs[0]
    sentences = [conclusion(each, main, first.path, compared) for each in compared.differences]
    if compared.compared < compared.count:
        kept = f"{compared.compared:,} of {compared.count:,}"
        sentences.append(
            f"The differences are over the {kept} rows whose answers both records have."
        )
    sentences.append(
        "This is about these trained models on other examples, not about other seeds: "
        f"`{command_text('study')} CONFIG --vary KEY=A,B` compares configs."
    )
    return sentences


def conclusion(
    difference: RunDifference, main: Metric[Any], first: str, compared: PairedRuns
) -> str:
    """`runs/b-1 is better than runs/a-1: accuracy +2.60 points (95 % interval +0.9 to +4.2)`."""
    each = difference.by_metric[main.name]
    row = difference_row(difference.run, main, each, compared)
    score = each.examples.difference
    if score.value is None:
        return f"{difference.run} beside {first}: {metric_name(main.name)} is undefined."
    if score.value == 0:
        both = f"{metric_name(main.name)} {defined_text(row['score'])}"
        return f"{difference.run} and {first} do not differ: both have {both}."
    unit = unit_of_differences(main.unit)
    what = f"{metric_name(main.name)} {difference_text(row['difference'])}{unit}"
    if score.low is None:
        return f"{difference.run} beside {first} is inconclusive: {what}; {score.no_interval}."
    interval = difference_interval_text(row["low"], row["high"], None)
    evidence = f"{what} (95 % interval {interval}, p {p_text(each.p)})"
    if each.verdict == "inconclusive":
        return f"{difference.run} beside {first} is inconclusive: {evidence}."
    return f"{difference.run} is {each.verdict} than {first}: {evidence}."


def settings_text(settings: Any) -> str:
    return ", ".join(f"{key}={short_value(value)}" for key, value in settings.items())


def differing_rows_tables(compared: PairedRuns) -> Iterator[Table]:
    """For each run but the first, the rows on which it is better, then those on which it is not."""
    first = compared.runs[0].path
    for difference in compared.differences:
        for rows, better, worse in (
            (difference.better, difference.run, first),
            (difference.worse, first, difference.run),
        ):
            if rows.rows:
                yield differing_rows_table(rows, better, worse, compared)


def differing_rows_table(
    rows: DifferingRows, better: str, worse: str, compared: PairedRuns
) -> Table:
    """The rows that one run answers correctly and another does not, one or more lines each."""
    shown = [
        {"row": row.row, "what": differing_row_text(row, better, worse, compared)}
        for row in rows.rows[:SHOWN]
    ]
    columns = [
        Column("row", "row", align="right"),
        Column("what", "text and answers", wrap="words"),
    ]
    comparative = comparative_of(compared)
    side = f"{comparative} {worse}" if comparative else f"is correct and {worse} is not"
    title = f"{better} {side}: {plural(rows.count, 'row')}"
    if rows.count > len(shown):
        title += f", the {'largest gaps' if comparative else 'worst mistakes'} first"
    return Table(columns, shown, title=title)


def comparative_of(compared: PairedRuns) -> str:
    """How the better one of two answers differs; empty where it is correct and the other is not."""
    target = TASKS[compared.runs[0].answers.task].target
    return {"numbers": "comes closer than", "next token": "is less surprised than"}.get(target, "")


def differing_row_text(row: DifferingRow, better: str, worse: str, compared: PairedRuns) -> str:
    """The text on one line, then target and answers."""
    lines = [one_line(row.text)]
    passage = TASKS[compared.runs[0].answers.task].target == "next token"
    if row.tokens is not None:
        lines += token_lines(row.tokens)
    else:
        lines += [] if passage else [f"target {answer_text(row.target)}"]
        unit = f" {metric_name(NATS_A_TOKEN.name)}" if passage else ""
        for run, answer in ((better, row.better), (worse, row.worse)):
            lines.append(f"{run}: {answer_text(answer.prediction)}{unit}{certainty(answer)}")
    return "\n  ".join(lines)


def certainty(answer: RowAnswer) -> str:
    """` (93 % sure)`; empty where it is not known."""
    return "" if answer.probability is None else f" ({percent(answer.probability, digits=0)} sure)"


def compared_runs_document(compared: PairedRuns) -> dict[str, Any]:
    """Every figure, raw: differences in the metric's unit, times in seconds."""
    main, split = compared.metrics[0], compared.split
    return {
        "split": split,
        "metric": main.name,
        "rows": compared.count,
        "compared": compared.compared,
        "runs": [
            {
                "run": run.path,
                "layers": run.listed.overview.layers,
                "differs": dict(settings),
                "parameters": run.metrics.parameters,
                "seconds": run.listed.overview.seconds,
                "scores": {name: asdict(each) for name, each in run.metrics.scores[split].items()},
            }
            for run, settings in zip(compared.runs, compared.settings, strict=True)
        ],
        "differences": [
            {
                "run": each.run,
                "reference": compared.runs[0].path,
                "by_metric": {
                    name: {
                        **asdict(by.examples.difference),
                        "p": by.examples.p,
                        "adjusted_p": by.p,
                        "verdict": by.verdict,
                    }
                    for name, by in each.by_metric.items()
                },
                "better": asdict(each.better),
                "worse": asdict(each.worse),
            }
            for each in compared.differences
        ],
        "conclusions": conclusions(compared),
    }


def tidy_compared_runs(compared: PairedRuns) -> Table:
    """A row for each run and metric, with all its numbers, for CSV."""
    rows = []
    by_run = {each.run: each.by_metric for each in compared.differences}
    for run, settings in zip(compared.runs, compared.settings, strict=True):
        for metric in compared.metrics:
            row = {
                "run": run.path,
                "differs": settings_text(settings),
                "parameters": run.metrics.parameters,
                "seconds": run.listed.overview.seconds,
                "split": compared.split,
                "metric": metric.name,
                **vars(run.metrics.scores[compared.split][metric.name]),
            }
            if run.path in by_run:
                by = by_run[run.path][metric.name]
                row |= {
                    "reference": compared.runs[0].path,
                    "difference": by.examples.difference.value,
                    "difference_low": by.examples.difference.low,
                    "difference_high": by.examples.difference.high,
                    "p": by.examples.p,
                    "adjusted_p": by.p,
                    "verdict": by.verdict,
                }
            rows.append(row)
    keys = list(dict.fromkeys(key for row in rows for key in row))
    return Table([Column(key, key) for key in keys], rows)
