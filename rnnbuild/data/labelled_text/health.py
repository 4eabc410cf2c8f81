"""The health of labelled text: `classify` and `tag`."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.examples.encoded import Encoded
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
from rnnbuild.data.kind.finding import Finding
from rnnbuild.data.labelled_text.label_health import labels, tag_scheme
from rnnbuild.data.labelled_text.stored import StoredText

SHOWN = 40
"""Characters of a text that are shown."""


def labelled_text_health(stored: StoredText) -> Iterator[Finding]:
    """Every question of the health check on labelled text."""
    codec, counts = stored.codec, stored.counts
    step, splits = codec.tokeniser.level, by_split(counts)
    lengths_of = {name: split.lengths for name, split in splits.items()}
    encoded = {name: stored.encoded_split(name) for name in splits}
    hashes = {name: stored.hashes(name) for name in splits}
    yield from reading(counts.reading, "files")
    if counts.tag_scheme is not None:
        yield tag_scheme(counts.tag_scheme)
    yield rows({name: each.rows for name, each in lengths_of.items()})
    yield lengths(lengths_of, step)
    if codec.max_length is not None:
        yield cut(lengths_of, codec.max_length, step, codec.per_step)
    yield empty(
        {name: Share(split.empty, split.lengths.rows) for name, split in splits.items()},
        "texts",
        "each is read as one unknown word",
        next((split.first_empty for split in splits.values() if split.empty), ""),
    )
    yield vocabulary(encoded, codec.vocabulary, step, codec.task)
    yield from labels(counts, codec)
    yield duplicates(hashes)
    yield leakage(
        {n: Share(split.known, split.lengths.rows) for n, split in splits.items() if n != "train"}
    )

    def answers(name: SplitName, chosen: NDArray[np.int64]) -> NDArray[np.int64]:
        return signatures(encoded[name], chosen)

    def describe(row: Row) -> str:
        text = stored.text(*row)
        brief = text if len(text) <= SHOWN else f"{text[: SHOWN - 3]}..."
        return stored.place(*row) or f"`{brief}` in {row[0]}"

    total = sum(each.rows for each in lengths_of.values())
    yield contradiction_finding(contradictions(hashes, answers), total, describe)


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
