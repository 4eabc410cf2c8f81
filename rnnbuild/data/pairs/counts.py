"""What is counted of pairs of texts: notes and health are told from it."""

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
    """Targets that hold a step which the target vocabulary lacks."""
    unseen_steps: int
    known: int
    """Sources that stand in the training split too; 0 for that itself."""


PairCounts = dict[SplitName, PairSplitCounts]


def counts_of(splits: PairSplits, codec: PairsCodec) -> PairCounts:
    """Every split counted; what is known or too long is told by the training split."""
    trained = set(splits.train.texts)
    return {
        "train": _counted(splits.train, codec, set()),
        "validation": _counted(splits.validation, codec, trained),
        "test": _counted(splits.test, codec, trained),
    }


def _counted(pairs: Pairs, codec: PairsCodec, trained: set[str]) -> PairSplitCounts:
    targets = pairs.targets
    unseen = targets.lookup(codec.target_ids, UNSEEN) == UNSEEN
    return PairSplitCounts(
        sources=Lengths.of(pairs.sources.lengths),
        targets=Lengths.of(targets.lengths),
        empty_sources=int((pairs.sources.codes[pairs.sources.offsets[:-1]] == 0).sum()),
        empty_targets=int((targets.lengths == 0).sum()),
        too_long=int((targets.lengths > codec.longest_target).sum()),
        unseen=len(np.unique(targets.rows_of_tokens()[unseen])),
        unseen_steps=int(unseen.sum()),
        known=sum(text in trained for text in pairs.texts),
    )
