"""The health of pairs of texts: `translate`."""

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.examples.encoded import Encoded
from rnnbuild.data.examples.splits import SplitName, by_split
from rnnbuild.data.health.empty import empty
from rnnbuild.data.health.lengths import cut, lengths
from rnnbuild.data.health.reading import reading
from rnnbuild.data.health.remedies import for_unknown
from rnnbuild.data.health.repeats import contradictions, duplicates, leakage
from rnnbuild.data.health.rows import rows
from rnnbuild.data.health.shares import (
    Share,
    agree,
    figures,
    largest_share,
    of_splits,
    per_split,
    totals_text,
)
from rnnbuild.data.health.vocabulary import vocabulary
from rnnbuild.data.kind.finding import Finding, failure, ok, unchecked, warning
from rnnbuild.data.pairs.codec import PairsCodec
from rnnbuild.data.pairs.counts import PairCounts
from rnnbuild.data.pairs.notes import outlying_target
from rnnbuild.data.pairs.pairs import PairSplits
from rnnbuild.data.rows.note import Note

MISSES = 0.5
"""Share of a split's targets from which certain misses are a failure."""
AMBIGUOUS = 0.2
"""Share of rows whose source may have other targets without a warning."""


def pairs_health(
    files: tuple[Note, ...],
    splits: PairSplits,
    counts: PairCounts,
    codec: PairsCodec,
    encoded: Mapping[SplitName, Encoded],
    data: DataConfig,
) -> Iterator[Finding]:
    """Every question of the health check on pairs; `files` are the notes of reading them."""
    step, totals = codec.step, {name: split.sources.rows for name, split in counts.items()}
    sources = {name: split.sources for name, split in counts.items()}
    yield from reading(files, "files")
    yield rows(totals, data, "pairs")
    yield lengths(sources, step, "source lengths")
    if codec.max_length is not None:
        yield cut(sources, codec.max_length, step, scored=False)
    yield target_lengths(counts, codec)
    yield too_long(counts, codec)
    empties = {name: Share(split.empty_sources, totals[name]) for name, split in counts.items()}
    yield empty(empties, "sources", "each is read as one unknown word")
    empties = {name: Share(split.empty_targets, totals[name]) for name, split in counts.items()}
    yield empty(empties, "targets", "each is an end mark and nothing else")
    yield vocabulary(encoded, codec.vocabulary, step, codec.task, data)
    yield unseen_targets(counts, codec, data)
    yield from repeats(splits)


def target_lengths(counts: PairCounts, codec: PairsCodec) -> Finding:
    """Lengths of targets; a warning where a few long ones slow down all."""
    finding = lengths(
        {name: split.targets for name, split in counts.items()}, codec.step, "target lengths"
    )
    outlier = outlying_target(counts["train"])
    if outlier is None:
        return finding
    usual, longest = outlier
    return warning(
        "target lengths",
        f"99 % of the training targets have at most {usual:,} steps, but the longest has "
        f"{longest:,}, and every row is computed for that many.",
        "Remove the few longest targets from training.",
        **finding.figures,
    )


def too_long(counts: PairCounts, codec: PairsCodec) -> Finding:
    """Targets that are longer than the decoder can write."""
    shares: dict[SplitName, Share] = {
        name: Share(split.too_long, split.targets.rows)
        for name, split in counts.items()
        if name != "train"
    }
    numbers = figures(shares)
    longest = f"the longest in training ({codec.longest_target:,} {codec.step}s)"

    def answer(looked_at: Mapping[SplitName, Share]) -> Finding:
        if not largest_share(looked_at):
            reason = f"None of {totals_text(looked_at, 'targets')} is longer than {longest}."
            return ok("longer targets", reason, **numbers)
        level = failure if largest_share(looked_at) >= MISSES else warning
        return level(
            "longer targets",
            f"{per_split(looked_at, 'targets')} {agree(looked_at, 'is', 'are')} longer than "
            f"{longest}, {agree(looked_at, 'a certain miss', 'certain misses')}: the decoder "
            "stops there.",
            "Train on targets of that length, or remove such rows.",
            **numbers,
        )

    return of_splits("longer targets", shares, answer)


def unseen_targets(counts: PairCounts, codec: PairsCodec, data: DataConfig) -> Finding:
    """Targets with words, or characters, that the decoder cannot write."""
    shares: dict[SplitName, Share] = {
        name: Share(split.unseen, split.targets.rows)
        for name, split in counts.items()
        if name != "train"
    }
    numbers = {"words": len(codec.target_words), **figures(shares)}

    def answer(looked_at: Mapping[SplitName, Share]) -> Finding:
        if not largest_share(looked_at):
            return ok(
                "target vocabulary",
                f"The target vocabulary, {len(codec.target_words):,} {codec.step}s, covers all of "
                f"{totals_text(looked_at, 'targets')}.",
                **numbers,
            )
        level = failure if largest_share(looked_at) >= MISSES else warning
        return level(
            "target vocabulary",
            f"{per_split(looked_at, 'targets')} {agree(looked_at, 'has', 'have')} a {codec.step} "
            f"that the target vocabulary lacks, "
            f"{agree(looked_at, 'a certain miss', 'certain misses')}.",
            for_unknown(data, codec.step, "write characters: `data.level: character`")
            if codec.step == "word"
            else "Train on text that contains every character.",
            **numbers,
        )

    return of_splits("target vocabulary", shares, answer)


def repeats(splits: PairSplits) -> Iterator[Finding]:
    """Duplicate pairs, sources that are in training too, and sources with several targets."""
    named = by_split(splits)
    # Empty sources do not count: they have a finding of their own.
    rows_of = {name: np.flatnonzero(~pairs.empty_sources) for name, pairs in named.items()}
    yield duplicates(
        {
            name: hashes(
                [(pairs.texts[row], pairs.target_texts[row]) for row in rows_of[name].tolist()]
            )
            for name, pairs in named.items()
        },
        "pairs",
    )
    sources_of = {name: hashes(pairs.texts_with_words) for name, pairs in named.items()}
    yield leakage(sources_of, "sources")

    def answers(name: SplitName, chosen: NDArray[np.int64]) -> NDArray[np.int64]:
        targets = named[name].target_texts
        return hashes([targets[row] for row in rows_of[name][chosen].tolist()])

    ambiguous = contradictions(sources_of, answers)
    share = Share(ambiguous.rows, sum(map(len, sources_of.values())))
    numbers = {"texts": ambiguous.texts, "rows": ambiguous.rows, "of": share.total}
    sources = agree(ambiguous.texts, "source has", "sources have")
    reason = f"{ambiguous.texts:,} {sources} several targets, in {share.of('pairs')}"
    if share.total < 2:
        yield unchecked("ambiguity", f"there are {share.total} sources with text", **numbers)
        return
    if not ambiguous.texts:
        reason = f"None of {share.total:,} sources has several targets"
    if share.value <= AMBIGUOUS:
        yield ok("ambiguity", f"{reason}.", **numbers)
        return
    yield warning(
        "ambiguity",
        f"{reason}; exact match accepts only one.",
        "Judge by BLEU rather than by exact match, or keep one target for each source.",
        **numbers,
    )


def hashes(values: "tuple[object, ...] | list[str] | list[tuple[str, str]]") -> NDArray[np.int64]:
    """A number for each value, equal where they are: (values,)."""
    return np.fromiter(map(hash, values), np.int64, len(values))
