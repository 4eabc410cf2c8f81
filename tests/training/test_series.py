"""Training on a bundled series, from the config to forecasts in its own units."""

import numpy as np
import pytest

from rnnbuild.cli.loading import data_folder, written_config
from rnnbuild.config.load import checked, config_of
from rnnbuild.inference.predict import forecast_after
from rnnbuild.inference.trained_run import open_trained_run
from rnnbuild.runs.directory import run_at
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
    rows = forecast_after(open_trained_run(outcome.run), "", None)
    assert [row["step"] for row in rows] == ["601", "602", "603", "604"]
    assert all(0.2 < row["x"] < 1.5 for row in rows)


def test_a_file_that_ends_alike_is_followed_alike(outcome):
    model = open_trained_run(outcome.run)
    end = model.codec.end.values[:, 0]
    text = "x\n" + "\n".join(map(str, end.tolist()))
    own, other = forecast_after(model, "", None), forecast_after(model, "x.csv", text)
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
