"""A loss that is not finite ends a run at that step, says where, and keeps what was sound."""

import math
import re
from pathlib import Path

import numpy as np
import pytest

from rnnbuild.errors import TrainingError
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.training.not_finite import largest_gradient, origin
from rnnbuild.training.progress.checkpoint import last_checkpoint
from rnnbuild.training.progress.observer import Silence
from rnnbuild.training.progress.state import TrainingState
from rnnbuild.training.setup.session import Session, session_of
from rnnbuild.training.steps.step import StepSums
from tests.training.small_runs import LIGHT, prepared_with, train_here, values_with

EXPLODES = values_with(
    optimizer={"name": "sgd", "learning_rate": 1e38},
    gradient_accumulation_steps=None,
    clip_norm=None,
    schedule={"name": "constant", "warmup_steps": 2},
)


class Counting(Silence):
    steps = 0

    def stepped(self, state: TrainingState, sums: StepSums, examples: int, tokens: int) -> None:
        assert math.isfinite(sums.loss)
        self.steps = state.steps


def test_it_names_the_rows_the_layer_and_the_gradient_and_keeps_the_last_checkpoint(
    tmp_path: Path,
) -> None:
    run, counted = tmp_path / "run", Counting()
    with pytest.raises(TrainingError) as caught:
        train_here(run, EXPLODES, counted)
    (problem,) = caught.value.problems
    step = counted.steps + 1
    assert f"is not finite in step {step} of epoch 1" in problem.message
    assert "on the training rows " in problem.message
    assert "and 8 more (counted from 0)" in problem.message
    assert re.search(
        "; the first value that is not finite is in the (output of layer|gradient of) `",
        problem.message,
    )
    assert re.search("gradient.* finite|finite gradient", problem.message.rpartition(";")[2])
    assert problem.hint is not None
    assert f"rnnbuild resume {run} --set training.clip_norm=1.0" in problem.hint
    checkpoint, warnings = last_checkpoint(RunDirectory(run))
    assert checkpoint is not None
    assert checkpoint.state.steps == counted.steps
    assert warnings == []


@pytest.fixture(scope="module")
def session() -> Session:
    _, prepared = prepared_with(LIGHT)
    return session_of(prepared)


def sums_with(norms: list[float]) -> StepSums:
    return StepSums(math.nan, 1.0, 0.0, 0.0, np.array(norms, np.float32), finite=False)


def test_the_layer_is_the_first_whose_output_is_not_finite(session: Session) -> None:
    before = session.model.get_weights()
    norms = sums_with([math.nan] * len(session.model.trainable_variables))
    places = []
    for layer in session.model.layers:
        layer.set_weights([np.full_like(weight, np.nan) for weight in layer.get_weights()])
        places.append(origin(session, [np.arange(4)], norms))
        session.model.set_weights(before)
    names = [layer.name for layer in session.model.layers]
    assert places == [f"the output of layer `{name}`" for name in names]


def test_where_all_outputs_are_finite_it_is_the_gradient_nearest_to_the_loss(
    session: Session,
) -> None:
    count = len(session.model.trainable_variables)
    names = [variable.path for variable in session.model.trainable_variables]
    norms = sums_with([math.inf, math.inf, *[3.0] * (count - 2)])
    place = origin(session, [np.arange(4)], norms)
    assert place == f"the gradient of `{names[1].removeprefix('light/')}`"


def test_the_largest_finite_gradient_is_named(session: Session) -> None:
    count = len(session.model.trainable_variables)
    text = largest_gradient(session.model, sums_with([math.inf, 7e9, *[1.0] * (count - 2)]))
    name = session.model.trainable_variables[1].path.removeprefix("light/")
    assert text == (f"the largest finite gradient is that of `{name}`, with norm 7,000,000,000")
