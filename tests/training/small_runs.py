"""A small run with all that makes resuming hard, trained here or in a process of its own.

Dropout within and between steps, compiled layers and Keras' own, shuffling, accumulated gradients,
a plateau, early stopping, evaluations within epochs, and a checkpoint after nearly every step.
"""

import json
import os
import random
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from rnnbuild.config.load import config_of
from rnnbuild.config.schema import Config
from rnnbuild.inference.archive.layers import layers_in_archive
from rnnbuild.runs.directory import RunDirectory, locked, open_run_to_resume, run_at
from rnnbuild.training.progress.checkpoint import last_checkpoint
from rnnbuild.training.progress.observer import Observer, Silence
from rnnbuild.training.resume import ResumeRequest, resume
from rnnbuild.training.setup.prepare import Prepared, prepare
from rnnbuild.training.train import Outcome, train

ROOT = Path(__file__).parents[2]

VALUES: dict[str, Any] = {
    "name": "small",
    "data": {"dataset": "amazon", "size": 200},
    "model": {
        "embedding": {"output_dim": 6},
        "layers": [
            {
                "cell": "simple_rnn",
                "units": 8,
                "bidirectional": True,
                "dropout": 0.2,
                "recurrent_dropout": 0.2,
            },
            {"kind": "batch_normalization"},
            {"cell": "gru", "units": 6, "dropout": 0.2},
            {"kind": "dropout", "rate": 0.2},
        ],
    },
    "training": {
        "epochs": 6,
        "batch_size": 16,
        "gradient_accumulation_steps": 2,
        "optimizer": {"name": "adam", "learning_rate": 0.05},
        "schedule": {"name": "plateau", "patience": 1, "factor": 0.5, "metric": "macro_f1"},
        "clip_norm": 1.0,
        "class_weight": "balanced",
        "evaluate_every": 3,
        "early_stopping": {"metric": "loss", "patience": 50},
        "checkpoint_minutes": 1e-6,
    },
}

# For what does not depend on bits: a step that is traced in a moment.
LIGHT: dict[str, Any] = {
    "name": "light",
    "data": {"dataset": "amazon", "size": 20},
    "model": {"embedding": {"output_dim": 2}, "layers": [{"cell": "simple_rnn", "units": 2}]},
    "training": {"epochs": 3, "batch_size": 4},
}

STEPS = 30
"""Of the whole run of VALUES: 160 rows in batches of 16, two batches a step, six epochs."""


def language_model(folder: Path) -> dict[str, Any]:
    """The config of a run of STEPS steps whose state is carried, in the kernels and in Keras; its
    text is written into the folder."""
    text, draw = folder / "text.txt", random.Random(1)
    # Two epochs of 15 steps, the last of which has 5 rows, the last one short.
    text.write_text("".join(draw.choices("abc \n", k=8 * (8 * 14 + 5) + 100 - 3)))
    return {
        "task": "language-model",
        "data": {"train": str(text), "window": 8, "split": {"validation": 50, "test": 50}},
        "model": {
            "embedding": {"output_dim": 4},
            "layers": [
                {"cell": "lstm", "units": 6, "dropout": 0.2},
                {"cell": "gru", "units": 5, "recurrent_dropout": 0.2},
            ],
        },
        "training": {
            "epochs": 2,
            "batch_size": 8,
            "evaluate_every": 4,
            "checkpoint_minutes": 1e-6,
        },
    }


def values_with(**training: Any) -> dict[str, Any]:
    """The run's config with other keys of `training`; None takes one out."""
    merged = {**VALUES["training"], **training}
    stated = {key: value for key, value in merged.items() if value is not None}
    return {**VALUES, "training": stated}


def light(**training: Any) -> dict[str, Any]:
    return {**LIGHT, "training": {**LIGHT["training"], **training}}


def prepared_with(values: dict[str, Any] = VALUES) -> tuple[Config, Prepared]:
    config = config_of(values)
    return config, prepare(config, ROOT)


def train_here(
    folder: Path,
    values: dict[str, Any] = VALUES,
    observer: Observer | None = None,
    seconds: float | None = None,
) -> Outcome:
    """Train in this process into a new folder."""
    config, prepared = prepared_with(values)
    return train(config, ROOT, prepared, lambda: run_at(folder), observer or Silence(), seconds)


def resume_here(
    folder: Path,
    values: dict[str, Any] = VALUES,
    observer: Observer | None = None,
    accept_changes: bool = False,
    seconds: float | None = None,
    begin_again: bool = False,
) -> Outcome:
    """Continue a run in this process; `values` is its config as it is now."""
    config, prepared = prepared_with(values)
    run = open_run_to_resume(folder)
    request = ResumeRequest(config, ROOT, seconds, accept_changes, begin_again=begin_again)
    with locked(run):
        return resume(run, request, prepared, observer or Silence())


class Remarks(Silence):
    """Collects the remarks."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def remarked(self, text: str) -> None:
        self.texts.append(text)


def write_config(path: Path, values: dict[str, Any] = VALUES) -> Path:
    """A config file: JSON is YAML."""
    path.write_text(json.dumps(values), encoding="utf-8")
    return path


def command(*arguments: str | Path, before: str = "") -> Sequence[str]:
    """`rnnbuild ARGUMENTS` as a process; `before` is Python that runs first in it."""
    code = f"{before}\nfrom rnnbuild.cli.app import main\nmain()"
    return [sys.executable, "-c", code, *map(str, arguments)]


def start(*arguments: str | Path, before: str = "") -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        command(*arguments, before=before),
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: subprocess.Popen[str]) -> subprocess.CompletedProcess[str]:
    output, errors = process.communicate(timeout=300)
    return subprocess.CompletedProcess(process.args, process.returncode, output, errors)


def rnnbuild(*arguments: str | Path, before: str = "") -> subprocess.CompletedProcess[str]:
    return finish(start(*arguments, before=before))


def traces(path: Path) -> dict[str, Any]:
    """All that equal runs have in common: every array of the last checkpoint and of the model, the
    state but for its wall times, the history to the letter, the scores, and the answers."""
    run = RunDirectory(path)
    checkpoint, warnings = last_checkpoint(run)
    assert checkpoint is not None
    assert warnings == []
    state = checkpoint.state.as_json()
    del state["seconds"], state["timings"]
    return {
        "arrays": {**checkpoint.arrays, **model_arrays(run)},
        "state": state,
        "history": run.history.read_text(encoding="utf-8"),
        "metrics": json.loads(run.metrics.read_text(encoding="utf-8")),
        "answers": [run.answers(split).read_bytes() for split in ("validation", "test")],
    }


def model_arrays(run: RunDirectory) -> dict[str, np.ndarray]:
    """The weights of the saved model, by layer and name."""
    layers = enumerate(layers_in_archive(run.model))
    return {f"{n} {name}": array for n, layer in layers for name, array in layer.weights.items()}


def assert_same_run(path: Path, reference: Path) -> None:
    """Two finished runs are equal to the bit, wall times apart."""
    actual, expected = traces(path), traces(reference)
    for key in ("history", "state", "metrics", "answers"):
        assert actual[key] == expected[key], key
    assert actual["arrays"].keys() == expected["arrays"].keys()
    for name, array in expected["arrays"].items():
        assert np.array_equal(actual["arrays"][name], array), name
