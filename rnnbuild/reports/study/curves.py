"""How training went: curves of all seeds, with the mean of each variant."""

from collections.abc import Sequence

from rnnbuild.formatting import plural, score_text
from rnnbuild.metrics.tasks import higher_is_better
from rnnbuild.reports.blocks import Block, Figure, Missing, Section
from rnnbuild.reports.plots.seed_curves import VariantCurves, seed_curves_plot
from rnnbuild.reports.run.training import curve_of
from rnnbuild.reports.study.records import StudyRecords
from rnnbuild.reports.thinning import thinned
from rnnbuild.visible import command_text
from rnnbuild.wording.metric_names import followed
from rnnbuild.wording.table import Column, Table


def curves_section(records: StudyRecords) -> Section:
    blocks: list[Block] = []
    if not records.histories:
        again = command_text("study", records.study.path)
        blocks.append(
            Missing("The folders of the runs are gone, and their curves with them:", again)
        )
    for split, name, shown in asked(records.results.metric):
        if (figure := curves_figure(records, split, name, shown)) is not None:
            blocks.append(figure)
    return Section("training", "Training", blocks)


def asked(*metrics: str) -> list[tuple[str, str, str]]:
    """The curves that are drawn, the metrics first: split, score and what the score is called."""
    names = followed(*metrics)
    loss = names.pop("loss") if len(metrics) == 1 else "loss"
    return [
        *(("validation", name, shown) for name, shown in names.items() if name != "loss"),
        ("validation", "loss", loss),
        ("train", "loss", loss),
    ]


def curves_figure(records: StudyRecords, split: str, name: str, shown: str) -> Figure | None:
    """The curves of a score; None where no run has it."""
    whole = all(line.step is None for lines in records.histories.values() for line in lines)
    known = {
        key: curve
        for key, lines in records.histories.items()
        if (curve := curve_of(lines, split, name, whole))
    }
    drawn = dict(zip(known, thinned(list(known.values())), strict=True))
    variants = []
    for variant in records.findings.variants:
        by_seed = {seed: curve for (of, seed), curve in drawn.items() if of == variant.name}
        if by_seed:
            role = records.roles[variant.name]
            variants.append(VariantCurves(variant.label, role, by_seed))
    if not variants:
        return None
    variants.sort(key=lambda variant: variant.role == "muted")  # as in the legend
    over = "epoch" if whole else "step"
    legend = [(variant.label, variant.role) for variant in variants if variant.role != "muted"]
    if len(legend) < len(variants):
        legend.append((plural(len(variants) - len(legend), "other"), "muted"))
    note = "Thin lines are seeds, thick lines their means where all seeds have a value."
    if split == "train":
        note += " Training values are means over the epoch, with dropout active."
    elif name != "loss":
        note += f" {'Higher' if higher_is_better(name) else 'Lower'} is better."
    return Figure(
        f"curves-{split}-{name}",
        f"{split} {shown}",
        seed_curves_plot(variants, f"{split} {shown}", over),
        means_table(variants, over),
        note,
        legend,
    )


def means_table(
    variants: list[VariantCurves], over: str, notes: Sequence[str] = ("Means over seeds.",)
) -> Table:
    """The mean over seeds of each variant, a row an epoch."""
    means = {
        variant.label: {row["x"]: row["value"] for row in variant.means} for variant in variants
    }
    places = sorted({x for values in means.values() for x in values})
    rows = [
        {"x": int(x), **{label: values.get(x) for label, values in means.items()}} for x in places
    ]
    columns = [
        Column("x", over, align="right"),
        *(Column(label, label, score_text, "right") for label in means),
    ]
    return Table(columns, rows, notes=notes)
