"""How much of each split consists of words that the vocabulary lacks?"""

from collections.abc import Mapping

import numpy as np

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.examples.encoded import Encoded
from rnnbuild.data.examples.splits import SplitName
from rnnbuild.data.health.remedies import for_unknown
from rnnbuild.data.health.shares import Share, and_list, figures, largest_share, rounded_percent
from rnnbuild.data.kind.finding import Finding, limited, ok, warning
from rnnbuild.data.text.vocabulary import FIRST_WORD, UNKNOWN, Vocabulary
from rnnbuild.tasks.facts import Task
from rnnbuild.tasks.table import TASKS

MANY = 0.1
"""Share of unknown steps above which there is a warning."""
UNTAUGHT = 0.03
"""The same where training has no unknown word, so that nothing is learned about them."""
STEPS_AT_ONCE = 1 << 20
"""Steps that are counted together."""


def vocabulary(
    encoded: Mapping[SplitName, Encoded],
    known: Vocabulary,
    step: str,
    task: Task,
    data: DataConfig,
) -> Finding:
    """Unknown steps by split, including those that are known only by their shape.

    The advice is what `task` accepts: `translate` takes no shapes, and `tag` no characters.
    """
    takes_shapes = step == "word" and not TASKS[task].has_decoder
    takes_characters = step == "word" and not TASKS[task].takes_words
    others_than_limits = []
    if takes_characters:
        others_than_limits.append("read characters: `data.level: character`")
    elif takes_shapes and data.vocabulary.unknown == "one":
        others_than_limits.append("keep their shape: `data.vocabulary.unknown: shape`")
    unknown = {name: unknown_steps(each, known) for name, each in encoded.items() if len(each)}
    reason = unknown_text(unknown, known, step)
    numbers = {"words": len(known.words), "shapes": len(known.shapes), "unknown": figures(unknown)}
    others = {name: share for name, share in unknown.items() if name != "train"}
    alone = {str(name): "it has 1 row" for name in others if len(encoded[name]) == 1}
    worst = largest_share(others)
    if worst > UNTAUGHT and not unknown["train"].count:
        return warning(
            "vocabulary",
            f"{reason}; training has none, so nothing is learned about them.",
            f"Set `data.vocabulary.min_count: 2`: rare training {step}s then count as unknown too"
            + ("; `unknown: shape` keeps their shape." if takes_shapes else "."),
            **numbers,
        )
    if worst > MANY:
        return warning(
            "vocabulary",
            f"{reason}.",
            for_unknown(data, step, *others_than_limits),
            **numbers,
        )
    several = {name: share for name, share in unknown.items() if name not in alone}
    if len(alone) == len(others):
        alone = {f"{step}s that training lacks": "no other split has two rows"}
    finding = ok("vocabulary", f"{unknown_text(several, known, step)}.", **numbers)
    return limited(finding, alone)


def unknown_text(unknown: Mapping[SplitName, Share], known: Vocabulary, step: str) -> str:
    """The size of the vocabulary, and the share of unknown steps by split."""
    parts = and_list([f"{rounded_percent(share.value)} in {n}" for n, share in unknown.items()])
    return f"{len(known.words):,} {step}s have an id; unknown {step}s make up {parts}"


def unknown_steps(encoded: Encoded, known: Vocabulary) -> Share:
    """Steps without an id of their own, of sequences that lie end to end."""
    first_shape, count = FIRST_WORD + len(known.words), 0
    for first in range(0, len(encoded.values), STEPS_AT_ONCE):
        ids = np.asarray(encoded.values[first : first + STEPS_AT_ONCE])
        count += int(((ids == UNKNOWN) | (ids >= first_shape)).sum())
    return Share(count, len(encoded.values))
