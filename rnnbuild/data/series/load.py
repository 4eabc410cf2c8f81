"""From a config and a series to encoded splits, with trivial forecasts."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

from rnnbuild.config.schema.data import DataConfig, SplitConfig
from rnnbuild.config.schema.series import USUAL_WINDOW
from rnnbuild.data.disk.files import files_by_split
from rnnbuild.data.disk.memory import memory_of_process
from rnnbuild.data.examples.splits import SPLITS, SplitName
from rnnbuild.data.kind.loaded import Loaded
from rnnbuild.data.series.baselines import Past, trivial_forecasts
from rnnbuild.data.series.codec import SeriesCodec
from rnnbuild.data.series.health import series_health
from rnnbuild.data.series.read import read_series, reading_of
from rnnbuild.data.series.series import Series, Values
from rnnbuild.data.series.split import Borders, borders_of
from rnnbuild.data.series.tables import SeriesTable, format_at, table_at
from rnnbuild.data.series.transforms import fit_transforms, standardise
from rnnbuild.data.series.windows import Shape, Windows, cut_windows, origins_of
from rnnbuild.errors import DataError, Problem, did_you_mean
from rnnbuild.formatting import size_text, value_text
from rnnbuild.metrics.forecasting import naive_scale
from rnnbuild.tasks.facts import DataFacts

ONE_SERIES_A_ROW = (
    "; a file with a series in each row, and more columns than rows, has to be transposed first"
)


def load_series_files(
    data: DataConfig,
    base: Path,
    test: Path | None = None,
    settings: Mapping[str, Any] = MappingProxyType({}),
) -> Loaded:
    """The series of a config's files; `base` is the folder that paths are relative to.

    The files of train, validation and test are one series, each starting where the one before
    ends. A file `test`, read with other `settings` where it is written otherwise, takes the place
    of the test split: all of it, a series of its own.
    Raises DataError for files that cannot be read or cannot be learned from.
    """
    if data.train is None:
        raise DataError("no data is named", hint="name a file with `data.train`")
    if data.validation is not None and data.test is None:
        raise DataError(
            Problem(
                "a series with a file for validation needs one for test: the test split comes last",
                data.place("validation"),
                "name it with `data.test`, or leave `validation` out to hold out both",
            )
        )
    reading = reading_of(data)
    tables: list[SeriesTable] = []
    formats: list[str] = []
    owner: dict[str, SplitName] = {}
    for key, paths in files_by_split(data, base).items():
        for path in paths:
            tables.append(table_at(path, reading.file_form))
            formats.append(format_at(path, reading.file_form))
            owner[str(path)] = key
    series = read_series(tables, reading, data)
    own = dict.fromkeys(SPLITS, 0)
    for source, _ in series.places:
        own[owner[source]] += 1
    split = data.split or SplitConfig()
    loaded = load_series(series, data, split, (own["validation"], own["test"]), test, settings)
    written = {"format": formats[0], "date": date_value(series.date_columns)}
    return replace(loaded, settled={**loaded.settled, **written})


def date_value(columns: tuple[str, ...]) -> str | list[str]:
    """The columns that were recognised as dates, as `data.date` states them."""
    return (list(columns) if len(columns) > 1 else columns[0]) if columns else "none"


def load_series(
    series: Series,
    data: DataConfig,
    split: SplitConfig,
    own: tuple[int, int] = (0, 0),
    test: Path | None = None,
    settings: Mapping[str, Any] = MappingProxyType({}),
) -> Loaded:
    """Windows of a series in three splits; whatever is fitted is fitted on the training split.

    `own` are the steps at the end for which validation and test have files of their own.
    Raises DataError where columns are missing or a split has no room for a window.
    """
    series, shape = _select_columns(series, data)
    borders = borders_of(len(series), split, own)
    codec = _codec(series, shape, data, borders)
    windows = _windows(series, codec, borders, data)
    unused = _unused_note(series, borders)
    season = data.season or _season(data, series)
    health = partial(series_health, series, codec, borders, dict(windows), unused, data, season)
    own_series: dict[SplitName, Series | None] = dict.fromkeys(SPLITS, series)
    if test is not None:
        windows["test"], own_series["test"] = windows_of_file(codec, test, settings), None
    facts = DataFacts(
        task="forecast",
        columns=shape.columns,
        outputs=shape.outputs,
        longest=shape.steps,
        window=shape.window,
        rows=(len(windows["train"]), len(windows["validation"]), len(windows["test"])),
        date=series.date_columns if data.dataset is None else None,
        units=codec.own_units,
    )
    past = Past(codec, windows["train"], borders.train)
    return Loaded(
        facts=facts,
        codec=codec,
        train=windows["train"],
        validation=windows["validation"],
        test=windows["test"],
        baselines=lambda name: trivial_forecasts(past, windows[name], season),
        row_text=lambda name, row: _row_text(codec, windows[name], row),
        row_place=lambda name, row: _row_place(own_series[name], windows[name], row),
        dates=lambda name: [series.at(origin + 1) for origin in windows[name].origins.tolist()],
        settled={
            "columns": [codec.names[number] for number in shape.inputs],
            "targets": [codec.names[number] for number in shape.targets],
        },
        notes=(*map(str, series.notes), *unused),
        health=health,
    )


def _select_columns(series: Series, data: DataConfig) -> tuple[Series, Shape]:
    """The columns that the config names, and the shape of its windows."""
    inputs = data.columns or series.names
    targets = data.targets or inputs
    names = tuple(dict.fromkeys((*inputs, *targets)))
    for key, stated in (("columns", data.columns), ("targets", data.targets)):
        for name in stated or ():
            if name not in series.names:
                raise DataError(
                    Problem(
                        f"there is no column `{name}`{did_you_mean(name, series.names)}",
                        data.place(key),
                        f"there are {', '.join(f'`{known}`' for known in series.names)}",
                    )
                )
    positions = [series.names.index(name) for name in names]
    number = {name: column for column, name in enumerate(names)}
    if data.channel_independent and len(inputs) == 1 and not data.accepts_idle:
        raise DataError(
            Problem(
                f"`channel_independent` does nothing with one column, `{inputs[0]}`",
                data.place("channel_independent"),
                "leave `channel_independent` out",
            )
        )
    shape = Shape(
        data.window or USUAL_WINDOW,
        data.horizon,
        tuple(number[name] for name in inputs),
        tuple(number[name] for name in targets),
        data.segment,
        data.subtract,
        data.channel_independent,
    )
    return replace(series, names=names, values=series.values[:, positions]), shape


def _codec(series: Series, shape: Shape, data: DataConfig, borders: Borders) -> SeriesCodec:
    transforms = fit_transforms(data.transform, series, borders.train)
    trained = series.values[: borders.train]
    needed = min(len(series), shape.window + transforms.lag)
    return SeriesCodec(
        series.names,
        shape,
        transforms,
        standardise(trained),
        naive_scale(trained),
        data.report,
        replace(reading_of(data), date_order=series.date_order),
        series.last(needed),
    )


def _windows(
    series: Series, codec: SeriesCodec, borders: Borders, data: DataConfig
) -> dict[SplitName, Windows]:
    lag, shape = codec.transforms.lag, codec.shape
    stages = codec.transforms.stages(series)
    windows: dict[SplitName, Windows] = {}
    for name, span in zip(SPLITS, borders.spans, strict=True):
        origins = origins_of(shape, span, lag, series.filled)
        if not len(origins) and (name == "train" or span[1] > span[0]):
            steps = span[1] - span[0]
            needed = shape.horizon + (shape.window + lag if name == "train" else 0)
            raise DataError(
                Problem(
                    f"the {name} split has {steps:,} steps, and none of its windows fits: it "
                    f"needs {needed:,}"
                    + (f", {shape.window + lag:,} of them to read" if name == "train" else ""),
                    data.place("window" if name == "train" else "horizon"),
                    "shorten `data.window` or `data.horizon`, or hold out other shares"
                    + (ONE_SERIES_A_ROW if len(series) < len(series.names) else ""),
                )
            )
        _refuse_too_large(name, len(origins), shape, data)
        windows[name] = cut_windows(stages, origins, shape)
    return windows


def _refuse_too_large(name: SplitName, windows: int, shape: Shape, data: DataConfig) -> None:
    """Raises DataError where a split's windows would not fit into memory.

    Targets are held as float64 and float32; what is read too, unless windows share the series.
    """
    shared = shape.segment == 1 and shape.subtract is None
    for key, steps, columns in (
        ("horizon", shape.horizon, len(shape.targets)),
        ("window", 0 if shared else shape.window, len(shape.inputs)),
    ):
        needed, there = 12 * windows * steps * columns, memory_of_process()
        if there is not None and needed > there:
            raise DataError(
                Problem(
                    f"the {windows:,} windows of the {name} split, {steps:,} steps of {key} each, "
                    f"take {size_text(needed)} of memory, and this machine has {size_text(there)}",
                    data.place(key),
                    f"shorten `data.{key}`",
                )
            )


def windows_of_file(codec: SeriesCodec, path: Path, settings: Mapping[str, Any]) -> Windows:
    """Every window of a file, as a series of its own. Raises DataError if none fits."""
    series = codec.read(path, settings)
    span = (0, len(series))
    origins = origins_of(codec.shape, span, codec.transforms.lag, series.filled)
    if not len(origins):
        raise DataError(
            f"{path} has {len(series):,} steps, and none of its windows fits: it needs "
            f"{codec.steps_needed + codec.shape.horizon:,}"
        )
    return codec.windows(series, origins)


def _season(data: DataConfig, series: Series) -> int | None:
    """Steps of a season: those of a seasonal difference, else what the dates suggest."""
    for transform in data.transform:
        if not isinstance(transform, str):
            return transform.seasonal_difference
    return series.frequency.season if series.frequency else None


def _unused_note(series: Series, borders: Borders) -> Sequence[str]:
    left = len(series) - borders.test
    if not left:
        return ()
    return (f"the last {left:,} of {len(series):,} steps, after the test split, are not used",)


def _row_place(series: Series | None, windows: Windows, row: int) -> str:
    """`file:line` of the first step that a window forecasts; empty without a file."""
    place = series.place(int(windows.origins[row]) + 1) if series is not None else None
    return f"{place.source}:{place.line}" if place is not None else ""


def _row_text(codec: SeriesCodec, windows: Windows, row: int) -> str:
    """The last values of a window and those after it. `row` is a window's number, as in scores."""
    shape, values = codec.shape, windows.stages[0]
    origin = int(windows.origins[row])
    columns = list(shape.targets)
    seen = values[max(0, origin - 4) : origin + 1][:, columns]
    ahead = values[origin + 1 : origin + 1 + min(shape.horizon, 5)][:, columns]
    names = ", ".join(codec.names[column] for column in columns)
    return f"{names}: ... {_numbers(seen)} -> {_numbers(ahead)}"


def _numbers(values: Values) -> str:
    steps = [" ".join(value_text(float(value)) for value in step) for step in values]
    return ", ".join(steps)
