"""Missing and irregular steps: refused by place, or treated by the rule that `data.gaps` states.

refuse    an error that names each; weekdays that a series of weekdays lacks are holidays, noted
forward   the value before a missing step or value goes on; such a step is read, never forecast
ignore    each row is one step, whatever the time between; missing values are refused all the same
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.readers.faults import SHOWN
from rnnbuild.data.series.frequency import Dates, Frequency, frequency_of
from rnnbuild.data.series.series import Series, Values
from rnnbuild.errors import DataError, Place, Problem

Gaps = Literal["refuse", "forward", "ignore"]
Faults = list[tuple[int, str]]
HINT = (
    "mend the file, or state a rule: `data.gaps: forward` lets the value before go on, "
    "`ignore` takes each row as one step"
)
TOO_MANY = 50
"""Filled steps for each row: more, and one wrong date would make a series of nothing else."""


@dataclass(frozen=True, eq=False)
class RawSteps:
    """What a file says, row by row: `values` (rows, columns) with NaN where there is none."""

    names: tuple[str, ...]
    values: Values
    dates: Dates | None
    places: list[tuple[str, int]]
    line_place: Callable[[int], Place]
    """The place of a row with the text of its line."""


def regular_series(rows: RawSteps, gaps: Gaps) -> Series:
    """The rows as a series of even steps, without a hole. Raises DataError (see the module)."""
    notes: list[str] = []
    frequency = None
    steps = np.arange(len(rows.values))
    if rows.dates is not None:
        rows, notes = _oldest_first(rows)
        assert rows.dates is not None
        frequency = frequency_of(rows.dates)
        _refuse(rows, _not_forward(rows.dates), "a series is in order of time, a row for each date")
        if frequency is not None and gaps != "ignore":
            steps, more = _steps(rows, frequency, gaps)
            notes += more
    return _filled(rows, steps, frequency, gaps, notes)


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
    return turned, [f"{rows.places[0][0]} begins with the newest row; it is read backwards"]


def _not_forward(dates: Dates) -> Faults:
    steps = np.diff(dates.astype(np.int64))
    return [
        (row + 1, "the same date as in the row before" if steps[row] == 0 else "an earlier date")
        for row in np.flatnonzero(steps <= 0).tolist()
    ]


def _steps(rows: RawSteps, frequency: Frequency, gaps: Gaps) -> tuple[NDArray[np.int64], list[str]]:
    """The step that each row is, by its date, and what is to be said of it."""
    assert rows.dates is not None
    position = frequency.position(rows.dates)
    steps = np.round(position).astype(np.int64)
    uneven = np.flatnonzero((position != steps) | (np.diff(steps, prepend=-1) < 1)).tolist()
    faults = [(row, f"no whole number of steps ({frequency}) from the first") for row in uneven]
    _refuse(rows, faults, "`data.gaps: ignore` takes each row as one step")
    missing = np.diff(steps) - 1
    if frequency.unit == "weekday":
        days = int(missing.sum())
        if not days:
            return steps, []
        longest = int(missing.argmax())
        source, line = rows.places[longest + 1]
        return np.arange(len(steps)), [
            f"{days:,} weekdays are missing (holidays?), at most {missing[longest]:,} together "
            f"({source}:{line}); each row is one step"
        ]
    if gaps == "refuse":
        holes = [
            (row + 1, _missing(int(missing[row]), frequency))
            for row in np.flatnonzero(missing).tolist()
        ]
        _refuse(rows, holes, HINT)
    return steps, []


def _missing(count: int, frequency: Frequency) -> str:
    return f"{count:,} step{'s' if count > 1 else ''} ({frequency}) missing before this row"


def _filled(
    rows: RawSteps,
    steps: NDArray[np.int64],
    frequency: Frequency | None,
    gaps: Gaps,
    notes: list[str],
) -> Series:
    absent = np.isnan(rows.values)
    if gaps != "forward":
        hint = HINT if gaps == "refuse" else "`data.gaps: forward` lets the value before go on"
        _refuse(rows, _absent(rows, absent), hint)
        return Series(
            rows.names, rows.values, rows.dates, frequency, None, rows.places, tuple(notes)
        )
    _refuse(rows, _absent(rows, absent, first=True), "leave the rows before the first value out")
    length = int(steps[-1]) + 1
    if length > TOO_MANY * len(steps):
        raise DataError(
            f"the rows of {rows.places[0][0]} are so far apart ({frequency}) that "
            f"{length - len(steps):,} steps would be filled for {len(steps):,} that are there",
            hint="is a date wrong? `data.gaps: ignore` takes each row as one step",
        )
    row_of = np.searchsorted(steps, np.arange(length), side="right") - 1
    inserted = ~np.isin(np.arange(length), steps)
    held = np.where(absent, 0, np.arange(len(absent))[:, None])
    values = np.take_along_axis(rows.values, np.maximum.accumulate(held, axis=0), axis=0)[row_of]
    without = np.asarray(absent.any(axis=1))
    filled = inserted | without[row_of]
    if filled.any():
        first = rows.places[int(row_of[filled.argmax()])]
        notes = [
            *notes,
            f"{int(filled.sum()):,} of {length:,} steps lack a value (the first at {first[0]}:"
            f"{first[1]}); the one before goes on, and is never what is forecast",
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


def _absent(rows: RawSteps, absent: NDArray[np.bool_], first: bool = False) -> Faults:
    """Rows without a value; or only columns whose first row has none, which nothing can fill."""
    found = np.flatnonzero(absent.any(axis=1)).tolist()
    if first:
        found = [row for row in found if row == 0]
    return [
        (
            row,
            "no value for "
            + ", ".join(f"`{rows.names[column]}`" for column in np.flatnonzero(absent[row])),
        )
        for row in found
    ]


def _refuse(rows: RawSteps, faults: Faults, hint: str) -> None:
    """Raises DataError where there are faults (row, what is wrong), with the first few."""
    if not faults:
        return
    problems = [Problem(message, rows.line_place(row)) for row, message in faults[:SHOWN]]
    more = len(faults) - len(problems)
    if more:
        problems.append(Problem(f"{more:,} more such row{'s' if more > 1 else ''}"))
    last = problems.pop()
    raise DataError([*problems, Problem(last.message, last.place, hint)])
