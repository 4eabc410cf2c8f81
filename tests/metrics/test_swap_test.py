"""Swapped answers, against SciPy's permutation test and McNemar's exact test by statsmodels."""

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar

from rnnbuild.metrics.classification import ACCURACY
from rnnbuild.metrics.metric import Metric
from rnnbuild.metrics.scoring import select, tabulate
from rnnbuild.metrics.swap_test import SWAPS, swap_tests
from rnnbuild.metrics.tasks import metrics_for
from tests.metrics.two_models import equal_models, tagged_pair


def scipy_p(metric: Metric, first: np.ndarray, second: np.ndarray) -> float:
    """Every swap of every example, each score computed from the statistics that are swapped."""
    tables = np.stack([first, second]).astype(np.float64)

    def difference(ours, theirs, axis):
        one, other = (
            np.take_along_axis(tables, which[np.newaxis, :, np.newaxis].astype(int), axis=0)[0]
            for which in (ours, theirs)
        )
        return float(metric.score(one.sum(axis=0)) - metric.score(other.sum(axis=0)))

    rows = len(first)
    test = stats.permutation_test(
        (np.zeros(rows), np.ones(rows)),
        lambda ours, theirs: difference(ours, theirs, 0),
        permutation_type="samples",
        vectorized=False,
        n_resamples=2**rows,
    )
    return float(test.pvalue)


@pytest.mark.parametrize("make", [equal_models, tagged_pair])
def test_all_swaps_of_a_few_examples_are_those_of_scipy(make):
    """Each score of each table, not of additive ones alone."""
    first, second = make(np.random.default_rng(3), 9)
    metrics = metrics_for(first)
    ours, theirs = tabulate(metrics, first), tabulate(metrics, second)
    p_values = swap_tests(metrics, ours, theirs)
    assert len(p_values) > 1
    assert "roc_auc" not in p_values
    for metric in metrics:
        if metric.name in p_values:
            table = metric.statistics
            expected = scipy_p(metric, ours[table], theirs[table])
            assert p_values[metric.name] == pytest.approx(expected), metric.name


@pytest.mark.parametrize("rows", [30, 400, 3000])
def test_of_correct_and_wrong_answers_it_is_mcnemars_exact_test(rows):
    first, second = equal_models(np.random.default_rng(rows), rows)
    ours, theirs = (tabulate([ACCURACY], each) for each in (first, second))
    correct = [tables[ACCURACY.statistics][:, 0] > 0 for tables in (ours, theirs)]
    table = [
        [int(((correct[0] == one) & (correct[1] == other)).sum()) for other in (True, False)]
        for one in (True, False)
    ]
    expected = mcnemar(table, exact=True).pvalue
    p = swap_tests([ACCURACY], ours, theirs)["accuracy"]
    differing = table[0][1] + table[1][0]
    if 2**differing <= SWAPS:
        assert p == pytest.approx(expected)
    else:  # four standard errors of a share of SWAPS, and the swap that is added
        assert p == pytest.approx(expected, abs=4 * np.sqrt(expected / SWAPS) + 2 / SWAPS)


def test_models_that_answer_alike_do_not_differ():
    first, _ = equal_models(np.random.default_rng(1), 50)
    metrics = metrics_for(first)
    tables = tabulate(metrics, first)
    assert set(swap_tests(metrics, tables, tables).values()) == {1.0}


def test_a_large_difference_has_a_small_p_value_that_is_never_zero():
    first, second = equal_models(np.random.default_rng(1), 2000)
    perfect = np.ones_like(tabulate([ACCURACY], first)[ACCURACY.statistics])
    worse = tabulate([ACCURACY], second)
    p = swap_tests([ACCURACY], {ACCURACY.statistics: perfect}, worse)["accuracy"]
    assert p == pytest.approx(1 / (SWAPS + 1))


def test_the_order_of_the_models_and_of_the_examples_does_not_matter_to_all_swaps():
    first, second = equal_models(np.random.default_rng(5), 12)
    metrics = metrics_for(first)[:4]
    ours, theirs = (tabulate(metrics, each) for each in (first, second))
    order = np.random.default_rng(6).permutation(12)
    p_values = swap_tests(metrics, ours, theirs)
    assert swap_tests(metrics, theirs, ours) == pytest.approx(p_values)
    assert swap_tests(metrics, select(ours, order), select(theirs, order)) == pytest.approx(
        p_values
    )
