"""A series in memory: numbers in order of time, one row for each step."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from rnnbuild.config.schema.data import SplitConfig
from rnnbuild.data.rows.note import Note
from rnnbuild.data.series.frequency import Dates, Frequency, plain_text
from rnnbuild.errors import Place

Values = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Series:
    """names (columns,); values (steps, columns), finite; dates (steps,) if there are any."""

    names: tuple[str, ...]
    values: Values
    dates: Dates | None = None
    frequency: Frequency | None = None
    filled: NDArray[np.bool_] | None = None
    """Which steps (steps,) have a value that the data lacks; None if none has."""
    places: Sequence[tuple[str, int]] = ()
    """File and line of each step; empty for a bundled dataset."""
    notes: tuple[Note, ...] = ()
    start: int = 0
    """The number of the first step, where this is the end of a longer series."""
    date_columns: tuple[str, ...] = ()
    """The columns of the file that the dates are from."""
    date_order: str | None = None
    """The order of day, month and year in them, where the form leaves that open."""
    to_forecast: int = 0
    """Rows of the data after the last step, which have no value."""

    def __len__(self) -> int:
        return len(self.values)

    def place(self, step: int) -> Place | None:
        if not self.places:
            return None
        source, line = self.places[step]
        return Place(source, line, 1)

    def last(self, steps: int) -> "Series":
        """The last `steps` steps, without the places and notes of reading them."""
        dates = None if self.dates is None else self.dates[-steps:]
        start = self.start + len(self) - steps
        return Series(self.names, self.values[-steps:], dates, self.frequency, start=start)

    def at(self, step: int) -> str:
        """The date of a step, or its number where there are no dates; `step` counts from 0."""
        return self.after_end(step - len(self) + 1)

    def after_end(self, steps: int) -> str:
        """The date, or number, `steps` steps after the last one."""
        last = len(self) - 1
        if self.dates is None:
            return str(self.start + last + steps + 1)
        if steps <= 0:
            date = self.dates[last + steps]
            return self.frequency.text_of(date) if self.frequency else plain_text(date)
        if self.frequency is None:
            return f"+{steps}"
        return self.frequency.text_of(self.frequency.after(self.dates[last], steps))


@dataclass(frozen=True, eq=False)
class BundledSeries:
    """A bundled series, the rows that are held out, and how its gaps were treated."""

    series: Series
    split: SplitConfig = field(default_factory=SplitConfig)
    gaps: Literal["refuse", "forward"] = "refuse"
