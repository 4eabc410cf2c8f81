"""How a search comes along, on stderr: a line for each trial."""

import sys
from time import monotonic

from rnnbuild.cli.output.screen import print_note
from rnnbuild.formatting import clock
from rnnbuild.metrics.tasks import is_better
from rnnbuild.runs.history import HistoryLine
from rnnbuild.runs.search.search_file import SearchPlan
from rnnbuild.runs.search.trials_file import Trial
from rnnbuild.visible import visible
from rnnbuild.wording.search import ended_text


class TrialLines:
    """Prints a line when a trial has ended; with `quiet`, only what failed."""

    def __init__(self, plan: SearchPlan, best: float | None, quiet: bool):
        self.plan, self.best, self.quiet = plan, best, quiet
        self.begun: dict[int, float] = {}
        self.remarked: set[str] = set()

    def trial_started(self, trial: Trial, resumed: bool) -> None:
        self.begun[trial.number] = monotonic()

    def trial_evaluated(self, trial: Trial, line: HistoryLine) -> None: ...

    def trial_remarked(self, trial: Trial, text: str) -> None:
        """A remark on what keys were dropped is the same for many trials."""
        if not self.quiet and text not in self.remarked:
            self.remarked.add(text)
            print_note(text)

    def trial_ended(self, trial: Trial) -> None:
        is_best = trial.state == "done" and is_better(
            trial.value, self.best, self.plan.higher_is_better
        )
        if is_best:
            self.best = trial.value
        if self.quiet and trial.state != "failed":
            return
        begun = self.begun.get(trial.number)
        time = f"  {clock(monotonic() - begun)}" if begun is not None else ""
        number = str(trial.number).rjust(len(str(self.plan.trials)))
        text = f"[{number}/{self.plan.trials}] {ended_text(self.plan, trial, is_best)}{time}"
        print(visible(text), file=sys.stderr, flush=True)
