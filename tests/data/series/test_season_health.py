"""Seasons: their strength against statsmodels' decomposition, and when removing one is advised."""

import numpy as np
import pytest
from statsmodels.tsa.seasonal import STL, seasonal_decompose

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.config.schema.series import SeasonalDifference
from rnnbuild.data.bundled.registry import DATASETS
from rnnbuild.data.series.season_health import (
    errors_of_no_change,
    seasonal_strength,
    seasonal_transform,
    strong_seasons,
)
from tests.data.health.made import findings_of, write

DRAW = np.random.default_rng(5)
STEPS = np.arange(240)
NOISE = DRAW.normal(size=240)
WALK = NOISE.cumsum()
SEASON = 10 * np.sin(2 * np.pi * STEPS / 12)
CO2 = DATASETS["co2"].load().series.values[:, 0]


@pytest.mark.parametrize("season", [7, 12])
def test_the_strength_is_that_of_a_classical_decomposition(season):
    values = WALK + 3 * np.sin(2 * np.pi * STEPS / season)
    parts = seasonal_decompose(values, period=season)
    known = ~np.isnan(parts.trend)
    rest, seasonal = parts.resid[known], parts.seasonal[known]
    expected = 1 - rest.var() / (seasonal + rest).var()
    # statsmodels centres the season's means on 0, which moves the remainder's variance by nothing.
    assert seasonal_strength(values, season) == pytest.approx(expected, abs=1e-9)


def test_the_strength_is_close_to_that_of_stl():
    for values, season in ((SEASON + WALK, 12), (CO2[:1000], 52), (NOISE, 12)):
        parts = STL(values, period=season, seasonal=len(values) * 2 + 1).fit()
        expected = max(0, 1 - parts.resid.var() / (parts.seasonal + parts.resid).var())
        assert seasonal_strength(values, season) == pytest.approx(expected, abs=0.12)


def test_errors_of_no_change_are_those_of_a_loop():
    for horizon in (1, 5, 15):
        last, before, moved = [], [], []
        shift = 12 * -(-horizon // 12)
        for ahead in range(1, horizon + 1):
            back = 12 * -(-ahead // 12)
            for origin in range(back + 12, 240 - ahead):
                actual = WALK[origin + ahead]
                last.append(actual - WALK[origin])
                before.append(actual - WALK[origin + ahead - back])
                level = WALK[origin] - WALK[origin - back]
                moved.append(actual - WALK[origin + ahead - back] - level)
        assert shift >= horizon
        expected = [np.sqrt(np.mean(np.square(each))) for each in (last, before, moved)]
        np.testing.assert_allclose(errors_of_no_change(WALK, 12, horizon), expected)


def advised(values, season=12, **keys):
    return seasonal_transform(values[:, None], DataConfig(train="x", **keys), season)


def test_a_season_is_advised_against_where_there_is_none():
    for values in (NOISE, WALK, STEPS * 2.0, STEPS**2.0, np.exp(STEPS / 50), WALK.cumsum()):
        assert advised(values) is None


def test_the_advice_removes_the_season_and_the_level_where_that_moves():
    remove = {"seasonal_difference": 12}
    assert advised(SEASON + NOISE) == [remove, "standardise"]
    assert advised(SEASON + WALK) == ["difference", remove, "standardise"]
    assert advised(SEASON + WALK, subtract="last") == [remove, "standardise"]
    assert advised(SEASON + WALK, transform=("log", "difference")) == ["log", "difference", remove]


def test_few_seasons_are_no_evidence():
    assert strong_seasons((SEASON + NOISE)[:36, None], [0], 1, 12) == []
    assert strong_seasons((SEASON + NOISE)[:37, None], [0], 1, 12) != []


def test_a_stated_seasonal_difference_is_the_last_word(tmp_path):
    values = SEASON + NOISE
    rows = [(f"{1990 + n // 12}-{n % 12 + 1:02}", f"{value:.4f}") for n, value in enumerate(values)]
    file = write(tmp_path, "s.csv", rows, ("month", "y"))
    finding = findings_of(tmp_path, train=file, window=12)["season"]
    assert finding.level == "warning"
    assert "`data.transform: [{seasonal_difference: 12}, standardise]`" in finding.remedy
    removed = (SeasonalDifference(seasonal_difference=12), "standardise")
    assert findings_of(tmp_path, train=file, window=12, transform=removed)["season"].level == "ok"
