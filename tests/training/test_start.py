"""Training that starts from the weights of a run: against both models as Keras reads them."""

import json
import shutil
import signal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import rnnbuild
from rnnbuild.config.load import config_of
from rnnbuild.data.codec_of_run import codec_of_run
from rnnbuild.data.resolved import resolve_with_data
from rnnbuild.errors import ConfigError, RunError
from rnnbuild.inference.run_data import data_of_run
from rnnbuild.models.code import script_of
from rnnbuild.models.framework import keras
from rnnbuild.runs.directory import RunDirectory, open_run_to_resume, run_at
from rnnbuild.runs.history import read_history
from rnnbuild.runs.metrics_file import read_metrics
from rnnbuild.runs.start_file import read_start
from rnnbuild.training.progress.checkpoint import checkpoint_at
from rnnbuild.training.progress.observer import Observer, Silence
from rnnbuild.training.resume import ResumeRequest, resume
from rnnbuild.training.scoring import score_split
from rnnbuild.training.setup.prepare import prepare
from rnnbuild.training.setup.requirements import refuse_untrainable
from rnnbuild.training.setup.session import session_of
from rnnbuild.training.setup.start import files_started_from
from rnnbuild.training.train import Outcome, train
from tests.cli.command import rnnbuild as in_process
from tests.training.small_runs import Remarks, assert_same_run
from tests.training.small_runs import rnnbuild as run_command

LAYERS: list[dict[str, Any]] = [
    {"cell": "gru", "units": 3, "bidirectional": True, "dropout": 0.2},
    {"kind": "layer_normalization"},
    {"kind": "batch_normalization"},
    {"cell": "lstm", "units": 3},
]
WORDS = {"embedding": {"output_dim": 3}, "layers": LAYERS}
FILES = {
    "first.csv": [f"{word} film,{label}" for n in range(9) for word, label in
                  ((f"good{n}", "pos"), (f"bad{n}", "neg"))],
    "more.csv": [f"{word} book,{label}" for n in range(9) for word, label in
                 ((f"good{n}", "pos"), (f"dull{n}", "middling"))],
    "other.csv": [f"{word} card,{label}" for n in range(9) for word, label in
                  ((f"my{n}", "access"), (f"lost{n}", "payment"))],
}  # fmt: skip
KINDS: dict[str, dict[str, Any]] = {
    "classify": {
        "data": {"train": "first.csv"},
        "model": {**WORDS, "pooling": "attention", "head": {"hidden": [4]}},
    },
    "tag": {
        "data": {
            "train": "t.conll",
            "vocabulary": {"size": 3, "unknown": "shape"},
        },
        "model": WORDS,
    },
    "translate": {
        "task": "translate",
        "data": {"train": "pairs.tsv"},
        "model": {
            "embedding": {"output_dim": 3},
            "layers": [
                {"cell": "gru", "units": 3},
                {"kind": "repeat_vector"},
                {"cell": "simple_rnn", "units": 3},
            ],
        },
    },
    "language-model": {
        "task": "language-model",
        "data": {"train": "text.txt", "window": 8, "split": {"validation": 60, "test": 60}},
        "model": {"embedding": {"output_dim": 3}, "layers": [{"cell": "lstm", "units": 3}]},
    },
    "series": {
        "data": {"train": "s.csv", "window": 4, "horizon": 2},
        "model": {"layers": [{"cell": "gru", "units": 3, "reset_after": False}]},
    },
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("start")
    for name, rows in FILES.items():
        (path / name).write_text("text,label\n" + "\n".join(rows) + "\n")
    tagged = (f"Ann{n % 5}\tPER\nsat\tO\nOslo{n}\tLOC\n" for n in range(20))
    (path / "t.conll").write_text("\n".join(tagged))
    pairs = (f"one w{n}\tune v{n}\n" for n in range(20))
    (path / "pairs.tsv").write_text("source\ttarget\n" + "".join(pairs))
    (path / "text.txt").write_text("The film was good.\nThe book was not bad.\n" * 20)
    days = (f"2020-01-{day:02},{day * 7 % 11},{day % 5}\n" for day in range(1, 32))
    (path / "s.csv").write_text("date,a,b\n" + "".join(days))
    return path


def values_of(kind: str, data: dict[str, Any] | None = None, **training: Any) -> dict[str, Any]:
    values = KINDS[kind]
    usual = {"epochs": 1, "batch_size": 4}
    return {**values, "data": data or values["data"], "training": {**usual, **training}}


def train_in(
    folder: Path, run: Path, values: dict[str, Any], observer: Observer | None = None
) -> Outcome:
    config = config_of(values)
    prepared = prepare(config, folder)
    return train(config, folder, prepared, lambda: run_at(run), observer or Silence())


def resume_in(folder: Path, path: Path, values: dict[str, Any], **request: Any) -> Remarks:
    run, heard, config = open_run_to_resume(path), Remarks(), config_of(values)
    prepared = prepare(config, folder, begun=run)
    resume(run, ResumeRequest(config, folder, **request), prepared, heard)
    return heard


LIGHT = ("classify", "language-model", "series")
"""Kinds whose tests take seconds; those of the others are among the long ones."""


class Sources:
    """A trained run of each kind, once it is asked for."""

    def __init__(self, folder: Path):
        self.folder = folder

    def __getitem__(self, kind: str) -> RunDirectory:
        run = RunDirectory(self.folder / "runs" / kind)
        return run if run.began else train_in(self.folder, run.path, values_of(kind)).run


@pytest.fixture(scope="module")
def sources(folder: Path) -> Sources:
    made = Sources(folder)
    assert made["classify"].began
    return made


def arrays(model: Any) -> list[Any]:
    return [variable.numpy() for variable in model.weights]


@pytest.mark.parametrize(
    "kind",
    [kind if kind in LIGHT else pytest.param(kind, marks=pytest.mark.torture) for kind in KINDS],
)
def test_a_model_of_equal_layers_is_the_run_s_to_the_bit(
    kind: str, folder: Path, tmp_path: Path, sources: Sources
) -> None:
    source = sources[kind]
    config = config_of(values_of(kind, from_run=f"runs/{kind}", seed=2))
    prepared = prepare(config, folder)
    session = session_of(prepared)
    session.model.save(tmp_path / "started.keras")
    started = keras.models.load_model(tmp_path / "started.keras")
    trained = keras.models.load_model(source.model)
    assert all(map(np.array_equal, arrays(started), arrays(trained)))
    assert prepared.start is not None
    assert {layer.start for layer in prepared.start.record.layers} == {"taken over"}
    assert f'the weights of the run "runs/{kind}"' in script_of(prepared.resolved)
    # With the same weights, it scores as that run did, on the same rows.
    outputs = session.outputs(prepared.data.validation)
    scores = score_split(prepared.data, "validation", outputs, False, lambda text: None)
    metrics = read_metrics(source)
    assert metrics is not None
    assert scores.scores == metrics.scores["validation"]


def test_what_differs_is_said_and_new(folder: Path, sources: Sources) -> None:
    values = values_of("classify", {"train": "more.csv"}, from_run="runs/classify")
    changed = [*LAYERS[:3], {"cell": "lstm", "units": 5}]
    values["model"] = {**values["model"], "layers": changed}
    prepared = prepare(config_of(values), folder)
    model = session_of(prepared).model
    trained = keras.models.load_model(sources["classify"].model)
    before, now = codec_of_run(sources["classify"]), prepared.data.codec
    assert now.labels == (*before.labels, "middling")  # type: ignore[attr-defined]
    old, table = trained.layers[0].get_weights()[0], model.layers[0].get_weights()[0]
    known, here = before.model_names.inputs, now.model_names.inputs
    assert here[: len(known)] == known
    assert np.array_equal(table[: len(known)], old)
    assert len(here) > len(known)
    assert (table[len(known) :] == old[1]).all()
    for number in (1, 2, 3):
        assert all(
            map(
                np.array_equal,
                model.layers[number].get_weights(),
                trained.layers[number].get_weights(),
            )
        )
    assert prepared.start is not None
    starts = {layer.layer: layer for layer in prepared.start.record.layers}
    assert starts["embedding"].start == "grown"
    assert starts["lstm"].reason == "5 units, in the run 3 units"
    assert starts["head"].start == "grown"
    assert sum(layer.weights for layer in starts.values()) == model.count_params()
    resolved = resolve_with_data(config_of(values), folder)
    assert resolved.facts == prepared.resolved.facts


def test_a_language_model_becomes_a_classifier(folder: Path, sources: Sources) -> None:
    source = sources["language-model"]
    values = values_of("classify", {"train": "first.csv"}, from_run="runs/language-model")
    values["model"] = {**KINDS["language-model"]["model"], "pooling": "mean"}
    prepared = prepare(config_of(values), folder)
    assert prepared.data.codec.level == "character"  # type: ignore[attr-defined]
    assert prepared.start is not None
    starts = [layer.start for layer in prepared.start.record.layers]
    assert starts == ["grown", "taken over", "new"]
    trained = keras.models.load_model(source.model)
    model = session_of(prepared).model
    assert all(map(np.array_equal, model.layers[1].get_weights(), trained.layers[1].get_weights()))


def test_it_is_recorded_and_shown(folder: Path, sources: Sources) -> None:
    values = values_of("classify", {"train": "more.csv"}, from_run="runs/classify")
    run = train_in(folder, folder / "runs" / "grown", values).run
    start = read_start(run)
    assert start is not None
    assert start.run == str(sources["classify"].path)
    assert start.kept is not None
    assert start.kept.steps == read_history(sources["classify"].history)[-1].steps
    assert data_of_run(run).codec.to_json() == codec_of_run(run).to_json()
    assert rnnbuild.open_run(run.path).predict(["good1 film"])
    shown = in_process("runs", run.path, columns=400)
    assert f"started from {sources['classify'].path} (epoch 1" in shown.out


def test_the_first_run_may_be_gone_once_training_began(
    folder: Path, tmp_path: Path, sources: Sources
) -> None:
    """Killed before its first evaluation, and continued without the run that it started from."""
    source = tmp_path / "base"
    shutil.copytree(sources["classify"].path, source)
    values = values_of("classify", {"train": str(folder / "more.csv")}, epochs=2)
    values["training"]["from_run"] = str(source)
    config = tmp_path / "grown.yaml"
    config.write_text(json.dumps(values))
    whole, run = tmp_path / "whole", tmp_path / "run"
    train_in(tmp_path, whole, {**values, "name": "grown"})
    killing = """
import os, signal, sys
def kill(event, arguments):
    if event == "open" and str(arguments[0]).endswith("history.jsonl"):
        if isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR):
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(kill)
"""
    died = run_command("train", config, "--run-dir", run, "--quiet", before=killing)
    assert died.returncode == -signal.SIGKILL, died.stderr
    assert [path.name for path in (run / "checkpoints").iterdir()] == ["step-000000000.checkpoint"]
    shutil.rmtree(source)
    done = run_command("resume", run, "--quiet")
    assert done.returncode == 0, done.stderr
    assert_same_run(run, whole)
    assert checkpoint_at(RunDirectory(run), 0) is not None


def test_lost_checkpoints_are_taken_from_the_first_run_again(
    folder: Path, tmp_path: Path, sources: Sources
) -> None:
    source = tmp_path / "base"
    shutil.copytree(sources["classify"].path, source)
    values = values_of("classify", {"train": "more.csv"}, from_run=str(source))
    whole, run = tmp_path / "whole", tmp_path / "run"
    train_in(folder, whole, values)
    shutil.copytree(whole, run)
    shutil.rmtree(run / "checkpoints")
    (run / "metrics.json").unlink()
    heard = resume_in(folder, run, values)
    assert_same_run(run, whole)
    assert not any("has changed since" in text for text in heard.texts)
    shutil.rmtree(run / "checkpoints")
    (run / "metrics.json").unlink()
    record = json.loads((run / "start.json").read_text())
    (run / "start.json").write_text(json.dumps({**record, "finished": False}))
    heard = resume_in(folder, run, values)
    assert any("has changed since" in text for text in heard.texts)
    (run / "metrics.json").unlink()
    shutil.rmtree(source)
    shutil.rmtree(run / "checkpoints")
    with pytest.raises(RunError, match="there is no run"):
        resume_in(folder, run, values)


@pytest.mark.torture
def test_a_run_that_begins_again_starts_from_the_same_weights(
    folder: Path, tmp_path: Path, sources: Sources
) -> None:
    values = values_of("classify", {"train": "more.csv"}, from_run="runs/classify")
    whole, run = tmp_path / "whole", tmp_path / "run"
    train_in(folder, whole, values)
    shutil.copytree(whole, run)
    record = json.loads((run / "environment.json").read_text())
    (run / "environment.json").write_text(json.dumps({**record, "tensorflow": "1.0"}))
    heard = resume_in(folder, run, values, begin_again=True)
    assert any("begins again" in text for text in heard.texts)
    assert_same_run(run, whole)


def test_one_that_has_not_finished_gives_its_weights_so_far(
    folder: Path, tmp_path: Path, sources: Sources
) -> None:
    source = tmp_path / "stopped"
    shutil.copytree(sources["classify"].path, source)
    (source / "metrics.json").unlink()
    (source / "model.keras").unlink()
    prepared = prepare(config_of(values_of("classify", from_run=str(source))), folder)
    assert prepared.start is not None
    record = prepared.start.record
    assert not record.finished
    assert record.kept is not None
    assert record.notes[0].startswith(f"{source} has not finished: it answers with its best")
    shutil.rmtree(source / "checkpoints")
    with pytest.raises(RunError, match="no weights to answer with"):
        prepare(config_of(values_of("classify", from_run=str(source))), folder)


def test_errors_name_the_run_and_the_key(folder: Path, tmp_path: Path, sources: Sources) -> None:
    def refused(values: dict[str, Any]) -> str:
        with pytest.raises((RunError, ConfigError)) as caught:
            prepare(config_of(values), folder)
        with pytest.raises((RunError, ConfigError)) as checked:
            refuse_untrainable(config_of(values), folder)
        assert str(checked.value) == str(caught.value)
        return str(caught.value)

    assert "there is no run" in refused(values_of("classify", from_run="runs/clasify"))
    assert "is not a run" in refused(values_of("classify", from_run="runs"))
    values = values_of("classify", {"train": "other.csv"}, from_run="runs/classify")
    values["model"] = {"embedding": {"output_dim": 7}, "layers": [{"cell": "gru", "units": 7}]}
    message = refused(values)
    assert "no layer can start from" in message
    assert "gru: GRU, in the run bidirectional GRU" in message
    damaged = tmp_path / "damaged"
    shutil.copytree(sources["classify"].path, damaged)
    (damaged / "codec.json").write_text("{}")
    assert "codec.json cannot be used" in refused(values_of("classify", from_run=str(damaged)))


def test_a_node_of_a_cluster_gets_what_is_read_of_the_run(
    folder: Path, tmp_path: Path, sources: Sources
) -> None:
    """On a machine that has nothing else, the model starts from the same weights."""
    values = values_of("classify", from_run="runs/classify")
    config, there, begun = config_of(values), tmp_path / "there", RunDirectory(tmp_path / "run")
    for path in (folder / "first.csv", *files_started_from(config, folder, begun)):
        copy = there / path.relative_to(folder)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)
    weights = [arrays(session_of(prepare(config, each)).model) for each in (folder, there)]
    assert all(map(np.array_equal, *weights))
    whole = train_in(folder, tmp_path / "run", values).run
    assert files_started_from(config, folder, whole) == []


def test_from_python_as_from_the_command_line(
    folder: Path, tmp_path: Path, sources: Sources
) -> None:
    values = values_of("classify")
    trained = rnnbuild.train(
        values, data_dir=folder, run_dir=tmp_path / "run", from_run=sources["classify"].path
    )
    assert "Started from" in repr(trained)
    config = tmp_path / "c.yaml"
    config.write_text(json.dumps(values))
    done = in_process(
        "train", config, "--data-dir", folder, "--run-dir", tmp_path / "other",
        "--from", sources["classify"].path, "--format", "json",
    )  # fmt: skip
    assert done.code == 0, done.err
    assert done.json["start"]["layers"][0]["start"] == "taken over"
    assert "optimizer and its schedule begin anew" in done.err
    first, second = (RunDirectory(tmp_path / name).history for name in ("run", "other"))
    assert first.read_text() == second.read_text()
    written = (tmp_path / "other" / "config.yaml").read_text()
    assert "from_run: runs/classify" in written  # relative to the folder of the data


def test_a_damaged_record_of_the_start_is_left_out_with_a_note(
    folder: Path, tmp_path: Path, sources: Sources
) -> None:
    assert sources["classify"].began
    values = values_of("classify", from_run="runs/classify", epochs=1)
    outcome = train_in(folder, tmp_path / "run", values)
    outcome.run.start.write_bytes(b"{")
    said = "what the run started from is left out"
    shown = in_process("runs", outcome.run.path)
    assert (shown.code, said in " ".join(shown.err.split())) == (0, True)
    plain = in_process("runs", outcome.run.path, "--format", "json")
    assert (plain.code, "start" in plain.json, said in " ".join(plain.err.split())) == (
        0,
        False,
        True,
    )
    page = tmp_path / "page.html"
    assert in_process("report", outcome.run.path, "--output", page).code == 0
    assert "What the run started from is left out" in page.read_text()
