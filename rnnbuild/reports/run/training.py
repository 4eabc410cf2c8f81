"""How training went: curves of loss and metric, and which weights were kept."""

from rnnbuild.formatting import capitalised
from rnnbuild.reports.blocks import Block, Figure, Section, Sentences, Side
from rnnbuild.reports.plots.curves import Curve, curves_plot, legend_of
from rnnbuild.reports.run.records import RunRecords
from rnnbuild.runs.history import HistoryLine
from rnnbuild.wording.evaluation_line import kept_texts
from rnnbuild.wording.metric_names import metric_name
from rnnbuild.wording.runs import history_table

MOST_POINTS = 300
"""Points of a curve that are drawn; more than that are thinned out evenly."""
TRAINING_VALUES = "Training values are means over the epoch, with dropout active."


def training_section(records: RunRecords) -> Section:
    blocks: list[Block] = []
    if records.metrics is not None:
        kept = [f"{capitalised(text)}." for text in kept_texts(records.metrics)]
        blocks.append(Sentences([" ".join([*kept, TRAINING_VALUES])]))
    names = dict.fromkeys(("loss", records.overview.metric, records.overview.watched))
    figures = [curve_figure(records, name) for name in names]
    blocks.append(Side([figure for figure in figures if figure is not None]))
    return Section("training", "Training", blocks)


def curve_figure(records: RunRecords, name: str) -> Figure | None:
    """The curves of one score; None where no evaluation has it."""
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
    thinly = f"{MOST_POINTS} of {len(lines):,} evaluations are drawn."
    return Figure(
        f"curve-{name}",
        metric_name(name),
        curves_plot(thinned(curves), metric_name(name), over, at),
        history_table(lines, records.best),
        thinly if len(lines) > MOST_POINTS else "",
        legend_of(curves),
    )


def curve_of(lines: list[HistoryLine], split: str, name: str, whole: bool) -> Curve:
    """A score over epochs, or over steps where some evaluations are within epochs."""
    return [
        (float(line.epoch if whole else line.steps), value)
        for line in lines
        if (value := line.scores(split).get(name)) is not None
    ]


def thinned(curves: dict[str, Curve]) -> dict[str, Curve]:
    """Curves of at most `MOST_POINTS` points, first and last among them."""
    return {name: thin(curve) for name, curve in curves.items()}


def thin(curve: Curve) -> Curve:
    if len(curve) <= MOST_POINTS:
        return curve
    last = len(curve) - 1
    return [curve[round(number * last / (MOST_POINTS - 1))] for number in range(MOST_POINTS)]
