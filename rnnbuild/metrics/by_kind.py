"""What tokens cost by their kind: in which of them a text's nats are."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rnnbuild.metrics.by_position import nats_of_some
from rnnbuild.metrics.language_model import NextTokens
from rnnbuild.metrics.metric import Array
from rnnbuild.metrics.ragged import row_numbers
from rnnbuild.metrics.scoring import Score


@dataclass(frozen=True)
class KindScores:
    """What tokens of a kind cost."""

    kind: str
    tokens: int
    share: float | None
    """Of the nats of all tokens; None where these are not finite, or 0."""
    nats: Score
    """A token; its `count` is the number of passages."""


def nats_by_kind(answers: NextTokens, kinds: Array, names: Sequence[str]) -> tuple[KindScores, ...]:
    """The kinds that occur, in the order of `names`; `kinds` has the number of each token's."""
    rows, total = row_numbers(answers.offsets), answers.nats.sum()
    return tuple(
        KindScores(
            kind=names[kind],
            tokens=int((kinds == kind).sum()),
            share=float(answers.nats[kinds == kind].sum() / total) if total > 0 else None,
            nats=nats_of_some(answers, rows, kinds == kind),
        )
        for kind in np.unique(kinds).tolist()
    )
