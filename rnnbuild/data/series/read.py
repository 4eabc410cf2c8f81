"""A CSV table of numbers in order of time as a series."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.disk.files import TextFile
from rnnbuild.data.health.shares import agree
from rnnbuild.data.readers.faults import line_place, refuse
from rnnbuild.data.readers.table import Table, read_table
from rnnbuild.data.readers.table_form import Quote, TableForm
from rnnbuild.data.series.dates import DATE_NAMES, Parse, looks_like_a_date, readings
from rnnbuild.data.series.frequency import Dates, frequency_of
from rnnbuild.data.series.gaps import Gaps, RawSteps, regular_series
from rnnbuild.data.series.series import Series, Values
from rnnbuild.errors import DataError, Problem

NO_VALUE = frozenset({"", "na", "n/a", "nan", "null", "none", "-", ".", "?"})
"""How a missing value is written, in lower case."""
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:\.\d*)?$", re.ASCII)
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$", re.ASCII)


@dataclass(frozen=True)
class Reading:
    """How a file of the series is read; saved with a run, since predict reads the same way."""

    date: str | None = None
    date_format: str | None = None
    names: tuple[str, ...] | None = None
    gaps: Gaps = "refuse"
    delimiter: str | None = None
    quote: Quote = "double"
    header: tuple[str, ...] | None = None
    comment: str | None = None

    def form(self, source: str) -> TableForm:
        """How a file is written as a table."""
        return TableForm(
            self.delimiter or _delimiter(source),
            self.delimiter is not None,
            self.quote,
            self.header,
            self.comment,
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
    )


def read_series(
    files: Sequence[tuple[str, str]], reading: Reading, data: DataConfig | None = None
) -> Series:
    """The one series of several files (source, text), each starting where the last one ends.

    Without `names` every column except the date's is read. Raises DataError, with file and line,
    for what is not a number, not a date, out of order, missing or irregular (see `gaps`); for a
    missing column, with the place in the config `data` that names it.
    """
    texts = {source: TextFile.of(source, text) for source, text in files}
    tables = [read_table(texts[source], reading.form(source)) for source, _ in files]
    if data is not None:
        _refuse_missing(tables, data)
    date = _date_column(tables[0], reading)
    names = reading.names or tuple(name for name in tables[0].columns if name != date)
    if not names:
        raise DataError(f"{tables[0].source} has no column of numbers besides its date")
    places = [(table.source, line) for table in tables for line in table.lines]
    if not places:
        raise DataError(f"{tables[0].source} has a header and no rows")
    values = np.concatenate(
        [_numbers(table, names, texts[table.source], reading) for table in tables]
    )
    rows = RawSteps(
        names,
        values,
        _dates(tables, date, texts, reading) if date is not None else None,
        places,
        lambda row: line_place(texts[places[row][0]], places[row][1]),
    )
    series = regular_series(rows, reading.gaps)
    blank = sum(table.blank_lines for table in tables)
    if not blank:
        return series
    notes = (
        *series.notes,
        f"{files[0][0]}: {blank:,} blank {agree(blank, 'line was', 'lines were')} skipped",
    )
    return Series(
        series.names,
        series.values,
        series.dates,
        series.frequency,
        series.filled,
        series.places,
        notes,
    )


def _refuse_missing(tables: Sequence[Table], data: DataConfig) -> None:
    """Raises DataError, at the key of the config, for a named column that a file lacks."""
    for table in tables:
        if data.date is not None:
            table.position(data.date, "date", data.place("date"))
        for key, names in (("columns", data.columns), ("targets", data.targets)):
            for number, name in enumerate(names or ()):
                table.position(name, key, data.place(key, number))


def _delimiter(source: str) -> str:
    name = source.lower().removesuffix(".gz")
    return "\t" if name.endswith((".tsv", ".tab")) else ","


def _date_column(table: Table, reading: Reading) -> str | None:
    """The stated column; else one with a usual name; else the first that looks like dates."""
    if reading.date is not None:
        table.position(reading.date, "date")
        return reading.date
    for position, name in enumerate(table.columns):
        if reading.names and name in reading.names:
            continue
        if name.strip().lower() in DATE_NAMES:
            return name
        first = next((row[position] for row in table.rows if row[position].strip()), "")
        if looks_like_a_date(first):
            return name
    return None


def _numbers(table: Table, names: tuple[str, ...], file: TextFile, reading: Reading) -> Values:
    """The values (rows, columns), NaN where one is missing."""
    values = np.empty((len(table.rows), len(names)))
    faults: list[tuple[int, str]] = []
    for column, name in enumerate(names):
        position = table.position(name, "columns")
        cells = [row[position] for row in table.rows]
        try:
            values[:, column] = cells  # NumPy reads plain numbers far faster
            if np.isfinite(values[:, column]).all() and _has_no_other_digits(cells):
                continue
        except ValueError:
            pass
        for row, cell in enumerate(cells):
            number = _number(cell)
            if number is None:
                faults.append(
                    (table.lines[row], f"`{cell.strip()[:40]}` in `{name}` is not a number")
                )
            else:
                values[row, column] = number
    hint = "numbers are written 1234.5; a missing one is left empty"
    if reading.names is None:
        hint += "; `data.columns` names the columns to read"
    refuse(file, sorted(faults), hint)
    return values


def _has_no_other_digits(cells: Sequence[str]) -> bool:
    """Whether cells that NumPy reads as numbers are none that Python alone takes: `1_0`, `１`."""
    text = "".join(cells)
    return text.isascii() and "_" not in text


def _number(text: str) -> float | None:
    """A number, NaN for a missing value, None for anything else; blanks are ignored."""
    text = text.strip()
    if text.lower() in NO_VALUE:
        return float("nan")
    if _THOUSANDS.match(text):
        text = re.sub(r"\s", "", text)
    if not _NUMBER.match(text):
        return None
    number = float(text)
    return number if np.isfinite(number) else None


def _dates(tables: list[Table], column: str, texts: dict[str, TextFile], reading: Reading) -> Dates:
    """The dates of all rows, in the reading with the fewest missing steps."""
    cells = [[row[table.position(column, "date")] for row in table.rows] for table in tables]
    flat = [cell for part in cells for cell in part]
    ways = readings(flat, reading.date_format)
    if not ways:
        source, line = tables[0].source, tables[0].lines[0]
        raise DataError(
            Problem(
                f"`{flat[0]}` in `{column}` is not in a known date format",
                line_place(texts[source], line),
                "name another column with `data.date`, or state `data.date_format: '%d/%m/%Y'`",
            )
        )
    candidates: list[Dates] = []
    for way in ways:
        parsed, faults = _parse(tables, cells, way, column)
        if not any(faults.values()):
            candidates.append(parsed)
        elif way is ways[-1] and not candidates:
            for source, wrong in faults.items():
                refuse(texts[source], wrong, "a column of dates has one format throughout")
    holes = [_missing(dates) for dates in candidates]
    if holes.count(min(holes)) > 1:
        source, line = tables[0].source, tables[0].lines[0]
        raise DataError(
            Problem(
                f"`{flat[0]}` leaves open which number is the month",
                line_place(texts[source], line),
                "state it: `data.date_format: '%d/%m/%Y'` or '%m/%d/%Y'",
            )
        )
    return candidates[holes.index(min(holes))]


def _parse(
    tables: list[Table], cells: list[list[str]], way: Parse, column: str
) -> tuple[Dates, dict[str, list[tuple[int, str]]]]:
    dates: list[np.datetime64] = []
    faults: dict[str, list[tuple[int, str]]] = {table.source: [] for table in tables}
    for table, part in zip(tables, cells, strict=True):
        for line, cell in zip(table.lines, part, strict=True):
            try:
                dates.append(np.datetime64(way(cell), "s"))
            except (ValueError, OverflowError) as error:
                message = f"`{cell.strip()[:40]}` in `{column}` is not such a date: {error}"
                faults[table.source].append((line, message))
    return np.array(dates, "datetime64[s]"), faults


def _missing(dates: Dates) -> float:
    """Number of steps missing between dates; infinite if they are not in order."""
    if len(dates) < 2:
        return 0
    ordered = dates if dates[-1] > dates[0] else dates[::-1]
    frequency = frequency_of(ordered)
    if frequency is None or not (np.diff(ordered.astype(np.int64)) > 0).all():
        return math.inf
    position = frequency.position(ordered)
    if (position != np.round(position)).any():
        return math.inf
    return float(position[-1]) + 1 - len(dates)
