"""How a study comes along, on stderr: a line for each run, and in a terminal what is left of it."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from time import monotonic
from typing import Any

from rnnbuild.cli.output.screen import is_terminal, print_note, width_of
from rnnbuild.errors import RnnbuildError
from rnnbuild.formatting import clock, score_text
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.runs.history import HistoryLine
from rnnbuild.runs.metrics_file import read_metrics
from rnnbuild.runs.study.states_file import State
from rnnbuild.studies.job import Job
from rnnbuild.visible import visible
from rnnbuild.wording.metric_names import metric_name
from rnnbuild.wording.prose import wrapped


class RunLines:
    """Prints a line when a run has ended: for files, pipes and logs."""

    def __init__(self, labels: Mapping[str, str], total: int):
        self.labels, self.total = labels, total
        self.ended, self.begun = 0, dict[str, float]()

    def print(self, text: str) -> None:
        print(visible(text), file=sys.stderr, flush=True)

    def run_started(self, job: Job, resumed: bool) -> None:
        self.begun[job.name] = monotonic()

    def run_evaluated(self, job: Job, line: HistoryLine) -> None: ...

    def run_remarked(self, job: Job, text: str) -> None: ...

    def run_ended(self, job: Job, state: State, error: str | None) -> None:
        self.ended += 1
        seconds = monotonic() - self.begun[job.name]
        what = f"failed: {error}" if error else score_of_run(job)
        number = str(self.ended).rjust(len(str(self.total)))
        label = self.labels.get(job.name, job.name)
        self.print(f"[{number}/{self.total}] {label}: {what}, {clock(seconds)}")


class RunBar(RunLines):
    """The same lines in a terminal, and below them what is being trained, and for how long."""

    def __init__(self, labels: Mapping[str, str], total: int, bar: Any):
        super().__init__(labels, total)
        self.bar, self.task = bar, bar.add_task("", total=total)
        self.running: dict[str, str] = {}

    def print(self, text: str) -> None:
        for line in wrapped(visible(text), self.bar.console.width):
            self.bar.console.print(line, markup=False, highlight=False, soft_wrap=True)

    def show(self) -> None:
        texts = [f"{self.labels.get(name, name)} {text}" for name, text in self.running.items()]
        self.bar.update(self.task, completed=self.ended, description=visible("; ".join(texts)))

    def run_started(self, job: Job, resumed: bool) -> None:
        super().run_started(job, resumed)
        self.running[job.name] = "goes on" if resumed else "starts"
        self.show()

    def run_evaluated(self, job: Job, line: HistoryLine) -> None:
        self.running[job.name] = f"epoch {line.epoch}"
        self.show()

    def run_ended(self, job: Job, state: State, error: str | None) -> None:
        self.running.pop(job.name, None)
        super().run_ended(job, state, error)
        self.show()


class NoLines(RunLines):
    """Prints nothing but failures' notes."""

    def run_ended(self, job: Job, state: State, error: str | None) -> None:
        if error:
            print_note(f"{self.labels.get(job.name, job.name)} failed: {error}")


def score_of_run(job: Job) -> str:
    """`validation accuracy 0.84, epoch 3`: what a run that is done has reached."""
    try:
        metrics = read_metrics(RunDirectory(job.run))
    except RnnbuildError:
        metrics = None
    if metrics is None:
        return "done"
    split = "validation" if "validation" in metrics.scores else metrics.main_split
    if split is None:
        return "done, without a score: no rows were held out"
    value = metrics.scores[split][metrics.main].value
    epoch = f", epoch {metrics.kept.epoch}" if metrics.kept else ""
    return f"{split} {metric_name(metrics.main)} {score_text(value)}{epoch}"


@contextmanager
def study_progress(labels: Mapping[str, str], total: int, quiet: bool) -> Iterator[RunLines]:
    """The display that suits stderr: with a bar, plain or, with `quiet`, none.

    `labels` say what the run of a name is; `total` is the number of runs that are to be trained.
    """
    if quiet:
        yield NoLines(labels, total)
        return
    if not is_terminal(sys.stderr):
        yield RunLines(labels, total)
        return
    from rich.console import Console
    from rich.progress import MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
    from rich.table import Column

    console = Console(stderr=True, highlight=False, width=width_of(sys.stderr))
    # What is being trained has the room that the numbers leave.
    rest = Column(ratio=1, no_wrap=True, overflow="ellipsis")
    columns = (
        MofNCompleteColumn(table_column=Column(no_wrap=True)),
        TimeRemainingColumn(table_column=Column(no_wrap=True)),
        TextColumn("{task.description}", markup=False, table_column=rest),
    )
    with Progress(*columns, console=console, transient=True, expand=True) as bar:
        yield RunBar(labels, total, bar)
