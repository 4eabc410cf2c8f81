"""The curves of several runs together."""

from rnnbuild.reports.blocks import Block, Figure, Section
from rnnbuild.reports.plots.seed_curves import VariantCurves, seed_curves_plot
from rnnbuild.reports.run.training import curve_of
from rnnbuild.reports.several.records import SeveralRecords
from rnnbuild.reports.study.curves import asked, means_table
from rnnbuild.reports.thinning import thinned


def curves_section(records: SeveralRecords) -> Section:
    metrics = dict.fromkeys(run.overview.metric for run in records.runs)
    blocks: list[Block] = []
    for split, name, shown in asked(*metrics):
        if (figure := curves_figure(records, split, name, shown)) is not None:
            blocks.append(figure)
    return Section("training", "Training", blocks)


def curves_figure(records: SeveralRecords, split: str, name: str, shown: str) -> Figure | None:
    """One score of every run that has it, over epochs."""
    whole = all(line.step is None for run in records.runs for line in run.history)
    known = [
        (label, role, curve)
        for run, label, role in zip(records.runs, records.names, records.roles, strict=True)
        if (curve := curve_of(run.history, split, name, whole))
    ]
    drawn = thinned([curve for _, _, curve in known])
    curves = [
        VariantCurves(label, role, {1: curve})
        for (label, role, _), curve in zip(known, drawn, strict=True)
    ]
    if not curves:
        return None
    over, title = "epoch" if whole else "step", f"{split} {shown}"
    note = "Training values are means over the epoch, with dropout active."
    return Figure(
        f"curves-{split}-{name}",
        title,
        seed_curves_plot(curves, title, over),
        means_table(curves, over, notes=()),
        note if split == "train" else "",
        [(each.label, each.role) for each in curves if each.role != "muted"],
    )
