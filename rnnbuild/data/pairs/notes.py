"""Oddities of pairs of texts that can still be learned from: how many, and how they are treated."""

from collections.abc import Iterator

from rnnbuild.data.health.shares import agree
from rnnbuild.data.pairs.codec import PairsCodec
from rnnbuild.data.pairs.counts import PairCounts, PairSplitCounts
from rnnbuild.formatting import percent


def notes_on(counts: PairCounts, codec: PairsCodec) -> tuple[str, ...]:
    """A sentence for each oddity."""
    notes: list[str] = []
    for name, split in counts.items():
        notes += _empty(name, split)
        notes += _cut(name, split, codec)
    notes += _outlier(counts["train"])
    for name, split in counts.items():
        if name != "train":
            notes += _too_long(name, split, codec)
            notes += _unseen(name, split, codec)
            notes += _known(name, split)
    return tuple(notes)


def _empty(name: str, split: PairSplitCounts) -> Iterator[str]:
    sources, targets = split.empty_sources, split.empty_targets
    if sources:
        are = agree(sources, "source is", "sources are")
        yield f"{name}: {sources:,} empty {are} read as one unknown word"
    if targets:
        are = agree(targets, "target is", "targets are")
        yield f"{name}: {targets:,} empty {are} an end mark and nothing else"


def _cut(name: str, split: PairSplitCounts, codec: PairsCodec) -> Iterator[str]:
    cut, lost = split.sources.over(codec.max_length)
    if cut:
        yield (
            f"{name}: {cut:,} of {split.sources.rows:,} sources {agree(cut, 'is', 'are')} cut to "
            f"{codec.max_length:,} {codec.step}s, which removes "
            f"{percent(lost / split.sources.steps)} of all {codec.step}s"
        )


def outlying_target(train: PairSplitCounts) -> tuple[int, int] | None:
    """The steps that 99 % of the training targets do not exceed, and the longest target's.

    None unless the longest is far longer. A few long targets slow everything down: every answer
    takes as many steps as the longest.
    """
    usual, longest = train.targets.quantile(0.99), train.targets.longest
    return (usual, longest) if longest > 2 * usual else None


def _outlier(train: PairSplitCounts) -> Iterator[str]:
    outlier = outlying_target(train)
    if outlier:
        usual, longest = outlier
        yield (
            f"train: 99 % of the targets have at most {usual:,} steps, but the longest has "
            f"{longest:,}, and every row is computed for that many"
        )


def _too_long(name: str, split: PairSplitCounts, codec: PairsCodec) -> Iterator[str]:
    count = split.too_long
    if count:
        yield (
            f"{name}: {count:,} of {split.targets.rows:,} targets {agree(count, 'is', 'are')} "
            f"longer than any in training ({codec.longest_target:,} {codec.step}s) and "
            f"{agree(count, 'counts as a miss', 'count as misses')}: the decoder stops there"
        )


def _unseen(name: str, split: PairSplitCounts, codec: PairsCodec) -> Iterator[str]:
    count = split.unseen
    if count:
        share = percent(split.unseen_steps / split.targets.steps)
        yield (
            f"{name}: {count:,} of {split.targets.rows:,} targets "
            f"{agree(count, 'has', 'have')} a {codec.step} that the target vocabulary lacks "
            f"({share} of all {codec.step}s) and "
            f"{agree(count, 'counts as a miss', 'count as misses')}"
        )


def _known(name: str, split: PairSplitCounts) -> Iterator[str]:
    if split.known:
        yield (
            f"{name}: {split.known:,} of {split.sources.rows:,} sources "
            f"{agree(split.known, 'appears', 'appear')} verbatim in the training split"
        )
