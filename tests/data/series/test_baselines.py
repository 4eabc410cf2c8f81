"""Trivial forecasts against scikit-learn and figures known from elsewhere."""

import csv

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression

from rnnbuild.config.schema.data import DataConfig, SplitConfig
from rnnbuild.config.schema.series import SeasonalDifference
from rnnbuild.data.load import load_data
from rnnbuild.data.series.baselines import LinearMap, persistence, seasonal
from rnnbuild.metrics.tasks import scores
from tests.corpora import corpus


def test_the_last_value_and_the_season_before():
    values = np.arange(20.0)[:, None]
    origins = np.array([9])
    assert persistence(values, origins, 3)[0, :, 0].tolist() == [9, 9, 9]
    assert seasonal(values, origins, 5, 3)[0, :, 0].tolist() == [7, 8, 9, 7, 8]


def test_the_linear_map_is_scikit_learns_on_the_windows_of_all_columns():
    values = np.random.default_rng(1).normal(size=(60, 2)).cumsum(axis=0)
    window, horizon, train = 4, 3, 40
    origins = np.arange(window - 1, train - horizon)
    linear = LinearMap.fit(values, train, origins, window, horizon)
    scaled = (values - values[:train].mean(axis=0)) / values[:train].std(axis=0)
    rows = [(column, origin) for column in (0, 1) for origin in origins]
    inputs = [scaled[origin - window + 1 : origin + 1, column] for column, origin in rows]
    targets = [scaled[origin + 1 : origin + 1 + horizon, column] for column, origin in rows]
    authority = LinearRegression().fit(inputs, targets)
    result = linear.forecasts(values, np.array([50]))
    for column in (0, 1):
        expected = authority.predict([scaled[47:51, column]])[0]
        expected = expected * values[:train, column].std() + values[:train, column].mean()
        np.testing.assert_allclose(result[0, :, column], expected)


def rmse(loaded) -> dict[str, float | None]:
    return {
        name: scores(answers, resamples=0)["rmse"].value
        for name, answers in loaded.baselines("test").items()
    }


def test_known_figures_of_the_airline_series():
    """Last 48 months, one step: as worked out from the numbers alone."""
    folder = corpus("series")
    with (folder / "airline-passengers.csv").open() as file:
        x = np.array([float(row[1]) for row in list(csv.reader(file))[1:]])
    split = SplitConfig(validation=0, test=48)
    season = SeasonalDifference(seasonal_difference=12)
    data = DataConfig(
        train="airline-passengers.csv",
        window=13,
        transform=("log", "difference", season),
        split=split,
    )
    result = rmse(load_data(data, folder))
    t = np.arange(96, 144)
    product = x[t - 1] * x[t - 12] / x[t - 13]
    expected = {
        "persistence": x[t - 1],
        "seasonal (12)": x[t - 12],
        "no change (after transform)": product,
    }
    for name, answers in expected.items():
        assert result[name] == pytest.approx(np.sqrt(np.square(answers - x[t]).mean()))
    assert result["persistence"] == pytest.approx(48.0, abs=0.05)
    assert result["seasonal (12)"] == pytest.approx(41.9, abs=0.05)
    assert result["log AR(13)"] == pytest.approx(14.0, abs=0.05)
    plain = DataConfig(
        train="airline-passengers.csv",
        window=12,
        transform=("difference", season),
        split=split,
    )
    result = rmse(load_data(plain, folder))
    assert result["linear AR(12)"] == pytest.approx(21.0, abs=0.05)
    assert result["no change (after transform)"] == pytest.approx(15.4, abs=0.05)


def test_known_figures_of_a_random_walk():
    folder = corpus("series")
    data = DataConfig(
        train="sp500-2000.csv", columns=("close",), split=SplitConfig(validation=0, test=0.2)
    )
    result = rmse(load_data(data, folder))
    assert result["persistence"] == pytest.approx(32.05, abs=0.005)
    assert result["linear AR(30)"] == pytest.approx(32.25, abs=0.006)


@pytest.mark.torture
def test_known_figures_of_seven_columns_a_day_ahead():
    folder = corpus("series")
    data = DataConfig(
        train="ETTh1.csv",
        window=96,
        horizon=24,
        split=SplitConfig(train=8640, validation=2880, test=2880),
        report="standardised",
    )
    answers = load_data(data, folder).baselines("test")
    result = {name: scores(answer, resamples=0)["mse"].value for name, answer in answers.items()}
    assert result["seasonal (24)"] == pytest.approx(0.424, abs=0.001)
    assert result["linear AR(96)"] == pytest.approx(0.310, abs=0.002)


def test_no_change_from_the_last_value_is_persistence_and_listed_once(tmp_path):
    (tmp_path / "s.csv").write_text("x\n" + "\n".join(str(n * n % 17) for n in range(80)))
    data = DataConfig(train="s.csv", window=5, subtract="last")
    assert list(load_data(data, tmp_path).baselines("test")) == ["persistence", "linear AR(5)"]
