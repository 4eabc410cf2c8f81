"""Counts of pairs of texts, behind notes and the health check."""

from dataclasses import dataclass

import numpy as np

from rnnbuild.data.examples.encoded import UNSEEN
from rnnbuild.data.examples.lengths import Lengths
from rnnbuild.data.examples.splits import SplitName
from rnnbuild.data.pairs.codec import PairsCodec
from rnnbuild.data.pairs.pairs import Pairs, PairSplits


@dataclass(frozen=True)
class PairSplitCounts:
    """One split, before anything is cut."""

    sources: Lengths
    """An empty source has one step."""
    targets: Lengths
    empty_sources: int
    empty_targets: int
    too_long: int
    """Targets that are longer than any in training."""
    unseen: int
    """Targets with a step that the target vocabulary lacks."""
    unseen_steps: int
    known: int
    """Sources that are in the training split too, unless empty; 0 for training itself."""


PairCounts = dict[SplitName, PairSplitCounts]


def counts_of(splits: PairSplits, codec: PairsCodec) -> PairCounts:
    """The counts of every split; the training split decides what is known or too long."""
    trained = set(splits.train.texts_with_words)
    return {
        "train": _split_counts(splits.train, codec, set()),
        "validation": _split_counts(splits.validation, codec, trained),
        "test": _split_counts(splits.test, codec, trained),
    }


def _split_counts(pairs: Pairs, codec: PairsCodec, trained: set[str]) -> PairSplitCounts:
    targets = pairs.targets
    unseen = targets.lookup(codec.target_ids, UNSEEN) == UNSEEN
    return PairSplitCounts(
        sources=Lengths.of(pairs.sources.lengths),
        targets=Lengths.of(targets.lengths),
        empty_sources=int(pairs.empty_sources.sum()),
        empty_targets=int((targets.lengths == 0).sum()),
        too_long=int((targets.lengths > codec.longest_target).sum()),
        unseen=len(np.unique(targets.rows_of_tokens()[unseen])),
        unseen_steps=int(unseen.sum()),
        known=sum(text in trained for text in pairs.texts_with_words),
    )
