"""Every variant with its interval, and every seed."""

from rnnbuild.formatting import score_text
from rnnbuild.metrics.tasks import best_of, higher_is_better
from rnnbuild.reports.blocks import Block, Figure, Section, TableBlock
from rnnbuild.reports.plots.intervals import Dot, Measured, intervals_plot
from rnnbuild.reports.study.records import StudyRecords
from rnnbuild.wording.metric_names import metric_noun
from rnnbuild.wording.study import scored, seeds_table, study_scores_table


def variants_section(records: StudyRecords) -> Section:
    table = study_scores_table(records.findings)
    blocks: list[Block] = []
    if any(variant.values for variant in records.findings.variants):
        blocks.append(variants_figure(records))
    blocks += [
        TableBlock(table, "variants"),
        TableBlock(seeds_table(records.findings), "seeds", folded=True),
    ]
    return Section("variants", "Variants", blocks)


def variants_figure(records: StudyRecords) -> Figure:
    """Means with intervals and every seed, and below them the best trivial answer."""
    findings, results = records.findings, records.results
    scores = [(variant, variant.score) for variant in findings.variants]
    measured = [
        Measured(variant.label, score.value, score.low, score.high, records.roles[variant.name])
        for variant, score in scores
        if score.value is not None
    ]
    trivial = {
        name: value
        for name, value in results.baselines.get(results.split, {}).items()
        if value is not None
    }
    if trivial:
        best = best_of(results.metric, trivial.values())
        name = next(name for name in trivial if trivial[name] == best)
        measured.append(Measured(f"{name} (trivial)", best, role="muted"))
    dots = [
        Dot(variant.label, value, f"seed {seed}: {score_text(value)}")
        for variant in findings.variants
        for seed, value in variant.values.items()
    ]
    better = "Higher" if higher_is_better(results.metric) else "Lower"
    name = metric_noun(results.metric, results.token)
    about = f"of each variant on {results.split_name}"
    return Figure(
        "scores",
        f"{scored(findings)} of each variant, beside the best trivial answer",
        intervals_plot(measured, name, about, dots),
        seeds_table(findings),
        f"{better} is better. Circles are seeds, points are their means, lines 95 % intervals.",
    )
