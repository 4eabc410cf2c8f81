"""Missing and irregular steps: refused with their places, or treated as `data.gaps` says.

refuse    an error that names each; missing weekdays in a series of weekdays are noted as holidays
forward   the value before is repeated; a step filled so is read, but never forecast
ignore    each row is one step, whatever the time between; missing values are still refused
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.health.shares import agree
from rnnbuild.data.readers.faults import SHOWN
from rnnbuild.data.series.frequency import Dates, Frequency, frequency_of
from rnnbuild.data.series.series import Series, Values
from rnnbuild.errors import DataError, Place, Problem

Gaps = Literal["refuse", "forward", "ignore"]
Faults = list[tuple[int, str]]
HINT = (
    "fix the file, or state a rule: `data.gaps: forward` repeats the value before, "
    "`ignore` takes each row as one step"
)
TOO_MANY = 50
"""Limit of filled steps for each row: one wrong date could otherwise fill millions of steps."""


@dataclass(frozen=True, eq=False)
class RawSteps:
    """The content of a file, row by row: `values` (rows, columns), NaN where one is missing."""

    names: tuple[str, ...]
    values: Values
    dates: Dates | None
    places: list[tuple[str, int]]
    line_place: Callable[[int], Place]
    """The place of a row, with the text of its line."""


def regular_series(rows: RawSteps, gaps: Gaps) -> Series:
    """The rows as a series of even steps without gaps. Raises DataError (see the module)."""
    notes: list[str] = []
    frequency = None
    steps = np.arange(len(rows.values))
    if rows.dates is not None:
        rows, notes = _oldest_first(rows)
        assert rows.dates is not None
        frequency = frequency_of(rows.dates)
        _refuse(
            rows,
            _not_forward(rows.dates),
            "a series is in order of time, with one row for each date",
        )
        if frequency is not None and gaps != "ignore":
            steps, more = _steps(rows, frequency, gaps)
            notes += more
    return _fill_gaps(rows, steps, frequency, gaps, notes)


def _oldest_first(rows: RawSteps) -> tuple[RawSteps, list[str]]:
    dates = rows.dates
    if dates is None or len(dates) < 2 or not (np.diff(dates.astype(np.int64)) < 0).all():
        return rows, []
    line_place, last = rows.line_place, len(dates) - 1
    turned = RawSteps(
        rows.names,
        rows.values[::-1],
        dates[::-1],
        rows.places[::-1],
        lambda row: line_place(last - row),
    )
    return turned, [f"{rows.places[0][0]} starts with the newest row; it is read backwards"]


def _not_forward(dates: Dates) -> Faults:
    steps = np.diff(dates.astype(np.int64))
    return [
        (row + 1, "the same date as in the row before" if steps[row] == 0 else "an earlier date")
        for row in np.flatnonzero(steps <= 0).tolist()
    ]


def _steps(rows: RawSteps, frequency: Frequency, gaps: Gaps) -> tuple[NDArray[np.int64], list[str]]:
    """The step of each row, by its date, and notes on the steps."""
    assert rows.dates is not None
    position = frequency.position(rows.dates)
    steps = np.round(position).astype(np.int64)
    uneven = np.flatnonzero((position != steps) | (np.diff(steps, prepend=-1) < 1)).tolist()
    faults = [(row, f"not a whole number of steps ({frequency}) from the first") for row in uneven]
    _refuse(rows, faults, "`data.gaps: ignore` takes each row as one step")
    missing = np.diff(steps) - 1
    if frequency.unit == "weekday":
        days = int(missing.sum())
        if not days:
            return steps, []
        longest = int(missing.argmax())
        source, line = rows.places[longest + 1]
        return np.arange(len(steps)), [
            f"{days:,} {agree(days, 'weekday is', 'weekdays are')} missing (holidays?), at most "
            f"{missing[longest]:,} in a row ({source}:{line}); each row is one step"
        ]
    if gaps == "refuse":
        holes = [
            (row + 1, _missing(int(missing[row]), frequency))
            for row in np.flatnonzero(missing).tolist()
        ]
        _refuse(rows, holes, HINT)
    return steps, []


def _missing(count: int, frequency: Frequency) -> str:
    steps = agree(count, f"step ({frequency}) is", f"steps ({frequency}) are")
    return f"{count:,} {steps} missing before this row"


def _fill_gaps(
    rows: RawSteps,
    steps: NDArray[np.int64],
    frequency: Frequency | None,
    gaps: Gaps,
    notes: list[str],
) -> Series:
    absent = np.isnan(rows.values)
    if gaps != "forward":
        hint = HINT if gaps == "refuse" else "`data.gaps: forward` repeats the value before"
        _refuse(rows, _missing_values(rows, absent), hint)
        return Series(
            rows.names, rows.values, rows.dates, frequency, None, rows.places, tuple(notes)
        )
    _refuse(
        rows, _missing_values(rows, absent, first=True), "remove the rows before the first value"
    )
    length = int(steps[-1]) + 1
    if length > TOO_MANY * len(steps):
        raise DataError(
            f"the rows of {rows.places[0][0]} are so far apart ({frequency}) that "
            f"{length - len(steps):,} steps would be filled and only {len(steps):,} are real",
            hint="is a date wrong? `data.gaps: ignore` takes each row as one step",
        )
    # The row whose value each step takes: its own, or for a gap the last row before it.
    row_of = np.searchsorted(steps, np.arange(length), side="right") - 1
    inserted = ~np.isin(np.arange(length), steps)
    # For each cell the row of the last value up to it; a missing one takes that row's value.
    source = np.where(absent, 0, np.arange(len(absent))[:, None])
    values = np.take_along_axis(rows.values, np.maximum.accumulate(source, axis=0), axis=0)[row_of]
    without = np.asarray(absent.any(axis=1))
    filled = inserted | without[row_of]
    if filled.any():
        first = rows.places[int(row_of[filled.argmax()])]
        notes = [
            *notes,
            f"{int(filled.sum()):,} of {length:,} steps {agree(int(filled.sum()), 'has', 'have')} "
            f"no value (the first at {first[0]}:{first[1]}); the one before is repeated, and such "
            "steps are never forecast",
        ]
    dates = rows.dates
    if dates is not None and frequency is not None:
        days = [frequency.after(dates[0], step) for step in range(length)] if inserted.any() else []
        dates = np.array(days, "datetime64[s]") if days else dates
    places = [rows.places[row] for row in row_of.tolist()]
    return Series(
        rows.names,
        values,
        dates,
        frequency,
        filled if filled.any() else None,
        places,
        tuple(notes),
    )


def _missing_values(rows: RawSteps, absent: NDArray[np.bool_], first: bool = False) -> Faults:
    """Rows with a missing value; with `first`, only the first row, which nothing can fill."""
    lacking = np.flatnonzero(absent.any(axis=1)).tolist()
    if first:
        lacking = [row for row in lacking if row == 0]
    return [
        (
            row,
            "no value for "
            + ", ".join(f"`{rows.names[column]}`" for column in np.flatnonzero(absent[row])),
        )
        for row in lacking
    ]


def _refuse(rows: RawSteps, faults: Faults, hint: str) -> None:
    """Raises DataError if there are faults (row, what is wrong), with the first few."""
    if not faults:
        return
    problems = [Problem(message, rows.line_place(row)) for row, message in faults[:SHOWN]]
    more = len(faults) - len(problems)
    if more:
        problems.append(Problem(f"{more:,} more such row{'s' if more > 1 else ''}"))
    last = problems.pop()
    raise DataError([*problems, Problem(last.message, last.place, hint)])
