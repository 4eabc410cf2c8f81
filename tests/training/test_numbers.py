"""Training on sequences of numbers, from the config to the scores."""

import json
from dataclasses import replace

import numpy as np
import pytest

from rnnbuild.config.load import config_of
from rnnbuild.config.resolve import resolve
from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.sequences.codec import SequenceRows, SequenceSplits
from rnnbuild.data.sequences.load import load_sequences
from rnnbuild.runs.directory import run_at
from rnnbuild.training.progress.observer import Silence
from rnnbuild.training.setup.prepare import Prepared, prepared_from
from rnnbuild.training.train import train


def rows(count: int, seed: int) -> SequenceRows:
    inputs = np.random.default_rng(seed).random((count, 4, 2), np.float32)
    return SequenceRows(inputs, inputs[:, [0, -1], 0] * 2)


@pytest.fixture
def prepared() -> Prepared:
    config = config_of(
        {
            "data": {"dataset": "sums"},
            "model": {"layers": [{"cell": "gru", "units": 8}]},
            "training": {"epochs": 12, "batch_size": 16, "optimizer": {"learning_rate": 0.02}},
        }
    )
    loaded = load_sequences(SequenceSplits(rows(160, 1), rows(30, 2), rows(40, 3)), DataConfig())
    return prepared_from(resolve(config, loaded.facts), loaded)


def test_the_head_follows_from_the_outputs(prepared):
    head = prepared.resolved.config.model.head
    assert (head.units, head.activation) == (2, "linear")
    assert prepared.resolved.input_columns == 2


def test_a_run_learns_numbers_and_scores_them_by_their_errors(prepared, tmp_path):
    # The data is in memory: there are no files to take fingerprints of.
    config = prepared.resolved.config.model_copy(update={"data": None})
    bare = prepared_from(replace(prepared.resolved, config=config), prepared.data)
    outcome = train(config, tmp_path, bare, lambda: run_at(tmp_path / "run"), Silence())
    metrics = outcome.metrics
    assert metrics.main == "rmse"
    trivial = metrics.baselines["test"]["training mean"]["rmse"]
    assert metrics.scores["test"]["rmse"].value < trivial / 2
    lines = [json.loads(line) for line in outcome.run.history.read_text().splitlines()]
    assert all(list(line["train"]) == ["loss"] for line in lines)
    last = lines[-1]["validation"]
    assert last["loss"] == pytest.approx(last["mse"])
    assert last["rmse"] == pytest.approx(last["mse"] ** 0.5)
