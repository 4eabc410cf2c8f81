"""A series into windows, and forecasts into the original unit: saved with a run."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.disk.files import ending
from rnnbuild.data.health.shares import agree
from rnnbuild.data.kind.codec import ModelNames, ModelSizes
from rnnbuild.data.readers.formats import ENDINGS
from rnnbuild.data.series.columns import cell_of, table_of_columns
from rnnbuild.data.series.frequency import Dates
from rnnbuild.data.series.invertible import Standardise, Steps
from rnnbuild.data.series.read import Reading, read_series
from rnnbuild.data.series.saved import SavedSeries
from rnnbuild.data.series.series import Series, Values
from rnnbuild.data.series.tables import table_at, table_of
from rnnbuild.data.series.transforms import Transforms, step_as_json
from rnnbuild.data.series.windows import Shape, Windows, by_window, cut_windows
from rnnbuild.errors import DataError
from rnnbuild.formatting import plural
from rnnbuild.metrics.forecasting import Forecasts
from rnnbuild.tasks.facts import Task
from rnnbuild.tasks.forecast import FORECAST
from rnnbuild.typed_values import from_plain

FIRST_KEYS = frozenset({"date", "date_format", "names", "gaps", "delimiter"})
"""Keys of a reading that all versions write; others only where they say something."""


@dataclass(frozen=True, eq=False)
class SeriesCodec:
    """All that turns a series into windows, and outputs into numbers in the original unit.

    `names` are the columns of the series, which `shape` refers to by their numbers. `units` are
    each column's mean and deviation in training, which scores in `standardised` units refer to;
    `scale` is each column's mean absolute step. `end` is the last steps of the series: a forecast
    without input starts from them.
    """

    kind: ClassVar[str] = "series"
    format: ClassVar[int] = 1

    names: tuple[str, ...]
    shape: Shape
    transforms: Transforms
    units: Standardise
    scale: Values
    report: Literal["original", "standardised"]
    reading: Reading
    end: Series

    @property
    def task(self) -> Task:
        return FORECAST.name

    @property
    def targets(self) -> tuple[str, ...]:
        """The names of the columns that are forecast."""
        return tuple(self.names[column] for column in self.shape.targets)

    @property
    def own_units(self) -> tuple[str, ...]:
        """The columns that are forecast, where several are scored in units of their own."""
        several = len(self.shape.targets) > 1 and self.report == "original"
        return self.targets if several else ()

    @property
    def horizon(self) -> int:
        """Steps of a forecast."""
        return self.shape.horizon

    @property
    def steps_needed(self) -> int:
        """Steps that one window needs, including those before it for the differences."""
        return self.shape.window + self.transforms.lag

    @property
    def first_step(self) -> int:
        """The step that the first forecast follows, where each is read as it comes."""
        return self.transforms.lag + self.shape.segment

    @property
    def example(self) -> dict[str, list[Any]] | None:
        """The end of the training series, as columns that `read` takes; None where the dates were
        in several columns."""
        dates, date = self.end.dates, self.reading.date
        columns = dict(zip(self.names, self.end.values.T.tolist(), strict=True))
        if dates is None:
            return columns
        if isinstance(date, tuple):
            return None
        if self.reading.date_format is None:
            texts = [text.removesuffix("T00:00:00") for text in date_texts(dates)]
        else:
            texts = [cell_of(date, self.reading.date_format) for date in dates]
        return {date or "date": texts} | columns

    def windows(self, series: Series, origins: Steps) -> Windows:
        """The windows that end at `origins`, of the training series or of one like it.

        Raises DataError where it cannot be transformed.
        """
        return cut_windows(self.transforms.stages(series), origins, self.shape)

    def last_window(self, series: Series) -> Windows:
        """The window at the end of a series; raises DataError where the series is too short."""
        if len(series) < self.steps_needed:
            raise DataError(
                f"{plural(len(series), 'step')} {agree(len(series), 'is', 'are')} too few: "
                f"a forecast needs {self.steps_needed:,}",
                hint=f"a window takes {self.shape.window:,} steps, the differences "
                f"{self.transforms.lag:,} before it",
            )
        return self.windows(series, np.array([len(series) - 1], np.int64))

    def read(self, source: Any, settings: Mapping[str, Any] = MappingProxyType({})) -> Series:
        """The series in a file, or in the text of one, read like the training file but for
        `settings`; or columns of values by their names, or the values of the only column.

        The settings are keys of `data` that a Reading has. Raises DataError.
        """
        for key in settings:
            if key not in Reading.__annotations__:
                raise DataError(f"`data.{key}` does nothing for a series", hint="leave it out")
        own = {key: _as_tuple(value) for key, value in settings.items()}
        reading = replace(self.reading, names=self.names, **own)
        if isinstance(source, str):
            return read_series([table_of("<stdin>", source, reading.file_form)], reading)
        if not isinstance(source, Path):
            columns = source if hasattr(source, "keys") else self._only_column(source)
            plain = replace(reading, decimal=None, thousands=None, missing=())
            return read_series([table_of_columns(columns, self.names, reading.date_format)], plain)
        form = reading.file_form
        if ending(source) in ENDINGS and "format" not in own:
            form = replace(form, format=None)
        return read_series([table_at(source, form)], reading)

    def _only_column(self, values: Any) -> dict[str, Any]:
        """Values without a name as a column. Raises DataError where there are several columns."""
        if len(self.names) == 1:
            return {self.names[0]: values}
        example = ", ".join(f'"{name}": [...]' for name in self.names[:3])
        raise DataError(
            f"the series has {len(self.names)} columns, which are given by their names",
            f"give a mapping: {{{example}}}",
        )

    def in_original_unit(self, windows: Windows, outputs: NDArray[Any]) -> Values:
        """A model's outputs in the original unit: (windows, horizon, targets)."""
        forecasts = by_window(np.asarray(outputs, np.float64), self.shape)
        if windows.subtracted is not None:
            forecasts = forecasts + windows.subtracted[:, None]
        return self.transforms.back(
            forecasts, windows.stages, windows.origins, np.array(self.shape.targets)
        )

    def actual(self, windows: Windows) -> Values:
        """The values after each window: (windows, horizon, targets)."""
        ahead = windows.origins[:, None] + np.arange(1, self.shape.horizon + 1)
        values: Values = windows.stages[0][ahead][:, :, list(self.shape.targets)]
        return values

    def forecasts(self, windows: Windows, values: Values) -> Forecasts:
        """Forecasts and targets in the unit that scores are reported in.

        `values` (windows, horizon, targets) are in the original unit. Each row is a window, its
        outputs step by step.
        """
        columns = list(self.shape.targets)
        targets, scale = self.actual(windows), self.scale[columns]
        mean, deviation = self.units.mean[columns], self.units.deviation[columns]
        if self.report == "standardised":
            targets, values = (targets - mean) / deviation, (values - mean) / deviation
            scale = scale / deviation
        rows = len(targets)
        return Forecasts(
            targets.reshape(rows, -1),
            values.reshape(rows, -1),
            np.tile(scale, self.shape.horizon),
            self.own_units,
            np.tile(deviation, self.shape.horizon) if self.own_units else None,
        )

    def forecast_rows(self, series: Series, values: Values) -> list[dict[str, Any]]:
        """The forecast after a series' end, (horizon, targets): a record a step, with its date."""
        when = "date" if series.dates is not None else "step"
        return [
            {when: series.after_end(step)} | dict(zip(self.targets, row, strict=True))
            for step, row in enumerate(values.tolist(), 1)
        ]

    @property
    def model_sizes(self) -> ModelSizes:
        return ModelSizes(None, self.shape.columns, (self.shape.outputs,))

    @property
    def model_names(self) -> ModelNames:
        """A column that is alone needs no name: what is learned of one series may serve another."""
        shape = self.shape
        read = [self.names[column] for column in shape.inputs]
        columns, targets = (
            [""] if shape.apart or len(each) == 1 else each for each in (read, list(self.targets))
        )
        segment, ahead = range(shape.segment), range(1, shape.horizon + 1)
        return ModelNames(
            tuple(("column", name, str(step)) for step in segment for name in columns),
            tuple(("ahead", name, str(step)) for step in ahead for name in targets),
        )

    def to_json(self) -> str:
        end = self.end
        return json.dumps(
            {
                "kind": self.kind,
                "format": self.format,
                "names": self.names,
                "shape": asdict(self.shape),
                "transforms": [step_as_json(step) for step in self.transforms.steps],
                "units": step_as_json(self.units),
                "scale": self.scale.tolist(),
                "report": self.report,
                "reading": reading_as_json(self.reading),
                "frequency": asdict(end.frequency) if end.frequency else None,
                "end": {
                    "values": end.values.tolist(),
                    "dates": None if end.dates is None else date_texts(end.dates),
                    "start": end.start,
                },
            },
            ensure_ascii=False,
        )

    @classmethod
    def from_json(cls, saved: dict[str, Any]) -> "SeriesCodec":
        """The codec that `to_json` wrote. Others raise UnexpectedValueError."""
        read: SavedSeries = from_plain(SavedSeries, saved)
        read.refuse_contradictions()
        return cls(
            read.names,
            read.shape,
            Transforms(read.steps()),
            read.units.step(),
            np.array(read.scale, np.float64),
            read.report,
            read.reading,
            read.last_steps(),
        )


def reading_as_json(reading: Reading) -> dict[str, Any]:
    """The values of a reading: those that all versions write, and others that say something."""
    usual = asdict(Reading())
    return {
        key: value
        for key, value in asdict(reading).items()
        if key in FIRST_KEYS or value != usual[key]
    }


def _as_tuple(value: Any) -> Any:
    """A list of columns, or of marks, as a Reading has it."""
    return tuple(map(str, value)) if isinstance(value, list | tuple) else value


def date_texts(dates: Dates) -> list[str]:
    """Dates as text, to the second where none is finer."""
    whole = dates.astype("datetime64[s]")
    texts: list[str] = (whole if (whole == dates).all() else dates).astype(str).tolist()
    return texts
