"""What is odd in data that can still be learned from: counted, and said with how it is treated."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.codec import TextCodec
from rnnbuild.data.corpus.arrange import NAMES
from rnnbuild.data.corpus.census import Census, spans
from rnnbuild.data.corpus.gather import Gathered
from rnnbuild.data.splits import TRAIN, SplitNumbers
from rnnbuild.errors import DataError

NAMED = 3
"""Labels that a note names; of more it gives the number."""


def notes_on(
    gathered: Gathered, split_of: SplitNumbers, census: Census, codec: TextCodec
) -> list[str]:
    """A sentence for each oddity, those of the files first."""
    notes = list(gathered.notes)
    notes += _empty_texts(gathered, split_of)
    notes += _labels_seen_once(gathered, split_of, census)
    notes += _labels_missing(gathered, split_of, census)
    notes += _texts_of_training(gathered, split_of, census)
    notes += _cut(gathered, split_of, codec)
    return notes


def refuse_too_few_labels(codec: TextCodec) -> None:
    """Raises DataError where there is only one label, from which nothing can be learned."""
    labels = codec.labels
    if len(labels) < (1 if codec.multi_label else 2):
        found = f"only one label, `{labels[0]}`" if labels else "no label"
        raise DataError(
            f"the training split has {found}: there is nothing to tell apart",
            hint="is `data.label` the right column, and are all classes in the training file?",
        )


def _empty_texts(gathered: Gathered, split_of: SplitNumbers) -> Iterator[str]:
    empty = np.flatnonzero(gathered.tokens.codes[gathered.tokens.offsets[:-1]] == 0)
    for number, name in enumerate(NAMES):
        rows = empty[split_of[empty] == number]
        if len(rows):
            are = "text is" if len(rows) == 1 else "texts are"
            place = _at(gathered, int(rows[0]))
            yield f"{name}: {len(rows):,} empty {are} read as one unknown word{place}"


def _labels_seen_once(gathered: Gathered, split_of: SplitNumbers, census: Census) -> Iterator[str]:
    once = _real(census.labels[TRAIN] == 1)
    if once:
        labels = "label stands" if len(once) == 1 else "labels stand"
        yield (
            f"train: {len(once):,} {labels} there only once, which can hardly be learned: "
            + _named(gathered, split_of, TRAIN, once)
        )


def _labels_missing(gathered: Gathered, split_of: SplitNumbers, census: Census) -> Iterator[str]:
    for number, name in list(enumerate(NAMES))[1:]:
        counts = np.where(census.labels[TRAIN] == 0, census.labels[number], 0)
        missing = _real(counts)
        if missing:
            many, total = int(counts[missing].sum()), int(census.labels[number].sum())
            yield (
                f"{name}: the training split lacks the label of {many:,} of {total:,}, "
                "each of which counts as a miss: " + _named(gathered, split_of, number, missing)
            )


def _texts_of_training(gathered: Gathered, split_of: SplitNumbers, census: Census) -> Iterator[str]:
    trained = gathered.hashes[split_of == TRAIN]
    for number, name in list(enumerate(NAMES))[1:]:
        known = int(np.isin(gathered.hashes[split_of == number], trained).sum())
        if known:
            rows = census.rows[number]
            yield f"{name}: {known:,} of {rows:,} texts stand in the training split too"


def _cut(gathered: Gathered, split_of: SplitNumbers, codec: TextCodec) -> Iterator[str]:
    if codec.max_length is None:
        return
    lengths = gathered.tokens.lengths
    over = np.maximum(lengths - codec.max_length, 0)
    steps = f"{codec.tokeniser.level}s"
    unscored = ", whose tags are not scored" if codec.per_step else ""
    totals, lost = np.bincount(split_of, lengths, 3), np.bincount(split_of, over, 3)
    rows, cut = np.bincount(split_of, minlength=3), np.bincount(split_of[over > 0], minlength=3)
    for number, name in enumerate(NAMES):
        if cut[number]:
            yield (
                f"{name}: {cut[number]:,} of {rows[number]:,} texts are cut to "
                f"{codec.max_length:,} {steps}: {lost[number] / totals[number]:.1%} of all {steps}"
                f"{unscored}"
            )


def _real(chosen: NDArray[np.generic]) -> list[int]:
    """The codes chosen, without that of no label."""
    return [code for code in np.flatnonzero(chosen).tolist() if code]


def _named(gathered: Gathered, split_of: SplitNumbers, number: int, codes: list[int]) -> str:
    names = [
        f"`{gathered.targets.words[code]}`"
        f"{_at(gathered, _first_row(gathered, split_of, number, code))}"
        for code in codes[:NAMED]
    ]
    more = len(codes) - len(names)
    return ", ".join(names) + (f" and {more:,} more" if more else "")


def _first_row(gathered: Gathered, split_of: SplitNumbers, number: int, code: int) -> int:
    """The first row of a split that has a label."""
    targets = gathered.targets
    for first, last in spans(targets.offsets):
        offsets = targets.offsets[first : last + 1]
        places = np.flatnonzero(targets.codes[offsets[0] : offsets[-1]] == code) + offsets[0]
        rows = np.searchsorted(offsets, places, side="right") - 1 + first
        rows = rows[split_of[rows] == number]
        if len(rows):
            return int(rows[0])
    raise ValueError(f"no row of split {number} has the label {targets.words[code]}")


def _at(gathered: Gathered, row: int) -> str:
    place = gathered.place(row)
    return f" ({place})" if place else ""
