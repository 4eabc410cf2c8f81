"""Early stopping ends a run where Keras' callback of that name does, with the same best epoch."""

from types import SimpleNamespace

from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbuild.config.schema.training import EarlyStoppingConfig
from rnnbuild.models.framework import keras
from rnnbuild.training.progress.early_stopping import has_stopped_early, notice_score
from rnnbuild.training.progress.state import TrainingState
from rnnbuild.training.setup.watched import Watched

SCORES = st.lists(st.sampled_from([0.5, 0.6, 0.65, 0.7, 0.8]), min_size=2, max_size=12)


def of_keras(scores: list[float], patience: int, min_delta: float, higher: bool) -> tuple[int, int]:
    """The epoch after which it stops, from 0, and the best epoch."""
    model = SimpleNamespace(stop_training=False)
    callback = keras.callbacks.EarlyStopping(
        monitor="score", patience=patience, min_delta=min_delta, mode="max" if higher else "min"
    )
    callback.set_model(model)
    callback.on_train_begin()
    for epoch, score in enumerate(scores):
        callback.on_epoch_end(epoch, {"score": score})
        if model.stop_training:
            break
    return epoch, callback.best_epoch


@settings(max_examples=80, deadline=None)
@given(SCORES, st.integers(1, 3), st.sampled_from([0.0, 0.07]), st.booleans())
def test_it_stops_where_keras_does(
    scores: list[float], patience: int, min_delta: float, higher: bool
) -> None:
    chosen = EarlyStoppingConfig(patience=patience, min_delta=min_delta)
    state, watched = TrainingState(), Watched("score", higher)
    for epoch, score in enumerate(scores):
        state.epoch, state.steps = epoch, 10 * epoch
        notice_score(chosen, watched, score, state)
        if has_stopped_early(chosen, state):
            break
    assert (epoch, state.best.epoch) == of_keras(scores, patience, min_delta, higher)
    assert state.best.steps == 10 * state.best.epoch


def test_a_score_that_is_undefined_is_no_gain() -> None:
    chosen = EarlyStoppingConfig(patience=2)
    state, watched = TrainingState(), Watched("accuracy", higher_is_better=True)
    for score in (0.5, None, None):
        notice_score(chosen, watched, score, state)
    assert has_stopped_early(chosen, state)
    assert state.best.score == 0.5


def test_without_early_stopping_a_run_goes_on_and_its_best_is_known() -> None:
    state, watched = TrainingState(), Watched("accuracy", higher_is_better=True)
    for score in (0.5, 0.7, 0.6, 0.6, 0.6, 0.6):
        state.steps += 1
        notice_score(None, watched, score, state)
    assert not has_stopped_early(None, state)
    assert (state.best.score, state.best.steps) == (0.7, 2)
