"""Which run of a study comes next, and what became of each."""

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from rnnbuild.runs.history import HistoryLine
from rnnbuild.runs.planned_folder import writing
from rnnbuild.runs.record import is_there
from rnnbuild.runs.study.directory import StudyDirectory, run_name
from rnnbuild.runs.study.plan_file import Plan
from rnnbuild.runs.study.states_file import RunState, State, States, read_states, write_states
from rnnbuild.studies.job import Ended, Job

MOST_CUTS = 3
"""How often in one sitting a run may lose its worker before it counts as failed."""


class Progress(Protocol):
    """Is told how a study comes along; the command line prints it."""

    def run_started(self, job: Job, resumed: bool) -> None: ...

    def run_evaluated(self, job: Job, line: HistoryLine) -> None: ...

    def run_remarked(self, job: Job, text: str) -> None: ...

    def run_ended(self, job: Job, state: State, error: str | None) -> None: ...


def planned_jobs(study: StudyDirectory, plan: Plan) -> Iterator[Job]:
    """Every run of the plan, seed by seed: whenever it is stopped, variants have equal numbers of
    seeds, or almost."""
    for seed in plan.seeds:
        for variant in plan.variants:
            name = run_name(variant.name, seed)
            yield Job(
                name=name,
                run=study.run(name).path,
                config=study.variant(variant.name),
                seed=seed,
                data_folder=Path(plan.data_folder),
                log=study.log(name),
                seconds=plan.seconds,
            )


class StudySchedule:
    """Gives out the runs that are not done, and keeps states.json true (a `Listener`).

    Finished runs are those with final scores, whatever states.json says. A run that failed is tried
    again in each sitting, since its cause may be gone.
    """

    def __init__(self, study: StudyDirectory, plan: Plan, progress: Progress):
        self.study, self.progress = study, progress
        self.jobs = list(planned_jobs(study, plan))
        self.states = dict(read_states(study).runs)
        self.cuts: Counter[str] = Counter()
        done = {job.name for job in self.jobs if is_there(study.run(job.name).metrics)}
        self.deleted = [
            job.name
            for job in self.jobs
            if job.name not in done and self.state(job.name).state == "done"
        ]
        """Runs that were finished before and are trained again, since their files are gone."""
        self.waiting = deque(job for job in self.jobs if job.name not in done)
        for job in self.jobs:
            kept: State = "done" if job.name in done else "waiting"
            self.states[job.name] = replace(self.state(job.name), state=kept, error=None)
        self.write()

    def state(self, name: str) -> RunState:
        return self.states.get(name, RunState(state="waiting"))

    @property
    def finished(self) -> int:
        """Number of runs that are done."""
        return sum(self.state(job.name).state == "done" for job in self.jobs)

    def write(self) -> None:
        with writing(self.study):
            write_states(self.study, States(runs=self.states))

    def change(self, job: Job, state: RunState) -> None:
        self.states[job.name] = state
        self.write()

    def next_job(self) -> Job | None:
        return self.waiting.popleft() if self.waiting else None

    def started(self, job: Job) -> None:
        before = self.state(job.name)
        resumed = self.study.run(job.name).began
        self.change(job, RunState(state="running", attempts=before.attempts + 1))
        self.progress.run_started(job, resumed)

    def evaluated(self, job: Job, line: HistoryLine) -> bool:
        self.progress.run_evaluated(job, line)
        return True

    def remarked(self, job: Job, text: str) -> None:
        self.progress.run_remarked(job, text)

    def ended(self, job: Job, ended: Ended) -> None:
        before = self.state(job.name)
        error = ended.error
        if ended.cut:
            self.cuts[job.name] += 1
            if self.cuts[job.name] < MOST_CUTS:
                self.waiting.appendleft(job)
                self.change(job, replace(before, state="waiting"))
                return
            error = error or f"its worker was killed {MOST_CUTS} times"
        state: State = "failed" if error else "done"
        self.change(job, replace(before, state=state, error=error))
        self.progress.run_ended(job, state, error)
