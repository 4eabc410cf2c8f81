"""A run's scores beside those of trivial answers, and whether the model beats them."""

from collections.abc import Mapping
from functools import partial
from statistics import stdev

from rnnbuild.formatting import capitalised, first_few, interval_text, plural, score_text
from rnnbuild.metrics.scoring import Score
from rnnbuild.metrics.tasks import best_of
from rnnbuild.runs.metrics_file import Evaluation, Split
from rnnbuild.tasks.table import TASKS
from rnnbuild.wording.language_model import Verdict, beside_n_grams, scored_text, token_of
from rnnbuild.wording.metric_names import metric_name
from rnnbuild.wording.table import Column, Table

MODEL = "this model"
INTERVAL = "95 % interval"
LONG_NAME = 14
"""Characters of a trivial method's name beyond which it takes two lines."""
COUNTED = {
    "most frequent tag": "most frequent tag: of each word in training; of words that training "
    "lacks, the most common of all."
}
"""What trivial methods count, of those whose name leaves it open."""
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
    notes += [COUNTED[name] for name in baselines if name in COUNTED]
    if main_is_standardised(evaluation):
        notes.append("Errors of all columns, each in standard deviations of its training values.")
    notes += out_of_fold_notes(evaluation, split)
    called = split_name(evaluation, split)
    return Table(
        columns, rows, title=f"{called} scores over {rows_text(evaluation, split)}", notes=notes
    )


def split_name(evaluation: Evaluation, split: Split) -> str:
    """`validation`, `test`, or `out-of-fold` where each row was tested by one of several models."""
    return "out-of-fold" if split == "test" and evaluation.folds else split


def out_of_fold_notes(evaluation: Evaluation, split: Split) -> list[str]:
    """What out-of-fold scores are of, and how they vary from fold to fold."""
    if split != "test" or not evaluation.folds:
        return []
    main = evaluation.main
    values = [value for fold in evaluation.folds if (value := fold.scores[main]) is not None]
    notes = [
        f"Out of fold, {len(evaluation.folds)} folds: a row is answered by the model that was "
        "trained on the other folds. The saved model, trained on all rows but those of validation, "
        "is another.",
    ]
    if len(values) > 1:
        notes.append(
            f"{capitalised(metric_name(main))} by fold: {score_text(min(values))} to "
            f"{score_text(max(values))}, standard deviation {score_text(stdev(values))}. "
            "Intervals are by rows: they do not contain the chance of training."
        )
    return notes


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


def best_trivial(evaluation: Evaluation, split: Split) -> tuple[str, float] | None:
    """The trivial answer that is best by the main metric, and its value."""
    known = {
        name: value
        for name, values in evaluation.baselines.get(split, {}).items()
        if (value := values[evaluation.main]) is not None
    }
    if not known:
        return None
    best = best_of(evaluation.main, known.values())
    return next(item for item in known.items() if item[1] == best)


def beside_trivial(evaluation: Evaluation, split: Split) -> Verdict | None:
    """Whether the model beats the best trivial answer, by more than the rows leave to chance.

    None where one of the two is not known.
    """
    main, trivial = evaluation.main, best_trivial(evaluation, split)
    score = evaluation.scores[split][main]
    if trivial is None or score.value is None:
        return None
    name, value = trivial
    named = f"`{name}` ({metric_name(main)} {score_text(value)})"
    if best_of(main, (value, score.value)) == value:
        return Verdict(
            f"The model does not beat {named}: it is not worth its cost yet.",
            "bad",
        )
    if score.low is not None and score.high is not None and score.low <= value <= score.high:
        within = interval_text(score.low, score.high)
        return Verdict(
            f"The model is not shown to beat {named}, which is within its 95 % interval, {within}.",
            "warning",
        )
    return Verdict(
        f"The model beats the best trivial answer, `{name}`, which has {score_text(value)}.", "good"
    )


def verdict(evaluation: Evaluation, split: Split) -> list[str]:
    """A sentence if the model is not shown to beat every trivial answer; else nothing.

    Of a language model also if it is better, by how much.
    """
    if (beside_counted := beside_n_grams(evaluation, split)) is not None:
        return [beside_counted.text]
    beside = beside_trivial(evaluation, split)
    if beside is not None and beside.worth != "good":
        return [beside.text]
    return columns_not_beaten(evaluation, split)


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
