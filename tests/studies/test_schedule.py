"""Which run comes next, and what becomes of each."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rnnbuild.runs.history import HistoryLine
from rnnbuild.runs.study.directory import StudyDirectory
from rnnbuild.runs.study.states_file import State, read_states
from rnnbuild.studies.job import Ended, Job
from rnnbuild.studies.opening import begin_or_go_on
from rnnbuild.studies.schedule import MOST_CUTS, StudySchedule
from tests.studies.requests import small_study


class Noted:
    """Notes the names of runs that ended, with their states and errors."""

    def __init__(self) -> None:
        self.ended: list[tuple[str, State, str | None]] = []

    def run_started(self, job: Job, resumed: bool) -> None: ...

    def run_evaluated(self, job: Job, line: HistoryLine) -> None: ...

    def run_remarked(self, job: Job, text: str) -> None: ...

    def run_ended(self, job: Job, state: State, error: str | None) -> None:
        self.ended.append((job.name, state, error))


@pytest.fixture
def schedule(tmp_path: Path) -> StudySchedule:
    new = small_study(tmp_path, "cell=gru,lstm")
    return StudySchedule(begin_or_go_on(tmp_path / "study", tmp_path, new), new.plan, Noted())


def again(schedule: StudySchedule) -> StudySchedule:
    """The schedule of the same study in another process."""
    plan = small_study(schedule.study.path.parent, "cell=gru,lstm").plan
    return StudySchedule(schedule.study, plan, Noted())


def names(schedule: StudySchedule) -> Iterator[str]:
    while (job := schedule.next_job()) is not None:
        yield job.name


def finish(study: StudyDirectory, job: Job) -> None:
    """What a worker leaves of a finished run."""
    study.run(job.name).path.mkdir(parents=True)
    study.run(job.name).metrics.write_text("{}", encoding="utf-8")


def test_runs_come_seed_by_seed_so_that_variants_have_equal_numbers(
    schedule: StudySchedule,
) -> None:
    assert list(names(schedule)) == [
        "cell-gru-seed-1",
        "cell-lstm-seed-1",
        "cell-gru-seed-2",
        "cell-lstm-seed-2",
    ]


def test_a_finished_run_is_not_given_out_again(schedule: StudySchedule) -> None:
    job = schedule.next_job()
    assert job is not None
    schedule.started(job)
    assert read_states(schedule.study).runs[job.name].state == "running"
    finish(schedule.study, job)
    schedule.ended(job, Ended())
    assert read_states(schedule.study).runs[job.name].state == "done"
    schedule.study.states.unlink()
    assert job.name not in list(names(again(schedule)))


def test_a_run_that_was_cut_short_comes_again_at_once(schedule: StudySchedule) -> None:
    job = schedule.next_job()
    assert job is not None
    schedule.started(job)
    schedule.ended(job, Ended(cut=True))
    assert schedule.next_job() == job


def test_a_run_whose_worker_dies_each_time_fails(schedule: StudySchedule) -> None:
    for _ in range(MOST_CUTS):
        job = schedule.next_job()
        assert job is not None and job.name == "cell-gru-seed-1"
        schedule.started(job)
        schedule.ended(job, Ended(cut=True))
    state = read_states(schedule.study).runs["cell-gru-seed-1"]
    assert (state.state, state.attempts) == ("failed", MOST_CUTS)
    assert "killed 3 times" in (state.error or "")
    assert "cell-gru-seed-1" not in list(names(schedule))


def test_a_run_that_failed_stops_no_other_and_is_tried_again_next_time(
    schedule: StudySchedule,
) -> None:
    job = schedule.next_job()
    assert job is not None
    schedule.started(job)
    schedule.ended(job, Ended(error="the loss is not finite"))
    assert schedule.progress.ended == [(job.name, "failed", "the loss is not finite")]  # type: ignore[attr-defined]
    assert len(list(names(schedule))) == 3
    assert next(names(again(schedule))) == job.name


def test_a_finished_run_whose_files_are_gone_is_trained_again(schedule: StudySchedule) -> None:
    job = schedule.next_job()
    assert job is not None
    schedule.started(job)
    schedule.ended(job, Ended())
    later = again(schedule)
    assert later.deleted == [job.name]
    assert next(names(later)) == job.name
