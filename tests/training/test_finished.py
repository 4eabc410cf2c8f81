"""What resuming says of a run that has already ended."""

from pathlib import Path

import pytest

from rnnbuild.config.schema.training import TrainingConfig
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.runs.history import HISTORY, HistoryLine, append
from rnnbuild.training.progress.state import TrainingState
from rnnbuild.training.resume import finished_message


@pytest.mark.parametrize(
    ("last", "said"),
    [
        (0.9, "it overfitted from epoch 2 on, and more epochs would not change that"),
        (0.5, "for more: rnnbuild resume "),
    ],
)
def test_more_epochs_are_not_advised_where_a_run_overfitted(
    tmp_path: Path, last: float, said: str
) -> None:
    run = RunDirectory(tmp_path)
    for epoch, train, validation in ((1, 0.8, 0.7), (2, 0.2, last)):
        line = HistoryLine(
            epoch=epoch, steps=epoch, train={"loss": train}, validation={"loss": validation}
        )
        append(run.history, HISTORY, line)
    state = TrainingState(epoch=2, steps=2)
    message = finished_message(run, TrainingConfig(epochs=2), state)
    assert message.startswith(f"{tmp_path} is finished after 2 epochs (2 steps)")
    assert said in message
    assert ("--epochs" in message) == (last < 0.7)
