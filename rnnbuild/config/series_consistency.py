"""Contradictions among the keys of a series."""

import re
from collections.abc import Iterator
from datetime import datetime

from rnnbuild.config.places import Path, Places
from rnnbuild.config.schema.data import DataConfig
from rnnbuild.config.schema.series import USUAL_WINDOW
from rnnbuild.errors import Problem
from rnnbuild.tasks.facts import Task
from rnnbuild.tasks.table import TASKS


def series_contradictions(places: Places, data: DataConfig, task: Task | None) -> Iterator[Problem]:
    """Keys of a series that contradict each other."""

    def problem(path: Path, message: str, hint: str) -> Problem:
        return Problem(message, places.of_key(("data", *path)), hint)

    if not data.is_series and (task is None or TASKS[task].target != "numbers"):
        return
    window = data.window or USUAL_WINDOW
    if window % data.segment:
        fitting = max(1, window // data.segment) * data.segment
        yield problem(
            ("segment",) if data.segment > 1 else ("window",),
            f"a window of {window:,} steps is not a whole number of segments of {data.segment:,}",
            f"`window: {fitting}` is",
        )
    if data.date_format is not None and (why := format_fault(data.date_format)) is not None:
        yield problem(
            ("date_format",),
            f"`date_format: {data.date_format}` cannot be used: {why}",
            "write each part of the date once, as in `'%d/%m/%Y'`; %% is a percent sign",
        )
    for key, stated in (("columns", data.columns), ("targets", data.targets)):
        twice = next((name for name in stated or () if (stated or ()).count(name) > 1), None)
        if twice is not None:
            yield problem((key,), f"`{key}` names `{twice}` twice", "name each column once")
    if data.thousands is not None and data.thousands == (data.decimal or "."):
        yield problem(
            ("thousands",),
            f"`thousands` and `decimal` are both `{data.thousands}`",
            'state the other one, too: `decimal: ","`'
            if data.decimal is None
            else "state two different signs",
        )
    if data.date_format is not None and data.date == "none":
        yield problem(
            ("date_format",),
            "`date_format` does nothing with `date: none`",
            "leave one of them out",
        )
    if data.channel_independent and data.targets is not None and data.targets != data.columns:
        yield problem(
            ("channel_independent",),
            "`channel_independent` forecasts each column from itself, and `targets` are not "
            "the `columns`",
            "leave one of the two out",
        )


def format_fault(date_format: str) -> str | None:
    """Why a format of `strptime` can read no date at all; None where it can."""
    try:
        datetime.strptime("", date_format)
    except re.error:
        # strptime makes a pattern of the format, in which each directive is a group of its name.
        return "a directive is written twice"
    except ValueError as error:
        refused = str(error)
        return None if refused.startswith("time data") else refused
    return "it has no directive"
