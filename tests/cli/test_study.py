"""`rnnbuild study`: real workers, real kills."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from rnnbuild.runs.study.directory import StudyDirectory
from rnnbuild.runs.study.states_file import read_states

CONFIG: dict[str, Any] = {
    "name": "cells",
    "data": {"dataset": "reber", "size": 400},
    "model": {"embedding": {"output_dim": 8}, "layers": [{"cell": "gru", "units": 8}]},
    "training": {"epochs": 3, "batch_size": 16},
}
CELLS = "cell=gru,lstm,simple_rnn"


def config_in(folder: Path, **training: Any) -> Path:
    path = folder / "cells.yaml"
    content = {**CONFIG, "training": {**CONFIG["training"], **training}}
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    return path


def started(*arguments: str | Path, folder: Path) -> subprocess.Popen[str]:
    """`rnnbuild study ...` as a process of its own, with its workers in its group."""
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
    return {
        path.name: json.loads((path / "metrics.json").read_text(encoding="utf-8"))["scores"]
        for path in study.runs.iterdir()
    }


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> StudyDirectory:
    """A study of three cells and two seeds that nothing interrupted."""
    folder = tmp_path_factory.mktemp("undisturbed")
    config_in(folder)
    process = started(
        *("cells.yaml", "--vary", CELLS, "--seeds", "2", "--workers", "1", "--dir", "study"),
        *("--quiet", "--format", "json"),
        folder=folder,
    )
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, err
    assert json.loads(out)["plan"]["seeds"] == [1, 2]
    return StudyDirectory(folder / "study")


def test_six_runs_with_one_kill_are_those_of_six_without(
    tmp_path: Path, undisturbed: StudyDirectory
) -> None:
    config_in(tmp_path)
    command = ("cells.yaml", "--vary", CELLS, "--seeds", "2", "--workers", "1", "--dir", "study")
    study = StudyDirectory(tmp_path / "study")
    process = started(*command, folder=tmp_path)
    second = study.run("cell-lstm-seed-1").history
    wait_for(second.exists, process)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    assert read_states(study).runs["cell-gru-seed-1"].state == "done"
    first = study.run("cell-gru-seed-1").metrics.stat().st_mtime_ns

    again = started(*command, folder=tmp_path)
    _, err = again.communicate(timeout=300)
    assert again.returncode == 0, err
    assert "study: 3 variants by 2 seeds, 6 runs, 1 of them finished" in err
    assert study.run("cell-gru-seed-1").metrics.stat().st_mtime_ns == first
    assert histories(study) == histories(undisturbed)
    assert scores(study) == scores(undisturbed)
