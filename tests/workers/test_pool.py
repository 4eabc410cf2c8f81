"""Runs of workers are those of `rnnbuild train`, to the bit, whatever happens to a worker."""

import json
import os
import random
import signal
import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest

from rnnbuild.runs.history import HistoryLine
from rnnbuild.studies.job import Ended, Job
from rnnbuild.workers.pool import train_with
from rnnbuild.workers.worker import JOBS
from tests.training.small_runs import assert_same_run, light, write_config
from tests.workers.asking import (
    Recorder,
    is_alive,
    job_for,
    start_asking,
    wait_for_line,
    wait_until_gone,
    worker_of,
)

pytestmark = pytest.mark.skipif(os.name != "posix", reason="processes are killed by signals")


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
    # Its place and its hint are in the log.
    assert ends.pop("wrong").error.startswith("there is no bundled dataset `amazn`")
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


def test_another_process_takes_over_after_some_jobs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[int] = []
    popen = subprocess.Popen

    def counted(*arguments: Any, **options: Any) -> Any:
        started.append(1)
        return popen(*arguments, **options)

    monkeypatch.setattr(subprocess, "Popen", counted)
    # Each fails at once, without TensorFlow.
    missing = [job_for(tmp_path / f"run-{n}", tmp_path / "none.yaml") for n in range(JOBS + 1)]
    listener = Recorder(missing)
    train_with(listener, 1)
    assert len(started) == 2
    assert [name for name, _ in listener.ends] == [job.name for job in missing]
    assert all(ended.error and not ended.cut for _, ended in listener.ends)


class Rough(Recorder):
    """Ends the run of the name `rough` at its first evaluation, and kills its worker at another."""

    def goes_on(self, job: Job, line: HistoryLine) -> bool:
        if job.name != "rough":
            return True
        if line.steps == 3 and self.ends_of(job) == []:
            # Given out again, as a search does that wants to know more.
            self.jobs.append(job)
            return False
        if line.steps == 6 and len(self.ends_of(job)) == 1:
            os.kill(worker_of(job.run), signal.SIGKILL)
        return True

    def ends_of(self, job: Job) -> list[Ended]:
        return [ended for name, ended in self.ends if name == job.name]


def test_a_run_that_was_ended_and_whose_worker_was_killed_goes_on_to_the_same_end(
    config: Path, alone: Path, tmp_path: Path
) -> None:
    rough, smooth = (job_for(tmp_path / name, config) for name in ("rough", "smooth"))
    listener = Rough([rough, smooth])
    train_with(listener, 2)
    pruned, killed, done = listener.ends_of(rough)
    assert (pruned, done) == (Ended(), Ended())
    assert killed.cut
    assert killed.error is not None
    assert "killed by SIGKILL" in killed.error
    assert listener.ends_of(smooth) == [Ended()]
    events = [what for what, name in listener.events if name == "rough"]
    assert [what for what in events if not what.startswith("evaluated")] == [
        *("started", "done", "started", "cut", "started", "done")
    ]
    assert events[1] == "evaluated 3"
    for job in (rough, smooth):
        assert_same_run(job.run, alone)
        threads = json.loads((job.run / "environment.json").read_text())["threads"]
        each = max(1, len(os.sched_getaffinity(0)) // 2)
        assert threads == {"intra_op": each, "inter_op": each}


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


@pytest.mark.torture
def test_ctrl_c_cuts_the_runs_which_go_on_to_the_same_end(
    config: Path, alone: Path, tmp_path: Path
) -> None:
    asking = start_asking(2, config, tmp_path, 1, 2)
    wait_for_line(asking, "evaluated 6")
    asking.send_signal(signal.SIGINT)
    output, _ = asking.communicate(timeout=120)
    assert asking.returncode == 130
    runs = [tmp_path / "run-1", tmp_path / "run-2"]
    cuts = [name for what, name in map(json.loads, output.splitlines()) if what == "cut"]
    assert sorted(cuts) == ["run-1", "run-2"]
    for run in runs:
        assert not is_alive(worker_of(run))
        assert "contains everything trained so far" in run.with_suffix(".log").read_text()
    train_with(Recorder([job_for(runs[0], config)]), 1, threads=1)
    assert_same_run(runs[0], alone)


@pytest.mark.torture
def test_a_second_ctrl_c_waits_for_no_worker(config: Path, tmp_path: Path) -> None:
    asking = start_asking(1, config, tmp_path, 1)
    wait_for_line(asking, "evaluated 3")
    worker = worker_of(tmp_path / "run-1")
    os.kill(worker, signal.SIGSTOP)
    try:
        asking.send_signal(signal.SIGTERM)
        with pytest.raises(subprocess.TimeoutExpired):
            asking.wait(1)
        asking.send_signal(signal.SIGTERM)
        assert asking.wait(5) == 143
    finally:
        os.kill(worker, signal.SIGCONT)
    wait_until_gone(worker)
    asking.communicate()


@pytest.mark.torture
def test_runs_whose_workers_are_killed_at_any_moment_end_the_same(
    config: Path, alone: Path, tmp_path: Path
) -> None:
    draw = random.Random(1)
    jobs = [job_for(tmp_path / f"run-{number}", config) for number in range(6)]
    listener, over = Recorder(jobs), threading.Event()

    def kill_some() -> None:
        """At any moment after a worker has begun with a run, and before the next."""
        for _ in range(12):
            while not over.wait(draw.uniform(0.0, 3.0)):
                locks = [job.run / "lock" for job in jobs]
                begun = [lock.parent for lock in locks if lock.exists() and lock.stat().st_size]
                alive = [pid for pid in map(worker_of, begun) if is_alive(pid)]
                if alive:
                    os.kill(draw.choice(alive), signal.SIGKILL)
                    break

    killer = threading.Thread(target=kill_some)
    killer.start()
    train_with(listener, 2)
    over.set()
    killer.join()
    assert sum(ended.cut for _, ended in listener.ends) > 0
    assert sum(ended == Ended() for _, ended in listener.ends) == len(jobs)
    for job in jobs:
        assert_same_run(job.run, alone)
