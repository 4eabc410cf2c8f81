"""Which variants differ by more than chance, and which by less than what matters.

Differences are paired by seed and oriented: positive is better, whatever the metric's direction.
They are those from the reference that was named beforehand, or of all pairs. There are two kinds of
errors, and each is made in at most 5 % of studies, however many differences a study has (Holm):

a false difference   a variant is called better or worse than one that it equals
a false equivalence  variants are called equivalent that differ by the margin or more

The kinds do not share one level, so that a margin costs the differences nothing: of a pair only one
of the two can be false, since it cannot be equal and differ by the margin. A difference that is
significant and yet shown to be smaller than the margin is called equivalent: the margin says that
such a difference does not matter.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from rnnbuild.metrics.equivalence import equivalence_p
from rnnbuild.metrics.holm import holm
from rnnbuild.metrics.paired import Paired, TTest, paired
from rnnbuild.metrics.power import seeds_to_show
from rnnbuild.metrics.scoring import Score
from rnnbuild.metrics.seeds import BySeed
from rnnbuild.metrics.sign_test import SignTest, seeds_for_sign_test

LEVEL = 0.05
"""Share of studies that make an error of either kind, at most."""

Rows = tuple[tuple[str, object], ...]
"""What chose the rows of a variant: equal for the same ones."""
Verdict = Literal["better", "worse", "equivalent", "inconclusive"]


@dataclass(frozen=True, kw_only=True)
class Difference:
    """The difference of a variant from another one, in the metric's unit; positive is better."""

    variant: str
    other: str
    """The reference, or the earlier one of a pair."""
    difference: Score
    """`count` is the number of seeds that both have. The interval is that of this one alone."""
    deviation: float | None
    """Standard deviation of the differences by seed. It is None where fewer than two seeds have a
    score of both, and so is all that follows but the verdict."""
    p: float | None
    """Of the paired t test, or of the sign test where all differences are equal, adjusted by
    Holm."""
    equivalence_p: float | None
    """Of the two one-sided tests, adjusted by Holm; None without a margin too."""
    verdict: Verdict
    seeds_for_gap: int | None
    """Number of seeds that would show a difference as large; None if more than 1,000, too."""
    seeds_for_margin: int | None
    """Number of seeds that would show a difference as large as the margin; None without one, too,
    or if more than 1,000."""


def differences_of(
    values: Mapping[str, BySeed],
    reference: str | None,
    higher_is_better: bool,
    margin: float | None,
    rows: Mapping[str, Rows],
) -> tuple[Difference, ...]:
    """Every variant's difference from the reference, or without one from each before it; none of
    variants that are scored on other rows.

    `values` are scores by variant and seed, `margin` is in their unit, and `rows` say which rows a
    variant has.
    """
    pairs_of_names = compared(list(values), reference)
    names = [(one, other) for one, other in pairs_of_names if rows[one] == rows[other]]
    pairs = [
        better_by(values[variant], values[other], higher_is_better) for variant, other in names
    ]
    tests = [pair.test for pair in pairs]
    p_values = holm([None if test is None else test.p() for test in tests])
    equivalence = holm(
        [None if test is None or margin is None else equivalence_p(test, margin) for test in tests]
    )
    # Holm's first step is the strictest: at its level a gap shows whatever the other tests say.
    level = LEVEL / max(1, len(pairs))
    return tuple(
        Difference(
            variant=variant,
            other=other,
            difference=pair.difference,
            deviation=None if pair.test is None else pair.test.deviation,
            p=p,
            equivalence_p=equivalent,
            verdict=verdict_of(pair, p, equivalent),
            seeds_for_gap=seeds_for(pair.difference.value, pair.test, level),
            seeds_for_margin=seeds_for(margin, pair.test, level),
        )
        for (variant, other), pair, p, equivalent in zip(
            names, pairs, p_values, equivalence, strict=True
        )
    )


def compared(names: list[str], reference: str | None) -> list[tuple[str, str]]:
    """The pairs that are compared: a variant and the one that it is compared with."""
    if reference is None:
        return [(later, earlier) for earlier, later in combinations(names, 2)]
    return [(name, reference) for name in names if name != reference]


def better_by(variant: BySeed, other: BySeed, higher_is_better: bool) -> Paired:
    """By how much a variant is better than another one, seed by seed."""
    return paired(variant, other) if higher_is_better else paired(other, variant)


def verdict_of(pair: Paired, p: float | None, equivalence_p: float | None) -> Verdict:
    """What the adjusted p values say of a difference."""
    if equivalence_p is not None and equivalence_p <= LEVEL:
        return "equivalent"
    if pair.test is None or p is None or p > LEVEL:
        return "inconclusive"
    return "better" if pair.test.mean > 0 else "worse"


def seeds_for(gap: float | None, test: TTest | SignTest | None, level: float) -> int | None:
    """The number of seeds that would show a gap, if differences vary as they did in a test."""
    if not gap or test is None:
        return None
    if isinstance(test, SignTest):
        return seeds_for_sign_test(level)
    return seeds_to_show(gap, test.deviation, level)
