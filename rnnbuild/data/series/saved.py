"""A series codec's values in codec.json: types, and what must agree among them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.series.frequency import Frequency
from rnnbuild.data.series.invertible import Difference, Log, Standardise, Step
from rnnbuild.data.series.read import Reading
from rnnbuild.data.series.series import Series, Values
from rnnbuild.data.series.windows import Shape
from rnnbuild.typed_values import (
    Check,
    Count,
    Names,
    Positive,
    PositiveNumber,
    UnexpectedValueError,
    json_snippet,
)

NaturalNumber = Annotated[float, Check("a number, 0 or more", lambda value: value >= 0)]


LONGEST_HORIZON = 1 << 20
"""Steps: room for all of them is made before the model answers."""
LONGEST_STEP = 10**12
"""Seconds, months or weekdays of a step, at most: thirty thousand years."""


@dataclass(frozen=True)
class SavedLog:
    name: Literal["log"]


@dataclass(frozen=True)
class SavedDifference:
    name: Literal["difference"]
    lag: Positive


@dataclass(frozen=True)
class SavedStandardise:
    """One number for each column."""

    name: Literal["standardise"]
    mean: tuple[float, ...]
    deviation: tuple[PositiveNumber, ...]

    def refuse_other_columns(self, columns: int, place: str) -> None:
        """Raises UnexpectedValueError unless it is that of so many columns."""
        refuse_length(self.mean, columns, f"{place}.mean")
        refuse_length(self.deviation, columns, f"{place}.deviation")

    def step(self) -> Standardise:
        return Standardise(np.array(self.mean, float), np.array(self.deviation, float))


SavedStep = SavedLog | SavedDifference | SavedStandardise


@dataclass(frozen=True)
class SavedEnd:
    """The last steps of the series."""

    values: tuple[tuple[float, ...], ...]
    dates: tuple[str, ...] | None
    start: Count


@dataclass(frozen=True, kw_only=True)
class SavedSeries:
    """All values of the file."""

    kind: Literal["series"]
    format: Literal[1]
    names: Names
    shape: Shape
    transforms: tuple[SavedStep, ...]
    units: SavedStandardise
    scale: tuple[NaturalNumber, ...]
    report: Literal["original", "standardised"]
    reading: Reading
    frequency: Frequency | None
    end: SavedEnd

    def refuse_contradictions(self) -> None:
        """Raises UnexpectedValueError where values do not go together."""
        columns, shape = len(self.names), self.shape
        for key, numbers in (("inputs", shape.inputs), ("targets", shape.targets)):
            if not numbers or max(numbers) >= columns:
                expected = f"numbers of columns, from 0 to {columns - 1}"
                raise UnexpectedValueError(f"shape.{key}", expected, json_snippet(numbers))
        if shape.window % shape.segment:
            expected = f"a divisor of the window, {shape.window}"
            raise UnexpectedValueError("shape.segment", expected, json_snippet(shape.segment))
        for place, number, most in (
            ("shape.horizon", shape.horizon, LONGEST_HORIZON),
            ("frequency.count", self.frequency.count if self.frequency else 1, LONGEST_STEP),
        ):
            if number > most:
                raise UnexpectedValueError(place, f"at most {most:,}", json_snippet(number))
        self.units.refuse_other_columns(columns, "units")
        refuse_length(self.scale, columns, "scale")
        for number, step in enumerate(self.transforms):
            if isinstance(step, SavedStandardise):
                step.refuse_other_columns(columns, f"transforms[{number}]")
        for number, row in enumerate(self.end.values):
            refuse_length(row, columns, f"end.values[{number}]")
        if self.end.dates is not None:
            refuse_length(self.end.dates, len(self.end.values), "end.dates")

    def steps(self) -> tuple[Step, ...]:
        """The fitted transforms."""
        return tuple(step_of(step) for step in self.transforms)

    def last_steps(self) -> Series:
        """The end of the series. Raises UnexpectedValueError for a date that is none."""
        values: Values = np.array(self.end.values, np.float64).reshape(-1, len(self.names))
        return Series(
            self.names, values, dates_of(self.end.dates), self.frequency, start=self.end.start
        )


def step_of(saved: SavedStep) -> Step:
    """A fitted transform of its values."""
    match saved:
        case SavedLog():
            return Log()
        case SavedDifference():
            return Difference(saved.lag)
        case SavedStandardise():
            return saved.step()


def dates_of(texts: Sequence[str] | None) -> NDArray[np.datetime64] | None:
    """Dates to the microsecond. Raises UnexpectedValueError, with the place, where one is none."""
    if texts is None:
        return None
    for number, text in enumerate(texts):
        try:
            valid = not np.isnat(np.datetime64(text, "us"))
        except ValueError:
            valid = False
        if not valid:
            raise UnexpectedValueError(f"end.dates[{number}]", "a date", json_snippet(text))
    return np.array(texts, "datetime64[us]")


def refuse_length(values: Sequence[object], length: int, place: str) -> None:
    """Raises UnexpectedValueError unless there are so many values."""
    if len(values) != length:
        raise UnexpectedValueError(place, f"a list of {length}", f"one of {len(values)}")
