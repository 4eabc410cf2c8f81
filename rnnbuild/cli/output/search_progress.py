"""How a search comes along, on stderr: a row for each trial."""

from time import monotonic

from rnnbuild.cli.output.rows_with_bar import RowsWithBar
from rnnbuild.metrics.tasks import is_better
from rnnbuild.runs.history import HistoryLine
from rnnbuild.runs.search.search_file import SearchPlan
from rnnbuild.runs.search.trials_file import Trial
from rnnbuild.studies.space import label_of_trial
from rnnbuild.wording.search import reason_of_failure
from rnnbuild.wording.trial_rows import trial_row, trial_rows


class TrialRows:
    """Prints a row when a trial has ended; of one that failed, a note."""

    def __init__(self, plan: SearchPlan, screen: RowsWithBar):
        self.plan, self.screen = plan, screen
        self.table = trial_rows(plan, screen.width)
        self.best: float | None = None
        self.begun: dict[int, float] = {}
        self.remarked: set[str] = set()

    def trial_started(self, trial: Trial, resumed: bool) -> None:
        self.begun[trial.number] = monotonic()
        self.screen.goes_on(name_of(trial), "goes on" if resumed else "starts")

    def trial_evaluated(self, trial: Trial, line: HistoryLine) -> None:
        self.screen.goes_on(name_of(trial), f"epoch {line.epoch}")

    def trial_remarked(self, trial: Trial, text: str) -> None:
        """A remark on what keys were dropped is the same for many trials."""
        if text not in self.remarked:
            self.remarked.add(text)
            self.screen.remark(text)

    def trial_ended(self, trial: Trial) -> None:
        self.screen.ended(name_of(trial))
        if trial.state == "failed":
            label = label_of_trial(trial.parameters)
            self.screen.note(f"{name_of(trial)} failed: {reason_of_failure(trial)}  {label}")
            return
        higher = self.plan.higher_is_better
        is_best = trial.state == "done" and is_better(trial.value, self.best, higher)
        if is_best:
            self.best = trial.value
        begun = self.begun.get(trial.number)
        seconds = None if begun is None else monotonic() - begun
        self.screen.rows.add(self.table, trial_row(self.plan, trial, seconds, is_best))


def name_of(trial: Trial) -> str:
    return f"trial {trial.number}"
