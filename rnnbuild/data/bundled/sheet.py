"""A bundled dataset as one table of rows: for showing examples, and for writing it to a file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rnnbuild.data.examples.splits import SPLITS, SplitName, by_split
from rnnbuild.data.rows.rows import Rows, RowSplits
from rnnbuild.data.sequences.codec import SequenceRows, SequenceSplits
from rnnbuild.data.series.series import BundledSeries, Series
from rnnbuild.tasks.facts import Task
from rnnbuild.tasks.table import TASKS

SPLIT = "split"
"""The column with the split of each row."""


@dataclass(frozen=True)
class Sheet:
    """Rows with a value for each column.

    A value is a text, a tuple of words or tags, a number or a list of numbers; None where a series
    lacks one.
    """

    task: Task
    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    splits: tuple[SplitName, ...] = ()
    """The split of each row; empty if the rows are one series, or all of one split."""


def sheet_of(
    made: RowSplits | SequenceSplits | BundledSeries, split: SplitName | None = None
) -> Sheet:
    """All rows, or those of one split; a series is always shown whole."""
    if isinstance(made, BundledSeries):
        return _series(made.series)
    parts: Mapping[SplitName, Rows | SequenceRows | None] = by_split(made)
    task: Task = made.task if isinstance(made, RowSplits) else "forecast"
    columns = ("text",) if TASKS[task].target == "next token" else TASKS[task].columns
    names = SPLITS if split is None else (split,)
    rows: list[tuple[Any, ...]] = []
    splits: list[SplitName] = []
    for name in names:
        part = parts[name]
        part_rows = [] if part is None else list(_rows(part, columns))
        rows += part_rows
        splits += [name] * len(part_rows)
    return Sheet(task, columns, rows, tuple(splits) if split is None else ())


def _rows(part: Rows | SequenceRows, columns: tuple[str, ...]) -> Iterator[tuple[Any, ...]]:
    if len(columns) == 1 and isinstance(part, Rows):
        # Running text: its lines, which are the same text again when read as rows.
        yield from ((line,) for text in part.texts for line in text.split("\n"))
    elif isinstance(part, SequenceRows):
        yield from zip(part.inputs.tolist(), part.targets.tolist(), strict=True)
    elif part.words:
        yield from zip(part.words, part.targets, strict=True)
    else:
        for text, (target,) in zip(part.texts, part.targets, strict=True):
            yield text, target


def _series(series: Series) -> Sheet:
    rows: list[tuple[Any, ...]] = [tuple(values) for values in series.values.tolist()]
    if series.filled is not None:
        lacking = (None,) * len(series.names)
        rows = [lacking if gap else row for row, gap in zip(rows, series.filled, strict=True)]
    if series.dates is None:
        return Sheet("forecast", series.names, rows)
    text_of = series.frequency.text_of if series.frequency else str
    dated = [(text_of(date), *row) for date, row in zip(series.dates, rows, strict=True)]
    return Sheet("forecast", ("date", *series.names), dated)
