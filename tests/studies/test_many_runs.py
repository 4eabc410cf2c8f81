"""A study of 60 runs that is killed three times is the one that nobody killed."""

import os
import random
import signal
from pathlib import Path

import pytest

from rnnbuild.runs.study.directory import StudyDirectory
from tests.studies.processes import CELLS, config_in, histories, scores, started, wait_for

RUNS = 60


@pytest.mark.torture
def test_sixty_runs_with_three_kills_are_those_without(tmp_path: Path) -> None:
    config_in(tmp_path)
    command = ("cells.yaml", "--vary", CELLS, "--seeds", str(RUNS // 3), "--workers", "2")
    undisturbed = started(*command, "--dir", "undisturbed", folder=tmp_path)
    _, err = undisturbed.communicate(timeout=1200)
    assert undisturbed.returncode == 0, err

    study = StudyDirectory(tmp_path / "killed")
    generator = random.Random(3)

    def finished() -> int:
        return len(list(study.runs.glob("*/metrics.json")))

    for kill in (1, 2, 3):
        process = started(*command, "--dir", study.path, folder=tmp_path)
        wanted = finished() + generator.randint(6, 14)
        wait_for(lambda wanted=wanted: finished() >= wanted, process)  # type: ignore[misc]
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        assert finished() < RUNS, kill
    done = {path: path.stat().st_mtime_ns for path in study.runs.glob("*/metrics.json")}
    last = started(*command, "--dir", study.path, folder=tmp_path)
    _, err = last.communicate(timeout=1200)
    assert last.returncode == 0, err
    assert {path: path.stat().st_mtime_ns for path in done} == done
    assert len(histories(study)) == RUNS
    whole = StudyDirectory(tmp_path / "undisturbed")
    assert histories(study) == histories(whole)
    assert scores(study) == scores(whole)
