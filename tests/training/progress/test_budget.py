"""A run ends by epochs, steps or time, whichever comes first."""

import pytest

from rnnbuild.config.schema.training import TrainingConfig
from rnnbuild.training.progress.budget import budget_of
from rnnbuild.training.progress.state import TrainingState


@pytest.mark.parametrize(
    ("state", "ended"),
    [
        (TrainingState(epoch=1, steps=19, seconds=1.0), False),
        (TrainingState(epoch=2, steps=19, seconds=1.0), True),
        (TrainingState(epoch=1, steps=20, seconds=1.0), True),
        (TrainingState(epoch=1, steps=19, seconds=10.0), True),
    ],
)
def test_whichever_comes_first(state: TrainingState, ended: bool) -> None:
    training = TrainingConfig(epochs=2, steps=20)
    assert budget_of(training, TrainingState(), 10.0).ended(state) is ended


def test_a_limit_in_time_counts_from_where_a_run_is_continued() -> None:
    budget = budget_of(TrainingConfig(), TrainingState(seconds=100.0), 10.0)
    assert not budget.ended(TrainingState(seconds=109.0))
    assert budget.ended(TrainingState(seconds=110.0))


def test_the_last_step_is_that_of_the_epochs_or_of_the_steps() -> None:
    start = TrainingState()
    assert budget_of(TrainingConfig(epochs=3), start, None).last_step(7) == 21
    assert budget_of(TrainingConfig(epochs=3, steps=9), start, None).last_step(7) == 9
    assert budget_of(TrainingConfig(epochs=3, steps=99), start, None).last_step(7) == 21
