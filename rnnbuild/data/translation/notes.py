"""What is odd in pairs of texts that can still be learned from: counted, said, and how treated."""

from collections.abc import Iterator

import numpy as np

from rnnbuild.data.encoded import UNSEEN
from rnnbuild.data.translation.codec import TranslationCodec
from rnnbuild.data.translation.pairs import Pairs, PairSplits


def notes_on(splits: PairSplits, codec: TranslationCodec) -> tuple[str, ...]:
    """A sentence for each thing that is odd."""
    notes: list[str] = []
    for name, pairs in splits.named:
        notes += _empty(name, pairs)
        notes += _cut(name, pairs, codec)
    notes += _outlier(splits.train)
    for name, pairs in splits.named[1:]:
        notes += _too_long(name, pairs, codec)
        notes += _unseen(name, pairs, codec)
        notes += _known(name, splits.train, pairs)
    return tuple(notes)


def _empty(name: str, pairs: Pairs) -> Iterator[str]:
    sources = int((pairs.sources.codes[pairs.sources.offsets[:-1]] == 0).sum())
    if sources:
        yield f"{name}: {sources:,} empty {_are('source', sources)} read as one unknown word"
    targets = int((pairs.targets.lengths == 0).sum())
    if targets:
        yield f"{name}: {targets:,} empty {_are('target', targets)} nothing but an end mark"


def _are(word: str, count: int) -> str:
    return f"{word} is" if count == 1 else f"{word}s are"


def _cut(name: str, pairs: Pairs, codec: TranslationCodec) -> Iterator[str]:
    if codec.max_length is None:
        return
    lengths = pairs.sources.lengths
    cut = int((lengths > codec.max_length).sum())
    if cut:
        share = np.maximum(lengths - codec.max_length, 0).sum() / lengths.sum()
        yield (
            f"{name}: {cut:,} of {len(pairs):,} sources are cut to {codec.max_length:,} "
            f"{codec.step}s: {share:.1%} of all {codec.step}s"
        )


def _outlier(train: Pairs) -> Iterator[str]:
    """A few long targets cost all: every answer takes as many steps as the longest."""
    lengths = train.targets.lengths
    usual = int(np.quantile(lengths, 0.99, method="inverted_cdf")) if len(lengths) else 0
    longest = int(lengths.max(initial=0))
    if longest > 2 * usual:
        yield (
            f"train: 99 % of the targets have at most {usual:,} steps, but the longest has "
            f"{longest:,}, and so many are computed for every row"
        )


def _too_long(name: str, pairs: Pairs, codec: TranslationCodec) -> Iterator[str]:
    longer = int((pairs.targets.lengths > codec.longest_target).sum())
    if longer:
        yield (
            f"{name}: {longer:,} of {len(pairs):,} targets are longer than any in training "
            f"({codec.longest_target:,} {codec.step}s) and count as misses: the decoder stops there"
        )


def _unseen(name: str, pairs: Pairs, codec: TranslationCodec) -> Iterator[str]:
    ids = pairs.targets.lookup(codec.target_ids, UNSEEN)
    unseen = ids == UNSEEN
    if unseen.any():
        rows = len(np.unique(pairs.targets.rows_of_tokens()[unseen]))
        yield (
            f"{name}: {rows:,} of {len(pairs):,} targets hold a {codec.step} that the target "
            f"vocabulary lacks ({unseen.mean():.1%} of all {codec.step}s), and count as misses"
        )


def _known(name: str, train: Pairs, pairs: Pairs) -> Iterator[str]:
    trained = set(train.texts)
    known = sum(text in trained for text in pairs.texts)
    if known:
        yield f"{name}: {known:,} of {len(pairs):,} sources stand in the training split too"
