"""Are there texts without words?"""

from collections.abc import Mapping

from rnnbuild.data.health.shares import Share, Split, agree, figures, largest_share, per_split
from rnnbuild.data.kind.finding import Finding, ok, warning


def empty(shares: Mapping[Split, Share], what: str, treated: str, place: str = "") -> Finding:
    """Finding on empty `what` (`texts`).

    `treated` is a clause that says how each is read; `place` is where the first one is, if known.
    """
    name, numbers = f"empty {what}", figures(shares)
    if not largest_share(shares):
        return ok(name, f"None of the {what} is empty.", **numbers)
    first = f" (the first: {place})" if place else ""
    return warning(
        name,
        f"{per_split(shares, what)} {agree(shares, 'is', 'are')} empty{first}; {treated}.",
        "Remove such rows, or check that the config names the right column.",
        **numbers,
    )
