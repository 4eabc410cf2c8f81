"""What resuming says of a run that has already ended."""

from pathlib import Path

import pytest

from rnnbuild.config.schema.training import EarlyStoppingConfig, TrainingConfig
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.runs.history import HISTORY, HistoryLine, append
from rnnbuild.training.progress.state import Best, TrainingState
from rnnbuild.training.resume import finished_message

EARLY = EarlyStoppingConfig(patience=2)


def finished_run(folder: Path, *validation: float) -> RunDirectory:
    """A run whose history has these validation losses, while the training loss fell."""
    run = RunDirectory(folder)
    for epoch, loss in enumerate(validation, 1):
        line = HistoryLine(
            epoch=epoch, steps=epoch, train={"loss": 1 / epoch}, validation={"loss": loss}
        )
        append(run.history, HISTORY, line)
    return run


def test_more_epochs_are_not_advised_where_a_run_overfitted(tmp_path: Path) -> None:
    run = finished_run(tmp_path, 0.7, 0.6, 0.7, 0.8, 0.9, 1.0)
    message = finished_message(run, TrainingConfig(epochs=6), TrainingState(epoch=6, steps=6))
    assert message == (
        f"{tmp_path} is finished after 6 epochs (6 steps); it overfitted from epoch 3 on, and more "
        "epochs would not change that"
    )


@pytest.mark.parametrize(
    ("training", "waited", "options"),
    [
        (TrainingConfig(epochs=2), 0, "--epochs 4"),
        (TrainingConfig(epochs=9, steps=2), 0, "--steps 4"),
        (TrainingConfig(epochs=9), 0, ""),
        (
            TrainingConfig(epochs=9, early_stopping=EARLY),
            2,
            "--set training.early_stopping.patience=4",
        ),
        (
            TrainingConfig(epochs=2, early_stopping=EARLY),
            2,
            "--epochs 4 --set training.early_stopping.patience=4",
        ),
        (TrainingConfig(epochs=2, early_stopping=EARLY), 1, "--epochs 4"),
    ],
)
def test_a_finished_run_says_by_which_options_it_trains_for_longer(
    tmp_path: Path, training: TrainingConfig, waited: int, options: str
) -> None:
    run = finished_run(tmp_path, 0.7, 0.5)
    state = TrainingState(epoch=2, steps=2, best=Best(waited=waited))
    message = finished_message(run, training, state)
    assert message.endswith(f"; for more: rnnbuild resume {tmp_path} {options}".rstrip())
    assert ("early stopping ended it" in message) == (waited == 2)
