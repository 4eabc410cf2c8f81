"""How much of each split is in words that the vocabulary lacks?"""

from collections.abc import Mapping

import numpy as np

from rnnbuild.data.examples.encoded import Encoded
from rnnbuild.data.examples.splits import SplitName
from rnnbuild.data.health.shares import Share, figures, largest_share, rounded_percent
from rnnbuild.data.kind.finding import Finding, ok, warning
from rnnbuild.data.text.vocabulary import FIRST_WORD, UNKNOWN, Vocabulary

MANY = 0.1
"""Share of unknown steps from which on a split is warned of."""
UNTAUGHT = 0.03
"""The same where training holds no unknown word, so that nothing is learned of them."""
STEPS_AT_ONCE = 1 << 20
"""Steps that are looked at together."""


def vocabulary(encoded: Mapping[SplitName, Encoded], known: Vocabulary, step: str) -> Finding:
    """Unknown steps by split, those that have only a shape among them."""
    unknown = {name: unknown_steps(each, known) for name, each in encoded.items() if len(each)}
    told = ", ".join(f"{rounded_percent(share.value)} in {name}" for name, share in unknown.items())
    reason = f"{len(known.words):,} {step}s have an id; unknown are {told} of all {step}s"
    numbers = {"words": len(known.words), "shapes": len(known.shapes), "unknown": figures(unknown)}
    worst = largest_share({name: share for name, share in unknown.items() if name != "train"})
    if worst > UNTAUGHT and not unknown["train"].count:
        return warning(
            "vocabulary",
            f"{reason}: none in training, so nothing is learned of them.",
            "`data.vocabulary.min_count: 2` makes rare words of training stand for them"
            + (", `unknown: shape` by their look." if step == "word" else "."),
            **numbers,
        )
    if worst > MANY:
        return warning(
            "vocabulary",
            f"{reason}.",
            "Raise `data.vocabulary.size`, or read characters: `data.level: character`."
            if step == "word"
            else "Raise `data.vocabulary.size`.",
            **numbers,
        )
    return ok("vocabulary", f"{reason}.", **numbers)


def unknown_steps(encoded: Encoded, known: Vocabulary) -> Share:
    """Steps of sequences that lie end to end, without a word's own id."""
    first_shape, count = FIRST_WORD + len(known.words), 0
    for first in range(0, len(encoded.values), STEPS_AT_ONCE):
        ids = np.asarray(encoded.values[first : first + STEPS_AT_ONCE])
        count += int(((ids == UNKNOWN) | (ids >= first_shape)).sum())
    return Share(count, len(encoded.values))
