"""Are there texts without words?"""

from collections.abc import Mapping

from rnnbuild.data.health.shares import (
    Share,
    Split,
    agree,
    figures,
    largest_share,
    of_splits,
    per_split,
    totals_text,
)
from rnnbuild.data.kind.finding import Finding, ok, warning


def empty(shares: Mapping[Split, Share], what: str, treated: str, place: str = "") -> Finding:
    """Finding on empty `what` (`texts`).

    `treated` is a clause that says how each is read; `place` is where the first one is, if known.
    """
    name, numbers = f"empty {what}", figures(shares)

    def answer(looked_at: Mapping[Split, Share]) -> Finding:
        if not largest_share(looked_at):
            return ok(name, f"None of {totals_text(looked_at, what)} is empty.", **numbers)
        first = f" (the first: {place})" if place else ""
        are = agree(looked_at, "is", "are")
        return warning(
            name,
            f"{per_split(looked_at, what)} {are} empty{first}; {treated}.",
            "Remove such rows, or check that the config names the right column.",
            **numbers,
        )

    return of_splits(name, shares, answer)
