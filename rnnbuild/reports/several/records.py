"""Several runs, and how they differ where they can be compared."""

from collections.abc import Sequence
from dataclasses import dataclass

from rnnbuild.errors import Problem, RunError
from rnnbuild.reports.run.records import RunRecords, records_of
from rnnbuild.reports.style import CATEGORY_ROLES
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.runs.paired_runs import PairedRuns, paired_runs


@dataclass(frozen=True)
class SeveralRecords:
    """Runs in the order given; the others are compared with the first."""

    runs: tuple[RunRecords, ...]
    paired: PairedRuns | None
    why_not: tuple[Problem, ...] = ()
    """Why they are not compared row by row."""

    @property
    def roles(self) -> list[str]:
        """The colour of each run, the same in every plot; of more runs than colours the first."""
        return [
            CATEGORY_ROLES[number] if number < len(CATEGORY_ROLES) else "muted"
            for number in range(len(self.runs))
        ]

    @property
    def names(self) -> list[str]:
        """What each run is called on the page: its folder, with its parents if others have it."""
        names = [run.name for run in self.runs]
        return [
            name if names.count(name) == 1 else str(run.run.path)
            for name, run in zip(names, self.runs, strict=True)
        ]

    def name(self, path: str) -> str:
        """What the run of this path is called."""
        paths = [str(run.run.path) for run in self.runs]
        return self.names[paths.index(path)]


def several_records(runs: Sequence[RunDirectory]) -> SeveralRecords:
    """Raises RunError or ConfigError where a file is damaged, ArgumentError for one run twice."""
    records = tuple(records_of(run) for run in runs)
    try:
        return SeveralRecords(records, paired_runs([run.path for run in runs]))
    except RunError as error:
        return SeveralRecords(records, None, error.problems)
