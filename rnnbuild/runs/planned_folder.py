"""Folders of what is first planned and then done run by run: studies and searches.

Each has a config.yaml, a plan, with which it begins, and a lock.
"""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, TypeVar

from rnnbuild.errors import RunError, TrainingError, did_you_mean
from rnnbuild.runs.directory import UNFINISHED, RunDirectory, in_use, locked
from rnnbuild.visible import command_text

KINDS = {"plan.json": ("study", "study"), "search.json": ("search", "tune")}
"""The plan of each kind, what it is the plan of, and the command that goes on with it."""


@dataclass(frozen=True)
class PlannedFolder:
    """Paths of files in the folder; they need not exist."""

    path: Path
    noun: ClassVar[str]
    """What it is the folder of."""
    command: ClassVar[str]
    """That begins one and goes on with it."""
    plan_name: ClassVar[str]
    """By the file of this name it is known what kind of folder it is."""

    @property
    def config(self) -> Path:
        return self.path / "config.yaml"

    @property
    def plan(self) -> Path:
        return self.path / self.plan_name

    @property
    def lock(self) -> Path:
        return RunDirectory(self.path).lock

    @property
    def began(self) -> bool:
        """Whether the plan was written."""
        return os.path.lexists(self.plan)

    @property
    def before_plan(self) -> tuple[Path, ...]:
        """What is written before the plan."""
        return self.lock, self.config


Folder = TypeVar("Folder", bound=PlannedFolder)


def folders_in(kind: type[Folder], parent: Path) -> list[Folder]:
    """Those of a kind in a folder, oldest first."""
    if not parent.is_dir():
        return []
    known = [kind(path) for path in parent.iterdir() if not path.is_symlink()]
    began = [folder for folder in known if folder.began]
    return sorted(began, key=lambda folder: (folder.plan.lstat().st_mtime_ns, folder.path.name))


def open_folder(kind: type[Folder], path: Path) -> Folder:
    """One that began. Raises RunError where there is none."""
    folder, noun = kind(path), kind.noun
    if folder.began:
        return folder
    if not os.path.lexists(path):
        names = [str(other.path) for other in folders_in(kind, path.parent)]
        raise RunError(f"there is no {noun} {path}{did_you_mean(str(path), names)}")
    if not path.is_dir():
        raise RunError(f"{path} is not a {noun}: it is not a folder")
    for name, (what, command) in KINDS.items():
        if os.path.lexists(path / name):
            raise RunError(
                f"{path} is a {what}, not a {noun}", f"go on with it: {command_text(command, path)}"
            )
    if RunDirectory(path).began:
        raise RunError(
            f"{path} is a run, not a {noun}", f"continue it: {command_text('resume', path)}"
        )
    if never_began(folder):
        raise RunError(
            f"{path} was stopped before its plan was written",
            f"run the same `rnnbuild {kind.command}` command again: nothing is lost",
        )
    raise RunError(f"{path} is not a {noun}: it has no {folder.plan.name}")


def never_began(folder: PlannedFolder) -> bool:
    """Whether a folder has nothing but what is written before a plan.

    Raises OSError where it cannot be read.
    """
    names = (path.name for path in folder.path.iterdir())
    there = {name for name in names if not UNFINISHED.fullmatch(name)}
    return folder.lock.name in there and there <= {path.name for path in folder.before_plan}


def free_folder(
    kind: type[Folder], parent: Path, name: str, is_same: Callable[[Folder], bool]
) -> Folder:
    """The one in `<parent>/<name>-<n>` that is the same, else the first free folder."""
    pattern = re.compile(rf"{re.escape(name)}-([1-9][0-9]*)")
    highest = 0
    for path in sorted(parent.iterdir()) if parent.is_dir() else []:
        if (match := pattern.fullmatch(path.name)) is None:
            continue
        highest = max(highest, int(match[1]))
        folder = kind(path)
        if folder.began and is_same(folder):
            return folder
    return kind(parent / f"{name}-{highest + 1}")


def make_folder(folder: PlannedFolder) -> None:
    """Create a new folder. Raises RunError where it cannot be or has other content."""
    path = folder.path
    try:
        path.mkdir(parents=True, exist_ok=True)
        free = not any(path.iterdir()) or never_began(folder)
    except OSError as error:
        raise RunError(f"cannot use {path} as a {folder.noun} folder: {error.strerror}") from None
    if not free:
        raise RunError(
            f"{path} is not empty, and nothing is overwritten", "choose another with `--dir`"
        )


@contextmanager
def writing(folder: PlannedFolder) -> Iterator[None]:
    """Raises TrainingError for an OSError within."""
    try:
        yield
    except OSError as error:
        raise TrainingError(
            f"{folder.path} cannot be written: {error.strerror}",
            f"free some disk space, then go on: {command_text(folder.command, folder.path)}",
        ) from None


def folder_in_use(folder: PlannedFolder) -> bool:
    """Whether a process works on it."""
    return in_use(RunDirectory(folder.path))


@contextmanager
def locked_folder(folder: PlannedFolder) -> Iterator[None]:
    """Locks it, so that no other process works on it. Raises RunError where one does."""
    with locked(RunDirectory(folder.path)):
        yield
