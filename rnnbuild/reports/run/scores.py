"""The scores beside those of trivial answers."""

from rnnbuild.metrics.tasks import higher_is_better
from rnnbuild.reports.blocks import Block, Figure, Section, TableBlock
from rnnbuild.reports.plots.intervals import Measured, intervals_plot
from rnnbuild.reports.run.records import RunRecords
from rnnbuild.runs.metrics_file import Evaluation, Split
from rnnbuild.wording.details import columns_table
from rnnbuild.wording.language_model import token_of
from rnnbuild.wording.metric_names import metric_name
from rnnbuild.wording.scores import MODEL, scores_table, split_name


def scores_section(records: RunRecords) -> Section:
    metrics, blocks = records.metrics, list[Block]()
    if metrics is not None and records.split is not None:
        split = records.split
        blocks.append(score_figure(metrics, split))
        blocks.append(TableBlock(scores_table(metrics, split), f"scores-{split}"))
        if (by_column := columns_table(metrics, split)) is not None:
            blocks.append(TableBlock(by_column, "scores-by-column"))
        for other in metrics.scores:
            if other != split:
                table = scores_table(metrics, other)
                blocks.append(TableBlock(table, f"scores-{other}", folded=True))
    return Section("scores", "Scores", blocks)


def score_figure(evaluation: Evaluation, split: Split) -> Figure:
    """The main metric of the model, with its interval, and of each trivial answer, best first."""
    main = evaluation.main
    score = evaluation.scores[split][main]
    measured = [
        Measured(name, value, role="muted")
        for name, values in evaluation.baselines.get(split, {}).items()
        if (value := values[main]) is not None
    ]
    if score.value is not None:
        measured.append(Measured(MODEL, score.value, score.low, score.high))
    measured.sort(key=lambda each: each.value, reverse=higher_is_better(main))
    name, called = metric_name(main, token_of(evaluation, split)), split_name(evaluation, split)
    better = "Higher" if higher_is_better(main) else "Lower"
    return Figure(
        "score",
        f"{name} on {called}, beside trivial answers",
        intervals_plot(measured, name, f"on {called}"),
        scores_table(evaluation, split),
        f"{better} is better. The line is the 95 % interval.",
    )
