"""The health of a series: `forecast`."""

from collections.abc import Iterator, Mapping, Sequence

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.examples.splits import SPLITS, SplitName
from rnnbuild.data.health.columns import constant_columns, drift, outliers
from rnnbuild.data.kind.finding import Finding, ok, sentence
from rnnbuild.data.series.codec import SeriesCodec
from rnnbuild.data.series.column_health import columns_read, missing_marks, precision
from rnnbuild.data.series.gap_health import gaps
from rnnbuild.data.series.repeat_health import repeated_steps
from rnnbuild.data.series.season_health import seasons
from rnnbuild.data.series.series import Series, Values
from rnnbuild.data.series.split import Borders
from rnnbuild.data.series.window_health import windows
from rnnbuild.data.series.windows import Windows


def series_health(
    series: Series,
    codec: SeriesCodec,
    borders: Borders,
    windows_of: Mapping[SplitName, Windows],
    unused: Sequence[str],
    data: DataConfig,
    season: int | None,
) -> Iterator[Finding]:
    """Every question of the health check on a series.

    `unused` says which steps are not used; `season` is the season's length, if one is known.
    """
    lag, learned = codec.transforms.lag, windows_of["train"].stages[-1]
    spans = dict(zip(SPLITS, borders.spans, strict=True))
    starts = {name: max(first, lag) for name, (first, _) in spans.items()}
    values = {name: learned[starts[name] : end] for name, (_, end) in spans.items()}
    yield from gaps(series, codec.reading.gaps)
    inputs = [series.names[column] for column in codec.shape.inputs]
    yield columns_read(series, inputs, codec.targets)
    yield missing_marks(series)
    yield from (ok("left out", sentence(note)) for note in unused)
    yield windows(
        {name: len(each.origins) for name, each in windows_of.items()},
        {name: end - first for name, (first, end) in spans.items()},
        codec.shape.window,
        codec.shape.horizon,
    )
    yield repeated_steps(series.values, spans)
    yield constant_columns(series.values[: borders.train], series.names, codec.targets)

    def place(name: SplitName, step: int) -> str:
        return series.at(starts[name] + step)

    yield outliers(values, series.names, place)
    # Subtracting a value from every window removes the level: what is left to learn are changes.
    ahead = 0 if codec.shape.subtract is None else codec.shape.horizon
    yield drift(
        {name: each[ahead:] - each[:-ahead] for name, each in values.items()} if ahead else values,
        series.names,
        remedy=remedy_for_drift(data, series.values),
    )
    yield precision(learned, series.names, "standardise" in data.transform)
    yield seasons(series.values[: borders.train], series.names, codec.shape.targets, data, season)


def remedy_for_drift(data: DataConfig, values: Values) -> str:
    """The transforms that remove a level and an uneven spread, without those that `data` has."""
    clauses = []
    if "difference" not in data.transform and data.subtract is None:
        clauses.append("the level with `difference` in `data.transform` or `data.subtract: last`")
    if "log" not in data.transform and (values > 0).all():
        clauses.append("an uneven spread with `log`")
    if not clauses:
        return "Read scores with that in mind: the series has changed since training."
    return f"Remove {', '.join(clauses)}."
