"""The health of labelled text: `classify` and `tag`."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.examples.encoded import UNSEEN, Encoded
from rnnbuild.data.examples.splits import SplitName, by_split
from rnnbuild.data.health.empty import empty
from rnnbuild.data.health.lengths import cut, lengths
from rnnbuild.data.health.reading import reading
from rnnbuild.data.health.repeats import (
    Row,
    contradiction_finding,
    contradictions,
    duplicates,
    leakage,
)
from rnnbuild.data.health.rows import rows
from rnnbuild.data.health.shares import Share
from rnnbuild.data.health.vocabulary import vocabulary
from rnnbuild.data.kind.finding import Finding, limited
from rnnbuild.data.labelled_text.label_health import labels, tag_scheme
from rnnbuild.data.labelled_text.stored import StoredText
from rnnbuild.data.text.tokeniser import EMPTY
from rnnbuild.data.text.vocabulary import UNKNOWN

SHOWN = 40
"""Characters of a text that are shown."""


def labelled_text_health(stored: StoredText, data: DataConfig) -> Iterator[Finding]:
    """Every question of the health check on labelled text; `data` is the config's."""
    codec, counts = stored.codec, stored.counts
    step, splits = codec.tokeniser.level, by_split(counts)
    lengths_of = {name: split.lengths for name, split in splits.items()}
    encoded = {name: stored.encoded_split(name) for name in splits}
    yield from reading(counts.reading, "files")
    if counts.tag_scheme is not None:
        yield tag_scheme(counts.tag_scheme)
    yield rows({name: each.rows for name, each in lengths_of.items()}, data)
    yield lengths(lengths_of, step)
    if codec.max_length is not None:
        yield cut(lengths_of, codec.max_length, step, codec.per_step)
    yield empty(
        {name: Share(split.empty, split.lengths.rows) for name, split in splits.items()},
        "texts",
        "each is read as one unknown word",
        next((split.first_empty for split in splits.values() if split.empty), ""),
    )
    yield vocabulary(encoded, codec.vocabulary, step, codec.task, data)
    yield from labels(counts, codec)
    yield from repeats(stored, encoded)


def repeats(stored: StoredText, encoded: Mapping[SplitName, Encoded]) -> Iterator[Finding]:
    """Texts that occur again. Empty ones do not count: they have a finding of their own."""
    counts = by_split(stored.counts)
    rows_of = {
        name: rows_with_words(stored, name, each, counts[name].empty)
        for name, each in encoded.items()
    }
    hashes = {name: stored.hashes(name)[each] for name, each in rows_of.items()}
    yield duplicates(hashes)
    # Of tags each word is scored, so a sentence counts for as many as it has.
    weights = {name: np.asarray(each.lengths)[rows_of[name]] for name, each in encoded.items()}
    yield leakage(hashes, weights=weights if stored.codec.per_step else None)

    alike = 0

    def answers(name: SplitName, chosen: NDArray[np.int64]) -> NDArray[np.int64]:
        nonlocal alike
        alike += with_unseen_labels(encoded[name], rows_of[name][chosen])
        return signatures(encoded[name], rows_of[name][chosen])

    def describe(row: Row) -> str:
        name, number = row[0], int(rows_of[row[0]][row[1]])
        text = stored.text(name, number)
        brief = text if len(text) <= SHOWN else f"{text[: SHOWN - 3]}..."
        return stored.place(name, number) or f"`{brief}` in {name}"

    total = sum(map(len, rows_of.values()))
    finding = contradiction_finding(contradictions(hashes, answers), total, describe)
    rows = f"{alike:,} rows that repeat a text and have a label that training lacks"
    because = "such labels are not told apart"
    yield limited(finding, {rows: because} if alike > 1 else {})


def rows_with_words(
    stored: StoredText, name: SplitName, encoded: Encoded, empty: int
) -> NDArray[np.int64]:
    """The rows of a split whose text is not empty; `empty` of them are."""
    rows = np.arange(len(encoded))
    if not empty:
        return rows
    # An empty text is one unknown step; of other such rows the text is read to tell.
    alone = np.flatnonzero(encoded.lengths == 1)
    alone = alone[np.asarray(encoded.values[encoded.starts[alone]]) == UNKNOWN]
    tokeniser = stored.codec.tokeniser
    without = [
        row for row in alone.tolist() if tokeniser.tokens(stored.text(name, row)) == (EMPTY,)
    ]
    return np.delete(rows, without)


def with_unseen_labels(encoded: Encoded, chosen: NDArray[np.int64]) -> int:
    """How many of some rows have a label that training lacks: all of them have one number."""
    if encoded.unseen is not None:
        return int(np.count_nonzero(encoded.unseen[chosen]))
    targets: NDArray[Any] = encoded.targets
    if not encoded.per_step:
        return int((targets[chosen] == UNSEEN).sum())
    spans = zip(encoded.starts[chosen].tolist(), encoded.lengths[chosen].tolist(), strict=True)
    return sum(bool((targets[start : start + length] == UNSEEN).any()) for start, length in spans)


def signatures(encoded: Encoded, chosen: NDArray[np.int64]) -> NDArray[np.int64]:
    """A number for each of some rows, equal where their targets are: (rows,)."""
    targets: NDArray[Any] = encoded.targets
    if targets.ndim == 1 and not encoded.per_step:
        return np.asarray(targets[chosen], np.int64)
    starts, lengths = encoded.starts[chosen].tolist(), encoded.lengths[chosen].tolist()
    spans = (
        (targets[start : start + length] for start, length in zip(starts, lengths, strict=True))
        if encoded.per_step
        else (targets[row] for row in chosen.tolist())
    )
    return np.fromiter((hash(span.tobytes()) for span in spans), np.int64, len(chosen))
