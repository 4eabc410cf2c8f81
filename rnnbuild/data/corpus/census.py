"""What stands how often in which split of gathered rows."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.corpus.gather import Gathered
from rnnbuild.data.splits import NUMBERS, TRAIN, SplitNumbers
from rnnbuild.data.text.tokens import Tokens

Counts = NDArray[np.int64]
STEP = 1 << 18
"""Words that are in memory at once, unless a single row has more."""


@dataclass(frozen=True, eq=False)
class Census:
    """rows (splits,); words (distinct words,), of train; labels (splits, distinct labels)."""

    rows: Counts
    words: Counts
    labels: Counts


def census_of(gathered: Gathered, split_of: SplitNumbers) -> Census:
    """Counts over all rows, of which `split_of` tells the split: int8 (rows,)."""
    tokens, targets = gathered.tokens, gathered.targets
    words = np.zeros(len(tokens.words), np.int64)
    labels = np.zeros((NUMBERS, len(targets.words)), np.int64)
    for first, last in spans(tokens.offsets):
        splits = split_of[first:last]
        codes, lengths = part_of(tokens, first, last)
        words += np.bincount(codes[np.repeat(splits == TRAIN, lengths)], minlength=len(words))
        codes, lengths = part_of(targets, first, last)
        pairs = np.repeat(splits, lengths).astype(np.int64) * labels.shape[1] + codes
        labels += np.bincount(pairs, minlength=labels.size).reshape(labels.shape)
    return Census(np.bincount(split_of, minlength=NUMBERS), words, labels)


def spans(offsets: Counts, first: int = 0, rows: int | None = None) -> Iterator[tuple[int, int]]:
    """Rows in runs of at most STEP steps and STEP rows, or of one longer row: first, end.

    All rows, or those from `first` up to `rows`.
    """
    rows = len(offsets) - 1 if rows is None else rows
    while first < rows:
        last = int(np.searchsorted(offsets, offsets[first] + STEP, side="right")) - 1
        last = min(max(last, first + 1), first + STEP, rows)
        yield first, last
        first = last


def part_of(tokens: Tokens, first: int, last: int) -> tuple[NDArray[np.int32], Counts]:
    """Codes and lengths of some rows, in memory."""
    offsets = np.array(tokens.offsets[first : last + 1])
    return np.array(tokens.codes[offsets[0] : offsets[-1]]), np.diff(offsets)
