"""Where a model is correct and wrong: by label, confusions, by length, the worst mistakes."""

from collections.abc import Iterator
from typing import Any

from rnnbuild.formatting import percent, score_text, value_text
from rnnbuild.metrics.by_kind import KindScores
from rnnbuild.metrics.by_label import LabelScores
from rnnbuild.metrics.by_length import LengthBin
from rnnbuild.metrics.by_position import PositionBin
from rnnbuild.metrics.language_model import NATS_A_TOKEN
from rnnbuild.runs.metrics_file import ConfusionCell, Evaluation, Split
from rnnbuild.tasks.table import TASKS
from rnnbuild.wording.language_model import token_of
from rnnbuild.wording.metric_names import metric_name
from rnnbuild.wording.mistakes import TEXT_WIDTH, label_text, mistakes_table
from rnnbuild.wording.scores import MODEL, defined_text, interval_column, interval_notes
from rnnbuild.wording.table import Column, Table

SHOWN_LABELS = 20
SHOWN_PAIRS = 10
SHOWN_COLUMNS = 10
MATRIX_LABELS = 8
"""With more labels the matrix does not fit a terminal: the most common pairs are listed instead."""


def details_tables(evaluation: Evaluation, split: Split) -> Iterator[Table]:
    """A table for each kind of detail that is known about a split's answers."""
    details = evaluation.details.get(split)
    if details is None:
        return
    if details.by_entity_type:
        yield label_table("entity type", "entities", details.by_entity_type)
    elif details.by_label:
        task = TASKS[evaluation.task]
        yield label_table(task.label_name, task.labelled, details.by_label)
    if by_column := columns_table(evaluation, split):
        yield by_column
    if details.confusion:
        yield confusion_table(details.confusion)
    if details.by_length:
        yield length_table(details.by_length, evaluation.main)
    if details.by_position:
        yield position_table(details.by_position, token_of(evaluation, split))
    if details.by_kind:
        yield kind_table(details.by_kind, token_of(evaluation, split))
    if details.mistakes:
        yield mistakes_table(details.mistakes, evaluation.task, token_of(evaluation, split))


def label_table(
    what: str, counted: str, by_label: dict[str, LabelScores], most: int = SHOWN_LABELS
) -> Table:
    """Precision, recall and F1 of each label, the most frequent first, `most` of them.

    `what` names the label; `counted` names, in the plural, what carries one.
    """
    ordered = dict(sorted(by_label.items(), key=lambda item: -item[1].support))
    rows = [
        {
            "label": name,
            "support": scores.support,
            "precision": scores.precision.value,
            "recall": scores.recall.value,
            "f1": scores.f1.value,
            "low": scores.f1.low,
            "high": scores.f1.high,
            "no_interval": scores.f1.no_interval,
        }
        for name, scores in ordered.items()
    ]
    columns = [
        Column("label", what),
        Column("support", counted, align="right"),
        Column("precision", "precision", score_text, "right"),
        Column("recall", "recall", score_text, "right"),
        Column("f1", "F1", score_text, "right"),
        interval_column(),
    ]
    shown = list(ordered)[:most]
    notes = interval_notes({f"`{name}`": by_label[name].f1 for name in shown})
    if len(rows) > most:
        notes.append(f"{len(rows) - most} rarer labels: use --format json")
    return Table(columns, rows[:most], title=f"by {what}", notes=notes)


def confusion_table(cells: tuple[ConfusionCell, ...]) -> Table:
    """The confusion matrix if it fits, else the most common confusions."""
    names = sorted({name for cell in cells for name in (cell.target, cell.prediction)}, key=str)
    if (
        len(names) <= MATRIX_LABELS
        and sum(len(label_text(name)) + 2 for name in names) < TEXT_WIDTH
    ):
        return matrix_table(cells, names)
    wrong = [vars(cell) for cell in cells if cell.target != cell.prediction]
    columns = [
        Column("target", "correct", label_text),
        Column("prediction", "predicted as", label_text),
        Column("count", "times", align="right"),
    ]
    notes = []
    if len(wrong) > SHOWN_PAIRS:
        notes.append(f"{len(wrong) - SHOWN_PAIRS} rarer pairs: use --format json")
    return Table(columns, wrong[:SHOWN_PAIRS], title="most common confusions", keys=2, notes=notes)


def matrix_table(cells: tuple[ConfusionCell, ...], names: list[str | None]) -> Table:
    """The confusion matrix: targets down, predictions across."""
    rows: dict[str | None, dict[str, Any]] = {}
    for cell in cells:
        row = rows.setdefault(cell.target, {"target": cell.target})
        row[f"as {label_text(cell.prediction)}"] = cell.count
    predicted = {cell.prediction for cell in cells}
    columns = [
        Column("target", "correct", label_text),
        *(
            Column(
                f"as {label_text(name)}",
                label_text(name),
                lambda value: value_text(value or 0),
                "right",
            )
            for name in names
            if name in predicted or name is not None
        ),
    ]
    ordered = [rows[name] for name in names if name in rows]
    return Table(columns, ordered, title="confusion: correct labels down, predicted labels across")


def columns_table(evaluation: Evaluation, split: Split) -> Table | None:
    """RMSE and MAE of each forecast column in its own unit, beside those of trivial methods.

    None where the columns do not have units of their own.
    """
    details = evaluation.details.get(split)
    by_column = details and details.by_column
    if not by_column:
        return None
    shown = dict(list(by_column.items())[:SHOWN_COLUMNS])
    metrics = ("rmse", "mae")
    methods = list(dict.fromkeys(name for each in by_column.values() for name in each.baselines))
    rows = [
        {"column": name, "metric": metric, **vars(each.scores[metric])}
        | {method: values.get(metric) for method, values in each.baselines.items()}
        for name, each in shown.items()
        for metric in metrics
    ]
    columns = [
        Column("column", "column", tone="name"),
        Column("metric", "", metric_name),
        Column("value", MODEL, score_text, "right"),
        interval_column(),
        *(Column(name, name, score_text, "right") for name in methods),
    ]
    notes = interval_notes(
        {
            f"`{name}` {metric_name(metric)}": each.scores[metric]
            for name, each in shown.items()
            for metric in metrics
        }
    )
    if len(by_column) > SHOWN_COLUMNS:
        notes.append(f"{len(by_column) - SHOWN_COLUMNS:,} more columns: use --format json.")
    return Table(columns, rows, title="by column, each in its own unit", notes=notes)


def length_table(by_length: tuple[LengthBin, ...], main: str) -> Table:
    """The main metric by length of sequence."""
    rows = [
        {
            "shortest": group.shortest,
            "longest": group.longest,
            **vars(group.scores[main]),
        }
        for group in by_length
    ]
    columns = [
        Column(("shortest", "longest"), "steps", steps_text),
        Column("count", "examples", align="right"),
        Column("value", metric_name(main), score_text, "right"),
        interval_column(),
    ]
    notes = interval_notes(
        {
            f"{steps_text(group.shortest, group.longest)} steps": group.scores[main]
            for group in by_length
        }
    )
    return Table(columns, rows, title="by length", notes=notes)


def position_table(by_position: tuple[PositionBin, ...], token: str) -> Table:
    """What tokens cost by the number of those read before."""
    rows = [
        {"fewest": group.fewest, "most": group.most, "tokens": group.tokens, **vars(group.nats)}
        for group in by_position
    ]
    columns = [
        Column(("fewest", "most"), "tokens read before", steps_text, "right"),
        Column("tokens", "tokens", align="right"),
        Column("value", metric_name(NATS_A_TOKEN.name, token), defined_text, "right"),
        interval_column(),
    ]
    notes = [
        "Every passage is read from an empty state, its context first: what more context buys.",
        "Context counts here too, so most of the text counts twice.",
        *interval_notes(
            {
                f"{steps_text(each.fewest, each.most)} token{'s' * (each.most > 1)}": each.nats
                for each in by_position
            }
        ),
    ]
    return Table(columns, rows, title="by position in the passage", notes=notes)


def kind_table(by_kind: tuple[KindScores, ...], token: str) -> Table:
    """What tokens of each kind cost, and how much of all nats that is."""
    rows = [
        {"kind": each.kind, "tokens": each.tokens, "share": each.share, **vars(each.nats)}
        for each in by_kind
    ]
    columns = [
        Column("kind", "token"),
        Column("tokens", "tokens", align="right"),
        Column("value", metric_name(NATS_A_TOKEN.name, token), defined_text, "right"),
        interval_column(),
        Column("share", "of all nats", share_text, "right"),
    ]
    notes = interval_notes({each.kind: each.nats for each in by_kind})
    return Table(columns, rows, title="by kind of token", notes=notes)


def share_text(share: float | None) -> str:
    return "" if share is None else percent(share)


def steps_text(shortest: int, longest: int) -> str:
    return str(shortest) if shortest == longest else f"{shortest}–{longest}"
