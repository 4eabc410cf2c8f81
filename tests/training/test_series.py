"""Training on a bundled series, from the config to forecasts in its own units."""

import numpy as np
import pytest

from rnnbuild.cli.loading import data_folder, written_config
from rnnbuild.config.load import checked, config_of
from rnnbuild.inference.opening import open_trained_run
from rnnbuild.runs.directory import run_at
from rnnbuild.runs.history import read_history
from rnnbuild.runs.metrics_file import read_metrics
from rnnbuild.runs.overview import overview_of
from rnnbuild.training.progress.observer import Silence
from rnnbuild.training.setup.prepare import prepare
from rnnbuild.training.train import Outcome, train


@pytest.fixture(scope="module")
def outcome(tmp_path_factory) -> Outcome:
    folder = tmp_path_factory.mktemp("series")
    config = config_of(
        {
            "data": {"dataset": "mackey-glass", "size": 600, "window": 10, "horizon": 4},
            "model": {"layers": [{"cell": "gru", "units": 12}]},
            "training": {"epochs": 12, "batch_size": 16, "optimizer": {"learning_rate": 0.01}},
        }
    )
    return train(config, folder, prepare(config, folder), lambda: run_at(folder / "run"), Silence())


def test_a_chaotic_series_is_forecast_far_better_than_by_its_last_value(outcome):
    scores = outcome.metrics.scores["test"]
    trivial = outcome.metrics.baselines["test"]
    assert outcome.metrics.main == "rmse"
    assert scores["rmse"].value < trivial["persistence"]["rmse"] / 2
    assert scores["mase"].value < trivial["persistence"]["mase"] / 2


def test_what_follows_the_runs_own_series_is_forecast_without_any_input(outcome):
    (forecast,) = open_trained_run(outcome.run).predict()
    assert forecast.at == ("601", "602", "603", "604")
    assert all(0.2 < x < 1.5 for x in forecast.prediction["x"])


def test_a_file_that_ends_alike_is_followed_alike(outcome):
    model = open_trained_run(outcome.run)
    end = model.codec.end.values[:, 0]
    text = "x\n" + "\n".join(map(str, end.tolist()))
    own = model.continuation(model.codec.end)
    other = model.continuation(model.codec.read(text))
    np.testing.assert_allclose([row["x"] for row in own], [row["x"] for row in other], rtol=1e-6)


# Above what was measured: other machines round otherwise.
CEILINGS = {"sunspots": 19.5, "co2": 0.66, "mackey-glass": 0.01}


def trained_by(name, folder, *settings):
    config = checked(written_config(name, settings))
    data = data_folder(name, None)
    run = run_at(folder / "run")
    return train(config, data, prepare(config, data), lambda: run, Silence()).metrics


@pytest.mark.torture
@pytest.mark.parametrize("name", CEILINGS)
def test_the_config_of_its_name_reaches_the_score_on_the_card(name, tmp_path):
    metrics = trained_by(name, tmp_path)
    rmse = metrics.scores["test"]["rmse"].value
    assert rmse < CEILINGS[name]
    assert all(rmse < trivial["rmse"] for trivial in metrics.baselines["test"].values())


def test_nothing_is_learned_from_a_random_walk_and_nothing_is_lost(tmp_path):
    metrics = trained_by("stocks", tmp_path, "training.epochs=2")
    persistence = metrics.baselines["test"]["persistence"]["rmse"]
    assert metrics.scores["test"]["rmse"].value == pytest.approx(persistence, rel=0.01)


@pytest.fixture(scope="module")
def two_units(tmp_path_factory) -> Outcome:
    """Sales in thousands of euros beside a share, monthly for 20 years."""
    folder = tmp_path_factory.mktemp("units")
    draw = np.random.default_rng(1)
    season = np.sin(np.arange(240) * np.pi / 6)
    rows = zip(20_000 + 5_000 * season + draw.normal(size=240) * 500, season / 10, strict=True)
    months = (f"{2000 + n // 12}-{n % 12 + 1:02}" for n in range(240))
    lines = [
        f"{month},{sales:.2f},{share:.4f}"
        for month, (sales, share) in zip(months, rows, strict=True)
    ]
    (folder / "s.csv").write_text("month,sales,share\n" + "\n".join(lines) + "\n")
    config = config_of(
        {
            "data": {"train": "s.csv", "window": 12},
            "model": {"layers": [{"cell": "gru", "units": 4}]},
            "training": {"epochs": 3, "early_stopping": {"metric": "rmse", "patience": 5}},
        }
    )
    return train(config, folder, prepare(config, folder), lambda: run_at(folder / "run"), Silence())


def test_columns_of_two_units_are_scored_apart_and_together_only_standardised(two_units):
    metrics = two_units.metrics
    assert metrics.main == "standardised_rmse"
    assert {*metrics.scores["test"], *metrics.scores["validation"]} == {
        *("standardised_rmse", "standardised_mae", "standardised_mse", "mase")
    }
    by_column = metrics.details["test"].by_column
    assert list(by_column) == ["sales", "share"]
    assert by_column["sales"].scores["rmse"].value > 100
    assert by_column["share"].scores["rmse"].value < 1
    for each in by_column.values():
        assert list(each.baselines) == list(metrics.baselines["test"])


def test_early_stopping_by_rmse_watches_the_standardised_one(two_units):
    lines = read_history(two_units.run.history)
    best = min(line.validation["standardised_rmse"] for line in lines)
    assert two_units.metrics.kept.metric == "standardised_rmse"
    assert two_units.metrics.kept.value == best
    assert overview_of(two_units.run).metric == "standardised_rmse"
    assert read_metrics(two_units.run) == two_units.metrics
