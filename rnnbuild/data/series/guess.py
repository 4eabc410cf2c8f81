"""The keys by which a file is read as a series, from a look at it, to begin a config with."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.disk.files import ending
from rnnbuild.data.readers.formats import ENDINGS
from rnnbuild.data.series.column_health import counts_rows
from rnnbuild.data.series.numbers import Writing, fitting_writings, numbers_of
from rnnbuild.data.series.read import Reading, date_columns, read_series
from rnnbuild.data.series.season_health import seasonal_transform
from rnnbuild.data.series.series import Series
from rnnbuild.data.series.tables import FORMATS, FileForm, SeriesTable, format_at, table_at
from rnnbuild.errors import DataError

WORDS = 3
"""Words from which on the cells of a column are texts, and not names of a few things."""
LONGEST_WINDOW = 96
"""Steps of a window to begin with; at most a tenth of the series."""


def guessed_keys(path: Path) -> dict[str, Any] | None:
    """The keys of `data` beside `train` for a file of numbers in time; None for other files.

    Raises DataError for a series that cannot be read whatever is stated.
    """
    if format_at(path, FileForm()) not in FORMATS:
        return None
    try:
        table, keys = _table(path)
    except DataError:
        if ending(path) in ENDINGS:
            raise
        return None
    dates = date_columns([table], Reading())
    others = [name for name in table.columns if name and name not in dates]
    columns = {name: numbers_of(name, table.column(name), Writing()) for name in others}
    numbers = [name for name, column in columns.items() if column.may_be_numbers]
    texts = [cell for name in others if name not in numbers for cell in table.column(name)[:200]]
    if not numbers or (texts and (not dates or _words(texts) > WORDS)):
        return None
    # Any text is a column of lines, some of which may be numbers: a year, a page.
    if len(others) == 1 and not columns[others[0]].is_mostly_numbers:
        return None
    bad = [text for name in numbers for _, text in columns[name].bad]
    writings = fitting_writings(bad, Writing()) if bad else []
    if len(writings) == 1:
        keys |= writings[0]
    keys["date"] = (list(dates) if len(dates) > 1 else dates[0]) if dates else "none"
    series, rule = _read(table, keys)
    keys |= rule | _columns(series)
    return keys | _window(series)


def _table(path: Path) -> tuple[SeriesTable, dict[str, Any]]:
    """The table of a file, and the delimiter where it is not that of its ending."""
    for sign in (None, ";", "\t", "|", ","):
        try:
            return table_at(path, FileForm(delimiter=sign)), {"delimiter": sign} if sign else {}
        except DataError:
            continue
    return table_at(path, FileForm()), {}


def _words(cells: list[str]) -> float:
    return float(np.mean([len(cell.split()) for cell in cells]))


def _read(table: SeriesTable, keys: dict[str, Any]) -> tuple[Series, dict[str, Any]]:
    """The series by the first rule for gaps that reads it, and that rule where it is needed."""
    date = keys["date"]
    usual = Reading(
        date=tuple(date) if isinstance(date, list) else date,
        decimal=keys.get("decimal"),
        thousands=keys.get("thousands"),
    )
    rules: list[dict[str, Any]] = [{"gaps": "forward"}, {"gaps": "ignore"}, {"date": "none"}]
    for rule in ({}, *rules):
        try:
            return read_series([table], replace(usual, **rule)), rule
        except DataError:
            continue
    return read_series([table], usual), {}


def _columns(series: Series) -> dict[str, Any]:
    """The columns that change and do more than count the rows, where these are not all."""
    columns = [
        name
        for name, values in zip(series.names, series.values.T, strict=True)
        if np.ptp(values) > 0 and not counts_rows(values)
    ]
    return {"columns": columns} if columns else {}


def _window(series: Series) -> dict[str, Any]:
    """Two seasons to read at once, and the transforms that remove a season."""
    season = series.frequency.season if series.frequency else None
    longest = max(1, min(LONGEST_WINDOW, len(series) // 10))
    window = max(1, min(2 * season if season else 24, longest))
    train = series.values[: int(0.8 * len(series))]
    transform = seasonal_transform(train, DataConfig(window=window), season)
    return {"window": window, "horizon": 1} | ({"transform": transform} if transform else {})
