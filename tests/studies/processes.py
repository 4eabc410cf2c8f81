"""`rnnbuild study ...` as a process of its own, to be killed."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from rnnbuild.runs.study.directory import StudyDirectory

CONFIG: dict[str, Any] = {
    "name": "cells",
    "data": {"dataset": "reber", "size": 400},
    "model": {"embedding": {"output_dim": 8}, "layers": [{"cell": "gru", "units": 8}]},
    "training": {"epochs": 3, "batch_size": 16},
}
CELLS = "cell=gru,lstm,simple_rnn"


def config_in(folder: Path, **training: Any) -> Path:
    """CONFIG as a file, some keys of `training` changed."""
    path = folder / "cells.yaml"
    content = {**CONFIG, "training": {**CONFIG["training"], **training}}
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    return path


def started(*arguments: str | Path, folder: Path) -> subprocess.Popen[str]:
    """`rnnbuild study ...`, begun; its workers are in process groups of their own."""
    return subprocess.Popen(
        [sys.executable, "-m", "rnnbuild", "study", *map(str, arguments)],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )


def wait_for(condition: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    """Returns when it holds; fails where the process ends or two minutes pass before."""
    deadline = time.monotonic() + 120
    while not condition():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline, "two minutes have passed"
        time.sleep(0.02)


def histories(study: StudyDirectory) -> dict[str, bytes]:
    """Each run's history, which is equal to the byte for equal runs."""
    return {path.name: (path / "history.jsonl").read_bytes() for path in study.runs.iterdir()}


def scores(study: StudyDirectory) -> dict[str, Any]:
    """Each run's final scores."""
    return {
        path.name: json.loads((path / "metrics.json").read_text(encoding="utf-8"))["scores"]
        for path in study.runs.iterdir()
    }
