"""What tokens cost by the number of tokens read before them: what context buys a language model.

Every passage is read from an empty state, its context first, so that its first tokens are predicted
from next to nothing. The context of one passage is scored text of another: all groups but the last
are of nearly the same text.
"""

from dataclasses import dataclass

import numpy as np

from rnnbuild.metrics.language_model import NATS_A_TOKEN, NextTokens
from rnnbuild.metrics.metric import Array
from rnnbuild.metrics.ragged import row_numbers
from rnnbuild.metrics.scoring import Score, evaluate, tabulate

LAST_GROUP = 8
"""Tokens behind 2**8 others or more are one group."""


@dataclass(frozen=True)
class PositionBin:
    """What tokens cost that come after `fewest` to `most` others, both included."""

    fewest: int
    most: int
    tokens: int
    nats: Score
    """A token; its `count` is the number of passages."""


def nats_by_position(every_token: NextTokens) -> tuple[PositionBin, ...]:
    """The groups 1, 2-3, 4-7, ... and LAST_GROUP of tokens read before, those that there are.

    `every_token` has passages with their context, whose first token is only read.
    """
    rows = row_numbers(every_token.offsets)
    read = np.arange(len(rows)) - every_token.offsets[rows] + 1
    groups = np.minimum(np.log2(read).astype(np.int64), LAST_GROUP)
    return tuple(
        PositionBin(
            fewest=int(read[groups == group].min()),
            most=int(read[groups == group].max()),
            tokens=int((groups == group).sum()),
            nats=nats_of_some(every_token, rows, groups == group),
        )
        for group in np.unique(groups)
    )


def nats_of_some(answers: NextTokens, rows: Array, chosen: Array) -> Score:
    """The mean over the chosen tokens; passages without any do not count."""
    counts = np.bincount(rows[chosen])
    some = NextTokens(
        answers.nats[chosen],
        None,
        answers.characters[chosen],
        np.concatenate(([0], np.cumsum(counts[counts > 0]))),
    )
    metrics = (NATS_A_TOKEN,)
    return evaluate(metrics, tabulate(metrics, some))[NATS_A_TOKEN.name]
