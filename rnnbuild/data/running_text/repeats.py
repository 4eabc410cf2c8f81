"""Does the text repeat itself, or what is held out repeat the training text?"""

from collections.abc import Mapping

from rnnbuild.data.examples.splits import HELD_OUT, SplitName
from rnnbuild.data.health.shares import (
    Share,
    agree,
    figures,
    largest_share,
    of_splits,
    per_split,
    rounded_percent,
    totals_text,
)
from rnnbuild.data.kind.finding import Finding, failure, ok, warning
from rnnbuild.data.running_text.spans import SPAN, Ids, known, repeated
from rnnbuild.data.text.tokeniser import Level

COPIED = 0.1
"""Share of a split's spans that may repeat earlier ones without a warning."""
LEAKED = 0.01
"""The same of those that are in training: people say hardly any as long twice by chance."""
MEMORY = 0.5
"""Share of a split from which it tests memory alone, which is a failure."""


def duplicates(ids: Mapping[SplitName, Ids], level: Level) -> Finding:
    """Spans that occur earlier in the same split, as in a file that was pasted twice."""
    spans = f"spans of {SPAN[level]} {level}s"
    shares = {name: repeated(part, SPAN[level]) for name, part in ids.items()}
    numbers = figures(shares)

    def answer(looked_at: Mapping[SplitName, Share]) -> Finding:
        earlier = "verbatim earlier in the same split"
        if not largest_share(looked_at):
            reason = f"None of {totals_text(looked_at, spans)} appears {earlier}."
            return ok("duplicates", reason, **numbers)
        appear = agree(looked_at, "appears", "appear")
        reason = f"{per_split(looked_at, spans)} {appear} {earlier}"
        if largest_share(looked_at) <= COPIED:
            return ok("duplicates", f"{reason}.", **numbers)
        return warning(
            "duplicates",
            f"{reason}: the copies are learned, and scored, again.",
            "Keep one copy of each passage: is a file, or a part of one, in the text twice?",
            **numbers,
        )

    return of_splits("duplicates", shares, answer, spans)


def leakage(ids: Mapping[SplitName, Ids], level: Level) -> Finding:
    """Held-out spans that occur in training too."""
    spans = f"spans of {SPAN[level]} {level}s"
    shares: dict[SplitName, Share] = {
        name: known(ids["train"], ids[name], SPAN[level]) for name in HELD_OUT
    }
    numbers = figures(shares)

    def answer(looked_at: Mapping[SplitName, Share]) -> Finding:
        if not largest_share(looked_at):
            reason = f"None of {totals_text(looked_at, spans)} appears verbatim in training."
            return ok("leakage", reason, **numbers)
        appear = agree(looked_at, "appears", "appear")
        reason = f"{per_split(looked_at, spans)} {appear} verbatim in training"
        worst = largest_share(looked_at)
        if worst <= LEAKED:
            return ok("leakage", f"{reason}.", **numbers)
        level_of = failure if worst >= MEMORY else warning
        return level_of(
            "leakage",
            f"{reason}: there, up to {rounded_percent(worst)} of the score is memory.",
            "Remove copies from the text, or hold out other text with `data.validation` and "
            "`data.test`.",
            **numbers,
        )

    return of_splits("leakage", shares, answer, spans)
