"""Early stopping in a run: it ends early, and the weights of the best evaluation are the result."""

from pathlib import Path

import numpy as np
import pytest

from rnnbuild.inference.keras_model import load_model
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.training.progress.checkpoint import Checkpoint, checkpoint_at, last_checkpoint
from tests.training.small_runs import Remarks, light, train_here

# One unit at such a rate soon moves away from its best.
RESTLESS = {"epochs": 9, "optimizer": {"name": "sgd", "learning_rate": 3.0}}


def weights(checkpoint: Checkpoint) -> list[np.ndarray]:
    return [array for name, array in checkpoint.arrays.items() if name.startswith("weight")]


@pytest.mark.parametrize("restore_best", [True, False])
def test_a_run_ends_with_the_weights_that_the_config_asks_for(
    tmp_path: Path, restore_best: bool
) -> None:
    run, heard = RunDirectory(tmp_path / "run"), Remarks()
    early = {"metric": "loss", "patience": 2, "restore_best": restore_best}
    outcome = train_here(run.path, light(**RESTLESS, early_stopping=early), heard)
    last, _ = last_checkpoint(run)
    assert last is not None
    assert outcome.metrics.epochs < 9
    assert "no improvement in loss for 2 evaluations: training stops early" in heard.texts
    best = checkpoint_at(run, last.state.best.steps)
    assert best is not None
    assert best.state.steps < last.state.steps
    saved = load_model(run.model).get_weights()
    expected = weights(best if restore_best else last)
    for left, right in zip(saved, expected, strict=True):
        assert np.array_equal(left, right)
