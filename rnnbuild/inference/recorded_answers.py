"""A model's answers to a split as its run keeps them: all rows, or as many as there is room for."""

from collections.abc import Callable
from dataclasses import replace
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.examples.splits import SplitName
from rnnbuild.data.kind.loaded import Loaded
from rnnbuild.inference.decoding.decoder import Decoder, name_of
from rnnbuild.metrics.classification import Classified
from rnnbuild.metrics.forecasting import Forecasts
from rnnbuild.metrics.language_model import NextTokens
from rnnbuild.metrics.multi_label import MultiLabelled
from rnnbuild.metrics.ragged import rows_at
from rnnbuild.metrics.tagging import Tagged
from rnnbuild.metrics.tasks import AnyAnswers
from rnnbuild.metrics.translation import Translated
from rnnbuild.runs.answers_file import (
    LONGEST_TEXT,
    MOST_BYTES,
    MOST_ROWS,
    NumberAnswers,
    SplitAnswers,
    uncompressed_size,
)

FIRST_TRY = 1000
"""Rows from whose size it is estimated how many there is room for."""
SEED = 0
"""Of the sample: another one would be other rows than those of the runs that there are."""

Rows = NDArray[np.int64]


def recorded_answers(
    data: Loaded, split: SplitName, decoder: Decoder, answers: AnyAnswers, outputs: NDArray[Any]
) -> SplitAnswers:
    """The record of `answers`, which are those of the decoder to all rows of the split."""
    count = rows_of(answers)
    choose = last_rows if isinstance(answers, Forecasts) else sampled_rows

    def record(rows: int) -> SplitAnswers:
        return record_of_rows(data, split, decoder, answers, outputs, choose(count, rows))

    return as_large_as_fits(record, min(count, MOST_ROWS))


def as_large_as_fits(record: Callable[[int], SplitAnswers], most: int) -> SplitAnswers:
    """The record of `most` rows, or of as many as fit into MOST_BYTES."""
    tried = record(min(most, FIRST_TRY))
    if most > FIRST_TRY:
        tried = record(min(most, rows_that_fit(tried)))
    while tried.digests and uncompressed_size(tried) > MOST_BYTES:
        tried = record(rows_that_fit(tried))
    return tried


def rows_that_fit(tried: SplitAnswers) -> int:
    """An estimate by the rows of another record, a little low so that most often they do fit."""
    return int(0.97 * len(tried.digests) * MOST_BYTES / uncompressed_size(tried))


def record_of_rows(
    data: Loaded,
    split: SplitName,
    decoder: Decoder,
    answers: AnyAnswers,
    outputs: NDArray[Any],
    rows: Rows,
) -> SplitAnswers:
    numbers = rows.tolist()
    texts = [data.row_text(split, row) for row in numbers]
    recorded = decoder.recorded(answers, outputs, rows, texts)
    if isinstance(recorded, NumberAnswers) and data.dates is not None:
        dates = data.dates(split)
        recorded = replace(recorded, dates=tuple(dates[row] for row in numbers))
    count = rows_of(answers)
    return SplitAnswers(
        task=data.facts.task,
        scored_as=answers.scored_as,
        split=split,
        count=count,
        rows=None if len(rows) == count else tuple((rows + 1).tolist()),
        digests=tuple(
            digest_of(text, target_of(data, split, answers, row))
            for text, row in zip(texts, numbers, strict=True)
        ),
        texts=tuple(text[:LONGEST_TEXT] for text in texts),
        # All windows are equally long, and several of them may make one answer.
        lengths=tuple(data.split(split).lengths[rows].tolist()),
        answers=recorded,
    )


def rows_of(answers: AnyAnswers) -> int:
    """Number of rows that are answered."""
    match answers:
        case Tagged():
            return len(answers.offsets) - 1
        case Translated():
            return len(answers.target_offsets) - 1
        case NextTokens():
            return len(answers.offsets) - 1
        case _:
            return len(answers.targets)


def sampled_rows(count: int, rows: int) -> Rows:
    """Some of `count` rows, from 0, in their order; fewer of them are a part of more."""
    if rows == count:
        return np.arange(count)
    return np.sort(np.random.default_rng(SEED).permutation(count)[:rows])


def last_rows(count: int, rows: int) -> Rows:
    """The last of `count` rows, from 0."""
    return np.arange(count - rows, count)


def target_of(data: Loaded, split: SplitName, answers: AnyAnswers, row: int) -> bytes:
    """A row's target, equal for equal ones whatever the model's config makes of it."""
    match answers:
        case Classified():
            labels = [name_of(answers.targets[row], answers.labels)]
        case MultiLabelled():
            labels = [answers.labels[place] for place in np.flatnonzero(answers.actual[row])]
            labels.append(str(answers.missing[row]))
        case Tagged():
            (steps,) = rows_at(answers.targets, answers.offsets, [row])
            labels = [name_of(target, answers.labels) for target in steps]
        case Forecasts():
            return np.asarray(answers.targets[row], np.float64).tobytes()
        case NextTokens():
            labels = []  # the text has them all
        case Translated():
            labels = [data.target_text(split, row) if data.target_text else None]
    return "\0".join(label or "" for label in labels).encode("utf-8", "surrogatepass")


def digest_of(text: str, target: bytes) -> str:
    """16 hexadecimal digits of a row's text and target."""
    content = text.encode("utf-8", "surrogatepass") + b"\0" + target
    return blake2b(content, digest_size=8).hexdigest()
