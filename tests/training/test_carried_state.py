"""Training on rows that follow one another, against Keras' stateful layers and whole sequences."""

from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnnbuild.config.load import config_of
from rnnbuild.config.resolve import resolve
from rnnbuild.data.examples.batches import Batch, make_batch
from rnnbuild.models import large_embedding
from rnnbuild.models.framework import keras, tf
from rnnbuild.models.optimizer import optimizer_of
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.training.bench import measure
from rnnbuild.training.loop import epoch_plan
from rnnbuild.training.progress.checkpoint import (
    checkpoint_at,
    restore,
    save_checkpoint,
    variables_of,
)
from rnnbuild.training.progress.state import TrainingState
from rnnbuild.training.setup.prepare import Prepared
from rnnbuild.training.setup.session import Session, session_of
from rnnbuild.training.setup.synthetic import prepared_without_data
from rnnbuild.training.speed import WAYS
from tests.training.small_text import prepared_text

EPSILON = float(np.finfo(np.float32).eps)
CELLS = ("simple_rnn", "gru", "lstm")


def layers_of(cell: str, depth: int, **arguments: Any) -> list[dict[str, Any]]:
    return [{"cell": cell, "units": 6 + at, **arguments} for at in range(depth)]


def steps_of(session: Session) -> list[list[Batch]]:
    """The batches of each step of an epoch."""
    prepared = session.prepared
    train, training = prepared.data.train, prepared.resolved.config.training
    return [
        [make_batch(train, rows, session.multiple) for rows in step]
        for step in epoch_plan(train, training, 0)
    ]


def whole_lanes_losses(prepared: Prepared, model: Any, lanes: int) -> list[np.ndarray]:
    """The loss of each token of each lane, read as one sequence by Keras from a state of zeros."""
    train = prepared.data.train
    losses = []
    for rows in np.array_split(np.arange(len(train)), lanes):
        first, last = train.starts[rows[0]], train.starts[rows[-1]] + train.lengths[rows[-1]]
        answers = np.asarray(model(train.values[None, first:last]), np.float64)[0]
        targets = train.targets[first:last]
        chosen = answers[np.arange(len(targets)), np.maximum(targets, 0)]
        losses.append(np.where(targets < 0, 0.0, -np.log(chosen)))
    return losses


def slow(*values: Any) -> Any:
    """A case that the fast tests leave out."""
    return pytest.param(*values, marks=pytest.mark.torture)


FAST = [
    ("simple_rnn", "kernels", 2, 1),
    ("gru", "kernels", 1, 2),
    ("lstm", "kernels", 2, 1),
    ("gru", "keras", 2, 1),
    ("lstm", "keras", 1, 2),
    ("lstm", "xla", 1, 1),
]
EVERY = [case if case in FAST else slow(*case) for case in product(CELLS, WAYS, (1, 2), (1, 2))]


@pytest.mark.parametrize(("cell", "speed", "depth", "accumulated"), EVERY)
def test_a_lane_of_rows_is_read_as_one_long_sequence(
    cell: str, speed: str, depth: int, accumulated: int
) -> None:
    lanes, window = 4, 7
    prepared = prepared_text(
        layers_of(cell, depth),
        tokens=18 * window + 3,  # 19 rows: lanes of 5, 5, 5 and 4
        window=window,
        batch_size=lanes,
        gradient_accumulation_steps=accumulated,
        speed=speed,
        optimizer={"name": "sgd", "learning_rate": 1e-30},
    )
    session = session_of(prepared)
    for _ in range(2):  # the second epoch begins with nothing before it
        session.begin_epoch()
        got = [session.train_step(batches).loss for batches in steps_of(session)]
        expected = np.zeros(5)
        for lane in whole_lanes_losses(prepared, session.model, lanes):
            for step, first in enumerate(range(0, len(lane), window)):
                expected[step // accumulated] += lane[first : first + window].sum()
        # Sums of some tens of float32 losses of about 1, of a network of depth 2 over 35 steps.
        expected = expected[: len(got)]
        np.testing.assert_allclose(got, expected, rtol=64 * EPSILON)


def stateful(model: Any, lanes: int) -> Any:
    """A copy of a model with Keras' own state, for batches of so many rows."""
    layers = [keras.Input(batch_shape=(lanes, None), dtype="int32")]
    for layer in model.layers:
        config = layer.get_config()
        if isinstance(layer, keras.layers.RNN):
            config["stateful"] = True
        layers.append(type(layer).from_config(config))
    copy = keras.Sequential(layers)
    copy.set_weights(model.get_weights())
    return copy


def keras_step(model: Any, optimizer: Any, batch: Batch) -> float:
    """The mean loss of a batch without padding, and the penalties. Gradients are dense: of an
    embedding's rows Keras' Adam otherwise squares each occurrence, where the equations square their
    sum."""
    with tf.GradientTape() as tape:
        outputs = model(batch.inputs, training=True)
        losses = keras.losses.sparse_categorical_crossentropy(batch.targets, outputs)
        loss = tf.reduce_mean(losses) + sum(model.losses)
    gradients = map(tf.convert_to_tensor, tape.gradient(loss, model.trainable_variables))
    optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))
    return float(loss)


# With so large an epsilon a step is in proportion to its gradient, and so are roundings.
ADAM = {"name": "adam", "learning_rate": 0.1, "epsilon": 0.1}
SGD = {"name": "sgd", "learning_rate": 1.0}
MIXED = [
    *layers_of("lstm", 1),
    {"kind": "layer_normalization"},
    # The kernels leave this one to Keras.
    *layers_of("gru", 1, reset_after=False, activity_regularizer="l2"),
    {"kind": "dense", "units": 4},
]


@pytest.mark.parametrize(
    ("layers", "speed", "optimizer"),
    [
        *((layers_of(cell, 2), "kernels", ADAM) for cell in CELLS),
        (MIXED, "kernels", ADAM),
        (MIXED, "kernels", SGD),
        *(
            slow(layers, speed, optimizer)
            for layers in ([MIXED, *(layers_of(cell, 1) for cell in CELLS)])
            for speed in ("kernels", "keras")
            for optimizer in (SGD, ADAM)
        ),
    ],
)
def test_its_steps_are_those_of_keras_stateful_layers(
    layers: list[dict[str, Any]],
    speed: str,
    optimizer: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(large_embedding, "PAYS_FROM", 0)
    lanes, window, length = 4, 7, 5
    prepared = prepared_text(
        layers,
        tokens=lanes * window * length,
        window=window,
        batch_size=lanes,
        speed=speed,
        optimizer=optimizer,
    )
    prepared.data.train.targets[-1] = 0
    session = session_of(prepared)
    model, own = (
        stateful(session.model, lanes),
        optimizer_of(session.prepared.resolved.config.training),
    )
    before = model.get_weights()
    for _ in range(2):
        session.begin_epoch()
        for layer in model.layers:
            if isinstance(layer, keras.layers.RNN):
                layer.reset_state()
        for (batch,) in steps_of(session):
            sums = session.train_step([batch])
            loss = keras_step(model, own, batch)
            # Roundings of the weights so far, below.
            assert sums.loss / sums.weight + sums.penalty == pytest.approx(loss, rel=1e-5)
    after = zip(before, session.model.get_weights(), model.get_weights(), strict=True)
    for start, got, expected in after:
        largest = float(np.abs(expected - start).max())
        # Ten moves, each a sum over the 28 tokens of a batch through up to 14 products of a layer:
        # some 400 roundings, relative to a weight's largest move, since terms may cancel.
        np.testing.assert_allclose(got, expected, rtol=0, atol=400 * EPSILON * largest + EPSILON)


def test_a_checkpoint_in_the_middle_of_an_epoch_has_the_state(tmp_path: Path) -> None:
    def started() -> Session:
        return session_of(prepared_text(layers_of("lstm", 2), tokens=500, window=8, batch_size=4))

    whole, run = started(), RunDirectory(tmp_path)
    steps = steps_of(whole)
    for number, batches in enumerate(steps, 1):
        whole.train_step(batches)
        if number == 5:
            save_checkpoint(run, whole, TrainingState(step=5, steps=5))
    checkpoint = checkpoint_at(run, 5)
    assert checkpoint is not None
    shapes = {name: array.shape for name, array in checkpoint.arrays.items() if "carried" in name}
    assert shapes == {"carried-0000": (2, 4, 6), "carried-0001": (2, 4, 7)}
    assert all(np.abs(checkpoint.arrays[name]).min() > 0 for name in shapes)
    again = started()
    restore(checkpoint, again)
    for batches in steps[5:]:
        again.train_step(batches)
    for name, variable in variables_of(whole).items():
        np.testing.assert_array_equal(variables_of(again)[name].numpy(), variable.numpy(), name)


def test_after_another_batch_size_the_rows_go_on_from_none(tmp_path: Path) -> None:
    run, layers = RunDirectory(tmp_path), layers_of("gru", 1)
    session = session_of(prepared_text(layers, tokens=500, window=8, batch_size=4))
    session.train_step(steps_of(session)[0])
    save_checkpoint(run, session, TrainingState(step=1, steps=1))
    checkpoint = checkpoint_at(run, 1)
    assert checkpoint is not None
    other = session_of(prepared_text(layers, tokens=500, window=8, batch_size=6))
    restore(checkpoint, other)
    assert not variables_of(other)["carried-0000"].numpy().any()
    for one, got in zip(session.model.get_weights(), other.model.get_weights(), strict=True):
        np.testing.assert_array_equal(got, one)


def test_data_that_carries_no_state_has_none() -> None:
    prepared = prepared_text(layers_of("gru", 1), tokens=500, window=8)
    rows = replace(prepared.data.train, carries_state=False)
    session = session_of(replace(prepared, data=replace(prepared.data, train=rows)))
    assert session.carried == {}
    assert not any(name.startswith("carried") for name in variables_of(session))


def test_a_state_is_not_carried_to_the_end_of_what_is_read_backwards() -> None:
    layers = layers_of("gru", 1, bidirectional=True)
    with pytest.raises(ValueError, match="one direction"):
        session_of(prepared_text(layers, tokens=500, window=8))


def test_a_language_model_without_data_is_timed_on_rows_that_follow_one_another() -> None:
    model = {
        "input_length": 6,
        "embedding": {"input_dim": 9, "output_dim": 2},
        "layers": layers_of("gru", 1),
    }
    config = config_of({"task": "language-model", "model": model, "training": {"batch_size": 3}})
    prepared = prepared_without_data(resolve(config))
    assert prepared.data.train.carries_state
    (measured,) = measure([prepared], rounds=1)
    assert measured.steps == 6
