"""Which trial of a search comes next, and what became of each."""

from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from rnnbuild import atomic
from rnnbuild.config.load import checked
from rnnbuild.config.space import config_of_trial
from rnnbuild.config.written import plain_values, yaml_text
from rnnbuild.config.yaml_tree import Tree
from rnnbuild.errors import ConfigError, RunError
from rnnbuild.metrics.tasks import is_better
from rnnbuild.runs.config_file import tree_in
from rnnbuild.runs.history import HistoryLine, best_evaluation, read_history
from rnnbuild.runs.planned_folder import writing
from rnnbuild.runs.search.directory import SearchDirectory, trial_name
from rnnbuild.runs.search.search_file import SearchPlan
from rnnbuild.runs.search.trials_file import EpochScore, Trial, read_trials, write_trials
from rnnbuild.studies.job import Ended, Job
from rnnbuild.studies.proposals import is_pruned, proposal
from rnnbuild.studies.schedule import MOST_CUTS
from rnnbuild.studies.space import settings_of

UNDEFINED = "none of its validation scores is defined"


class SearchProgress(Protocol):
    """Is told how a search comes along; the command line prints it."""

    def trial_started(self, trial: Trial, resumed: bool) -> None: ...

    def trial_evaluated(self, trial: Trial, line: HistoryLine) -> None: ...

    def trial_remarked(self, trial: Trial, text: str) -> None: ...

    def trial_ended(self, trial: Trial) -> None: ...


class Search:
    """Proposes trials, gives them out, and keeps trials.json true (a `Listener`).

    A trial is recorded before its run begins. One that was cut short goes on before another is
    proposed, and what it was judged by is read from its history: with one worker everything that
    is decided follows from the records alone.
    """

    def __init__(self, search: SearchDirectory, plan: SearchPlan, progress: SearchProgress):
        self.search, self.plan, self.progress = search, plan, progress
        self.base: Tree = tree_in(search.config)
        self.seed = checked(self.base).training.seed
        self.trials = list(read_trials(search))
        self.waiting = deque(trial.number for trial in self.trials if trial.state == "running")
        self.lines: dict[int, dict[int, HistoryLine]] = {}
        """Evaluations of the trials that run, by the steps done by then."""
        self.pruned: dict[int, int] = {}
        """The epochs after which trials that run were given up."""
        self.cuts: Counter[int] = Counter()
        self.known: dict[str, int] = {}
        """The trials whose results can be used again, by their configs."""
        for trial in self.trials:
            self.know(trial)

    def next_job(self) -> Job | None:
        while self.waiting:
            trial = self.trials[self.waiting.popleft() - 1]
            self.lines[trial.number] = self.recorded_lines(trial)
            scores = self.scores_of(trial)
            if not any(self.gives_up(trial, scores[:count]) for count in range(1, len(scores) + 1)):
                return self.job_of(trial)
            self.end(self.ended_trial(trial))
        while len(self.trials) < self.plan.trials:
            trial = self.propose()
            if trial.state == "running":
                self.lines[trial.number] = {}
                return self.job_of(trial)
        return None

    def propose(self) -> Trial:
        """The next trial, recorded; it has ended where its config is refused or not new."""
        parameters = proposal(self.plan, self.trials)
        trial = Trial(number=len(self.trials) + 1, parameters=parameters, state="running")
        try:
            _, notes = config_of_trial(self.base, settings_of(parameters))
        except ConfigError as error:
            reason = "; ".join(problem.message for problem in error.problems)
            return self.end(replace(trial, state="failed", error=reason))
        for note in notes:
            self.progress.trial_remarked(trial, note)
        if (number := self.known.get(self.text_of(trial))) is not None:
            same = self.trials[number - 1]
            again = replace(same, number=trial.number, parameters=parameters, same_as=number)
            return self.end(again)
        self.record(trial)
        return trial

    def job_of(self, trial: Trial) -> Job:
        """A recorded trial's job, its config written. Raises RunError."""
        config = self.search.config_of(trial.number)
        with writing(self.search):
            config.parent.mkdir(exist_ok=True)
            atomic.write_text(config, self.text_of(trial))
        return Job(
            name=trial_name(trial.number),
            run=self.search.run(trial.number).path,
            config=config,
            seed=self.seed,
            data_folder=Path(self.plan.data_folder),
            log=self.search.log(trial.number),
            seconds=self.plan.seconds,
            scores_test=False,
        )

    def text_of(self, trial: Trial) -> str:
        """A trial's config as the search's folder contains it."""
        config, _ = config_of_trial(self.base, settings_of(trial.parameters))
        return yaml_text(plain_values(config, defaults=False))

    def started(self, job: Job) -> None:
        resumed = self.search.run(int(job.name)).began
        self.progress.trial_started(self.trials[int(job.name) - 1], resumed)

    def evaluated(self, job: Job, line: HistoryLine) -> bool:
        trial = self.trials[int(job.name) - 1]
        self.lines[trial.number][line.steps] = line
        self.progress.trial_evaluated(trial, line)
        return line.step is not None or not self.gives_up(trial, self.scores_of(trial))

    def remarked(self, job: Job, text: str) -> None:
        """What a worker remarks is in the trial's log too."""

    def ended(self, job: Job, ended: Ended) -> None:
        trial = self.trials[int(job.name) - 1]
        if ended.cut and self.goes_on(trial, ended):
            self.waiting.appendleft(trial.number)
        elif ended.error is not None and trial.number not in self.pruned:
            self.end(replace(trial, state="failed", error=ended.error))
        else:
            self.lines[trial.number] = self.recorded_lines(trial) | self.lines[trial.number]
            self.end(self.ended_trial(trial))

    def goes_on(self, trial: Trial, ended: Ended) -> bool:
        """Whether a trial that was cut short is continued: not if its worker dies each time."""
        self.cuts[trial.number] += ended.error is not None
        return trial.number not in self.pruned and self.cuts[trial.number] < MOST_CUTS

    def recorded_lines(self, trial: Trial) -> dict[int, HistoryLine]:
        """The evaluations in a run's history. Of a damaged one none: it is restored, and those
        that come again are told."""
        try:
            lines = read_history(self.search.run(trial.number).history)
        except RunError:
            return {}
        return {line.steps: line for line in lines}

    def scores_of(self, trial: Trial) -> tuple[EpochScore, ...]:
        """The defined scores at the ends of epochs, up to that after which it was given up."""
        lines = self.lines[trial.number]
        last = self.pruned.get(trial.number)
        values = (
            (line.epoch, line.scores("validation").get(self.plan.metric))
            for line in (lines[steps] for steps in sorted(lines))
            if line.step is None and (last is None or line.epoch <= last)
        )
        return tuple(
            EpochScore(epoch=epoch, value=value) for epoch, value in values if value is not None
        )

    def gives_up(self, trial: Trial, scores: Sequence[EpochScore]) -> bool:
        """Whether a trial ends after the last of these scores, as is noted then."""
        if not self.plan.pruning or not scores:
            return False
        given_up = is_pruned(self.plan, self.trials, trial.parameters, scores)
        if given_up:
            self.pruned[trial.number] = scores[-1].epoch
        return given_up

    def ended_trial(self, trial: Trial) -> Trial:
        """A trial whose run has ended, with what its evaluations say."""
        scores = self.scores_of(trial)
        if trial.number in self.pruned:
            return replace(trial, state="pruned", scores=scores, value=scores[-1].value)
        config, _ = config_of_trial(self.base, settings_of(trial.parameters))
        lines = [self.lines[trial.number][steps] for steps in sorted(self.lines[trial.number])]
        last = lines[-1] if lines else None
        kept = best_evaluation(lines, self.plan.metric) if config.training.restore_best else last
        value = kept.scores("validation").get(self.plan.metric) if kept else None
        if value is None:
            return replace(trial, state="failed", scores=scores, error=UNDEFINED)
        return replace(trial, state="done", scores=scores, value=value)

    def end(self, trial: Trial) -> Trial:
        self.record(trial)
        self.know(trial)
        self.lines.pop(trial.number, None)
        self.progress.trial_ended(trial)
        return trial

    def know(self, trial: Trial) -> None:
        """Note that a trial's result can be used again, if it can."""
        if trial.state in ("done", "pruned") and trial.same_as is None:
            self.known.setdefault(self.text_of(trial), trial.number)

    def record(self, trial: Trial) -> None:
        """Write a trial, new or changed. Raises RunError."""
        self.trials[trial.number - 1 :] = [trial, *self.trials[trial.number :]]
        with writing(self.search):
            write_trials(self.search, tuple(self.trials))


def best_trial(plan: SearchPlan, trials: Sequence[Trial]) -> Trial | None:
    """The first of the best finished trials; None where none has finished."""
    best: Trial | None = None
    for trial in trials:
        known = best.value if best else None
        if trial.state == "done" and is_better(trial.value, known, plan.higher_is_better):
            best = trial
    return best
