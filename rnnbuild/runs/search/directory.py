"""A search's folder: its files. Nothing else knows its layout.

config.yaml         the config that is searched from, as written, with overrides applied
search.json         what is searched, how many trials there are, and who proposes them
trials.json         each trial: what was tried, how far it came, and how well it did
configs/            the config of each trial, NNNN.yaml, as written
trials/             a run's folder for each trial, NNNN
logs/               what a worker said during each trial, NNNN.log
best.yaml           the config of the best trial
confirmations/      a study for each trial that was the best at an end: it and the config as given,
                    on seeds that no trial had
lock                the number of the process that works on the search, or last did

A new search writes lock and config.yaml first, and search.json last: with that it began.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from rnnbuild.errors import RunError
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.runs.planned_folder import PlannedFolder, folders_in
from rnnbuild.runs.study.directory import StudyDirectory
from rnnbuild.visible import command_text

SEARCHES = Path("searches")


@dataclass(frozen=True)
class SearchDirectory(PlannedFolder):
    """Paths of the files in a search's folder; they need not exist."""

    noun: ClassVar[str] = "search"
    command: ClassVar[str] = "tune"
    plan_name: ClassVar[str] = "search.json"

    @property
    def trials(self) -> Path:
        return self.path / "trials.json"

    @property
    def best(self) -> Path:
        return self.path / "best.yaml"

    def run(self, number: int) -> RunDirectory:
        """The run of a trial."""
        return RunDirectory(self.path / "trials" / trial_name(number))

    def config_of(self, number: int) -> Path:
        """The config of a trial."""
        return self.path / "configs" / f"{trial_name(number)}.yaml"

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    def log(self, number: int) -> Path:
        """What a worker said during a trial."""
        return self.logs / f"{trial_name(number)}.log"

    def confirmation(self, number: int) -> StudyDirectory:
        """The study of a trial that was the best, beside the config as given."""
        return StudyDirectory(self.path / "confirmations" / trial_name(number))


def trial_name(number: int) -> str:
    """The name of a trial's run: that of its folder, of its config and of its log."""
    return f"{number:04}"


def last_confirmation(search: SearchDirectory) -> StudyDirectory:
    """The study of the trial that was the best at the last end. Raises RunError without any."""
    known = folders_in(StudyDirectory, search.path / "confirmations")
    if not known:
        raise RunError(
            f"{search.path} has not compared its best trial with the config as given",
            f"that is what a page is about: {command_text('tune', search.path, '--confirm 3')}",
        )
    return known[-1]
