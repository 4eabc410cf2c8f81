"""What is odd in pairs of texts that can still be learned from: counted, said, and how treated."""

from collections.abc import Iterator

from rnnbuild.data.pairs.codec import PairsCodec
from rnnbuild.data.pairs.counts import PairCounts, PairSplitCounts
from rnnbuild.formatting import percent


def notes_on(counts: PairCounts, codec: PairsCodec) -> tuple[str, ...]:
    """A sentence for each thing that is odd."""
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
        yield f"{name}: {sources:,} empty {_are('source', sources)} read as one unknown word"
    if targets:
        yield f"{name}: {targets:,} empty {_are('target', targets)} nothing but an end mark"


def _are(word: str, count: int) -> str:
    return f"{word} is" if count == 1 else f"{word}s are"


def _cut(name: str, split: PairSplitCounts, codec: PairsCodec) -> Iterator[str]:
    cut, lost = split.sources.over(codec.max_length)
    if cut:
        yield (
            f"{name}: {cut:,} of {split.sources.rows:,} sources are cut to {codec.max_length:,} "
            f"{codec.step}s: {percent(lost / split.sources.steps)} of all {codec.step}s"
        )


def outlying_target(train: PairSplitCounts) -> tuple[int, int] | None:
    """What 99 % of the training targets do not exceed, and the longest, where that is far more.

    A few long targets cost all: every answer takes as many steps as the longest.
    """
    usual, longest = train.targets.quantile(0.99), train.targets.longest
    return (usual, longest) if longest > 2 * usual else None


def _outlier(train: PairSplitCounts) -> Iterator[str]:
    found = outlying_target(train)
    if found:
        yield (
            f"train: 99 % of the targets have at most {found[0]:,} steps, but the longest has "
            f"{found[1]:,}, and so many are computed for every row"
        )


def _too_long(name: str, split: PairSplitCounts, codec: PairsCodec) -> Iterator[str]:
    if split.too_long:
        yield (
            f"{name}: {split.too_long:,} of {split.targets.rows:,} targets are longer than any in "
            f"training ({codec.longest_target:,} {codec.step}s) and count as misses: the decoder "
            "stops there"
        )


def _unseen(name: str, split: PairSplitCounts, codec: PairsCodec) -> Iterator[str]:
    if split.unseen:
        share = percent(split.unseen_steps / split.targets.steps)
        yield (
            f"{name}: {split.unseen:,} of {split.targets.rows:,} targets hold a {codec.step} that "
            f"the target vocabulary lacks ({share} of all {codec.step}s), and count as misses"
        )


def _known(name: str, split: PairSplitCounts) -> Iterator[str]:
    if split.known:
        yield (
            f"{name}: {split.known:,} of {split.sources.rows:,} sources stand letter for letter in "
            "the training split too"
        )
