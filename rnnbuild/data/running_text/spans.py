"""Where stretches of a text occur again, by rolling hashes of their tokens (Karp and Rabin 1987).

Two different stretches have the same hash of 64 bits so rarely that none is expected in gigabytes.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.health.shares import Share
from rnnbuild.data.text.tokeniser import Level

Ids = NDArray[np.int32]
Hashes = NDArray[np.uint64]

SPAN: Mapping[Level, int] = {"character": 100, "byte": 100, "word": 50}
"""Tokens of a stretch: so many are the same in two places only if one was copied, or is said by
rote."""
TOKENS_AT_ONCE = 1 << 20
BASE = np.uint64(0x9E3779B97F4A7C15)
"""An odd number, so that multiplying by it modulo 2 ** 64 loses nothing."""


def repeated(ids: Ids, span: int) -> Share:
    """How many of a text's spans, end to end, occur earlier in it too."""
    hashes = hashes_end_to_end(ids, span)
    sought, which = np.unique(hashes, return_inverse=True)
    starts = np.arange(len(hashes)) * span
    return Share(int((first_places(sought, ids, span)[which] < starts).sum()), len(hashes))


def known(before: Ids, after: Ids, span: int) -> Share:
    """How many of the spans of `after`, end to end, occur in `before` too."""
    sought, which = np.unique(hashes_end_to_end(after, span), return_inverse=True)
    occurs = first_places(sought, before, span)[which] < len(before)
    return Share(int(occurs.sum()), len(which))


def first_places(sought: Hashes, ids: Ids, span: int) -> NDArray[np.int64]:
    """Where each of some rising hashes first occurs among the spans of a text, else its length."""
    places = np.full(len(sought), len(ids))
    if not len(sought):
        return places
    for start in range(0, len(ids) - span + 1, TOKENS_AT_ONCE):
        numbers = numbers_of(ids[start : start + TOKENS_AT_ONCE + span - 1])
        count = len(numbers) - span + 1
        hashes = hashes_of([numbers[offset : offset + count] for offset in range(span)])
        which = np.minimum(np.searchsorted(sought, hashes), len(sought) - 1)
        equal = np.flatnonzero(sought[which] == hashes)
        np.minimum.at(places, which[equal], start + equal)
    return places


def hashes_end_to_end(ids: Ids, span: int) -> Hashes:
    """A hash of the first `span` tokens, of the next, and so on, (spans,)."""
    spans = len(ids) // span
    return hashes_of(numbers_of(ids[: spans * span]).reshape(spans, span).T)


def hashes_of(columns: "list[Hashes] | Hashes") -> Hashes:
    """A hash of each row, of the numbers in its columns: by Horner's rule modulo 2 ** 64."""
    hashes = np.zeros(len(columns[0]), np.uint64)
    for column in columns:
        hashes *= BASE
        hashes += column
    return hashes


def numbers_of(ids: Ids) -> Hashes:
    """A random number for each id, always the same one."""
    table = np.random.Generator(np.random.PCG64(0)).integers(
        1 << 64, size=int(ids.max(initial=0)) + 1, dtype=np.uint64
    )
    return np.asarray(table[ids])
