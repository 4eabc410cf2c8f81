"""The rows that one run answers correctly and another does not, from their records."""

from dataclasses import dataclass

import numpy as np

from rnnbuild.metrics.metric import Array, FloatArray, divide
from rnnbuild.metrics.mistakes import badness_of
from rnnbuild.runs.answer_tables import answers_to_score, metrics_and_tables
from rnnbuild.runs.answers_file import (
    Label,
    LabelAnswers,
    LabelSetAnswers,
    NumberAnswers,
    PassageAnswers,
    RecordedAnswers,
    SplitAnswers,
    TagAnswers,
    TextAnswers,
)
from rnnbuild.runs.metrics_file import Answer, WrongToken
from rnnbuild.tasks.translate import UNSEEN_SIGN

LIMIT = 10
"""Rows that are shown of each kind."""


@dataclass(frozen=True, kw_only=True)
class RowAnswer:
    """A model's answer to one row."""

    prediction: Answer
    """Of a passage, what its tokens cost: nats per token."""
    probability: float | None
    """Of the prediction; None where there is no single one, and where it was not recorded."""


@dataclass(frozen=True, kw_only=True)
class DifferingRow:
    """A row that one of two models answers better."""

    row: int
    """Of the split, from 1."""
    text: str
    tokens: tuple[WrongToken, ...] | None
    """The words that the worse one tags wrongly; None where words have no tags."""
    target: Answer | tuple[str | None, ...]
    """Of words, each one's tag; None for one that is not in training."""
    better: RowAnswer
    worse: RowAnswer


@dataclass(frozen=True, kw_only=True)
class DifferingRows:
    """The rows that the first of two models answers better than the second."""

    count: int
    """Number of all of them."""
    rows: tuple[DifferingRow, ...]
    """Up to LIMIT: those first in which the second is most certain of its mistake, or furthest
    off."""


def better_rows(
    first: SplitAnswers, second: SplitAnswers, rows: tuple[Array, Array], limit: int = LIMIT
) -> DifferingRows:
    """The rows that `first` answers correctly and `second` does not.

    Of numbers, those that `first` comes closer to, of passages those that it is less surprised by.
    `rows` are the places in each record of the rows
    that both have.
    """
    ours, theirs = badness_in(first)[rows[0]], badness_in(second)[rows[1]]
    if isinstance(first.answers, NumberAnswers | PassageAnswers):
        better = ours < theirs
    else:
        better = (ours == 0) & (theirs > 0)
    places = np.flatnonzero(better)
    order = np.argsort(-(theirs - ours)[places], kind="stable")[:limit]
    return DifferingRows(
        count=len(places),
        rows=tuple(
            differing_row(first, second, int(rows[0][place]), int(rows[1][place]))
            for place in places[order]
        ),
    )


def badness_in(record: SplitAnswers) -> FloatArray:
    """How bad each row's answer is (rows,): 0 where it is correct.

    Of numbers it is the loss, of passages nats per token.
    """
    if isinstance(record.answers, PassageAnswers):
        return nats_a_token(record.answers)
    if isinstance(record.answers, NumberAnswers):
        metrics, tables = metrics_and_tables(record)
        losses = tables[metrics[0].statistics][:, 0]
        return np.where(np.isnan(losses), np.inf, losses)
    return badness_of(answers_to_score(record))


def nats_a_token(answers: PassageAnswers) -> FloatArray:
    """The mean of each passage; infinite where it is not finite."""
    nats, tokens = np.array(answers.nats, np.float64), np.array(answers.tokens, np.float64)
    return np.where(np.isnan(nats), np.inf, divide(nats, tokens))


def differing_row(
    better: SplitAnswers, worse: SplitAnswers, in_better: int, in_worse: int
) -> DifferingRow:
    """A row by its place in each record."""
    return DifferingRow(
        row=better.row_numbers[in_better],
        text=better.texts[in_better],
        tokens=wrong_tokens(worse.answers, in_worse),
        target=target_in(better, in_better),
        better=answer_in(better, in_better),
        worse=answer_in(worse, in_worse),
    )


def wrong_tokens(answers: RecordedAnswers, place: int) -> tuple[WrongToken, ...] | None:
    """The words of a row that are tagged wrongly; None where words have no tags."""
    if not isinstance(answers, TagAnswers):
        return None
    words = answers.tokens[place]
    answered = zip(answers.targets[place], answers.predictions[place], strict=True)
    return tuple(
        WrongToken(
            place=number + 1,
            token=words[number] if number < len(words) else "",
            target=name_of(target, answers.labels),
            prediction=name_of(tag, answers.labels),
        )
        for number, (target, tag) in enumerate(answered)
        if target != tag
    )


def target_in(record: SplitAnswers, place: int) -> Answer | tuple[str | None, ...]:
    """The target of the row at a place in a record."""
    answers = record.answers
    match answers:
        case LabelAnswers():
            return name_of(answers.targets[place], answers.labels)
        case LabelSetAnswers():
            return tuple(answers.labels[label] for label in answers.targets[place])
        case TagAnswers():
            return tuple(name_of(tag, answers.labels) for tag in answers.targets[place])
        case NumberAnswers():
            return answers.targets[place]
        case TextAnswers():
            return answers.separator.join(token or UNSEEN_SIGN for token in answers.targets[place])
    return record.texts[place]


def answer_in(record: SplitAnswers, place: int) -> RowAnswer:
    """The answer to the row at a place in a record."""
    answers = record.answers
    probability = None
    prediction: Answer
    match answers:
        case LabelAnswers():
            prediction = name_of(answers.predictions[place], answers.labels)
            probability = probability_of(answers, place)
        case LabelSetAnswers():
            prediction = tuple(answers.labels[label] for label in answers.predictions[place])
        case TagAnswers():
            prediction = tuple(answers.labels[tag] for tag in answers.predictions[place])
        case NumberAnswers():
            prediction = answers.predictions[place]
        case PassageAnswers():
            mean = float(nats_a_token(answers)[place])
            prediction = (mean if np.isfinite(mean) else None,)
        case TextAnswers():
            prediction = answers.separator.join(answers.predictions[place])
            probability = answers.probabilities[place]
    return RowAnswer(prediction=prediction, probability=probability)


def probability_of(answers: LabelAnswers, place: int) -> float | None:
    """The probability of a predicted label."""
    label = answers.predictions[place]
    if answers.probabilities is None:
        return (
            None
            if answers.prediction_probabilities is None
            else answers.prediction_probabilities[place]
        )
    outputs = answers.probabilities[place]
    if label is None:
        return None
    if len(outputs) == len(answers.labels):
        return outputs[label]
    (second,) = outputs
    return second if second is None or label == 1 else 1 - second


def name_of(label: Label, labels: tuple[str, ...]) -> str | None:
    return None if label is None else labels[label]
