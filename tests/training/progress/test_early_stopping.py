"""Early stopping ends a run where Keras' callback of that name does; the best evaluation has the
best score, and of equal ones the lowest loss."""

from types import SimpleNamespace

from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbuild.config.schema.training import EarlyStoppingConfig
from rnnbuild.models.framework import keras
from rnnbuild.training.progress.early_stopping import has_stopped_early, notice_scores
from rnnbuild.training.progress.state import TrainingState, state_from_json
from rnnbuild.training.setup.watched import Watched

SCORES = st.lists(st.sampled_from([0.5, 0.6, 0.65, 0.7, 0.8]), min_size=2, max_size=12)
ACCURACY = Watched("accuracy", higher_is_better=True)
Evaluations = list[tuple[float | None, float | None]]
"""Accuracy and loss of each."""


def of_keras(scores: list[float], patience: int, min_delta: float, higher: bool) -> int:
    """The epoch after which it stops, from 0."""
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
    return epoch


@settings(max_examples=80, deadline=None)
@given(SCORES, st.integers(1, 3), st.sampled_from([0.0, 0.07]), st.booleans())
def test_it_stops_where_keras_does(
    scores: list[float], patience: int, min_delta: float, higher: bool
) -> None:
    chosen = EarlyStoppingConfig(patience=patience, min_delta=min_delta)
    state, watched = TrainingState(), Watched("score", higher)
    for epoch, score in enumerate(scores):
        state.epoch, state.steps = epoch, 10 * epoch
        notice_scores(chosen, watched, {"score": score}, state)
        if has_stopped_early(chosen, state):
            break
    assert epoch == of_keras(scores, patience, min_delta, higher)
    seen = scores[: epoch + 1]
    assert state.best.epoch == seen.index(max(seen) if higher else min(seen))
    assert state.best.steps == 10 * state.best.epoch


def state_after(
    evaluations: Evaluations, chosen: EarlyStoppingConfig | None = None
) -> TrainingState:
    state = TrainingState()
    for accuracy, loss in evaluations:
        state.steps += 1
        notice_scores(chosen, ACCURACY, {"loss": loss, "accuracy": accuracy}, state)
    return state


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from([None, 0.5, 0.6, 0.7]), st.sampled_from([None, 0.1, 0.2, 0.3])),
        max_size=10,
    ),
    st.sampled_from([0.0, 0.07]),
)
def test_the_best_has_the_best_score_and_of_equal_ones_the_lowest_loss(
    evaluations: Evaluations, min_delta: float
) -> None:
    # As a sort by score, then loss, then time would put it first; an undefined loss is the worst.
    order = sorted(
        (-accuracy, loss if loss is not None else 9.0, steps)
        for steps, (accuracy, loss) in enumerate(evaluations, 1)
        if accuracy is not None
    )
    best = state_after(evaluations, EarlyStoppingConfig(min_delta=min_delta)).best
    assert best.steps == (order[0][2] if order else 0)


def test_an_equal_score_with_a_lower_loss_is_a_gain_unless_gains_have_a_least_size() -> None:
    evaluations: Evaluations = [(0.7667, 0.5493), (0.7333, 0.5), (0.7667, 0.4449)]
    assert state_after(evaluations, EarlyStoppingConfig(patience=2)).best.waited == 0
    wants_more = EarlyStoppingConfig(patience=2, min_delta=0.001)
    state = state_after(evaluations, wants_more)
    assert has_stopped_early(wants_more, state)
    assert state.best.steps == 3  # the best all the same


def test_a_score_that_is_undefined_is_no_gain() -> None:
    chosen = EarlyStoppingConfig(patience=2)
    state = state_after([(0.5, None), (None, 0.1), (None, None)], chosen)
    assert has_stopped_early(chosen, state)
    assert state.best.score == 0.5


def test_without_early_stopping_a_run_goes_on_and_its_best_is_known() -> None:
    state = state_after([(score, 0.5) for score in (0.5, 0.7, 0.6, 0.6, 0.6, 0.6)])
    assert not has_stopped_early(None, state)
    assert (state.best.score, state.best.steps) == (0.7, 2)


def test_in_a_run_of_version_0_1_an_equal_score_is_no_gain_whatever_its_loss() -> None:
    saved = state_after([(0.7, 0.5)]).as_json()
    del saved["best"]["loss"], saved["best"]["gained"]
    state = state_from_json(saved)
    state.steps = 2
    notice_scores(None, ACCURACY, {"loss": 0.1, "accuracy": 0.7}, state)
    assert (state.best.steps, state.best.waited) == (1, 1)
    state.steps = 3
    notice_scores(None, ACCURACY, {"loss": 0.9, "accuracy": 0.8}, state)
    assert (state.best.steps, state.best.waited) == (3, 0)
