"""Counts of words, labels and lengths in each split of the gathered rows."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.examples.lengths import Lengths
from rnnbuild.data.labelled_text.gather import Gathered
from rnnbuild.data.rows.hold_out import NUMBERS, TRAIN, SplitNumbers
from rnnbuild.data.text.tokens import Tokens

Counts = NDArray[np.int64]
WORDS_AT_ONCE = 1 << 18
"""Words that are in memory at once, unless a single row has more."""


@dataclass(frozen=True, eq=False)
class Census:
    """Counts from one pass over all rows; there are NUMBERS `splits`.

    words:       (distinct words,), in train
    labels:      (splits, distinct labels)
    lengths:     one for each split, before anything is cut
    empty:       (splits,), texts without words
    first_empty: (splits,), the row of the first empty text, if any
    """

    words: Counts
    labels: Counts
    lengths: tuple[Lengths, ...]
    empty: Counts
    first_empty: Counts


def census_of(gathered: Gathered, split_of: SplitNumbers) -> Census:
    """Counts over all rows; `split_of`, int8 (rows,), is the split of each."""
    tokens, targets = gathered.tokens, gathered.targets
    words = np.zeros(len(tokens.words), np.int64)
    labels = np.zeros((NUMBERS, len(targets.words)), np.int64)
    lengths_seen: Counter[int] = Counter()
    empty, first_empty = np.zeros((2, NUMBERS), np.int64)
    for first, last in spans(tokens.offsets):
        splits = split_of[first:last].astype(np.int64)
        codes, lengths = part_of(tokens, first, last)
        words += np.bincount(codes[np.repeat(splits == TRAIN, lengths)], minlength=len(words))
        kinds, counts = np.unique(lengths * NUMBERS + splits, return_counts=True)
        lengths_seen.update(dict(zip(kinds.tolist(), counts.tolist(), strict=True)))
        # An empty text is the one token 0.
        rows = np.flatnonzero(codes[np.cumsum(lengths) - lengths] == 0)
        numbers, firsts, counts = np.unique(splits[rows], return_index=True, return_counts=True)
        fresh = empty[numbers] == 0
        first_empty[numbers[fresh]] = first + rows[firsts[fresh]]
        empty[numbers] += counts
        codes, lengths = part_of(targets, first, last)
        pairs = np.repeat(splits, lengths) * labels.shape[1] + codes
        labels += np.bincount(pairs, minlength=labels.size).reshape(labels.shape)
    return Census(words, labels, _lengths_by_split(lengths_seen), empty, first_empty)


def _lengths_by_split(counts: Mapping[int, int]) -> tuple[Lengths, ...]:
    """`counts` counts sequences by length * NUMBERS + split."""
    keys = [[key for key in sorted(counts) if key % NUMBERS == n] for n in range(NUMBERS)]
    return tuple(
        Lengths(tuple(key // NUMBERS for key in of_split), tuple(counts[key] for key in of_split))
        for of_split in keys
    )


def spans(offsets: Counts, first: int = 0, rows: int | None = None) -> Iterator[tuple[int, int]]:
    """Runs of at most WORDS_AT_ONCE steps and rows, or of one longer row: first, end.

    All rows, or those from `first` up to `rows`.
    """
    rows = len(offsets) - 1 if rows is None else rows
    while first < rows:
        last = int(np.searchsorted(offsets, offsets[first] + WORDS_AT_ONCE, side="right")) - 1
        last = min(max(last, first + 1), first + WORDS_AT_ONCE, rows)
        yield first, last
        first = last


def part_of(tokens: Tokens, first: int, last: int) -> tuple[NDArray[np.int32], Counts]:
    """Codes and lengths of some rows, in memory."""
    offsets = np.array(tokens.offsets[first : last + 1])
    return np.array(tokens.codes[offsets[0] : offsets[-1]]), np.diff(offsets)
