"""How a study comes along, on stderr: a row for each run."""

from collections.abc import Mapping
from time import monotonic

from rnnbuild.cli.output.rows_with_bar import RowsWithBar
from rnnbuild.errors import RnnbuildError
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.runs.history import HistoryLine
from rnnbuild.runs.metrics_file import Metrics, read_metrics
from rnnbuild.runs.study.states_file import State
from rnnbuild.studies.job import Job
from rnnbuild.wording.growing_table import GrowingTable
from rnnbuild.wording.language_model import token_of
from rnnbuild.wording.metric_names import metric_name
from rnnbuild.wording.study_rows import RunLabel, study_row, study_rows


class RunRows:
    """Prints a row when a run has ended; of one that failed, and of one without a score, a note."""

    def __init__(self, labels: Mapping[str, RunLabel], screen: RowsWithBar):
        self.labels, self.screen = labels, screen
        self.begun: dict[str, float] = {}
        self.table: GrowingTable | None = None

    def run_started(self, job: Job, resumed: bool) -> None:
        self.begun[job.name] = monotonic()
        self.screen.goes_on(str(self.labels[job.name]), "goes on" if resumed else "starts")

    def run_evaluated(self, job: Job, line: HistoryLine) -> None:
        self.screen.goes_on(str(self.labels[job.name]), f"epoch {line.epoch}")

    def run_remarked(self, job: Job, text: str) -> None: ...

    def run_ended(self, job: Job, state: State, error: str | None) -> None:
        label = self.labels[job.name]
        self.screen.ended(str(label))
        metrics = None if error else metrics_of(job)
        split = metrics and ("validation" if "validation" in metrics.scores else metrics.main_split)
        if error:
            self.screen.note(f"{label} failed: {error}")
        elif not metrics or not split:
            self.screen.note(f"{label} is done, without a score")
        else:
            if self.table is None:
                metric, labels = (
                    metric_name(metrics.main, token_of(metrics, split)),
                    self.labels.values(),
                )
                self.table = study_rows(split, metric, labels, self.screen.width)
            seconds = monotonic() - self.begun[job.name]
            score = metrics.scores[split][metrics.main].value
            epoch = metrics.kept.epoch if metrics.kept else None
            row = study_row(self.screen.number, label, seconds, score, epoch)
            self.screen.rows.add(self.table, row)


def metrics_of(job: Job) -> Metrics | None:
    """The scores of a run that is done; None where its files cannot be read any more."""
    try:
        return read_metrics(RunDirectory(job.run))
    except RnnbuildError:
        return None
