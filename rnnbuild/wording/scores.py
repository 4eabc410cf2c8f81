"""A run's scores beside those of trivial answers, and whether the model beats them."""

from collections.abc import Mapping
from functools import partial

from rnnbuild.formatting import first_few, interval_text, plural, score_text
from rnnbuild.metrics.scoring import Score
from rnnbuild.metrics.tasks import best_of
from rnnbuild.runs.metrics_file import Evaluation, Split
from rnnbuild.tasks.table import TASKS
from rnnbuild.wording.language_model import beside_n_grams, scored_text, token_of
from rnnbuild.wording.metric_names import metric_name
from rnnbuild.wording.table import Column, Table

MODEL = "this model"
INTERVAL = "95 % interval"
LONG_NAME = 14
"""Characters of a trivial method's name beyond which it takes two lines."""
FEW_METHODS = 2
"""Trivial methods that fit into 80 columns, whatever their names."""


def interval_column() -> Column:
    """The column of a score's 95 % interval, from its bounds or the reason why it has none."""
    return Column(("low", "high", "no_interval"), INTERVAL, interval_text, "center")


def interval_notes(scores: Mapping[str, Score]) -> list[str]:
    """A sentence for each reason why scores have no interval; `scores` by what they are called."""
    reasons: dict[str, list[str]] = {}
    for name, score in scores.items():
        if score.no_interval:
            reasons.setdefault(score.no_interval, []).append(name)
    return [f"No interval for {first_few(names, 5)}: {why}." for why, names in reasons.items()]


def defined_text(value: float | None) -> str:
    """A score; in words where it has none, as ROC AUC of a single label."""
    return "undefined" if value is None else score_text(value)


def scores_table(evaluation: Evaluation, split: Split) -> Table:
    """A row for each metric, main metric first: model, interval, each trivial answer."""
    scores, baselines = evaluation.scores[split], evaluation.baselines.get(split, {})
    token = token_of(evaluation, split)
    shown = {name: score for name, score in scores.items() if name not in repeated(scores)}
    rows = [
        {"metric": name, **vars(score)}
        | {baseline: values.get(name) for baseline, values in baselines.items()}
        for name, score in shown.items()
    ]
    columns = [
        Column("metric", "", partial(metric_name, token=token)),
        Column("value", MODEL, defined_text, "right"),
        interval_column(),
        *(Column(name, header_of(name, len(baselines)), score_text, "right") for name in baselines),
    ]
    notes = interval_notes({metric_name(name, token): score for name, score in shown.items()})
    if main_is_standardised(evaluation):
        notes.append("Errors of all columns, each in standard deviations of its training values.")
    return Table(
        columns, rows, title=f"{split} scores over {rows_text(evaluation, split)}", notes=notes
    )


def header_of(method: str, methods: int) -> str | tuple[str, ...]:
    """A long name on two lines where there are many, which fit beside each other then."""
    is_long = len(method) > LONG_NAME and methods > FEW_METHODS
    return tuple(method.rsplit(" ", 1)) if is_long else method


def rows_text(evaluation: Evaluation, split: Split) -> str:
    """`3,338 examples`; of a language model `11,938 characters in 47 passages`."""
    count = next(iter(evaluation.scores[split].values())).count
    text = scored_text(evaluation, split)
    rows = plural(count, TASKS[evaluation.task].example)
    return f"{text} in {rows}" if text else rows


def repeated(scores: Mapping[str, Score]) -> set[str]:
    """Metrics that say what another one does: where tokens are characters, bits per token."""
    tokens, characters = (scores.get(f"bits_per_{what}") for what in ("token", "character"))
    return {"bits_per_token"} if tokens and tokens == characters else set()


def main_is_standardised(evaluation: Evaluation) -> bool:
    """Whether columns in several units are scored together, in standard deviations."""
    return evaluation.main.startswith("standardised")


def verdict(evaluation: Evaluation, split: Split) -> list[str]:
    """A sentence if a trivial answer is as good as the model or better; else nothing.

    Of a language model also if it is better, by how much.
    """
    if (beside := beside_n_grams(evaluation, split)) is not None:
        return [beside.text]
    main = evaluation.main
    score = evaluation.scores[split][main].value
    if score is None:
        return []
    as_good = {
        name: value
        for name, values in evaluation.baselines.get(split, {}).items()
        if (value := values[main]) is not None and best_of(main, (value, score)) == value
    }
    if not as_good:
        return columns_not_beaten(evaluation, split)
    best = next(name for name in as_good if as_good[name] == best_of(main, as_good.values()))
    return [
        f"The model does not beat `{best}` ({metric_name(main)} {score_text(as_good[best])}): "
        "it is not worth its cost yet."
    ]


def columns_not_beaten(evaluation: Evaluation, split: Split) -> list[str]:
    """A sentence on the columns that a trivial answer forecasts as well as the model or better."""
    details = evaluation.details.get(split)
    columns = []
    for name, each in ((details and details.by_column) or {}).items():
        score = each.scores["rmse"].value
        better = [
            method
            for method, values in each.baselines.items()
            if score is not None and (value := values["rmse"]) is not None and value <= score
        ]
        if better:
            columns.append(f"`{name}` ({better[0]})")
    if not columns:
        return []
    return [f"The model does not beat a trivial answer for {first_few(columns)}."]
