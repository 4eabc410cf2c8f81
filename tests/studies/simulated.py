"""Scores of simulated studies, and tests of many studies at once."""

import warnings
from itertools import combinations

import numpy as np
import numpy.typing as npt
from scipy import stats

Array = npt.NDArray[np.float64]

DEVIATION = 0.01
"""Standard deviation of the scores of one variant; half of the variance is the seed's."""


def draw_scores(
    means: Array, studies: int, seeds: int, draw: np.random.Generator
) -> tuple[Array, Array]:
    """Test and validation scores (studies, variants, seeds) of variants with these true means.

    The runs of a seed share its rows and their order, so they have half of their variance in
    common. Of the rest half is in both splits of a run: a network that turned out well.
    """

    def noise(*shape: int) -> Array:
        return draw.normal(0, DEVIATION, (studies, *shape))

    of_seed, of_run = noise(1, seeds), noise(len(means), seeds)
    test, validation = (
        means[:, None]
        + np.sqrt(0.5) * of_seed
        + np.sqrt(0.25) * (of_run + noise(len(means), seeds))
        for _ in range(2)
    )
    return test, validation


def p_values(scores: Array, pairs: list[tuple[int, int]]) -> Array:
    """Of paired t tests: (studies, variants, seeds) -> (studies, pairs).

    1 where all differences are equal, but for rounding: five signs are never significant.
    """
    one, other = (scores[:, [pair[side] for pair in pairs]] for side in (0, 1))
    equal = np.ptp(one - other, axis=2) < 1e-12
    # SciPy warns of those, which are not used.
    with warnings.catch_warnings(action="ignore", category=RuntimeWarning):
        p = stats.ttest_rel(one, other, axis=2).pvalue
    return np.where(equal, 1.0, p)


def any_by_holm(p: Array) -> npt.NDArray[np.bool_]:
    """Studies with a significant test: (studies, pairs) -> (studies,)."""
    # The least of the p values is Holm's first; where it is not significant, none is.
    significant: npt.NDArray[np.bool_] = p.min(axis=1) <= 0.05 / p.shape[1]
    return significant


def pairs_of(variants: int, reference: bool) -> list[tuple[int, int]]:
    """All pairs, or those with the first variant."""
    return [
        (other, one) for one, other in combinations(range(variants), 2) if one == 0 or not reference
    ]


def against_the_best(scores: Array, chosen_by: Array) -> Array:
    """P values against the variant with the best mean: (studies, variants - 1)."""
    best = chosen_by.mean(axis=2).argmax(axis=1)
    variants = scores.shape[1]
    others = np.array([[each for each in range(variants) if each != one] for one in best])
    rows = np.arange(len(scores))
    moved = np.stack(
        [scores[rows, best], *(scores[rows, others[:, n]] for n in range(variants - 1))], axis=1
    )
    return p_values(moved, pairs_of(variants, reference=True))
