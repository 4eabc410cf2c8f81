"""Frozen layers, and layers thawed in the course of training, against plain Keras."""

import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnnbuild.config.freezing import frozen_epochs
from rnnbuild.data.examples.batches import Batch, make_batch
from rnnbuild.errors import Interrupted
from rnnbuild.models import large_embedding
from rnnbuild.models.framework import keras, tf
from rnnbuild.models.kernels.passes import Passes, Wanted
from rnnbuild.models.optimizer import optimizer_of
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.runs.metrics_file import read_metrics
from rnnbuild.training.loop import epoch_plan
from rnnbuild.training.progress.state import TrainingState
from rnnbuild.training.setup.prepare import Prepared
from rnnbuild.training.setup.session import Session, session_of
from rnnbuild.training.steps.step import StepSums
from tests.training.small_runs import (
    Remarks,
    assert_same_run,
    light,
    prepared_with,
    resume_here,
    rnnbuild,
    train_here,
    write_config,
)
from tests.training.small_text import prepared_text

EPSILON = float(np.finfo(np.float32).eps)
ROUNDINGS = 400
"""Roundings of a weight's move: a sum over some hundreds of tokens, through the products of three
layers, in a few steps."""
FROZEN: dict[str, Any] = {"trainable": False}
# With so large an epsilon a step is in proportion to its gradient, and so are roundings.
ADAM = {"name": "adam", "learning_rate": 0.1, "epsilon": 0.1}
ADAMW = {"name": "adamw", "learning_rate": 0.1, "epsilon": 0.1, "weight_decay": 0.1}
SGD = {"name": "sgd", "learning_rate": 0.5, "momentum": 0.9}


@pytest.fixture(scope="module", autouse=True)
def every_embedding_is_large() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(large_embedding, "PAYS_FROM", 0)
        yield


EVERY_EMBEDDING_IS_LARGE = """
from rnnbuild.models import large_embedding
large_embedding.PAYS_FROM = 0
"""
"""The same in a process of its own."""


def model_with(**of_layer: dict[str, Any]) -> dict[str, Any]:
    """A model of every kind of layer that can be frozen, with further keys of some of them."""

    def keys(name: str) -> dict[str, Any]:
        return of_layer.get(name, {})

    # Of a layer that is never trained it would do nothing.
    penalty = {} if keys("gru") == FROZEN else {"recurrent_regularizer": "l2"}
    return {
        "embedding": {"output_dim": 5, **keys("embedding")},
        "layers": [
            {"cell": "lstm", "units": 4, "bidirectional": True, **keys("lstm")},
            {"kind": "batch_normalization", **keys("batch_normalization")},
            {"cell": "gru", "units": 5, **penalty, **keys("gru")},
            {"kind": "layer_normalization", **keys("layer_normalization")},
            {"cell": "simple_rnn", "units": 3, **keys("simple_rnn")},
        ],
        "head": {"hidden": [{"units": 4, **keys("hidden")}], **keys("head")},
    }


def prepared_model(model: dict[str, Any], **training: Any) -> Prepared:
    data = {"dataset": "amazon", "size": 40, "max_length": 7}
    _, prepared = prepared_with(
        {"data": data, "model": model, "training": {"batch_size": 8, **training}}
    )
    return prepared


def steps_of(prepared: Prepared, multiple: int, epoch: int = 0) -> list[list[Batch]]:
    """The batches of each step of an epoch."""
    train, training = prepared.data.train, prepared.resolved.config.training
    plan = epoch_plan(train, training, epoch)
    return [[make_batch(train, rows, multiple) for rows in step] for step in plan]


def plain_copy(session: Session) -> Any:
    """The model in Keras alone, its frozen layers as Keras' users freeze them."""
    model = keras.models.clone_model(session.model)
    model.set_weights(session.model.get_weights())
    for layer, described in zip(model.layers, session.prepared.resolved.stack, strict=True):
        if frozen_epochs(described.spec):
            layer.trainable = False
    return model


def plain_step(model: Any, optimizer: Any, batches: list[Batch]) -> None:
    """A step of Keras over batches as if they were one, on all that is trainable.

    Gradients are dense: of an embedding's rows Keras' Adam otherwise squares each occurrence.
    """
    total = sum(float(batch.weights.sum()) for batch in batches)
    variables = model.trainable_variables
    summed = [tf.zeros(variable.shape) for variable in variables]
    for batch in batches:
        with tf.GradientTape() as tape:
            outputs = model(batch.inputs, training=True)
            known = np.maximum(batch.targets, 0)  # UNSEEN weighs nothing
            losses = keras.losses.sparse_categorical_crossentropy(known, outputs)
            objective = tf.reduce_sum(losses * batch.weights) / total
            objective += sum(model.losses) * (float(batch.weights.sum()) / total)
        gradients = tape.gradient(objective, variables)
        summed = [so_far + one for so_far, one in zip(summed, gradients, strict=True)]
    optimizer.apply_gradients(zip(summed, variables, strict=True))


def assert_same_weights(session: Session, plain: Any, before: list[np.ndarray]) -> None:
    """Weights that Keras moved are moved alike, and the others are what they were, to the bit."""
    weights = zip(plain.weights, before, session.model.get_weights(), strict=True)
    for variable, start, got in weights:
        expected = variable.numpy()
        largest = float(np.abs(expected - start).max())
        if not largest:
            np.testing.assert_array_equal(got, start, err_msg=variable.path)
        tolerance = ROUNDINGS * EPSILON * largest + EPSILON * float(np.abs(expected).max())
        np.testing.assert_allclose(got, expected, rtol=0, atol=tolerance, err_msg=variable.path)


LOWEST = ("embedding", "lstm", "batch_normalization")
MIDDLE = ("gru", "layer_normalization", "simple_rnn")
CASES = [
    (LOWEST, "kernels", {"optimizer": ADAM}),
    (("lstm", "simple_rnn"), "kernels", {"optimizer": ADAM, "clip_norm": 0.01}),
    (("gru", "hidden", "head"), "kernels", {"optimizer": SGD, "gradient_accumulation_steps": 2}),
]
SLOW = [
    (MIDDLE, "keras", {"optimizer": ADAMW}),
    (LOWEST, "keras", {"optimizer": ADAM}),
    (LOWEST, "xla", {"optimizer": ADAM}),
    (LOWEST, "keras", {"optimizer": SGD, "gradient_accumulation_steps": 2}),
    (MIDDLE, "kernels", {"optimizer": ADAMW}),
    (MIDDLE, "xla", {"optimizer": SGD}),
    (MIDDLE, "keras", {"optimizer": ADAMW, "clip_norm": 0.01}),
    ((*LOWEST, *MIDDLE, "hidden"), "kernels", {"optimizer": ADAM}),
    (("embedding",), "kernels", {"optimizer": {**SGD, "name": "rmsprop", "epsilon": 0.1}}),
]


@pytest.mark.parametrize(
    ("frozen", "speed", "training"),
    [*CASES, *(pytest.param(*case, marks=pytest.mark.torture) for case in SLOW)],
)
def test_steps_with_frozen_layers_are_those_of_keras_and_leave_frozen_weights_as_they_were(
    frozen: tuple[str, ...], speed: str, training: dict[str, Any]
) -> None:
    prepared = prepared_model(model_with(**dict.fromkeys(frozen, FROZEN)), speed=speed, **training)
    session = session_of(prepared)
    plain, optimizer = plain_copy(session), optimizer_of(prepared.resolved.config.training)
    before = session.model.get_weights()
    for batches in steps_of(prepared, session.multiple)[:2]:
        session.train_step(batches)
        plain_step(plain, optimizer, batches)
    assert_same_weights(session, plain, before)
    moved = [np.any(one != start) for one, start in zip(plain.get_weights(), before, strict=True)]
    assert any(moved)
    assert not all(moved)


@pytest.mark.parametrize("speed", ["kernels", pytest.param("keras", marks=pytest.mark.torture)])
def test_a_layer_that_thaws_is_trained_as_keras_does_after_it_is_compiled_again(
    speed: str,
) -> None:
    # Keras' `compile`, which a changed `trainable` needs, comes with a new optimizer.
    model = model_with(
        embedding={**FROZEN, "thaw_after": 2},
        lstm={**FROZEN, "thaw_after": 1},
        batch_normalization={**FROZEN, "thaw_after": 2},
        gru={**FROZEN, "thaw_after": 1},
        simple_rnn=FROZEN,
    )
    prepared = prepared_model(model, speed=speed, optimizer=ADAM)
    session = session_of(prepared)
    plain = plain_copy(session)
    names = {1: ["bidirectional_lstm", "gru"], 2: ["embedding", "batch_normalization"]}
    optimizer = optimizer_of(prepared.resolved.config.training)
    for epoch in range(3):
        assert session.thaw(epoch) == names.get(epoch, [])
        for name in names.get(epoch, []):
            plain.get_layer(name).trainable = True
            optimizer = optimizer_of(prepared.resolved.config.training)
        before = plain.get_weights()
        session.model.set_weights(before)  # roundings of earlier epochs stay out
        for batches in steps_of(prepared, session.multiple, epoch)[:2]:
            session.train_step(batches)
            plain_step(plain, optimizer, batches)
        assert_same_weights(session, plain, before)


def test_a_state_is_carried_through_frozen_layers_alike_by_kernels_and_keras() -> None:
    layers = [
        {"cell": "gru", "units": 5},
        {"cell": "lstm", "units": 4, **FROZEN},
    ]
    sessions = [
        session_of(
            prepared_text(layers, tokens=140, window=7, batch_size=4, optimizer=ADAM, speed=speed)
        )
        for speed in ("kernels", "keras")
    ]
    before = sessions[0].model.get_weights()
    for session in sessions:
        session.begin_epoch()
        for batches in steps_of(session.prepared, 1)[:3]:
            session.train_step(batches)
    assert_same_weights(sessions[0], sessions[1].model, before)


def test_nothing_below_the_lowest_trained_layer_has_a_backward_pass(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    passed: list[tuple[int, Wanted]] = []
    backward = Passes.backward

    def noting(self: Passes, *arguments: Any) -> Any:
        passed.append((self.units, self.wanted))
        return backward(self, *arguments)

    monkeypatch.setattr(Passes, "backward", noting)
    # Units: lstm 4, gru 5, simple_rnn 3.
    wanted = {
        LOWEST: {(5, (False, True)), (3, (True, True))},
        ("embedding", "gru"): {(4, (False, True)), (5, (True, False)), (3, (True, True))},
        (*LOWEST, *MIDDLE): set(),
    }
    for frozen, expected in wanted.items():
        model = model_with(**dict.fromkeys(frozen, FROZEN))
        prepared = prepared_model(model, speed="kernels")
        passed.clear()
        session_of(prepared).train_step(steps_of(prepared, 1)[0])
        assert set(passed) == expected, frozen


RUN: dict[str, Any] = light(epochs=4, checkpoint_minutes=1e-6)
RUN["model"] = {
    "embedding": {"output_dim": 2, **FROZEN, "thaw_after": 3},
    "layers": [
        {"cell": "simple_rnn", "units": 2, **FROZEN, "thaw_after": 1},
        {"kind": "batch_normalization", **FROZEN},
    ],
}
STEPS = 16
"""Of its four epochs, four each."""


def run_with(**training: Any) -> dict[str, Any]:
    return {**RUN, "training": {**RUN["training"], **training}}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("thawing") / "whole"
    assert train_here(folder, RUN).metrics.steps == STEPS
    return folder


class StopsAfter(Remarks):
    """As if Ctrl-C were pressed in a step."""

    def __init__(self, steps: int):
        super().__init__()
        self.steps = steps

    def stepped(self, state: TrainingState, sums: StepSums, examples: int, tokens: int) -> None:
        if state.steps == self.steps:
            signal.raise_signal(signal.SIGINT)


@pytest.mark.parametrize(
    "steps", [4, 6, *(pytest.param(steps, marks=pytest.mark.torture) for steps in (2, 12))]
)
def test_a_run_stopped_before_at_or_after_a_thaw_goes_on_to_the_bit(
    steps: int, whole: Path, tmp_path: Path
) -> None:
    stopped, resumed = StopsAfter(steps), Remarks()
    with pytest.raises(Interrupted):
        train_here(tmp_path / "cut", RUN, stopped)
    resume_here(tmp_path / "cut", RUN, resumed)
    assert_same_run(tmp_path / "cut", whole)
    # Said once, be it before the stop or after.
    said = [text for text in (*stopped.texts, *resumed.texts) if text.endswith("from now on")]
    assert said == [
        "epoch 2: `simple_rnn` is trained from now on",
        "epoch 4: `embedding` is trained from now on",
    ]


@pytest.mark.torture
def test_more_epochs_later_thaw_what_the_longer_run_thaws(whole: Path, tmp_path: Path) -> None:
    model = RUN["model"]
    later = {**model, "embedding": {**model["embedding"], "thaw_after": 2}}
    run = {**RUN, "model": later}
    train_here(tmp_path / "whole", run)
    shorter = {**run, "training": {**run["training"], "epochs": 3}}
    train_here(tmp_path / "run", shorter)
    resume_here(tmp_path / "run", run)
    assert_same_run(tmp_path / "run", tmp_path / "whole")


@pytest.mark.torture
def test_a_run_killed_beside_its_thaws_ends_as_if_it_never_was(whole: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    arguments: tuple[str | Path, ...] = (
        *("train", write_config(tmp_path / "small.yaml", RUN)),
        *("--run-dir", run),
    )
    for steps in (3, 4, 5, 11, 12, 13):
        dies = EVERY_EMBEDDING_IS_LARGE + DIES_AFTER.format(steps=steps)
        died = rnnbuild(*arguments, "--quiet", before=dies)
        assert died.returncode == -signal.SIGKILL
        arguments = ("resume", run)
    done = rnnbuild(*arguments, "--quiet", before=EVERY_EMBEDDING_IS_LARGE)
    assert done.returncode == 0, done.stderr
    assert_same_run(run, whole)


DIES_AFTER = """
import os, signal
from rnnbuild.training import loop
save_or_raise = loop.save_or_raise
def killing(run, session, state):
    save_or_raise(run, session, state)
    if state.steps >= {steps}:
        os.kill(os.getpid(), signal.SIGKILL)
loop.save_or_raise = killing
"""
"""A process that dies once it has written the checkpoint of a step, or the next one."""


def test_a_frozen_layer_of_a_run_ends_as_it_began_and_is_saved_as_frozen(whole: Path) -> None:
    _, prepared = prepared_with(RUN)
    started = session_of(prepared).model
    ended = keras.saving.load_model(whole / "model.keras")
    assert [layer.trainable for layer in ended.layers] == [True, True, False, True]
    for first, last in zip(started.layers, ended.layers, strict=True):
        same = map(np.array_equal, first.get_weights(), last.get_weights())
        assert all(same) == (not last.trainable), last.name


def test_the_record_names_the_epochs_of_thaws_and_layers_that_were_never_trained(
    whole: Path, tmp_path: Path
) -> None:
    assert "thawed: `simple_rnn` in epoch 2, `embedding` in epoch 4" in remarks_of(whole)
    train_here(tmp_path / "run", run_with(steps=7))
    assert "thawed: `simple_rnn` in epoch 2" in remarks_of(tmp_path / "run")
    assert (
        "`embedding` was never trained: training ended in epoch 2, and `thaw_after` is 3"
        in remarks_of(tmp_path / "run")
    )


def remarks_of(run: Path) -> tuple[str, ...]:
    metrics = read_metrics(RunDirectory(run))
    assert metrics is not None
    return metrics.remarks


def test_pretrained_vectors_that_are_thawed_are_trained_from_then_on(tmp_path: Path) -> None:
    (tmp_path / "vectors.txt").write_text("the 0.5 0.25\nand -0.5 1.5\n")
    embedding = {**RUN["model"]["embedding"], "pretrained": str(tmp_path / "vectors.txt")}
    values = {**RUN, "model": {**RUN["model"], "embedding": embedding}}
    _, prepared = prepared_with(values)
    session = session_of(prepared)
    table = session.model.weights[0]
    for epoch in range(4):
        session.thaw(epoch)
        before = table.numpy()
        for batches in steps_of(prepared, 1, epoch):
            session.train_step(batches)
        assert np.array_equal(session.model.weights[0].numpy(), before) == (epoch < 3)
