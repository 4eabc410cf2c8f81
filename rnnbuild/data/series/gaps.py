"""Missing and irregular steps: refused with their places, or treated as `data.gaps` says.

refuse    an error that names each; missing weekdays in a series of weekdays are noted as holidays
forward   the value before is repeated; a step filled so is read, but never forecast
ignore    each row is one step, whatever the time between; missing values are still refused

Rows at the end without any value are no gaps, as nothing comes after them: every rule skips
them, and forecasts begin there.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.health.shares import agree, and_list
from rnnbuild.data.rows.note import Note
from rnnbuild.data.series.faults import RowFault, refuse_rows
from rnnbuild.data.series.frequency import SECOND, Dates, Frequency, frequency_of, plain_text
from rnnbuild.data.series.series import Series, Values
from rnnbuild.errors import Place

Gaps = Literal["refuse", "forward", "ignore"]
Faults = list[tuple[int, str]]
Steps = NDArray[np.int64]
MISSED = "Supply the missing values, if you can."
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
    dates_in: tuple[str, ...] = ()
    """The columns that the dates are from."""
    cell: Callable[[int, str], str] = lambda row, name: ""
    """The text of a row's cell in a column."""

    def part(self, rows: slice) -> "RawSteps":
        """Some of the rows; those that a slice reverses too."""
        numbers = range(len(self.values))[rows]
        line_place, cell = self.line_place, self.cell
        return RawSteps(
            self.names,
            self.values[rows],
            None if self.dates is None else self.dates[rows],
            self.places[rows],
            lambda row: line_place(numbers[row]),
            self.dates_in,
            lambda row, name: cell(numbers[row], name),
        )


class IrregularError(Exception):
    """Rows that are not even steps: what is wrong with which, or with all of them."""

    def __init__(self, rows: RawSteps, faults: Faults, remedy: str = ""):
        super().__init__(remedy)
        self.rows = rows
        self.faults = faults
        self.remedy = remedy


def regular_series(rows: RawSteps, gaps: Gaps) -> Series:
    """The rows as a series of even steps without gaps.

    Raises DataError (see the module) with those rules that would read the rows.
    """
    try:
        return _regular(rows, gaps)
    except IrregularError as error:
        ways = ways_out(rows, gaps)
        hint = ", or ".join(part for part in (error.remedy, *ways) if part)
        if rows.dates_in:
            hint += f" (dates are read from {_columns(rows)})"
        faults = [RowFault(row, message, hint) for row, message in error.faults]
        refuse_rows(error.rows.line_place, faults)
        raise AssertionError("a fault without a row") from error


def ways_out(rows: RawSteps, gaps: Gaps) -> list[str]:
    """The rules that read the rows, the first two of them; those of several keys come last."""
    undated = replace(rows, dates=None)
    attempts: list[tuple[str, RawSteps, Gaps]] = [
        ("`data.gaps: forward` repeats the value before", rows, "forward"),
        ("`data.gaps: ignore` takes each row as one step", rows, "ignore"),
        ("`data.date: none` takes the rows as steps, in their order", undated, gaps),
    ]
    both = "`data.date: none` with `data.gaps: forward` takes the rows as steps and fills them"
    return [way for way, attempt, rule in attempts if _is_regular(attempt, rule)][:2] or (
        [both] if _is_regular(undated, "forward") else []
    )


def _is_regular(rows: RawSteps, gaps: Gaps) -> bool:
    try:
        _regular(rows, gaps)
    except IrregularError:
        return False
    return True


def _regular(rows: RawSteps, gaps: Gaps) -> Series:
    notes: list[Note] = []
    frequency = None
    if rows.dates is not None:
        rows, notes = _oldest_first(rows)
    end = _end_of_values(rows)
    to_forecast, notes = len(rows.values) - end, [*notes, *_to_forecast_note(rows, end)]
    rows = rows.part(slice(end))
    steps = np.arange(len(rows.values))
    if rows.dates is not None:
        frequency = frequency_of(rows.dates)
        faults = _not_forward(rows, gaps)
        if faults:
            remedy = f"sort the rows by {_columns(rows)}, with one for each date"
            raise IrregularError(rows, faults, remedy + _if_clocks_changed(rows, faults))
        if frequency is not None and gaps != "ignore":
            steps, more = _steps(rows, frequency, gaps)
            notes += more
    series = _fill_gaps(rows, steps, frequency, gaps, notes)
    return replace(series, to_forecast=to_forecast)


def _columns(rows: RawSteps) -> str:
    return and_list([f"`{name}`" for name in rows.dates_in]) or "time"


def _oldest_first(rows: RawSteps) -> tuple[RawSteps, list[Note]]:
    dates = rows.dates
    if dates is None or len(dates) < 2:
        return rows, []
    steps = np.diff(dates.astype(np.int64))
    if (steps > 0).any() or not (steps < 0).any():
        return rows, []
    turned = rows.part(slice(None, None, -1))
    note = f"{rows.places[0][0]} starts with the newest row; it is read backwards"
    return turned, [Note(note)]


def _end_of_values(rows: RawSteps) -> int:
    """The number of rows up to the last one with a value; all of them where none has one."""
    valued = np.flatnonzero(~np.isnan(rows.values).all(axis=1))
    return int(valued[-1]) + 1 if len(valued) else len(rows.values)


def _to_forecast_note(rows: RawSteps, end: int) -> list[Note]:
    count = len(rows.values) - end
    if not count:
        return []
    source, line = rows.places[end]
    note = (
        f"the last {agree(count, 'row has', f'{count:,} rows have')} no value and "
        f"{agree(count, 'is', 'are')} skipped ({source}:{line}): forecasts begin there"
    )
    return [Note(note)]


def _not_forward(rows: RawSteps, gaps: Gaps) -> Faults:
    """Rows that do not come after the one before; with `ignore` at the same time is allowed."""
    assert rows.dates is not None
    steps = np.diff(rows.dates.astype(np.int64))
    wrong = np.flatnonzero(steps < 0 if gaps == "ignore" else steps <= 0)
    return [
        (
            row + 1,
            ("the same date as" if steps[row] == 0 else "an earlier date than")
            + f" in the row before, {plain_text(rows.dates[row + 1])}",
        )
        for row in wrong.tolist()
    ]


def _if_clocks_changed(rows: RawSteps, faults: Faults) -> str:
    """What to do about summer time, where it explains all of the faults."""
    assert rows.dates is not None
    if len(rows.dates) < 48:
        return ""
    changed = rows.dates[[row for row, _ in faults]]
    hours = changed.astype("datetime64[h]").astype(np.int64) % 24
    step = np.median(np.abs(np.diff(rows.dates.astype(np.int64))))
    days = len(np.unique(changed.astype("datetime64[D]")))
    years = len(np.unique(rows.dates.astype("datetime64[Y]")))
    if step > 3600 * SECOND or (hours > 4).any() or days > 2 * years:
        return ""
    return " (where clocks were changed for summer time: write the times in UTC)"


def _steps(rows: RawSteps, frequency: Frequency, gaps: Gaps) -> tuple[Steps, list[Note]]:
    """The step of each row, by its date, and notes on the steps."""
    assert rows.dates is not None
    position = frequency.position(rows.dates)
    steps = np.round(position).astype(np.int64)
    uneven = np.flatnonzero((position != steps) | (np.diff(steps, prepend=-1) < 1)).tolist()
    if uneven:
        what = f"not a whole number of steps ({frequency}) from the first"
        raise IrregularError(rows, [(row, what) for row in uneven])
    missing = np.diff(steps) - 1
    if frequency.unit == "weekday":
        days = int(missing.sum())
        if not days:
            return steps, []
        longest = int(missing.argmax())
        source, line = rows.places[longest + 1]
        note = (
            f"{days:,} {agree(days, 'weekday is', 'weekdays are')} missing (holidays?), at most "
            f"{missing[longest]:,} in a row ({source}:{line}); each row is one step"
        )
        return np.arange(len(steps)), [Note(note, MISSED)]
    if gaps == "refuse":
        holes = [
            (row + 1, _missing(rows, int(missing[row]), frequency))
            for row in np.flatnonzero(missing).tolist()
        ]
        if holes:
            raise IrregularError(rows, holes, "add them" + _if_clocks_changed(rows, holes))
    return steps, []


def _missing(rows: RawSteps, count: int, frequency: Frequency) -> str:
    steps = agree(count, f"step ({frequency}) is", f"steps ({frequency}) are")
    return f"{count:,} {steps} missing before this row"


def _fill_gaps(
    rows: RawSteps,
    steps: Steps,
    frequency: Frequency | None,
    gaps: Gaps,
    notes: list[Note],
) -> Series:
    if gaps != "forward":
        if faults := _missing_values(rows):
            raise IrregularError(rows, faults, "fill in the missing values")
        return Series(
            rows.names, rows.values, rows.dates, frequency, None, rows.places, tuple(notes)
        )
    rows, steps, more = _from_first_values(rows, steps)
    absent = np.isnan(rows.values)
    length = int(steps[-1]) + 1
    if length > TOO_MANY * len(steps):
        what = (
            f"the rows of {rows.places[0][0]} are so far apart ({frequency}) that "
            f"{length - len(steps):,} steps would be filled and only {len(steps):,} are real"
        )
        raise IrregularError(rows, [(0, what)], "is a date wrong?")
    # The row whose value each step takes: its own, or for a gap the last row before it.
    row_of = np.searchsorted(steps, np.arange(length), side="right") - 1
    inserted = ~np.isin(np.arange(length), steps)
    # For each cell the row of the last value up to it; a missing one takes that row's value.
    source = np.where(absent, 0, np.arange(len(absent))[:, None])
    values = np.take_along_axis(rows.values, np.maximum.accumulate(source, axis=0), axis=0)[row_of]
    filled = inserted | np.asarray(absent.any(axis=1))[row_of]
    dates = rows.dates
    if dates is not None and frequency is not None and inserted.any():
        days = [frequency.after(dates[0], step) for step in range(length)]
        dates = np.array(days, "datetime64[us]")
    return Series(
        rows.names,
        values,
        dates,
        frequency,
        filled if filled.any() else None,
        [rows.places[row] for row in row_of.tolist()],
        (*notes, *more, *_filled_note(rows, filled, row_of)),
    )


def _from_first_values(rows: RawSteps, steps: Steps) -> tuple[RawSteps, Steps, list[Note]]:
    """The rows from where every column has had a value, since nothing can fill those before."""
    known = ~np.isnan(rows.values)
    without = [name for column, name in enumerate(rows.names) if not known[:, column].any()]
    if without:
        what = and_list([f"`{name}`" for name in without])
        raise IrregularError(rows, [(0, f"{what} has no value in any row")], "leave it out")
    first = int(known.argmax(axis=0).max())
    if not first:
        return rows, steps, []
    late = rows.names[int(known.argmax(axis=0).argmax())]
    source, line = rows.places[0]
    note = (
        f"the first {agree(first, 'row is', f'{first:,} rows are')} skipped ({source}:{line}): "
        f"`{late}` has no value there that could be repeated"
    )
    return rows.part(slice(first, None)), steps[first:] - steps[first], [Note(note, MISSED)]


def _filled_note(rows: RawSteps, filled: NDArray[np.bool_], row_of: Steps) -> list[Note]:
    count = int(filled.sum())
    if not count:
        return []
    source, line = rows.places[int(row_of[filled.argmax()])]
    note = (
        f"{count:,} of {len(filled):,} steps {agree(count, 'has', 'have')} no value (the first at "
        f"{source}:{line}); the one before is repeated, and such steps are never forecast"
    )
    return [Note(note, MISSED)]


def _missing_values(rows: RawSteps) -> Faults:
    """Rows with a missing value, and how it is written."""
    absent = np.isnan(rows.values)

    def named(row: int, name: str) -> str:
        mark = rows.cell(row, name).strip()
        return f"`{name}`" + (f" (`{mark}`)" if mark else "")

    return [
        (
            row,
            "no value for "
            + ", ".join(named(row, rows.names[column]) for column in np.flatnonzero(absent[row])),
        )
        for row in np.flatnonzero(absent.any(axis=1)).tolist()
    ]
