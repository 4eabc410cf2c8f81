"""A listener that gives out what it was given, and a process that asks for jobs.

python -m tests.workers.asking WORKERS CONFIG FOLDER SEED...
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from rnnbuild.errors import Interrupted
from rnnbuild.runs.history import HistoryLine
from rnnbuild.studies.job import Ended, Job
from rnnbuild.workers.pool import train_with

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 120


def job_for(
    folder: Path,
    config: Path,
    seed: int = 1,
    seconds: float | None = None,
    scores_test: bool = True,
) -> Job:
    """A job whose run is `folder`, with its log beside it."""
    return Job(
        name=folder.name,
        run=folder,
        config=config,
        seed=seed,
        data_folder=ROOT,
        log=folder.with_suffix(".log"),
        seconds=seconds,
        scores_test=scores_test,
    )


class Recorder:
    """Gives out jobs in their order, those that were cut again, and records what it is told."""

    def __init__(self, jobs: Sequence[Job]):
        self.jobs = list(jobs)
        self.events: list[tuple[str, str]] = []
        """What happened, and to which job."""
        self.ends: list[tuple[str, Ended]] = []
        self.remarks: list[str] = []

    def next_job(self) -> Job | None:
        return self.jobs.pop(0) if self.jobs else None

    def started(self, job: Job) -> None:
        self.note("started", job)

    def evaluated(self, job: Job, line: HistoryLine) -> bool:
        self.note(f"evaluated {line.steps}", job)
        return self.goes_on(job, line)

    def goes_on(self, job: Job, line: HistoryLine) -> bool:
        return True

    def remarked(self, job: Job, text: str) -> None:
        self.remarks.append(text)

    def ended(self, job: Job, ended: Ended) -> None:
        self.note("cut" if ended.cut else "failed" if ended.error else "done", job)
        self.ends.append((job.name, ended))
        if ended.cut:
            self.jobs.append(job)

    def note(self, what: str, job: Job) -> None:
        self.events.append((what, job.name))


class Printer(Recorder):
    """Prints each event as it comes."""

    def note(self, what: str, job: Job) -> None:
        super().note(what, job)
        print(json.dumps([what, job.name]), flush=True)


def main(workers: str, config: str, folder: str, *seeds: str) -> int:
    """130 where it was interrupted; prints which heavy packages it loaded."""
    jobs = [job_for(Path(folder, f"run-{seed}"), Path(config), int(seed)) for seed in seeds]
    try:
        train_with(Printer(jobs), int(workers))
    except Interrupted as error:
        return error.signal_exit_code
    print(json.dumps([name for name in ("tensorflow", "keras", "numba") if name in sys.modules]))
    return 0


def start_asking(workers: int, config: Path, folder: Path, *seeds: int) -> subprocess.Popen[str]:
    """`main` in a process."""
    arguments = map(str, (workers, config, folder, *seeds))
    return subprocess.Popen(
        [sys.executable, "-m", "tests.workers.asking", *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )


def wait_for_line(process: subprocess.Popen[str], beginning: str) -> list[str]:
    """The next event whose text begins so. Fails where the process ends before."""
    assert process.stdout is not None
    for line in process.stdout:
        event: list[str] = json.loads(line)
        if event and event[0].startswith(beginning):
            return event
    raise AssertionError(f"it ended before `{beginning}`")


def worker_of(run: Path) -> int:
    """The number of the process that trains a run."""
    return int((run / "lock").read_text())


def wait_until_gone(pid: int) -> None:
    """Until no process has this number, or only one that has ended and was not waited for."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while is_alive(pid):
        assert time.monotonic() < deadline, f"process {pid} is still there"
        time.sleep(0.02)


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
