"""A study's folder: its files. Nothing else knows its layout.

config.yaml         the config that is varied, as written, with overrides applied
plan.json           what is to be trained: variants, seeds, and how they are compared
variants/           the config of each variant, NAME.yaml, as written
states.json         how far each run has come
runs/               a run's folder for each variant and seed, NAME-seed-SEED
logs/               what a worker said during each run, NAME-seed-SEED.log
results.json        what the finished runs showed: all that tables and reports need
lock                the number of the process that works on the study, or last did

A new study writes lock, config.yaml and the variants first, and plan.json last: with that it began.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from rnnbuild.runs.directory import RunDirectory
from rnnbuild.runs.planned_folder import PlannedFolder, folder_in_use, locked_folder


@dataclass(frozen=True)
class StudyDirectory(PlannedFolder):
    """Paths of the files in a study's folder; they need not exist."""

    noun: ClassVar[str] = "study"
    command: ClassVar[str] = "study"
    plan_name: ClassVar[str] = "plan.json"

    @property
    def before_plan(self) -> tuple[Path, ...]:
        return *super().before_plan, self.variants

    @property
    def variants(self) -> Path:
        return self.path / "variants"

    @property
    def states(self) -> Path:
        return self.path / "states.json"

    @property
    def runs(self) -> Path:
        return self.path / "runs"

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def results(self) -> Path:
        return self.path / "results.json"

    def variant(self, name: str) -> Path:
        """The config of a variant."""
        return self.variants / f"{name}.yaml"

    def run(self, name: str) -> RunDirectory:
        """The run of this name; `run_name` makes it."""
        return RunDirectory(self.runs / name)

    def log(self, name: str) -> Path:
        """What a worker said during the run of this name."""
        return self.logs / f"{name}.log"


def run_name(variant: str, seed: int) -> str:
    """The name of a variant's run with a seed: that of its folder, of its log and in the states."""
    return f"{variant}-seed-{seed}"


def study_in_use(study: StudyDirectory) -> bool:
    """Whether a process works on the study."""
    return folder_in_use(study)


@contextmanager
def locked_study(study: StudyDirectory) -> Iterator[None]:
    """Locks a study, so that no other process works on it. Raises RunError where one does."""
    with locked_folder(study):
        yield
