"""Runs of workers are those of `rnnbuild train`, to the bit, whatever happens to a worker."""

import json
import os
import signal
from pathlib import Path

import pytest

from rnnbuild.runs.history import HistoryLine
from rnnbuild.studies.job import Ended, Job
from rnnbuild.workers.pool import train_with
from tests.training.small_runs import assert_same_run, light, rnnbuild, values_with, write_config
from tests.workers.asking import (
    ROOT,
    Recorder,
    job_for,
    start_asking,
    wait_for_line,
    wait_until_gone,
    worker_of,
)

pytestmark = pytest.mark.skipif(os.name != "posix", reason="processes are killed by signals")


@pytest.fixture(autouse=True)
def the_package_of_this_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    """For workers, which are processes of their own."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))


@pytest.fixture(scope="session")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_config(tmp_path_factory.mktemp("config") / "small.yaml", values_with(epochs=3))


@pytest.fixture(scope="session")
def alone(config: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run of the config with seed 1, trained by the program in a process of its own."""
    run = tmp_path_factory.mktemp("alone") / "run"
    done = rnnbuild("train", config, "--seed", "1", "--run-dir", run, "--quiet")
    assert done.returncode == 0, done.stderr
    return run


def test_a_worker_trains_one_run_after_another_as_the_program_would(
    config: Path, alone: Path, tmp_path: Path
) -> None:
    wrong = write_config(tmp_path / "wrong.yaml", {**light(), "data": {"dataset": "amazn"}})
    jobs = [
        job_for(tmp_path / "other", config, seed=2),
        job_for(tmp_path / "wrong", wrong),
        job_for(tmp_path / "untested", config, seed=2, scores_test=False),
        job_for(tmp_path / "last", config),
    ]
    listener = Recorder(jobs)
    train_with(listener, 1)
    ends = dict(listener.ends)
    assert ends.pop("wrong").error.startswith(f"{wrong}")
    assert ends == {"other": Ended(), "untested": Ended(), "last": Ended()}
    assert_same_run(tmp_path / "last", alone)
    # One process trained all of them.
    assert len({worker_of(tmp_path / name) for name in ends}) == 1
    tested = json.loads((tmp_path / "other" / "metrics.json").read_text())
    untested = json.loads((tmp_path / "untested" / "metrics.json").read_text())
    assert [*tested["scores"]] == ["validation", "test"]
    assert untested["scores"] == {"validation": tested["scores"]["validation"]}
    assert "the learning rate is now" in (tmp_path / "other.log").read_text()
    assert "did you mean `amazon`" in (tmp_path / "wrong.log").read_text()


def test_workers_divide_the_processors(config: Path, alone: Path, tmp_path: Path) -> None:
    jobs = [job_for(tmp_path / f"run-{number}", config) for number in range(2)]
    train_with(Recorder(jobs), 2)
    each = max(1, len(os.sched_getaffinity(0)) // 2)
    for job in jobs:
        environment = json.loads((job.run / "environment.json").read_text())
        assert environment["threads"] == {"intra_op": each, "inter_op": each}
    assert worker_of(jobs[0].run) != worker_of(jobs[1].run)
    assert_same_run(jobs[0].run, jobs[1].run)


class Killer(Recorder):
    """Kills the worker of a run after some evaluations, once each."""

    def __init__(self, job: Job, at: tuple[int, ...]):
        super().__init__([job])
        self.at = set(at)

    def goes_on(self, job: Job, line: HistoryLine) -> bool:
        if line.steps in self.at:
            self.at.remove(line.steps)
            os.kill(worker_of(job.run), signal.SIGKILL)
        return True


def test_a_killed_worker_costs_its_run_only_until_it_goes_on_to_the_same_end(
    config: Path, alone: Path, tmp_path: Path
) -> None:
    listener = Killer(job_for(tmp_path / "run", config), at=(6,))
    train_with(listener, 1)
    assert [what for what, _ in listener.events if not what.startswith("evaluated")] == [
        "started",
        "cut",
        "started",
        "done",
    ]
    _, cut = listener.ends[0]
    assert cut.error is not None
    assert "killed by SIGKILL" in cut.error
    assert_same_run(tmp_path / "run", alone)


class Pruner(Recorder):
    """Ends every run after its first evaluation."""

    def goes_on(self, job: Job, line: HistoryLine) -> bool:
        return False


def test_a_run_that_is_ended_by_the_listener_can_go_on_to_the_same_end(
    config: Path, alone: Path, tmp_path: Path
) -> None:
    job = job_for(tmp_path / "run", config)
    pruner = Pruner([job])
    train_with(pruner, 1)
    assert pruner.events == [("started", "run"), ("evaluated 3", "run"), ("done", "run")]
    assert not (job.run / "metrics.json").exists()
    last = max(path.name for path in (job.run / "checkpoints").iterdir())
    assert last == "step-000000003.checkpoint"
    train_with(Recorder([job]), 1)
    assert_same_run(job.run, alone)


def test_workers_stop_with_a_checkpoint_where_the_asking_process_is_killed(
    config: Path, alone: Path, tmp_path: Path
) -> None:
    asking = start_asking(1, config, tmp_path, 1)
    run = tmp_path / "run-1"
    wait_for_line(asking, "evaluated 6")
    worker = worker_of(run)
    asking.kill()
    wait_until_gone(worker)
    asking.communicate()
    assert not (run / "metrics.json").exists()
    assert "contains everything trained so far" in (tmp_path / "run-1.log").read_text()
    # The same command goes on, and needs no TensorFlow for it.
    again = start_asking(1, config, tmp_path, 1)
    output, _ = again.communicate(timeout=120)
    assert output.splitlines()[-2:] == ['["done", "run-1"]', "[]"]
    assert_same_run(run, alone)
