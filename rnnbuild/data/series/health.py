"""The health of a series: `forecast`."""

from collections.abc import Iterator, Mapping, Sequence

from rnnbuild.data.examples.splits import SPLITS, SplitName
from rnnbuild.data.health.columns import constant, drift, outliers
from rnnbuild.data.kind.finding import Finding, ok, sentence
from rnnbuild.data.series.codec import SeriesCodec
from rnnbuild.data.series.gap_health import gaps
from rnnbuild.data.series.series import Series
from rnnbuild.data.series.split import Borders
from rnnbuild.data.series.window_health import windows
from rnnbuild.data.series.windows import Windows


def series_health(
    series: Series,
    codec: SeriesCodec,
    borders: Borders,
    found: Mapping[SplitName, Windows],
    left_out: Sequence[str],
) -> Iterator[Finding]:
    """Every question that is asked of a series; `found` are the windows of its splits."""
    lag, learned = codec.transforms.lag, found["train"].stages[-1]
    spans = dict(zip(SPLITS, borders.spans, strict=True))
    starts = {name: max(first, lag) for name, (first, _) in spans.items()}
    values = {name: learned[starts[name] : end] for name, (_, end) in spans.items()}
    yield from gaps(series, codec.reading.gaps)
    yield from (ok("left out", sentence(note)) for note in left_out)
    yield windows(
        {name: len(each.origins) for name, each in found.items()},
        {name: end - first for name, (first, end) in spans.items()},
        codec.shape.window,
        codec.shape.horizon,
    )
    yield constant(series.values[: borders.train], series.names, codec.targets)

    def place(name: SplitName, step: int) -> str:
        return series.at(starts[name] + step)

    yield outliers(values, series.names, place)
    # What is subtracted from every window takes the level with it: what is left to learn changes.
    ahead = 0 if codec.shape.subtract is None else codec.shape.horizon
    yield drift(
        {name: each[ahead:] - each[:-ahead] for name, each in values.items()} if ahead else values,
        series.names,
        remedy="Take the level out with `difference` in `data.transform` or `data.subtract: last`, "
        "an uneven spread with `log`.",
    )
