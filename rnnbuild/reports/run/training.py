"""How training went: curves of loss and metric, and which weights were kept."""

from collections.abc import Mapping

from rnnbuild.formatting import capitalised, score_text
from rnnbuild.reports.blocks import Block, Figure, Section, Sentences, Side
from rnnbuild.reports.plots.curves import Curve, curves_plot, legend_of
from rnnbuild.reports.run.records import RunRecords
from rnnbuild.reports.thinning import thinned
from rnnbuild.runs.history import HistoryLine
from rnnbuild.wording.kept import kept_texts
from rnnbuild.wording.metric_names import followed
from rnnbuild.wording.table import Column, Table

TRAINING_VALUES = "Training values are means over the epoch, with dropout active."


def training_section(records: RunRecords) -> Section:
    blocks: list[Block] = []
    if records.metrics is not None:
        kept = [f"{capitalised(text)}." for text in kept_texts(records.metrics)]
        blocks.append(Sentences([" ".join([*kept, TRAINING_VALUES])]))
    names = followed(records.overview.metric, records.overview.watched, token=records.token)
    figures = [curve_figure(records, name, shown) for name, shown in names.items()]
    blocks.append(Side([figure for figure in figures if figure is not None]))
    return Section("training", "Training", blocks)


def curve_figure(records: RunRecords, name: str, shown: str) -> Figure | None:
    """The curves of one score, which is called `shown`; None where no evaluation has it."""
    lines = records.history
    whole = all(line.step is None for line in lines)
    curves = {
        split: curve
        for split in ("validation", "train")
        if (curve := curve_of(lines, split, name, whole))
    }
    if not curves:
        return None
    over = "epoch" if whole else "step"
    kept = records.metrics.kept if records.metrics else None
    at = None if kept is None else float(kept.epoch if whole else kept.steps)
    drawn = dict(zip(curves, thinned(list(curves.values())), strict=True))
    longest = max(map(len, drawn.values()))
    return Figure(
        f"curve-{name}",
        shown,
        curves_plot(drawn, shown, over, at),
        curves_table(drawn, over),
        f"{longest:,} of {len(lines):,} evaluations are drawn." if longest < len(lines) else "",
        legend_of(curves),
    )


def curves_table(curves: Mapping[str, Curve], over: str) -> Table:
    """A row for each place, with the values of all curves."""
    values = {name: dict(curve) for name, curve in curves.items()}
    places = sorted({x for curve in values.values() for x in curve})
    rows = [{"x": int(x), **{name: values[name].get(x) for name in values}} for x in places]
    columns = [
        Column("x", over, align="right"),
        *(Column(name, name, score_text, "right") for name in values),
    ]
    return Table(columns, rows)


def curve_of(lines: list[HistoryLine], split: str, name: str, whole: bool) -> Curve:
    """A score over epochs, or over steps where some evaluations are within epochs."""
    return [
        (float(line.epoch if whole else line.steps), value)
        for line in lines
        if (value := line.scores(split).get(name)) is not None
    ]
