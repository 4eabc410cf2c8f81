"""Pareto fronts by their definition, and the cheapest variant that suffices."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests

from rnnbuild.runs.study.results_file import Results
from rnnbuild.studies.findings import findings_of
from rnnbuild.studies.pareto import Pareto, front, pareto_of
from tests.studies.made import made_plan, made_results

POINTS = st.dictionaries(
    st.text("abcdefgh", min_size=1, max_size=1),
    st.tuples(st.integers(0, 4), st.integers(0, 4)),
    max_size=8,
)


@given(POINTS)
def test_a_front_has_the_points_that_no_other_dominates(points: dict[str, tuple[int, int]]) -> None:
    scores = {name: float(score) for name, (score, _) in points.items()}
    costs = {name: float(cost) for name, (_, cost) in points.items()}
    undominated = {
        points[name]
        for name in points
        if not any(
            scores[other] >= scores[name]
            and costs[other] <= costs[name]
            and points[other] != points[name]
            for other in points
        )
    }
    names = front(scores, costs)
    assert {points[name] for name in names} == undominated
    assert len(names) == len(undominated)
    assert list(names) == sorted(names, key=costs.__getitem__)


def pareto(scores: object, margin: float | None = None, **keys: object) -> Pareto:
    array = np.array(scores)
    plan = made_plan(*array.shape, margin=margin)
    # Test scores that say the opposite: what is selected never looks at them.
    return pareto_of(findings_of(made_results(1 - array, array, plan=plan, **keys)))


RISING = [[0.70, 0.72, 0.71], [0.69, 0.70, 0.71], [0.80, 0.81, 0.82], [0.80, 0.81, 0.825]]


def test_both_fronts_are_by_validation_scores() -> None:
    fronts = pareto(RISING)
    assert fronts.by_parameters == fronts.by_latency == ("v0", "v2", "v3")


def test_a_front_of_errors_has_the_lowest() -> None:
    assert pareto(RISING, higher_is_better=False).by_parameters == ("v0", "v1")


def test_without_latencies_there_is_no_front_of_them() -> None:
    results = made_results(RISING)
    facts = tuple(replace(each, latency=None) for each in results.facts)
    fronts = pareto_of(findings_of(replace(results, facts=facts)))
    assert fronts.by_latency == ()
    assert fronts.by_parameters == ("v0", "v2", "v3")


def test_without_a_margin_no_cheaper_variant_is_named() -> None:
    assert pareto(RISING).cheapest is None
    assert pareto(RISING).cheaper == ()


def test_the_cheapest_variant_that_is_shown_to_suffice_is_named() -> None:
    fronts = pareto(RISING, margin=2.0)
    assert [each.variant for each in fronts.cheaper] == ["v0", "v1", "v2"]
    assert [each.sufficient for each in fronts.cheaper] == [False, False, True]
    assert fronts.cheapest == "v2"


def test_a_cheaper_variant_suffices_if_its_errors_are_not_much_higher() -> None:
    errors = 1 - np.array(RISING)
    fronts = pareto(errors, margin=2.0, higher_is_better=False)
    assert [each.sufficient for each in fronts.cheaper] == [False, False, True]
    assert fronts.cheapest == "v2"


def test_where_none_is_shown_to_suffice_the_best_itself_is_named() -> None:
    fronts = pareto(RISING, margin=0.01)
    assert fronts.cheapest == "v3"


def test_its_p_values_are_those_of_one_sided_tests_adjusted_by_holm() -> None:
    draw = np.random.default_rng(3)
    scores = draw.normal(0.8, 0.01, (4, 6)) + np.array([[0], [0], [0], [0.02]])
    fronts = pareto(scores, margin=3.0)
    raw = [
        stats.ttest_1samp(scores[each] - scores[3], -0.03, alternative="greater").pvalue
        for each in range(3)
    ]
    expected = multipletests(raw, method="holm")[1]
    assert [each.p for each in fronts.cheaper] == pytest.approx(list(expected))


def test_variants_with_as_many_parameters_are_not_cheaper() -> None:
    results: Results = made_results(RISING, plan=made_plan(4, 3, margin=1.0))
    facts = tuple(replace(each, parameters=1000) for each in results.facts)
    fronts = pareto_of(findings_of(replace(results, facts=facts)))
    assert fronts.cheaper == ()
    assert fronts.cheapest == "v3"
    assert fronts.by_parameters == ("v3",)


def test_without_validation_rows_there_is_no_front() -> None:
    results = made_results(RISING, plan=made_plan(4, 3, margin=1.0))
    runs = tuple(replace(run, validation={}) for run in results.runs)
    fronts = pareto_of(findings_of(replace(results, runs=runs)))
    assert (fronts.by_parameters, fronts.by_latency, fronts.cheapest) == ((), (), None)
