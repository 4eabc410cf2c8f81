"""The ways of computing a step: the same weights after it, and which of them a run takes."""

from pathlib import Path

import numpy as np
import pytest

from rnnbuild.config.load import config_of, read_config
from rnnbuild.data.examples.batches import make_batch
from rnnbuild.runs.directory import run_at
from rnnbuild.training.loop import epoch_plan
from rnnbuild.training.progress.observer import Silence
from rnnbuild.training.setup.prepare import Prepared, prepare
from rnnbuild.training.setup.session import session_of
from rnnbuild.training.speed import WAYS, Speed, prepared_with_speed, time_speeds
from rnnbuild.training.train import train

# Its steps are as long as the gradients: Adam makes a whole step of a rounding near zero.
OPTIMIZER = {"name": "sgd", "learning_rate": 1.0}
VALUES = {
    "data": {"dataset": "amazon", "size": 60},
    "model": {
        "embedding": {"output_dim": 4},
        "layers": [{"cell": "lstm", "units": 4, "bidirectional": True}],
    },
    "training": {"epochs": 1, "batch_size": 16, "optimizer": OPTIMIZER},
}


@pytest.fixture(scope="module")
def prepared() -> Prepared:
    return prepare(config_of(VALUES), Path())


def weights_after(prepared: Prepared, speed: Speed) -> list[np.ndarray]:
    session = session_of(prepared_with_speed(prepared, speed))
    train_split, training = prepared.data.train, prepared.resolved.config.training
    for step in epoch_plan(train_split, training, 0):
        session.train_step(make_batch(train_split, rows, session.multiple) for rows in step)
    weights: list[np.ndarray] = session.model.get_weights()
    return weights


def test_every_way_leaves_the_same_weights_but_for_rounding(prepared: Prepared) -> None:
    by_keras = weights_after(prepared, "keras")
    for way in WAYS:
        for expected, got in zip(by_keras, weights_after(prepared, way), strict=True):
            # Three steps, each by a gradient in whose sums some hundred float32 terms are added.
            np.testing.assert_allclose(got, expected, rtol=0, atol=3 * 100 * 2.0**-24)


def test_tuning_chooses_the_fastest_way(prepared: Prepared) -> None:
    timings = time_speeds(prepared)
    assert set(timings.seconds) == set(WAYS)
    assert timings.seconds[timings.speed] == min(timings.seconds.values())
    assert timings.speed in str(timings)


def test_a_tuned_run_records_its_choice_so_that_resuming_makes_it_again(tmp_path: Path) -> None:
    values = VALUES | {"training": {**VALUES["training"], "speed": "tuned"}}  # type: ignore[dict-item]
    config = config_of(values)

    class Remarks(Silence):
        def __init__(self) -> None:
            self.texts: list[str] = []

        def remarked(self, text: str) -> None:
            self.texts.append(text)

    remarks = Remarks()
    prepared, run = prepare(config, Path()), run_at(tmp_path / "run")
    outcome = train(config, Path(), prepared, lambda: run, remarks)
    for path in (outcome.run.config, outcome.run.resolved):
        assert read_config(path).value["training"]["speed"] in WAYS
    assert sum(text.startswith("speed: ") for text in remarks.texts) == 1
