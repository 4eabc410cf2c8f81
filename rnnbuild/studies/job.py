"""What a worker is asked to do, and how it reports to whoever asked."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from rnnbuild.runs.history import HistoryLine


@dataclass(frozen=True, kw_only=True)
class Job:
    """One run: begun in its folder, or continued there if it began."""

    name: str
    run: Path
    """The run's folder."""
    config: Path
    """A YAML file, as written."""
    seed: int
    """Replaces the config's `training.seed`."""
    data_folder: Path
    """What names of data files start from."""
    log: Path
    """Where the worker writes what it has to say."""
    seconds: float | None = None
    """Limit on the training, over all attempts."""
    scores_test: bool = True
    """Whether the finished model is scored on the test split; a trial of a search is not."""


@dataclass(frozen=True)
class Ended:
    """How a job ended: `error` is None where the run is finished or was stopped by the listener."""

    error: str | None = None
    cut: bool = False
    """Whether its worker died or was stopped, so that the run can go on where it was."""


class Listener(Protocol):
    """Gives out jobs and is told of them, all in the process that asked for the work."""

    def next_job(self) -> Job | None:
        """The next job for a worker that is free; None if there is none now."""

    def started(self, job: Job) -> None:
        """A worker has taken a job."""

    def evaluated(self, job: Job, line: HistoryLine) -> bool:
        """A line was added to a run's history. Returns whether the run is to go on."""

    def remarked(self, job: Job, text: str) -> None:
        """Something the user should know."""

    def ended(self, job: Job, ended: Ended) -> None:
        """A job is over; one that was `cut` may be given out again."""
