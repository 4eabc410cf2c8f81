"""A run that is being trained, or was stopped, answers with its best weights, and says so."""

import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import rnnbuild
from rnnbuild.config.load import config_of
from rnnbuild.config.resolve import resolve
from rnnbuild.errors import RunError
from rnnbuild.export.opening import open_run
from rnnbuild.inference import unfinished
from rnnbuild.inference.archive.layers import layers_in_archive
from rnnbuild.inference.model_source import CheckpointedModel
from rnnbuild.models.build import build_model
from rnnbuild.models.numpy_pass.forward import numpy_pass
from rnnbuild.runs.checkpoint_content import CheckpointContent, array_name, read_content
from rnnbuild.runs.directory import RunDirectory, locked
from rnnbuild.runs.facts_file import read_facts
from rnnbuild.runs.history import read_history
from rnnbuild.tasks.facts import DataFacts
from tests.cli.command import rnnbuild as command
from tests.training.small_runs import light, start, train_here, write_config

TEXTS = ["I love amazon", "the amazon is a river", "amazon"]
# One unit at such a rate soon moves away from its best.
RESTLESS: dict[str, Any] = {"epochs": 9, "optimizer": {"name": "sgd", "learning_rate": 3.0}}


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run whose best evaluation is not its last."""
    path = tmp_path_factory.mktemp("restless") / "run"
    outcome = train_here(path, light(**RESTLESS))
    assert outcome.metrics.kept is not None
    assert outcome.metrics.kept.epoch < 9
    return path


@pytest.fixture
def stopped(finished: Path, tmp_path: Path) -> Path:
    """The same before its end: without its model and its scores."""
    path = Path(shutil.copytree(finished, tmp_path / "run"))
    (path / "model.keras").unlink()
    (path / "metrics.json").unlink()
    return path


def best_line(path: Path) -> tuple[int, float]:
    """The epoch and the score of the best evaluation, by hand."""
    scored = [
        (line.scores("validation")["token_accuracy"], -(line.scores("validation")["loss"] or 0.0))
        for line in read_history(path / "history.jsonl")
    ]
    best = max(range(len(scored)), key=lambda number: (scored[number], -number))
    return best + 1, scored[best][0] or 0.0


def test_a_stopped_run_answers_as_it_does_once_it_has_finished(
    finished: Path, stopped: Path
) -> None:
    epoch, score = best_line(stopped)
    note = (
        f"{stopped} has not finished: it answers with its best weights so far, of epoch {epoch} of "
        f"9: validation token accuracy {score:.4f}"
    )
    with pytest.warns(UserWarning) as caught:
        run = rnnbuild.open_run(stopped)
    assert [str(warning.message) for warning in caught] == [note]
    assert caught[0].filename == __file__
    assert run.predict(TEXTS, probabilities=True) == open_run(finished).predict(
        TEXTS, probabilities=True
    )
    assert open_run(finished).note is None
    shown = command("predict", stopped, *TEXTS, "--format", "json")
    assert " ".join(shown.err.split()) == f"note: {note}"
    assert shown.out == command("predict", finished, *TEXTS, "--format", "json").out


def test_a_stopped_run_is_evaluated_as_it_is_once_it_has_finished(
    finished: Path, stopped: Path
) -> None:
    before = command("evaluate", stopped, "--format", "json")
    after = command("evaluate", finished, "--format", "json")
    assert "has not finished: it answers with its best weights" in " ".join(before.err.split())
    assert (before.code, after.code) == (0, 0)
    assert before.json["scores"] == after.json["scores"]


def test_without_the_best_the_last_weights_answer_and_the_note_says_so(stopped: Path) -> None:
    newest = max((stopped / "checkpoints").iterdir())
    config = json.loads(json.dumps(light(**RESTLESS, restore_best=False)))
    (stopped / "config.yaml").write_text(json.dumps(config))
    run = open_run(stopped)
    assert run.note is not None
    assert run.note.endswith("answers with its last weights so far, of epoch 9 of 9")
    content = read_content(newest)
    assert content is not None
    assert_same_outputs(run, content)


def test_a_damaged_best_checkpoint_leaves_the_last_one(stopped: Path) -> None:
    oldest, *_, newest = sorted((stopped / "checkpoints").iterdir())
    oldest.write_bytes(oldest.read_bytes()[:-1])
    run = open_run(stopped)
    assert run.note is not None
    assert "last weights so far, of epoch 9 of 9" in run.note
    content = read_content(newest)
    assert content is not None
    assert_same_outputs(run, content)


def assert_same_outputs(run: Any, content: CheckpointContent) -> None:
    """Those of the Keras model with the checkpoint's weights."""
    facts = read_facts(RunDirectory(content.path.parents[1]))
    model = build_model(resolve(config_of(light(**RESTLESS)), facts))
    model.set_weights(content.weights)
    inputs = np.array([[2, 3, 4], [5, 6, 0]], np.int32)
    expected = np.asarray(model(inputs))
    np.testing.assert_allclose(run.forward(inputs)[0], expected[0], atol=1e-6)


def test_every_checkpoint_damaged_is_one_error(stopped: Path) -> None:
    for path in (stopped / "checkpoints").iterdir():
        path.write_bytes(b"nothing")
    with pytest.raises(RunError, match=r"every checkpoint in .* is damaged") as caught:
        open_run(stopped)
    assert f"rnnbuild resume {stopped}" in str(caught.value)


def test_without_a_checkpoint_the_error_says_what_to_do(stopped: Path) -> None:
    shutil.rmtree(stopped / "checkpoints")
    with pytest.raises(RunError, match="stopped before its first checkpoint") as caught:
        open_run(stopped)
    assert f"train it: rnnbuild resume {stopped}" in str(caught.value)
    with locked(RunDirectory(stopped)), pytest.raises(RunError, match="still being tr") as caught:
        open_run(stopped)
    assert f"rnnbuild runs {stopped}" in str(caught.value)
    assert "resume" not in str(caught.value)
    for name in ("predict", "evaluate"):
        shown = command(name, stopped)
        assert shown.code == 2
        assert "stopped before its first checkpoint" in " ".join(shown.err.split())


def test_a_checkpoint_of_another_model_is_refused(stopped: Path) -> None:
    config = light(**RESTLESS)
    config["model"] = {**config["model"], "layers": [{"cell": "gru", "units": 2}]}
    (stopped / "config.yaml").write_text(json.dumps(config))
    with pytest.raises(RunError, match=r"checkpoint has other weights than the config of"):
        open_run(stopped)


def test_checkpoints_that_vanish_while_they_are_read_are_looked_up_again(
    stopped: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As those of a run that is being trained do."""
    folder, vanished = stopped / "checkpoints", stopped / "vanished"
    folder.rename(vanished)
    folder.mkdir()
    (folder / "step-000000001.checkpoint").write_bytes(b"of the first step")
    tried: list[Path] = []

    def read(path: Path) -> CheckpointContent | None:
        if not tried:
            shutil.rmtree(folder)
            vanished.rename(folder)
        tried.append(path)
        return read_content(path)

    monkeypatch.setattr(unfinished, "read_content", read)
    assert "best weights so far" in (open_run(stopped).note or "")


WAITING = """
import time
from rnnbuild.training import loop
save_or_raise = loop.save_or_raise
def waiting(run, session, state):
    save_or_raise(run, session, state)
    if state.steps >= 8:
        time.sleep(600)
loop.save_or_raise = waiting
"""


@pytest.fixture
def training(tmp_path: Path) -> Iterator[tuple[Path, "subprocess.Popen[str]"]]:
    """A process that trains, and waits within its third epoch; and its run's folder."""
    config = write_config(tmp_path / "light.yaml", light(evaluate_every=4, checkpoint_minutes=1e-6))
    run = tmp_path / "run"
    process = start("train", config, "--run-dir", run, "--quiet", before=WAITING)
    deadline = time.monotonic() + 120
    while not (run / "checkpoints" / "step-000000008.checkpoint").exists():
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.01)
    try:
        yield run, process
    finally:
        process.kill()
        process.communicate()


def test_a_run_answers_while_it_is_trained_and_after_it_was_killed(
    training: tuple[Path, "subprocess.Popen[str]"],
) -> None:
    path, process = training
    running = open_run(path)
    assert running.note is not None
    assert running.note.startswith(f"{path} is still being trained: it answers with its best")
    answers = running.predict(TEXTS)
    evaluated = command("evaluate", path, "--format", "json")
    assert "is still being trained" in evaluated.err
    assert process.poll() is None

    process.kill()
    process.communicate()
    shown = command("predict", path, *TEXTS, "--format", "json")
    assert f"{path} has not finished" in " ".join(shown.err.split())
    assert [[token["prediction"] for token in row["tokens"]] for row in shown.json] == [
        list(answer.prediction) for answer in answers
    ]
    assert command("evaluate", path, "--format", "json").json["scores"] == evaluated.json["scores"]


BOTH_WAYS = {"bidirectional": True, "merge_mode": "mul"}
MODELS: dict[str, dict[str, Any]] = {
    "cells": {
        "layers": [
            {"cell": "lstm", "units": 3, "bidirectional": True},
            {"cell": "gru", "units": 4, **BOTH_WAYS},
            {"cell": "simple_rnn", "units": 2, "use_bias": False, "go_backwards": True},
        ]
    },
    "normalised": {
        "layers": [
            {"cell": "gru", "units": 4},
            {"kind": "batch_normalization", "scale": False},
            {"kind": "dropout", "rate": 0.5},
            {"kind": "layer_normalization", "center": False},
            {"kind": "dense", "units": 3, "activation": "relu"},
        ],
        "pooling": "attention",
        "head": {"hidden": [3]},
    },
    "by Keras alone": {"layers": [{"cell": "gru", "units": 3, "reset_after": False}]},
}


@pytest.mark.parametrize("name", MODELS)
def test_weights_by_their_order_are_the_layers_that_keras_saves(name: str, tmp_path: Path) -> None:
    facts = DataFacts(task="classify", vocabulary_size=9, labels=("a", "b", "c"), longest=5)
    model = {"embedding": {"output_dim": 4}, **MODELS[name]}
    resolved = resolve(config_of({"name": "m", "model": model}), facts)
    built = build_model(resolved)
    draw = np.random.default_rng(4)
    built.set_weights([draw.uniform(0.1, 1, w.shape) for w in built.get_weights()])
    built.save(tmp_path / "model.keras")
    arrays = {array_name("weight", n): w for n, w in enumerate(built.get_weights())}
    content = CheckpointContent(tmp_path / "a" / "b" / "c", {}, arrays)
    source = CheckpointedModel(content, resolved)
    layers, saved = source.layers(), layers_in_archive(tmp_path / "model.keras")
    assert [layer.kind for layer in layers] == [layer.kind for layer in saved]
    for layer, other in zip(layers, saved, strict=True):
        assert layer.weights.keys() == other.weights.keys()
        for path, weight in other.weights.items():
            assert np.array_equal(layer.weights[path], weight), (layer.kind, path)
    inputs = np.array([[1, 2, 3, 4], [5, 6, 0, 0]], np.int32)
    expected = np.asarray(built(inputs))
    np.testing.assert_allclose(source.keras_model()(inputs), expected)
    if name != "by Keras alone":
        np.testing.assert_allclose(numpy_pass(layers)(inputs), expected, atol=2e-6)
