"""Thousands of simulated studies: how often the program's verdicts are wrong, and how often right.

Each check is also made of a procedure that is known to be wrong, which has to fail it.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from scipy import stats

from rnnbuild.metrics.power import power, seeds_to_show
from rnnbuild.runs.study.plan_file import Extension
from rnnbuild.studies.findings import Findings, findings_of
from rnnbuild.studies.pareto import pareto_of
from tests.studies.made import made_plan, made_results
from tests.studies.simulated import (
    DEVIATION,
    Array,
    against_the_best,
    any_by_holm,
    draw_scores,
    p_values,
    pairs_of,
)

VARIANTS, SEEDS, STUDIES = 6, 5, 10_000
MOST = 0.06
"""Share of studies of equal variants that may have a difference; 0.05 is what tests promise."""
EQUAL = np.full(VARIANTS, 0.8)
DIFFERENT = {"better", "worse"}


def error(share: float, studies: int) -> float:
    """Three standard errors of a share of studies."""
    return float(3 * np.sqrt(share * (1 - share) / studies))


def findings(
    test: Array, validation: Array, *, reference: bool = True, margin: float | None = None
) -> Findings:
    """What the program finds in a study with these scores (variants, seeds)."""
    plan = made_plan(*test.shape, reference="v0" if reference else None, margin=margin)
    return findings_of(made_results(test, validation, plan=plan))


def studies_of(drawn: tuple[Array, Array], **options: Any) -> Iterator[Findings]:
    """What the program finds in each of many studies (studies, variants, seeds)."""
    return (findings(*scores, **options) for scores in zip(*drawn, strict=True))


def differs(study: Findings) -> bool:
    return any(each.verdict in DIFFERENT for each in study.differences)


@pytest.fixture(scope="module")
def equal() -> tuple[Array, Array]:
    """Test and validation scores of 10,000 studies whose variants are equal."""
    return draw_scores(EQUAL, STUDIES, SEEDS, np.random.default_rng(14))


@pytest.mark.parametrize("reference", [True, False])
def test_equal_variants_differ_in_at_most_6_percent_of_10_000_studies(
    reference: bool, equal: tuple[Array, Array]
) -> None:
    test, validation = equal
    alarms = any_by_holm(p_values(test, pairs_of(VARIANTS, reference)))
    assert alarms.mean() <= MOST
    # The program's own verdicts are these: of the first studies, and of all with an alarm near.
    for study in [*range(200), *np.flatnonzero(alarms)[:100]]:
        program = findings(test[study], validation[study], reference=reference)
        assert differs(program) == alarms[study]


@pytest.mark.torture
@pytest.mark.parametrize("reference", [True, False])
@pytest.mark.parametrize("margin", [None, 1.0])
def test_the_program_itself_finds_differences_in_at_most_6_percent(
    reference: bool, margin: float | None, equal: tuple[Array, Array]
) -> None:
    studies = studies_of(equal, reference=reference, margin=margin)
    assert np.mean([differs(study) for study in studies]) <= MOST


def binomial(draw: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Accuracies near 1 on 50 rows: many are equal, and some studies have no variance."""
    return draw.binomial(50, 0.98, shape) / 50


def bimodal(draw: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """One run in twenty learns nothing."""
    return np.where(draw.random(shape) < 0.05, 0.5, 0.9) + draw.normal(0, 0.005, shape)


def heavy_tails(draw: np.random.Generator, shape: tuple[int, ...]) -> Array:
    return 0.8 + DEVIATION * draw.standard_t(3, shape)


def skewed(draw: np.random.Generator, shape: tuple[int, ...]) -> Array:
    return 1 - 0.02 * draw.exponential(1, shape)


def unequal_variances(draw: np.random.Generator, shape: tuple[int, ...]) -> Array:
    deviations = np.geomspace(0.001, 0.04, VARIANTS)[:, None]
    return 0.8 + deviations * draw.normal(0, 1, shape)


@pytest.mark.parametrize("reference", [True, False])
@pytest.mark.parametrize("make", [binomial, bimodal, heavy_tails, skewed, unequal_variances])
def test_scores_that_are_not_normal_alarm_no_more_often(
    make: Callable[[np.random.Generator, tuple[int, ...]], Array], reference: bool
) -> None:
    scores = make(np.random.default_rng(22), (STUDIES, VARIANTS, SEEDS))
    alarms = any_by_holm(p_values(scores, pairs_of(VARIANTS, reference)))
    assert alarms.mean() <= MOST
    for study in [*range(60), *np.flatnonzero(alarms)[:30]]:
        program = findings(scores[study], scores[study], reference=reference)
        assert differs(program) == alarms[study]


@pytest.mark.parametrize("seeds", [6, 10])
@pytest.mark.parametrize("studies", [300, pytest.param(10_000, marks=pytest.mark.torture)])
def test_where_scores_are_often_equal_the_sign_test_alarms_no_more_often(
    studies: int, seeds: int
) -> None:
    scores = binomial(np.random.default_rng(23), (studies, VARIANTS, seeds))
    alarms = np.mean([differs(study) for study in studies_of((scores, scores))])
    assert alarms <= 0.05 + error(0.05, studies)


def test_the_best_of_the_same_data_as_reference_fails_that_check(
    equal: tuple[Array, Array],
) -> None:
    test, _ = equal
    p = against_the_best(test, chosen_by=test)
    assert any_by_holm(p).mean() > MOST + 0.02
    assert (p.min(axis=1) <= 0.05).mean() > 0.3


def test_tests_without_holm_fail_that_check(equal: tuple[Array, Array]) -> None:
    test, _ = equal
    for reference, share in ((True, 0.15), (False, 0.4)):
        p = p_values(test, pairs_of(VARIANTS, reference))
        assert (p.min(axis=1) <= 0.05).mean() > share


def test_the_test_score_of_the_best_by_validation_flatters_it_less_than_the_best_test_score(
    equal: tuple[Array, Array],
) -> None:
    test, validation = (scores.mean(axis=2) for scores in equal)
    rows = np.arange(STUDIES)
    selected = test[rows, validation.argmax(axis=1)].mean()
    assert test.max(axis=1).mean() - 0.8 > 1.3 * (selected - 0.8)


@pytest.mark.parametrize("studies", [600, pytest.param(10_000, marks=pytest.mark.torture)])
def test_variants_that_differ_by_the_margin_are_called_equivalent_in_5_percent(
    studies: int,
) -> None:
    margin = 5 * DEVIATION
    means = EQUAL + margin * np.array([0, 1, 1, 1, -1, -1])
    drawn = draw_scores(means, studies, SEEDS, np.random.default_rng(15))
    called = [
        any(each.verdict == "equivalent" for each in study.differences)
        for study in studies_of(drawn, margin=100 * margin)
    ]
    assert 0.01 < np.mean(called) <= 0.05 + error(0.05, studies)
    # Without Holm they are called so more often.
    differences = np.abs(drawn[0][:, 1:] - drawn[0][:, :1])
    p = stats.ttest_1samp(differences, margin, axis=2, alternative="less").pvalue
    assert (p.min(axis=1) <= 0.05).mean() > 0.1


@pytest.mark.parametrize("studies", [600, pytest.param(10_000, marks=pytest.mark.torture)])
def test_a_variant_that_is_worse_by_the_margin_suffices_in_at_most_5_percent(studies: int) -> None:
    # The last and most expensive one is the best; all others are worse by just too much.
    margin = 4 * DEVIATION
    means = EQUAL + margin * np.array([0, 0, 0, 0, 0, 1])
    drawn = draw_scores(means, studies, SEEDS, np.random.default_rng(17))
    fronts = map(pareto_of, studies_of(drawn, margin=100 * margin))
    wrong = [front.cheapest != "v5" for front in fronts]
    assert 0.01 < np.mean(wrong) <= 0.05 + error(0.05, studies)
    # Without Holm it is named more often.
    differences = drawn[1][:, :-1] - drawn[1][:, -1:]
    p = stats.ttest_1samp(differences, -margin, axis=2, alternative="greater").pvalue
    assert (p.min(axis=1) <= 0.05).mean() > 0.1


@pytest.mark.parametrize("studies", [600, pytest.param(10_000, marks=pytest.mark.torture)])
def test_of_equal_variants_the_selected_best_is_no_reason_to_refuse_a_cheaper_one(
    studies: int,
) -> None:
    # With a margin of ten standard deviations every variant suffices, and the cheapest is named.
    drawn = draw_scores(EQUAL, studies, SEEDS, np.random.default_rng(18))
    fronts = map(pareto_of, studies_of(drawn, margin=1000 * DEVIATION))
    assert np.mean([front.cheapest == "v0" for front in fronts]) > 0.99


@pytest.mark.parametrize("studies", [600, pytest.param(10_000, marks=pytest.mark.torture)])
@pytest.mark.parametrize("effect", [0.8, 1.0, 2.0])
def test_the_number_of_seeds_that_is_named_shows_the_gap_with_80_percent_power(
    effect: float, studies: int
) -> None:
    # Differences of two runs with a seed in common have the variance of one run.
    gap = effect * DEVIATION
    seeds = seeds_to_show(gap, DEVIATION)
    assert seeds is not None
    means = np.array([0.8, 0.8 + gap])
    drawn = draw_scores(means, studies, seeds, np.random.default_rng(19))
    verdicts = [study.differences[0].verdict for study in studies_of(drawn)]
    shown = verdicts.count("better") / studies
    # A whole number of seeds has some more power than was asked for: 4.2 seeds are rounded up to 5.
    expected = power(seeds, gap, DEVIATION)
    assert 0.8 <= expected < 0.92
    assert shown == pytest.approx(expected, abs=error(expected, studies))


@pytest.mark.parametrize("studies", [400, pytest.param(10_000, marks=pytest.mark.torture)])
def test_with_several_variants_the_number_of_seeds_shows_the_gap_in_80_percent_or_more(
    studies: int,
) -> None:
    seeds = seeds_to_show(DEVIATION, DEVIATION, 0.05 / 5)
    assert seeds is not None
    means = EQUAL + np.array([0, DEVIATION, 0, 0, 0, 0])
    drawn = draw_scores(means, studies, seeds, np.random.default_rng(20))
    verdicts = [study.differences[0].verdict for study in studies_of(drawn)]
    shown = verdicts.count("better") / studies
    assert shown > 0.8 - error(0.8, studies)


@pytest.mark.parametrize("studies", [200, pytest.param(4000, marks=pytest.mark.torture)])
def test_seeds_that_are_added_until_something_shows_alarm_far_more_often(studies: int) -> None:
    first, last = 5, 20
    drawn = draw_scores(EQUAL[:2], studies, last, np.random.default_rng(21))
    alarms = 0
    for test, validation in zip(*drawn, strict=True):
        for seeds in range(first, last + 1):
            added = tuple(range(first + 1, seeds + 1))
            grown = (Extension(finished=2 * first, seeds=added),) if added else ()
            plan = made_plan(2, seeds, extensions=grown)
            study = findings_of(made_results(test[:, :seeds], validation[:, :seeds], plan=plan))
            assert (study.withdrawn is None) == (seeds == first)
            if differs(study):
                alarms += 1
                break
    assert alarms / studies > 0.12
