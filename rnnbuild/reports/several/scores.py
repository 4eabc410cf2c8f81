"""Scores of the runs beside each other, and their differences."""

from rnnbuild.formatting import difference_text
from rnnbuild.metrics.metric import points_in
from rnnbuild.metrics.tasks import higher_is_better
from rnnbuild.reports.blocks import Block, Figure, Section, TableBlock
from rnnbuild.reports.plots.differences import differences_plot
from rnnbuild.reports.plots.intervals import Measured, intervals_plot
from rnnbuild.reports.several.records import SeveralRecords
from rnnbuild.runs.comparison import differences as differing_keys
from rnnbuild.runs.comparison import listed_run
from rnnbuild.runs.paired_runs import PairedRuns
from rnnbuild.wording.compared_runs import run_differences_table
from rnnbuild.wording.metric_names import metric_name
from rnnbuild.wording.runs import runs_table
from rnnbuild.wording.scores import best_trivial
from rnnbuild.wording.study import difference_interval_text, unit_of_differences


def scores_section(records: SeveralRecords) -> Section:
    listed = [listed_run(run.run) for run in records.runs]
    table = runs_table([run.overview for run in listed], differing_keys(listed))
    blocks: list[Block] = []
    if (figure := scores_figure(records)) is not None:
        blocks.append(figure)
    blocks.append(TableBlock(table, "runs"))
    if records.paired is not None:
        if (figure := differences_figure(records, records.paired)) is not None:
            blocks.append(figure)
        blocks.append(TableBlock(run_differences_table(records.paired), "differences"))
    return Section("scores", "Scores", blocks)


def scores_figure(records: SeveralRecords) -> Figure | None:
    """The main score of each run, below it the best trivial answer; None if metrics differ."""
    kinds = {(run.overview.metric, run.split) for run in records.runs}
    if len(kinds) > 1 or None in (split for _, split in kinds):
        return None
    ((main, split),) = kinds
    measured = []
    for run, label, role in zip(records.runs, records.names, records.roles, strict=True):
        assert run.metrics is not None and split is not None
        score = run.metrics.scores[split][main]
        if score.value is not None:
            measured.append(Measured(label, score.value, score.low, score.high, role))
    first = records.runs[0].metrics
    if first is not None and split is not None and (trivial := best_trivial(first, split)):
        measured.append(Measured(f"{trivial[0]} (trivial)", trivial[1], role="muted"))
    if not measured:
        return None
    listed = [listed_run(run.run) for run in records.runs]
    name, better = metric_name(main), "Higher" if higher_is_better(main) else "Lower"
    return Figure(
        "score",
        f"{split} {name} of each run",
        intervals_plot(measured, name, f"of each run on {split}"),
        runs_table([run.overview for run in listed], differing_keys(listed)),
        f"{better} is better. Lines are 95 % intervals.",
    )


def differences_figure(records: SeveralRecords, paired: PairedRuns) -> Figure | None:
    """The differences from the first run by the main metric."""
    main = paired.metrics[0]
    factor = points_in(main.unit)
    roles = {str(run.run.path): role for run, role in zip(records.runs, records.roles, strict=True)}
    measured = []
    for each in paired.differences:
        score = each.by_metric[main.name].examples.difference
        if score.value is None:
            continue
        value, low, high = (
            None if end is None else factor * end for end in (score.value, score.low, score.high)
        )
        interval = difference_interval_text(low, high, None)
        said = f"{difference_text(value)} ({interval}), {each.by_metric[main.name].verdict}"
        name = records.name(each.run)
        measured.append(Measured(name, value or 0.0, low, high, roles[each.run], said))
    if not measured:
        return None
    unit, first = unit_of_differences(main.unit).strip(), records.names[0]
    return Figure(
        "differences-plot",
        f"differences from {first}, {metric_name(main.name)}",
        differences_plot(measured, unit, f"from {first}", None),
        run_differences_table(paired),
        "Right of the line is better. Lines are 95 % intervals.",
    )
