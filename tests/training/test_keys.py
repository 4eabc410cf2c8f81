"""Every key of `training` changes what a run does."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnnbuild.config.schema.training import TrainingConfig
from rnnbuild.errors import DeviceError
from rnnbuild.models.framework import tf
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.training import loop
from rnnbuild.training.progress import checkpoint
from rnnbuild.training.progress.checkpoint import last_checkpoint
from tests.training.small_runs import LIGHT, light, train_here

# A changed value of each key; what early stopping and schedules do has tests of its own.
CHANGED: dict[str, Any] = {
    "epochs": 2,
    "steps": 5,
    "batch_size": 3,
    "gradient_accumulation_steps": 2,
    "optimizer": "sgd",
    "schedule": {"name": "step", "decay_steps": 2},
    "clip_norm": 1e-4,
    "class_weight": {"RIVER": 5.0},
    "evaluate_every": 3,
    "early_stopping": {"patience": 1, "min_delta": 100.0},
    "seed": 2,
}
ELSEWHERE = {"checkpoint_minutes", "device", "speed", "restore_best", "from_run"}
"""Keys that leave a run's history as it is; two have a test below, `speed` has those of models/,
`restore_best` has `test_best.py`, `from_run` `test_start.py`."""


def trace(folder: Path, values: dict[str, Any]) -> tuple[str, list[np.ndarray]]:
    """A run's history and the arrays of its last checkpoint."""
    run = RunDirectory(folder)
    train_here(folder, values)
    last, _ = last_checkpoint(run)
    assert last is not None
    return run.history.read_text(encoding="utf-8"), list(last.arrays.values())


@pytest.fixture(scope="module")
def unchanged(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, list[np.ndarray]]:
    return trace(tmp_path_factory.mktemp("unchanged") / "run", LIGHT)


def test_every_key_is_tried() -> None:
    assert CHANGED.keys() | ELSEWHERE == TrainingConfig.model_fields.keys()


@pytest.mark.parametrize("key", CHANGED)
def test_every_key_changes_the_run(
    key: str, tmp_path: Path, unchanged: tuple[str, list[np.ndarray]]
) -> None:
    history, arrays = trace(tmp_path / "run", light(**{key: CHANGED[key]}))
    same_arrays = len(arrays) == len(unchanged[1]) and all(
        map(np.array_equal, arrays, unchanged[1])
    )
    assert history != unchanged[0] or not same_arrays


def test_checkpoint_minutes_is_the_longest_time_between_two(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved: list[int] = []

    def count(run: Any, session: Any, state: Any) -> None:
        saved.append(state.steps)
        checkpoint.save_or_raise(run, session, state)

    monkeypatch.setattr(loop, "save_or_raise", count)
    train_here(tmp_path / "often", light(checkpoint_minutes=1e-6))
    assert saved == [*range(1, 13)]
    saved.clear()
    train_here(tmp_path / "seldom", LIGHT)
    assert saved == [4, 8, 12]  # each epoch's evaluation writes one


def test_a_device_that_is_not_there_is_refused(tmp_path: Path) -> None:
    if tf.config.list_physical_devices("GPU"):
        pytest.skip("this machine has a GPU")
    with pytest.raises(DeviceError, match="no driver of a GPU"):
        train_here(tmp_path / "run", light(device="gpu"))
    assert not (tmp_path / "run").exists()
