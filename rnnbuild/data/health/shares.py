"""How many of how many, split by split: the usual form of a figure of the health check."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from rnnbuild.formatting import percent

Split = TypeVar("Split", bound=str)


@dataclass(frozen=True)
class Share:
    """So many of so many."""

    count: int
    total: int

    @property
    def value(self) -> float:
        """0 where there is nothing to take a share of."""
        return self.count / self.total if self.total else 0.0

    def __str__(self) -> str:
        return f"{self.count:,} of {self.total:,} ({rounded_percent(self.value)})"


def rounded_percent(value: float) -> str:
    """`12 %`, `0.4 %`; `0 %` is none at all, and `under 0.1 %` is not none."""
    if 0 < value < 0.001:
        return f"under {percent(0.001)}"
    return percent(value, digits=0 if value == 0 or value >= 0.1 else 1)


def nonzero(shares: Mapping[Split, Share]) -> dict[Split, Share]:
    """The splits in which there are any."""
    return {name: share for name, share in shares.items() if share.count}


def per_split(shares: Mapping[Split, Share]) -> str:
    """`3 of 50 (6.0 %) in validation, 8 of 90 (8.9 %) in test`: the splits that have any."""
    return ", ".join(f"{share} in {name}" for name, share in nonzero(shares).items())


def largest_share(shares: Mapping[Split, Share]) -> float:
    """The largest value; 0 of none."""
    return max((share.value for share in shares.values()), default=0.0)


def figures(shares: Mapping[Split, Share]) -> dict[str, Any]:
    """The shares for JSON."""
    return {
        name: {"count": share.count, "of": share.total, "share": share.value}
        for name, share in shares.items()
    }


def first_few(parts: list[str], shown: int = 3) -> str:
    """The first few, and how many more there are."""
    more = len(parts) - shown
    return ", ".join(parts[:shown]) + (f" and {more:,} more" if more > 0 else "")
