"""Columns in units of their own: each is scored by itself, and together only standardised."""

from dataclasses import replace

import numpy as np
import pytest

from rnnbuild.metrics.by_column import scores_by_column
from rnnbuild.metrics.forecasting import Forecasts
from rnnbuild.metrics.mistakes import worst_mistakes
from rnnbuild.metrics.tasks import main_metric, metrics_for, scores
from rnnbuild.tasks.facts import DataFacts

DRAW = np.random.default_rng(2)
ROWS, HORIZON = 60, 3
DEVIATION = np.array([400.0, 0.25])
SCALE = np.array([120.0, 0.1])


def forecasts(units: tuple[float, float] = (1.0, 1.0), error: float = 1.0) -> Forecasts:
    """Two columns over a horizon of 3, the same whatever their units are."""
    draw = np.random.default_rng(7)
    factor = np.tile(np.array(units), HORIZON)
    targets = draw.normal(size=(ROWS, 2 * HORIZON)) * np.tile(DEVIATION, HORIZON)
    errors = draw.normal(size=targets.shape) * np.tile(SCALE, HORIZON) * error
    return Forecasts(
        targets * factor,
        (targets + errors) * factor,
        np.tile(SCALE, HORIZON) * factor,
        ("sales", "share"),
        np.tile(DEVIATION, HORIZON) * factor,
    )


def test_no_score_pools_two_units():
    names = [metric.name for metric in metrics_for(forecasts())]
    assert names == ["standardised_rmse", "standardised_mae", "standardised_mse", "mase"]
    facts = DataFacts("forecast", outputs=6, units=("sales", "share"))
    assert main_metric(facts).name == "standardised_rmse"
    assert main_metric(replace(facts, units=())).name == "rmse"


def test_standardised_scores_are_those_of_the_equations():
    answers = forecasts()
    errors = (answers.predictions - answers.targets) / np.tile(DEVIATION, HORIZON)
    found = {name: score.value for name, score in scores(answers, resamples=0).items()}
    assert found["standardised_mse"] == pytest.approx(np.mean(errors**2))
    assert found["standardised_rmse"] == pytest.approx(np.sqrt(np.mean(errors**2)))
    assert found["standardised_mae"] == pytest.approx(np.mean(np.abs(errors)))


def test_each_column_has_the_scores_of_its_own_errors():
    answers, other = forecasts(), forecasts(error=2.0)
    by_column = scores_by_column(answers, {"other": other})
    assert list(by_column) == ["sales", "share"]
    for number, name in enumerate(by_column):
        for each, of_method in ((answers, None), (other, "other")):
            errors = (each.predictions - each.targets).reshape(ROWS, HORIZON, 2)[:, :, number]
            expected = {
                "rmse": np.sqrt(np.mean(errors**2)),
                "mae": np.mean(np.abs(errors)),
                "mse": np.mean(errors**2),
                "mase": np.mean(np.abs(errors)) / SCALE[number],
            }
            known = by_column[name].baselines.get(of_method or "", None) or {
                metric: score.value for metric, score in by_column[name].scores.items()
            }
            assert known == pytest.approx(expected)
        rmse = by_column[name].scores["rmse"]
        assert rmse.low < rmse.value < rmse.high


def test_another_unit_changes_the_scores_of_its_column_alone():
    euros, cents = forecasts(), forecasts((100.0, 1.0))
    for name, score in scores(euros, resamples=0).items():
        assert scores(cents, resamples=0)[name].value == pytest.approx(score.value)
    before, after = scores_by_column(euros, {}), scores_by_column(cents, {})
    assert after["sales"].scores["rmse"].value == pytest.approx(
        100 * before["sales"].scores["rmse"].value
    )
    assert after["share"].scores["rmse"].value == before["share"].scores["rmse"].value
    np.testing.assert_array_equal(worst_mistakes(euros), worst_mistakes(cents))


def test_columns_without_a_deviation_are_refused():
    answers = forecasts()
    with pytest.raises(ValueError, match="deviation"):
        replace(answers, deviation=None)
    with pytest.raises(ValueError, match="the deviation is"):
        replace(answers, deviation=DEVIATION)
