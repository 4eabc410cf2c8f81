"""The bundled series: their steps, gaps and known figures."""

import gzip
from pathlib import Path

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from rnnbuild.config.load import config_of, load_config
from rnnbuild.config.resolve import resolve
from rnnbuild.config.schema.data import DataConfig
from rnnbuild.config.schema.series import SeasonalDifference
from rnnbuild.config.written import plain_values
from rnnbuild.data.bundled.mackey_glass import solution
from rnnbuild.data.bundled.real_series import co2, sunspots
from rnnbuild.data.bundled.registry import DATASETS
from rnnbuild.data.bundled.stocks import DRIFT, VOLATILITY, stocks
from rnnbuild.data.load import load_data
from rnnbuild.data.series.split import borders_of
from rnnbuild.errors import DataError
from rnnbuild.metrics.tasks import scores
from tests.data.bundled.build_series import FOLDER, build

SERIES = ("sunspots", "co2", "stocks", "mackey-glass")


@pytest.mark.parametrize("name", SERIES)
def test_a_card_counts_the_steps_of_each_split(name):
    dataset = DATASETS[name]
    bundled = dataset.load(**dataset.defaults)
    borders = borders_of(len(bundled.series), bundled.split)
    assert dataset.card.rows == tuple(end - start for start, end in borders.spans)
    assert borders.test == len(bundled.series)


def test_sunspots_are_the_yearly_figures():
    series = sunspots().series
    assert (series.at(0), series.at(308), series.after_end(1)) == ("1700", "2008", "2009")
    assert series.values[[0, 257, 308], 0].tolist() == [5, 190.2, 2.9]


def test_carbon_dioxide_is_weekly_and_its_missing_weeks_are_known():
    series = co2().series
    assert (series.at(0), series.at(2283)) == ("1958-03-29", "2001-12-29")
    assert str(series.frequency) == "week"
    assert series.filled is not None
    assert series.filled.sum() == 59


def test_a_run_on_carbon_dioxide_reads_other_files_as_its_own(tmp_path):
    codec = load_data(DataConfig(dataset="co2", window=3), tmp_path).codec
    series = codec.read("date,co2\n2020-01-04,1\n2020-01-11,\n2020-01-18,2\n")
    assert series.values[:, 0].tolist() == [1, 1, 2]


def test_a_share_grows_by_independent_normal_steps():
    prices = stocks(20_000, 3).series.values[:, 0]
    growth = np.diff(np.log(prices))
    assert growth.std() == pytest.approx(VOLATILITY, rel=0.03)
    assert growth.mean() == pytest.approx(DRIFT, abs=4 * VOLATILITY / np.sqrt(20_000))
    lagged = np.corrcoef(growth[1:], growth[:-1])[0, 1]
    assert abs(lagged) < 4 / np.sqrt(20_000)


def test_the_first_delay_of_mackey_glass_is_an_ordinary_equation_that_scipy_solves():
    # Until time 17 the delayed value is the constant start.
    start = 1.2
    fed = 0.2 * start / (1 + start**10)
    authority = solve_ivp(
        lambda _, x: fed - 0.1 * x, (0, 17), [start], t_eval=np.arange(18), rtol=1e-10, atol=1e-12
    )
    np.testing.assert_allclose(solution(start, 18), authority.y[0], rtol=1e-8)


def test_mackey_glass_converges_as_the_steps_shrink(monkeypatch):
    coarse = solution(1.2, 60)
    monkeypatch.setattr("rnnbuild.data.bundled.mackey_glass.SUBSTEPS", 40)
    np.testing.assert_allclose(solution(1.2, 60), coarse, atol=1e-4)


def test_generated_series_follow_from_their_seed(tmp_path):
    for name in ("stocks", "mackey-glass"):
        first, again, other = (
            load_data(DataConfig(dataset=name, size=400, seed=seed), tmp_path).train.values
            for seed in (1, 1, 2)
        )
        np.testing.assert_array_equal(first, again)
        assert not np.array_equal(first, other)


def test_differences_to_the_year_before_foretell_carbon_dioxide(tmp_path):
    data = DataConfig(
        dataset="co2",
        window=52,
        horizon=13,
        transform=(SeasonalDifference(seasonal_difference=52), "standardise"),
    )
    answers = load_data(data, tmp_path).baselines("test")
    result = {name: scores(each, resamples=0)["rmse"].value for name, each in answers.items()}
    assert result["linear AR(52)"] < result["no change (after transform)"] < result["seasonal (52)"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("languages", "`window` is for `forecast` and `language-model`, and does nothing for"),
        ("adding", "`window` is for series"),
    ],
)
def test_keys_of_series_are_refused_where_there_is_none(name, message, tmp_path):
    with pytest.raises(DataError, match=message):
        load_data(DataConfig(dataset=name, window=5), tmp_path)


def test_keys_of_text_are_refused_for_a_series(tmp_path):
    with pytest.raises(DataError, match="`max_length` is for text"):
        load_data(DataConfig(dataset="sunspots", max_length=5), tmp_path)


@pytest.mark.parametrize("name", [*SERIES, "adding"])
def test_a_config_with_every_default_and_size_is_a_config_again(name, tmp_path):
    config = load_config(name)
    resolved = resolve(config, load_data(config.data, tmp_path, config.task).facts)
    again = config_of(plain_values(resolved.config, defaults=True))
    assert resolve(again, load_data(again.data, tmp_path, again.task).facts).stack == resolved.stack


def test_sunspots_and_carbon_dioxide_are_the_figures_of_statsmodels(tmp_path: Path) -> None:
    build(tmp_path)
    for name in ("sunspots.csv.gz", "co2.csv.gz"):
        assert gzip.decompress((tmp_path / name).read_bytes()) == gzip.decompress(
            (FOLDER / name).read_bytes()
        )
