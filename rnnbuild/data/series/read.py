"""Tables of numbers in order of time as one series."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.config.schema.encoding import is_text_encoding
from rnnbuild.data.health.shares import agree, and_list
from rnnbuild.data.readers.table_form import Quote
from rnnbuild.data.rows.note import Note
from rnnbuild.data.series.date_columns import NONE, date_texts, recognised
from rnnbuild.data.series.faults import refuse_rows
from rnnbuild.data.series.gaps import Gaps, RawSteps, regular_series
from rnnbuild.data.series.numbers import (
    NumberColumn,
    Writing,
    faults_of,
    may_be_grouped,
    numbers_of,
)
from rnnbuild.data.series.read_dates import ReadDates, read_dates
from rnnbuild.data.series.series import Series
from rnnbuild.data.series.tables import FileForm, SeriesTable
from rnnbuild.errors import DataError
from rnnbuild.typed_values import Check

SavedEncoding = Annotated[str, Check("the name of an encoding", is_text_encoding)]


@dataclass(frozen=True)
class Reading:
    """How a file of the series is read; saved with a run, since predict reads the same way.

    `date_order` is the order of day, month and year in the training files, where their numbers
    leave it open.
    """

    date: str | tuple[str, ...] | None = None
    date_format: str | None = None
    names: tuple[str, ...] | None = None
    gaps: Gaps = "refuse"
    delimiter: str | None = None
    quote: Quote = "double"
    header: tuple[str, ...] | None = None
    comment: str | None = None
    format: str | None = None
    decimal: str | None = None
    thousands: str | None = None
    missing: tuple[str, ...] = ()
    date_order: str | None = None
    encoding: SavedEncoding | None = None

    @property
    def writing(self) -> Writing:
        return Writing(self.decimal, self.thousands, self.missing)

    @property
    def file_form(self) -> FileForm:
        return FileForm(
            self.format, self.encoding, self.delimiter, self.quote, self.header, self.comment
        )


def reading_of(data: DataConfig) -> Reading:
    """How the files of a config's series are read."""
    names = None
    if data.columns is not None:
        names = tuple(dict.fromkeys((*data.columns, *(data.targets or ()))))
    return Reading(
        data.date,
        data.date_format,
        names,
        data.gaps,
        data.delimiter,
        data.quote,
        data.header,
        data.comment,
        data.format,
        data.decimal,
        data.thousands,
        tuple(map(str, data.missing or ())),
        encoding=data.encoding,
    )


def read_series(
    tables: Sequence[SeriesTable], reading: Reading, data: DataConfig | None = None
) -> Series:
    """The one series of several files, each starting where the last one ends.

    Without `names` every column is read that has numbers, except the date's. Raises DataError, with
    file and line, for what is not a number, not a date, out of order, missing or irregular (see
    `gaps`); for a missing column, with the place in the config `data` that names it.
    """
    if data is not None:
        _refuse_missing(tables, data)
    rows = [(table, row) for table in tables for row in range(len(table.lines))]
    if not rows:
        raise DataError(f"{tables[0].source} has a header and no rows")
    dates_in = date_columns(tables, reading)
    columns, notes = _number_columns(tables, reading, dates_in)
    dates = _dates(tables, reading, dates_in)
    raw = RawSteps(
        tuple(column.name for column in columns),
        np.stack([column.values for column in columns], axis=1),
        None if dates is None or dates.faults else dates.dates,
        [(table.source, table.lines[row]) for table, row in rows],
        lambda row: rows[row][0].place(rows[row][1]),
        dates_in,
        lambda row, name: rows[row][0].column(name)[rows[row][1]],
    )
    _refuse_cells(raw, columns, dates, reading)
    series = regular_series(raw, reading.gaps)
    notes += [note for column in columns for note in column.notes]
    notes += [note for table in tables for note in table.notes]
    return replace(
        series,
        notes=(*series.notes, *notes),
        date_columns=dates_in,
        date_order=dates.order if dates else None,
    )


def _refuse_missing(tables: Sequence[SeriesTable], data: DataConfig) -> None:
    """Raises DataError, at the key of the config, for a named column that a file lacks."""
    for table in tables:
        for name in _stated_date(data.date) or ():
            table.position(name, "date", data.place("date"))
        for key, names in (("columns", data.columns), ("targets", data.targets)):
            for number, name in enumerate(names or ()):
                table.position(name, key, data.place(key, number))


def _stated_date(date: str | tuple[str, ...] | None) -> tuple[str, ...] | None:
    """The columns that `data.date` names, none for `none`; None where it is not stated."""
    if isinstance(date, str):
        return () if date == NONE else (date,)
    return date


def date_columns(tables: Sequence[SeriesTable], reading: Reading) -> tuple[str, ...]:
    """The columns that hold the dates: as stated, or as recognised in all files together."""
    stated = _stated_date(reading.date)
    if stated is not None:
        for name in stated:
            tables[0].position(name, "date")
        return stated
    taken = set(reading.names or ())
    names = [name for name in tables[0].columns if name and name not in taken]
    return recognised(names, lambda name: _cells(tables, name))


def _cells(tables: Sequence[SeriesTable], name: str) -> list[str]:
    """The cells of a column in all files."""
    return [cell for table in tables for cell in table.column(name)]


def _number_columns(
    tables: Sequence[SeriesTable], reading: Reading, dates_in: Sequence[str]
) -> tuple[list[NumberColumn], list[Note]]:
    """The columns that are read, and notes on those that are not.

    Where none are named, columns without a single number are skipped: they are text, or empty.
    """
    if reading.names:
        return [
            numbers_of(name, _cells(tables, name), reading.writing) for name in reading.names
        ], []
    source = tables[0].source
    columns, skipped = [], []
    for name in tables[0].columns:
        if name in dates_in:
            continue
        column = numbers_of(name, _cells(tables, name), reading.writing)
        if column.may_be_numbers:
            columns.append(column)
        else:
            what = f" ({column.bad[0][1][:20]})" if column.bad else " (empty)"
            skipped.append(f"`{name}`{what}")
    if not columns:
        dates = "".join(f", `{name}` (dates)" for name in dates_in)
        raise DataError(
            f"{source} has no column of numbers: it has {', '.join(skipped) or 'no other'}{dates}",
            "`data.date` names the column of dates, `data.delimiter` what sets columns apart",
        )
    notes = [] if reading.thousands or reading.decimal else _grouped_notes(tables, columns)
    if not skipped:
        return columns, notes
    are = agree(len(skipped), "is not a number, and is", "are not numbers, and are")
    remedy = "Name the columns to read with `data.columns`, if these should be."
    return columns, [Note(f"{source}: {and_list(skipped)} {are} skipped", remedy), *notes]


def _grouped_notes(tables: Sequence[SeriesTable], columns: Sequence[NumberColumn]) -> list[Note]:
    """A note on columns of 1.234 in files with semicolons, where the point may mean thousands."""
    if tables[0].delimiter != ";":
        return []
    names = [f"`{each.name}`" for each in columns if may_be_grouped(_cells(tables, each.name))]
    if not names:
        return []
    what = f"every point in the numbers of {and_list(names)} has three digits after it"
    return [Note(what, 'If it separates thousands, state `data.thousands: "."`, `decimal: ","`.')]


def _dates(
    tables: Sequence[SeriesTable], reading: Reading, dates_in: tuple[str, ...]
) -> ReadDates | None:
    if not dates_in:
        return None
    texts = date_texts(dates_in, lambda name: _cells(tables, name))
    return read_dates(texts, " ".join(dates_in), reading.date_format, reading.date_order)


def _refuse_cells(
    raw: RawSteps, columns: Sequence[NumberColumn], dates: ReadDates | None, reading: Reading
) -> None:
    """Raises DataError for every cell that is not a number or not a date, the first few shown."""
    faulty = [column for column in columns if column.bad or column.faults]
    sound = [column.name for column in columns if column not in faulty]
    others = sound if reading.names is None else []
    faults = faults_of(faulty, reading.writing, others)
    refuse_rows(raw.line_place, [*faults, *(dates.faults if dates else ())])
