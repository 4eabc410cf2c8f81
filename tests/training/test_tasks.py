"""Every task trains and resumes through the same loop, with scores at its end."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnnbuild.runs.directory import RunDirectory
from rnnbuild.training.progress.checkpoint import last_checkpoint
from tests.training.small_runs import resume_here, train_here

LAYERS = [{"cell": "gru", "units": 3}]
TASKS: dict[str, dict[str, Any]] = {
    "classify": {
        "data": {"dataset": "reber", "size": 60},
        "model": {"embedding": {"output_dim": 2}, "layers": LAYERS},
    },
    "forecast": {"data": {"dataset": "sunspots"}, "model": {"layers": LAYERS}},
    "translate": {
        "data": {"dataset": "addition", "size": 60},
        "model": {
            "embedding": {"output_dim": 2},
            "layers": [*LAYERS, {"kind": "repeat_vector"}, *LAYERS],
        },
    },
}


def arrays(folder: Path) -> dict[str, np.ndarray]:
    checkpoint, _ = last_checkpoint(RunDirectory(folder))
    assert checkpoint is not None
    return checkpoint.arrays


@pytest.mark.parametrize("task", TASKS)
def test_a_run_in_two_parts_is_the_whole_run(task: str, tmp_path: Path) -> None:
    values = {**TASKS[task], "training": {"epochs": 1, "batch_size": 16}}
    whole = train_here(tmp_path / "whole", values)
    assert whole.metrics.task == task
    assert train_here(tmp_path / "parts", values, seconds=1e-6).metrics.steps == 1
    parts = resume_here(tmp_path / "parts", values)
    assert parts.metrics.scores == whole.metrics.scores
    expected = arrays(tmp_path / "whole")
    assert expected.keys() == arrays(tmp_path / "parts").keys()
    for name, array in arrays(tmp_path / "parts").items():
        assert np.array_equal(array, expected[name]), name
