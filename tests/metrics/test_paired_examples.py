"""Two models on the same examples: which is better, by how much, and how often that is an error."""

import numpy as np
import pytest
from scipy import stats

from rnnbuild.metrics.classification import ACCURACY, LOG_LOSS, Classified
from rnnbuild.metrics.forecasting import MAE, MSE, RMSE, Forecasts
from rnnbuild.metrics.paired_examples import ALIKE, paired_examples
from rnnbuild.metrics.roc_auc import ROC_AUC
from rnnbuild.metrics.scoring import tabulate
from rnnbuild.metrics.swap_test import swap_tests
from rnnbuild.metrics.tasks import metrics_for
from tests.metrics.two_models import answers, equal_models


def compared(first, second, reach=None):
    metrics = metrics_for(first)
    return paired_examples(metrics, tabulate(metrics, first), tabulate(metrics, second), reach)


def test_above_zero_is_better_whichever_way_the_metric_points():
    generator = np.random.default_rng(1)
    targets = generator.integers(2, size=500)
    noise = generator.normal(size=(500, 2))
    good, bad = (answers(targets, share * np.eye(2)[targets] + noise) for share in (3, 1))
    for name, each in compared(good, bad).items():
        assert each.difference.value > 0, name
        assert 0 < each.difference.low < each.difference.value < each.difference.high
        assert each.p < 0.01
        assert each.difference.count == 500
    for each in compared(bad, good).values():
        assert each.difference.high < 0


def test_the_interval_is_scipys_paired_bootstrap():
    first, second = equal_models(np.random.default_rng(2), 400)
    losses = [tabulate([LOG_LOSS], each)[LOG_LOSS.statistics][:, 0] for each in (first, second)]
    expected = stats.bootstrap(
        losses,
        lambda ours, theirs, axis: theirs.mean(axis=axis) - ours.mean(axis=axis),
        paired=True,
        method="percentile",
        n_resamples=5000,
        rng=np.random.default_rng(3),
    ).confidence_interval
    difference = compared(first, second)["log_loss"].difference
    # The ends of a thousand resamples vary by some hundredths of the interval.
    margin = 0.08 * (expected.high - expected.low)
    assert difference.low == pytest.approx(expected.low, abs=margin)
    assert difference.high == pytest.approx(expected.high, abs=margin)


@pytest.mark.parametrize("trials", [25, pytest.param(3000, marks=pytest.mark.torture)])
@pytest.mark.parametrize(("rows", "labels"), [(40, 2), (150, 2), (150, 5)])
def test_models_of_equal_accuracy_are_rarely_told_apart(rows, labels, trials):
    generator = np.random.default_rng(rows + labels)
    alarms: dict[str, int] = {}
    outside: dict[str, int] = {}
    for _ in range(trials):
        for name, each in compared(*equal_models(generator, rows, labels)).items():
            score = each.difference
            missed = score.low is not None and not score.low <= 0 <= score.high
            alarms[name] = alarms.get(name, 0) + (each.p <= 0.05)
            outside[name] = outside.get(name, 0) + missed
    error = np.sqrt(0.05 * 0.95 / trials)
    assert max(alarms.values()) / trials <= 0.055 + 3 * error, alarms
    assert max(outside.values()) / trials <= 0.07 + 3 * error, outside


def test_a_difference_of_the_size_of_its_errors_is_found_about_as_often_as_mcnemars_power():
    """Ten points between models that differ on 30 % of 300 rows: the power is about 0.88."""
    generator = np.random.default_rng(4)
    found = 0
    for _ in range(100):
        kind = generator.choice(3, p=[0.7, 0.2, 0.1], size=300)
        first, second = np.where(kind == 2, 0.0, 1.0), np.where(kind == 1, 0.0, 1.0)
        tables = [
            {ACCURACY.statistics: np.stack([each, np.ones(300)], axis=1)}
            for each in (first, second)
        ]
        found += swap_tests([ACCURACY], *tables)["accuracy"] <= 0.05
    normal = stats.norm()
    power = normal.cdf((0.1 * np.sqrt(300) - 1.96 * np.sqrt(0.3)) / np.sqrt(0.3 - 0.01))
    assert found / 100 == pytest.approx(power, abs=3 * np.sqrt(power * (1 - power) / 100) + 0.03)


def test_the_area_that_ranks_both_models_alike_does_not_differ():
    """Probabilities of one are those of the other on another scale: swaps would mix the two."""
    generator = np.random.default_rng(5)
    targets = generator.integers(2, size=300)
    logits = generator.normal(targets, 1)
    first, second = (
        answers(targets, np.stack([np.zeros(300), scale * logits], axis=1)) for scale in (1, 5)
    )
    both = compared(first, second)
    assert both["roc_auc"].difference.value == 0
    assert both["roc_auc"].p == pytest.approx(1, abs=0.01)
    assert both["accuracy"].difference.no_interval == ALIKE
    assert both["accuracy"].p == 1


def test_areas_that_differ_are_told_apart():
    generator = np.random.default_rng(6)
    targets = generator.integers(2, size=300)
    first, second = (
        answers(targets, np.stack([np.zeros(300), generator.normal(share * targets)], axis=1))
        for share in (2.5, 0.5)
    )
    each = compared(first, second)["roc_auc"]
    assert each.difference.low > 0
    assert each.p < 0.01


def test_what_is_undefined_has_no_difference():
    one_class = Classified.from_probabilities(
        np.zeros(5, np.int64), np.random.default_rng(7).random((5, 2)), ("a", "b")
    )
    tables = tabulate([ROC_AUC], one_class)
    each = paired_examples([ROC_AUC], tables, tables)["roc_auc"]
    assert each.difference.value is None
    assert each.p is None


def test_one_example_says_nothing_of_others():
    first, second = (answers(np.array([0]), np.array([[x, 0.0]])) for x in (1, -1))
    each = compared(first, second)["accuracy"]
    assert each.difference.value == 1
    assert each.difference.no_interval == "one example says nothing of others"
    assert each.p == 1


def forecasts(noise: float, rows: int = 400) -> tuple[Forecasts, Forecasts]:
    generator = np.random.default_rng(8)
    targets = generator.normal(size=(rows, 3))
    errors = generator.normal(size=(2, rows, 3))
    return Forecasts(targets, targets + errors[0]), Forecasts(targets, targets + noise * errors[1])


def test_the_root_of_a_mean_differs_where_the_mean_does():
    first, second = forecasts(1.5)
    both = compared(first, second, reach=1)
    assert list(both) == ["rmse", "mae", "mse"]
    assert both["rmse"].p == both["mse"].p < 0.001
    rmse = both["rmse"].difference
    expected = np.sqrt((second.errors**2).mean()) - np.sqrt((first.errors**2).mean())
    assert rmse.value == pytest.approx(expected)
    assert 0 < rmse.low < rmse.value < rmse.high
    slope = both["rmse"].difference.value / both["mse"].difference.value
    assert rmse.high == pytest.approx(slope * both["mse"].difference.high)


def test_errors_are_compared_row_by_row():
    first, second = forecasts(1.05)
    both = paired_examples(
        [MAE, MSE, RMSE],
        *(tabulate([MAE, MSE, RMSE], each) for each in (first, second)),
        reach=1,
    )
    losses = [np.abs(each.errors).mean(axis=1) for each in (first, second)]
    expected = stats.ttest_rel(*losses)
    # With independent rows as Student's t test, but for the variance from 21 waves.
    assert both["mae"].p == pytest.approx(expected.pvalue, abs=0.15)


def test_too_few_windows_are_refused_with_the_reason():
    each = compared(*forecasts(1.5, rows=12), reach=1)["rmse"]
    assert each.p is None
    assert each.difference.value > 0
    assert each.difference.no_interval == "12 examples are too few: it needs 20 independent ones"
