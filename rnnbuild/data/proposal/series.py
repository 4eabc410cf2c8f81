"""A file of numbers in time: which columns, from which dates, and how they are transformed."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from rnnbuild.config.commented import Choice
from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.proposal.proposal import Proposal
from rnnbuild.data.proposal.written import WrittenTable
from rnnbuild.data.series.column_health import counts_rows
from rnnbuild.data.series.date_columns import NONE, date_texts, has_dates
from rnnbuild.data.series.load import date_value
from rnnbuild.data.series.numbers import (
    NumberColumn,
    Writing,
    fitting_writings,
    may_be_grouped,
    numbers_of,
)
from rnnbuild.data.series.read import Reading, date_columns, read_series
from rnnbuild.data.series.read_dates import read_dates
from rnnbuild.data.series.season_health import Season, strong_seasons, transform_with
from rnnbuild.data.series.series import Series, Values
from rnnbuild.data.series.tables import SeriesTable
from rnnbuild.errors import DataError
from rnnbuild.formatting import first_few, plural, score_text, value_text
from rnnbuild.tasks.forecast import FORECAST

WORDS = 3
"""Words from which on the cells of a column are texts, and not names of a few things."""
LONGEST_WINDOW = 96
"""Steps of a window to begin with; at most a tenth of the series."""
MOST_MARKS = 3
"""Different cells, at most, that stand for a missing value."""
MOVING = 0.7
"""The level moves where the last value's error as a forecast is below this share of the mean's."""
TRAINING = 0.8
"""Share of the steps in which a season is looked for, as the rest is held out."""
ORDER_ALONE = (("data.gaps", "ignore"), ("data.date", NONE))
"""Rules by which each row is a step, whatever its date."""
DAY_FIRST, MONTH_FIRST = "%d{0}%m{0}{1}", "%m{0}%d{0}{1}"
"""Formats of dates with the sign between their parts, and the year of two or four digits."""


def series_proposal(written: WrittenTable) -> Proposal | None:
    """The keys by which a table is read as a series; None for a table of texts.

    Raises DataError for a series that cannot be read whatever is stated.
    """
    table = written.table
    dates = date_columns([table], Reading())
    numbers = number_columns(table, dates)
    others = [name for name in table.columns if name and name not in dates]
    texts = [cell for name in others if name not in numbers for cell in table.column(name)[:200]]
    if not numbers or (texts and (not dates or _mean_words(texts) > WORDS)):
        return None
    # Any text is a column of lines, some of which may be numbers: a year, a page.
    if len(others) == 1 and not numbers.get(others[0], _NO_NUMBERS).is_mostly_numbers:
        return None
    writing, undecided = writing_choices(table, list(numbers.values()))
    keys = {choice.key.partition(".")[2]: choice.value for choice in writing}
    series, rules, more = _read(table, keys, dates)
    columns = _columns(series)
    read = [series.names.index(name) for name in columns.value]
    series = replace(series, names=tuple(columns.value), values=series.values[:, read])
    window, season = _window(series)
    steps = f"{plural(len(series), 'step')}"
    order_alone = any((r.key, r.value) in ORDER_ALONE for r in rules)
    if series.frequency is not None and not order_alone:
        steps += f", one for each {series.frequency}"
    when = f", from {series.at(0)} to {series.at(len(series) - 1)}" if dates else ""
    seen = [
        ("dates", _dates_text(dates, rules)),
        ("columns", first_few([f"`{name}`" for name in columns.value], 6)),
    ]
    if series.filled is not None and series.filled.any():
        filled = plural(int(series.filled.sum()), "step")
        seen.append(("gaps", f"{filled} without a value: the value before goes on"))
    if series.to_forecast:
        seen.append(
            ("to forecast", f"{plural(series.to_forecast, 'row')} without a value at the end")
        )
    if season:
        seen.append(("season", season))
    if not dates and (counter := _counter_of_time(table, columns.value)) is not None:
        undecided.append(f"`{counter}` may be dates: `data.date: {counter}` reads them")
    if order_alone and (groups := _groups(table, [*dates, *numbers])):
        undecided.append(groups)
    if len(columns.value) > 1:
        undecided.append(
            "all columns are forecast; to forecast one: "
            f"`data.targets: [{columns.value[0]}]`, still read from all"
        )
    return Proposal(
        FORECAST.name,
        (*written.choices, *writing, *rules, columns, *window),
        tuple(seen),
        f"a series of {steps}{when}",
        (*undecided, *more),
    )


_NO_NUMBERS = NumberColumn("", np.zeros(0))


def number_columns(table: SeriesTable, dates: Sequence[str]) -> dict[str, NumberColumn]:
    """The columns that have numbers, however these are written."""
    columns = {
        name: numbers_of(name, table.column(name), Writing())
        for name in table.columns
        if name and name not in dates
    }
    return {name: column for name, column in columns.items() if column.may_be_numbers}


def _mean_words(cells: Sequence[str]) -> float:
    return float(np.mean([len(cell.split()) for cell in cells]))


def writing_choices(
    table: SeriesTable, columns: Sequence[NumberColumn]
) -> tuple[list[Choice], list[str]]:
    """How numbers are written, with what stands for missing ones; and what that leaves open."""
    bad = [text for column in columns for _, text in column.bad]
    if not bad:
        return _point_choices(table, columns)
    example = f"`{bad[0][:20]}` in {plural(len(bad), 'cell')}"
    writings = fitting_writings(bad, Writing())
    if len(writings) == 1:
        because = f"How {example} is written: "
        because += " and ".join(f"`{mark}` for {key}" for key, mark in writings[0].items())
        first, *rest = writings[0].items()
        return [
            Choice(f"data.{first[0]}", first[1], f"{because}."),
            *(Choice(f"data.{key}", mark) for key, mark in rest),
        ], []
    if writings:
        # A comma between groups of three digits: with semicolons around, decimals have it.
        chosen, other = writings if table.delimiter == ";" else writings[::-1]
        ((key, mark),), ((other_key, other_mark),) = chosen.items(), other.items()
        because = f"{example} has two readings; this is the more usual one beside its delimiter."
        said = f'{example} leaves open what its comma is: `data.{other_key}: "{other_mark}"`'
        return [Choice(f"data.{key}", mark, because)], [f"{said} if not {key}"]
    marks = Counter(bad)
    if len(marks) <= MOST_MARKS:
        because = f"Not numbers: {example}, which stand for missing values."
        return [Choice("data.missing", list(marks), because)], []
    return [], []


def _point_choices(
    table: SeriesTable, columns: Sequence[NumberColumn]
) -> tuple[list[Choice], list[str]]:
    """What the point of 12.345 is, where every number has it so or has none."""
    cells = {column.name: table.column(column.name) for column in columns}
    with_point = {n: each for n, each in cells.items() if any("." in cell for cell in each)}
    if not with_point or not all(map(may_be_grouped, with_point.values())):
        return [], []
    points = [cell for each in with_point.values() for cell in each if "." in cell]
    example = f"`{points[0].strip()}` in {plural(len(points), 'cell')}"
    open_point = f"{example} leaves open what its point is"
    if table.delimiter != ";":
        return [], [
            f'{open_point}: `data.thousands: "."`, `decimal: ","` if it separates thousands'
        ]
    # With semicolons between columns a decimal has a comma.
    because = f"{example} has two readings; this is the more usual one beside its delimiter."
    choices = [Choice("data.decimal", ",", because), Choice("data.thousands", ".")]
    return choices, [
        f"{open_point}: leave out `data.decimal` and `data.thousands` if decimals follow"
    ]


def _read(
    table: SeriesTable, keys: dict[str, Any], dates: tuple[str, ...]
) -> tuple[Series, list[Choice], list[str]]:
    """The series by the first rules that read it, those rules, and what they leave open."""
    date = Choice("data.date", date_value(dates), _date_evidence(table, dates))
    usual = Reading(
        date=dates or NONE,
        decimal=keys.get("decimal"),
        thousands=keys.get("thousands"),
        missing=tuple(keys.get("missing", ())),
    )
    filled = "Steps or values are missing: the value before goes on."
    uneven = "The dates are not evenly spaced: each row is a step."
    rules = [
        [],
        [Choice("data.gaps", "forward", filled)],
        [Choice("data.gaps", "ignore", uneven)],
    ]
    formats = [None, *(_orders(table.column(dates[0])) if len(dates) == 1 else [])]
    for stated in formats:
        for rule in rules:
            reading = replace(
                usual,
                date_format=stated,
                **{choice.key.partition(".")[2]: choice.value for choice in rule},
            )
            try:
                series = read_series([table], reading)
            except DataError:
                continue
            if stated is None:
                return series, [date, *rule], []
            because = "The dates leave open which number is the month."
            said = (
                f"which number of `{table.column(dates[0])[0]}` is the month: the second is taken; "
                f'if the first: `data.date_format: "{formats[-1]}"`'
            )
            form = Choice("data.date_format", stated, because)
            return series, [date, form, *rule], [said] if stated != formats[-1] else []
    try:
        return read_series([table], usual), [date], []
    except DataError as error:
        if not dates or _most_are_dates(table, dates):
            raise
        first = error.problems[0]
    series = read_series([table], replace(usual, date=NONE))
    why = f"line {first.place.line}: {first.message}" if first.place else first.message
    without = Choice("data.date", NONE, f"{date.because} They are not read ({why}).")
    return series, [without], [f"each row is a step, as dates are not read ({why})"]


def _most_are_dates(table: SeriesTable, columns: tuple[str, ...]) -> bool:
    """Whether some rows, but not most, have no date: totals, remarks."""
    texts = date_texts(columns, table.column)
    reading = read_dates(texts, " ".join(columns), None)
    return len(reading.dates) == len(texts) and 0 < 2 * len(reading.faults) < len(texts)


def _groups(table: SeriesTable, read: Sequence[str]) -> str:
    """A sentence on a column of words that recur, by which rows may be of several series."""
    for name in table.columns:
        values = len(set(table.column(name))) if name and name not in read else 0
        if values > 1 and 2 * values <= len(table.lines):
            return (
                f"`{name}` has {values} values that recur: if these are series of their own, "
                "write each into a file of its own"
            )
    return ""


def _orders(cells: Sequence[str]) -> list[str]:
    """The two formats of dates such as 03/04/2020; none for others."""
    match = re.fullmatch(r"\d{1,2}(\D)\d{1,2}\1(\d{4}|\d{2})", cells[0].strip()) if cells else None
    if match is None:
        return []
    year = "%Y" if len(match[2]) == 4 else "%y"
    return [form.format(match[1], year) for form in (DAY_FIRST, MONTH_FIRST)]


def _date_evidence(table: SeriesTable, dates: tuple[str, ...]) -> str:
    if not dates:
        return "No column has dates: each row is a step."
    first, last = ([table.column(name)[row] for name in dates] for row in (0, -1))
    return f"From `{' '.join(first)}` to `{' '.join(last)}`."


def _dates_text(dates: Sequence[str], rules: Sequence[Choice]) -> str:
    if any(rule.key == "data.date" and rule.value == NONE for rule in rules):
        return "each row is a step"
    return f"dates are read from {first_few([f'`{name}`' for name in dates], 6)}"


def _columns(series: Series) -> Choice:
    """The columns that change and do more than count the rows."""
    values = dict(zip(series.names, series.values.T, strict=True))
    columns = [n for n, each in values.items() if np.ptp(each) > 0 and not counts_rows(each)]
    columns = columns or list(series.names)
    ends = {n: [value_text(float(end(values[n]))) for end in (np.min, np.max)] for n in columns}
    ranges = [f"`{name}` from {low} to {high}" for name, (low, high) in ends.items()]
    skipped = [f"`{name}`" for name in series.names if name not in columns]
    because = f"{first_few(ranges, 4)}."
    because += f" Left out, as they are constant or count the rows: {first_few(skipped)}." * bool(
        skipped
    )
    return Choice("data.columns", columns, because)


def _counter_of_time(table: SeriesTable, read: Sequence[str]) -> str | None:
    """A column that is not read and whose numbers may be dates: Unix seconds, days of Excel."""
    others = (name for name in table.columns if name and name not in read)
    return next((name for name in others if has_dates(table.column(name), "date")), None)


def _window(series: Series) -> tuple[list[Choice], str]:
    """Two seasons to read at once, and the transforms that remove a season; the evidence for it."""
    season = series.frequency.season if series.frequency else None
    longest = max(1, min(LONGEST_WINDOW, len(series) // 10))
    window = max(1, min(2 * season if season else 24, longest))
    why = f"Two seasons of {season} steps" if season else "Steps that a forecast is made from"
    most = f"{LONGEST_WINDOW}" if longest == LONGEST_WINDOW else "a tenth of the series"
    shorter = f", at most {most}" if window == longest else ""
    choices = [
        Choice("data.window", window, f"{why}{shorter}."),
        Choice("data.horizon", 1, "Steps that are forecast at once."),
    ]
    train = series.values[: int(TRAINING * len(series))]
    strong = strong_seasons(train, range(train.shape[1]), 1, season)
    if season is None or 2 * len(strong) < train.shape[1]:
        none = f"no season of {season} steps is strong enough to be removed" if season else ""
        return [*choices, *_of_changes(series.names, train)], none
    because = season_evidence(series, strong[0], season)
    transform = transform_with(DataConfig(window=window), season, strong[0].level_moves)
    return [*choices, Choice("data.transform", transform, f"{because}.")], because


def _of_changes(names: Sequence[str], train: Values) -> list[Choice]:
    """`data.transform` with a difference, where the level of most columns moves.

    A network that learns levels knows none above those of training: of a share's price it had an
    RMSE of 303, of its changes 41.9 (no change: 42.1); of sunspots 17.7 and 14.4.
    """
    last = np.sqrt((np.diff(train, axis=0) ** 2).mean(axis=0))
    mean = train.std(axis=0)
    moving = np.flatnonzero(last < MOVING * mean).tolist()
    if 2 * len(moving) < train.shape[1] or not moving:
        return []
    column = moving[0]
    errors = (score_text(float(each[column])) for each in (last, mean))
    because = (
        f"Changes are learned, as levels move: as a forecast of `{names[column]}` the last value "
        f"has an RMSE of {next(errors)}, the mean {next(errors)}."
    )
    return [Choice("data.transform", ["difference", "standardise"], because)]


def season_evidence(series: Series, strong: Season, season: int) -> str:
    """How strong a season is, and what it says as a forecast."""
    moved = ", moved by the change of the level since," if strong.level_moves else ""
    return (
        f"`{series.names[strong.column]}` repeats every {season} steps (seasonal strength "
        f"{strong.strength:.2f} of 1): as a forecast the value a season before{moved} has an RMSE "
        f"of {score_text(strong.before)}, the last value {score_text(strong.last)}"
    )
