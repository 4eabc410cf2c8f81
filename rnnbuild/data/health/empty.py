"""Are there texts without any words?"""

from collections.abc import Mapping

from rnnbuild.data.health.shares import Share, Split, figures, largest_share, per_split
from rnnbuild.data.kind.finding import Finding, ok, warning


def empty(shares: Mapping[Split, Share], what: str, treated: str, place: str = "") -> Finding:
    """`what` is looked at (`texts`), `treated` so where it is empty; `place` is the first's."""
    name, numbers = f"empty {what}", figures(shares)
    if not largest_share(shares):
        return ok(name, f"None of the {what} is empty.", **numbers)
    first = f" (the first: {place})" if place else ""
    return warning(
        name,
        f"Empty are {per_split(shares)}{first}, {treated}.",
        "Leave such rows out, or see whether the config names the right column.",
        **numbers,
    )
