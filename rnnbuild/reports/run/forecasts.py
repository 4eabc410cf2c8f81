"""Forecasts against what happened, from the recorded answers."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from rnnbuild.formatting import plural, value_text
from rnnbuild.reports.blocks import Figure
from rnnbuild.reports.plots.forecasts import HAPPENED, Points, answers_plot, forecasts_plot
from rnnbuild.reports.plots.step_axis import Date
from rnnbuild.runs.answers_file import NumberAnswers, SplitAnswers
from rnnbuild.wording.table import Column, Table

MOST_STEPS = 400
"""Rows that are drawn, of all columns together: the last ones."""
MOST_COLUMNS = 4
MOST_POINTS = 1000
STEP = re.compile(r"\d{1,12}", re.ASCII)
ISO_DATE = re.compile(r"\d{4}-\d{2}(-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?)?)?", re.ASCII)

Rows = Sequence[Sequence[float | None]]


def forecast_figures(record: SplitAnswers) -> Iterator[Figure]:
    """A figure for each column of a series, the first few; else answers against targets."""
    answers = record.answers
    if not isinstance(answers, NumberAnswers):
        return
    columns = len(answers.names)
    if not columns or not is_consecutive(answers.targets, columns):
        yield from pairs_figure(answers)
        return
    for number, name in enumerate(answers.names[:MOST_COLUMNS]):
        yield column_figure(answers, number, name)


def is_consecutive(targets: Rows, columns: int) -> bool:
    """Whether each row begins a step after the row before it."""
    return len(targets) > 1 and all(
        len(row) <= columns or row[columns:] == after[: len(row) - columns]
        for row, after in pairwise(targets)
    )


def column_figure(answers: NumberAnswers, number: int, name: str) -> Figure:
    """What happened, and the forecasts that were made one step and most steps before it."""
    columns = len(answers.names)
    most = MOST_STEPS // min(columns, MOST_COLUMNS)
    first = max(0, len(answers.targets) - most)
    targets, predictions = answers.targets[first:], answers.predictions[first:]
    named = places_of(answers, first)
    places, steps = [place for place, _ in named], dict(named)
    ahead = len(targets[0]) // columns
    lines: dict[str, Points] = {HAPPENED: line_of(targets, places, 0, columns, number)}
    lines["forecast 1 step ahead"] = line_of(predictions, places, 0, columns, number)
    if ahead > 1:
        # Made `ahead - 1` rows before the step that it is of.
        far = line_of(predictions, places[ahead - 1 :], ahead - 1, columns, number)
        lines[f"forecast {ahead} steps ahead"] = far
    roles = dict(zip(lines, ("muted", "accent", "second"), strict=False))
    drawn = f"The last {len(targets):,} of {plural(len(answers.targets), 'row')}."
    return Figure(
        f"forecasts-{number + 1}",
        f"forecasts of {name}, and what happened",
        forecasts_plot(lines, roles, name, steps),
        lines_table(lines, steps),
        drawn if first else "",
        list(roles.items()),
    )


def places_of(answers: NumberAnswers, first: int) -> list[tuple[int | Date, str]]:
    """The first step of each row, and its text: a date where all are ISO 8601, else a number.

    A year, and a step of a series without dates, is its own number; other rows are counted from 1.
    """
    dates = answers.dates or ()
    if dates and all(map(STEP.fullmatch, dates)):
        return [(int(date), date) for date in dates[first:]]
    if dates and all(map(ISO_DATE.fullmatch, dates)):
        return [(np.datetime64(date, "us"), date) for date in dates[first:]]
    return [(row, str(row)) for row in range(first + 1, len(answers.targets) + 1)]


def line_of(
    rows: Rows, places: Sequence[int | Date], ahead: int, columns: int, number: int
) -> Points:
    """A column's value at a step of each row, `ahead` steps after its first."""
    at = ahead * columns + number
    return [
        (place, value)
        for place, row in zip(places, rows, strict=False)
        if (value := row[at]) is not None
    ]


def lines_table(lines: dict[str, Points], steps: Mapping[Any, str]) -> Table:
    """A row for each step, with what happened and the forecasts of it."""
    by_line = {name: dict(points) for name, points in lines.items()}
    rows = [
        {"step": steps[place], **{name: values.get(place) for name, values in by_line.items()}}
        for place in by_line[HAPPENED]
    ]
    columns = [
        Column("step", "step"),
        *(Column(name, name, value_text, "right") for name in by_line),
    ]
    return Table(columns, rows)


def pairs_figure(answers: NumberAnswers) -> Iterator[Figure]:
    """Answers against targets; the first ones of too many."""
    pairs = [
        (target, answer)
        for targets, predictions in zip(answers.targets, answers.predictions, strict=True)
        for target, answer in zip(targets, predictions, strict=True)
        if target is not None and answer is not None
    ]
    if not pairs:
        return
    columns = [Column(name, name, value_text, "right") for name in ("target", "answer")]
    rows = [{"target": target, "answer": answer} for target, answer in pairs[:MOST_POINTS]]
    drawn = f"The first {MOST_POINTS:,} of {len(pairs):,}."
    yield Figure(
        "targets",
        "answers against targets",
        answers_plot(pairs[:MOST_POINTS], "all" if len(pairs) <= MOST_POINTS else f"{len(pairs)}"),
        Table(columns, rows),
        drawn if len(pairs) > MOST_POINTS else "On the dashed line both are equal.",
    )
