"""What a run amounts to, in sentences with their numbers: for the head of a page."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from rnnbuild.formatting import capitalised, interval_text, percent, plural, score_text
from rnnbuild.metrics.language_model import PERPLEXITY
from rnnbuild.metrics.metric import range_of
from rnnbuild.metrics.scoring import Score
from rnnbuild.metrics.tasks import BY_NAME, higher_is_better, is_better
from rnnbuild.runs.history import HistoryLine
from rnnbuild.runs.loss_verdict import Kind, loss_verdict
from rnnbuild.runs.metrics_file import Details, Evaluation, Kept, Metrics, Split
from rnnbuild.tasks.table import TASKS
from rnnbuild.wording.details import steps_text
from rnnbuild.wording.language_model import beside_n_grams, scored_text, token_of
from rnnbuild.wording.loss_verdict import STARTS, sentences, too_few_epochs
from rnnbuild.wording.metric_names import metric_name
from rnnbuild.wording.mistakes import label_text
from rnnbuild.wording.scores import (
    beside_trivial,
    columns_not_beaten,
    main_is_standardised,
    repeated,
    split_name,
)

Judgement = Literal["good", "warning", "bad", "plain"]
"""What a statement amounts to."""


JUDGEMENTS: Mapping[Kind, Judgement] = {
    "overfitted": "warning",
    "diverged": "bad",
    "falling": "warning",
    "settled": "good",
    "open": "plain",
}


@dataclass(frozen=True)
class Conclusion:
    """A statement with its numbers."""

    text: str
    judgement: Judgement = "plain"


def conclusions(
    metrics: Metrics, split: Split, history: Sequence[HistoryLine]
) -> Iterator[Conclusion]:
    """How good a run is, beside what, whether it overfitted, and where it goes wrong."""
    yield Conclusion(score_sentence(metrics, split))
    yield from beside_baselines(metrics, split)
    losses = loss_verdict(history)
    if losses is not None:
        on_losses = " ".join(remarks_on_losses(metrics, history, metrics.kept))
        yield Conclusion(on_losses, JUDGEMENTS[losses.kind])
    # Those of older versions judged otherwise.
    yield from (Conclusion(text) for text in metrics.remarks if not text.startswith(STARTS))
    details = metrics.details.get(split)
    if details is not None:
        yield from most_common_confusion(metrics, details)
        yield from worst_lengths(metrics, details)
        yield from bought_by_context(details)


def remarks_on_losses(
    evaluation: Evaluation, history: Sequence[HistoryLine], kept: Kept | None
) -> list[str]:
    """What a run's losses amount to, and what usually helps; or why that cannot be said."""
    verdict = loss_verdict(history)
    if verdict is None:
        return too_few_epochs(history)
    beats, flawless = beats_weakest(evaluation, "validation"), is_flawless(evaluation, "validation")
    scores = evaluation.scores.get("validation")
    count = scores[evaluation.main].count if scores else 0
    rows = plural(count, "validation example") if count else None
    return sentences(verdict, kept.epoch if kept else None, beats, flawless, rows)


def more_epochs_help(evaluation: Evaluation, history: Sequence[HistoryLine]) -> bool:
    """Whether to train a run for longer is advised."""
    losses = loss_verdict(history)
    falls = losses is not None and losses.kind == "falling"
    return falls and not is_flawless(evaluation, "validation")


def is_flawless(evaluation: Evaluation, split: Split) -> bool:
    """Whether no answer could be better, by the main metric."""
    main = evaluation.main
    score = evaluation.scores[split][main].value if split in evaluation.scores else None
    return score == range_of(BY_NAME[main].unit)[1] and higher_is_better(main)


def beats_weakest(evaluation: Evaluation, split: Split) -> bool | None:
    """Whether the model is better than the weakest trivial answer; None if that is not known."""
    main = evaluation.main
    known = [values[main] for values in evaluation.baselines.get(split, {}).values()]
    values = [value for value in known if value is not None]
    score = evaluation.scores[split][main].value if split in evaluation.scores else None
    if score is None or not values:
        return None
    weakest = (min if higher_is_better(main) else max)(values)
    return is_better(score, weakest, higher_is_better(main))


def score_sentence(evaluation: Evaluation, split: Split) -> str:
    """`Accuracy on 3,338 test examples is 0.7696 (95 % interval 0.7550-0.7836).`

    Of a language model `The test text of 11,938 characters costs 2.5203 nats per character (...).`
    """
    score = evaluation.scores[split][evaluation.main]
    interval = interval_text(score.low, score.high)
    known = f"95 % interval {interval}" if interval else f"no interval: {score.no_interval}"
    text = scored_text(evaluation, split)
    if text is not None and score.value is not None:
        what = metric_name(evaluation.main, token_of(evaluation, split))
        return (
            f"The {split} text of {text} costs {score_text(score.value)} {what} ({known}): "
            f"{bits_text(evaluation, split)}, perplexity "
            f"{score_text(evaluation.scores[split][PERPLEXITY.name].value)}."
        )
    name = capitalised(metric_name(evaluation.main))
    what = f"{name} on {plural(score.count, f'{split_name(evaluation, split)} example')}"
    if score.value is None:
        return f"{what} is undefined."
    unit = " standard deviations" if main_is_standardised(evaluation) else ""
    return f"{what} is {score_text(score.value)}{unit} ({known})."


def bits_text(evaluation: Evaluation, split: Split) -> str:
    """`3.6333 bits per character`; where tokens are not characters, bits per token too."""
    scores, token = evaluation.scores[split], token_of(evaluation, split)
    bits = [name for name in scores if name.startswith("bits") and name not in repeated(scores)]
    return ", ".join(
        f"{score_text(scores[name].value)} {metric_name(name, token)}" for name in bits
    )


def beside_baselines(evaluation: Evaluation, split: Split) -> Iterator[Conclusion]:
    """Whether the model beats the best trivial answer."""
    beside = beside_n_grams(evaluation, split) or beside_trivial(evaluation, split)
    if beside is not None:
        yield Conclusion(beside.text, beside.worth)
        if beside.worth != "good":
            return
    yield from (Conclusion(text, "bad") for text in columns_not_beaten(evaluation, split))


def most_common_confusion(evaluation: Evaluation, details: Details) -> Iterator[Conclusion]:
    """The label that is most often taken for another, with its share."""
    wrong = [cell for cell in details.confusion or () if cell.target != cell.prediction]
    if not wrong:
        return
    worst = max(wrong, key=lambda cell: cell.count)
    of = sum(cell.count for cell in details.confusion or () if cell.target == worst.target)
    yield Conclusion(
        f"The most common confusion is `{label_text(worst.target)}` predicted as "
        f"`{label_text(worst.prediction)}`: {worst.count:,} of {of:,} "
        f"{TASKS[evaluation.task].labelled} ({percent(worst.count / of)})."
    )


def worst_lengths(evaluation: Evaluation, details: Details) -> Iterator[Conclusion]:
    """Which lengths are answered worst, if their interval lies apart from that of the best."""
    main = evaluation.main
    known = [
        (group, group.scores[main], value)
        for group in details.by_length or ()
        if (value := group.scores[main].value) is not None
    ]
    if len(known) < 2:
        return
    ordered = sorted(known, key=lambda item: item[2], reverse=higher_is_better(main))
    (best, best_score, high), (worst, worst_score, low) = ordered[0], ordered[-1]
    if apart(best_score, worst_score):
        yield Conclusion(
            f"Sequences of {steps_text(worst.shortest, worst.longest)} steps are answered worst "
            f"({metric_name(main)} {score_text(low)}), those of "
            f"{steps_text(best.shortest, best.longest)} steps best ({score_text(high)})."
        )


def bought_by_context(details: Details) -> Iterator[Conclusion]:
    """What a language model gains by what it has read, if the intervals lie apart."""
    groups = details.by_position or ()
    if len(groups) < 2:
        return
    (first, *_, last) = groups
    if first.nats.value is None or last.nats.value is None or not apart(first.nats, last.nats):
        return
    yield Conclusion(
        f"A token costs {score_text(first.nats.value)} nats where "
        f"{steps_text(first.fewest, first.most)} was read before it, and "
        f"{score_text(last.nats.value)} where {steps_text(last.fewest, last.most)} were: that is "
        "what context buys."
    )


def apart(one: Score, other: Score) -> bool:
    """Whether the intervals of two scores do not overlap; one that has none overlaps all."""
    if one.low is None or one.high is None or other.low is None or other.high is None:
        return False
    return one.high < other.low or other.high < one.low
