"""Counts out of totals, split by split: the usual form of a figure in the health check."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from rnnbuild.data.kind.finding import Finding, limited, unchecked
from rnnbuild.formatting import percent

Split = TypeVar("Split", bound=str)


@dataclass(frozen=True)
class Share:
    """A count out of a total."""

    count: int
    total: int

    @property
    def value(self) -> float:
        """Between 0 and 1; 0 where the total is 0."""
        return self.count / self.total if self.total else 0.0

    def __str__(self) -> str:
        return f"{self.count:,} of {self.total:,} ({rounded_percent(self.value)})"

    def of(self, noun: str) -> str:
        """`3 of 50 texts (6.0 %)`."""
        return f"{self.count:,} of {self.total:,} {noun} ({rounded_percent(self.value)})"


def rounded_percent(value: float) -> str:
    """`12 %`, `0.4 %`; `0 %` means none at all, and `under 0.1 %` a few."""
    if 0 < value < 0.001:
        return f"under {percent(0.001)}"
    return percent(value, digits=0 if value == 0 or value >= 0.1 else 1)


def of_splits(
    what: str,
    shares: Mapping[Split, Share],
    answer: Callable[[Mapping[Split, Share]], Finding],
    nouns: str = "rows",
) -> Finding:
    """What `answer` finds in the splits that have rows; unchecked where none has.

    A single row may be wrong, and yet that nothing is wrong with it says nothing of the split.
    """
    looked_at, numbers = nonempty(shares), figures(shares)
    if not looked_at:
        return unchecked(what, f"there are no {nouns} in {and_list(list(shares))}", **numbers)
    noun, _, more = nouns.partition(" ")
    one = f"1 {noun.removesuffix('s')} {more}".strip()
    finding = answer(looked_at)
    alone = {str(name): f"it has {one}" for name, each in looked_at.items() if each.total == 1}
    if finding.level != "ok" or not alone:
        return finding
    if len(alone) == len(looked_at):
        return unchecked(what, f"there is {one} in {and_list(list(alone))}", **numbers)
    return limited(answer({n: each for n, each in looked_at.items() if each.total > 1}), alone)


def totals_text(shares: Mapping[Split, Share], noun: str) -> str:
    """`90 texts in train, 10 in validation and 10 in test`, without empty splits."""
    return counts_per_split({name: each.total for name, each in nonempty(shares).items()}, noun)


def nonempty(shares: Mapping[Split, Share]) -> dict[Split, Share]:
    """The splits whose total is not 0."""
    return {name: share for name, share in shares.items() if share.total}


def nonzero(shares: Mapping[Split, Share]) -> dict[Split, Share]:
    """The splits whose count is not 0."""
    return {name: share for name, share in shares.items() if share.count}


def per_split(shares: Mapping[Split, Share], noun: str) -> str:
    """`3 of 50 texts (6.0 %) in validation and 8 of 90 (8.9 %) in test`, without empty shares."""
    (first, share), *others = nonzero(shares).items()
    parts = [f"{share.of(noun)} in {first}", *(f"{share} in {name}" for name, share in others)]
    return and_list(parts)


def counts_per_split(counts: Mapping[Split, int], noun: str) -> str:
    """`90 rows in train, 10 in validation and 10 in test`."""
    (first, count), *others = counts.items()
    return and_list(
        [f"{count:,} {noun} in {first}", *(f"{count:,} in {name}" for name, count in others)]
    )


def and_list(parts: Sequence[str]) -> str:
    """`a, b and c`."""
    return " and ".join(part for part in (", ".join(parts[:-1]), parts[-1]) if part)


def agree(count: int | Mapping[Split, Share], one: str, many: str) -> str:
    """The form of a verb that agrees with a count, or with that of all splits together."""
    if not isinstance(count, int):
        count = sum(share.count for share in count.values())
    return one if count == 1 else many


def largest_share(shares: Mapping[Split, Share]) -> float:
    """The largest value; 0 without any share."""
    return max((share.value for share in shares.values()), default=0.0)


def figures(shares: Mapping[Split, Share]) -> dict[str, Any]:
    """The shares for JSON."""
    return {
        name: {"count": share.count, "of": share.total, "share": share.value}
        for name, share in shares.items()
    }
