"""Where studies are: a new one's folder, one that is there, and what is wrong with others."""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from rnnbuild import atomic
from rnnbuild.errors import RunError, did_you_mean
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.runs.study.directory import StudyDirectory
from rnnbuild.visible import command_text

STUDIES = Path("studies")


def studies_in(parent: Path) -> list[StudyDirectory]:
    """The studies in a folder, oldest first."""
    if not parent.is_dir():
        return []
    studies = [StudyDirectory(path) for path in parent.iterdir() if not path.is_symlink()]
    began = [study for study in studies if study.began]
    return sorted(began, key=lambda study: (study.plan.lstat().st_mtime_ns, study.path.name))


def is_study(path: Path) -> bool:
    """Whether a folder is a study's that began."""
    return StudyDirectory(path).began


def open_study(path: Path) -> StudyDirectory:
    """A study that began. Raises RunError where there is none."""
    study = StudyDirectory(path)
    if study.began:
        return study
    if not os.path.lexists(path):
        names = [str(other.path) for other in studies_in(path.parent)]
        raise RunError(f"there is no study {path}{did_you_mean(str(path), names)}")
    if not path.is_dir():
        raise RunError(f"{path} is not a study: it is not a folder")
    if RunDirectory(path).began:
        raise RunError(
            f"{path} is a run, not a study", f"continue it: {command_text('resume', path)}"
        )
    if never_began(study):
        raise RunError(
            f"{path} was stopped before its plan was written",
            "run the same `rnnbuild study` command again: nothing is lost",
        )
    raise RunError(f"{path} is not a study: it has no {study.plan.name}")


def never_began(study: StudyDirectory) -> bool:
    """Whether a folder has nothing but what a study writes before its plan.

    Raises OSError where it cannot be read.
    """
    names = {path.name for path in study.path.iterdir() if not re.match(r"\..+\.part$", path.name)}
    lock = RunDirectory(study.path).lock.name
    return lock in names and names <= {lock, study.config.name, study.variants.name}


def free_study(
    parent: Path, name: str, is_same: Callable[[StudyDirectory], bool]
) -> StudyDirectory:
    """The study in `<parent>/<name>-<n>` that is the same, else the first free folder."""
    pattern = re.compile(rf"{re.escape(name)}-([1-9][0-9]*)")
    highest = 0
    for path in sorted(parent.iterdir()) if parent.is_dir() else []:
        if (match := pattern.fullmatch(path.name)) is None:
            continue
        highest = max(highest, int(match[1]))
        study = StudyDirectory(path)
        if study.began and is_same(study):
            return study
    return StudyDirectory(parent / f"{name}-{highest + 1}")


def make_folder(study: StudyDirectory) -> None:
    """Create a new study's folder. Raises RunError where it cannot be or has other content."""
    path = study.path
    try:
        path.mkdir(parents=True, exist_ok=True)
        free = not any(path.iterdir()) or never_began(study)
    except OSError as error:
        raise RunError(f"cannot use {path} as a study folder: {error.strerror}") from None
    if not free:
        raise RunError(
            f"{path} is not empty, and nothing is overwritten", "choose another with `--dir`"
        )


def write_start(study: StudyDirectory, config: str, variants: Mapping[str, str]) -> None:
    """Write a new study's config and variants, as YAML texts by name; its plan makes it begin.

    Raises RunError where one cannot be written.
    """
    with writing(study):
        atomic.write_text(study.config, config)
        write_variants(study, variants)


def write_variants(study: StudyDirectory, variants: Mapping[str, str]) -> None:
    """Write the configs of variants, as YAML texts by name. Raises OSError."""
    study.variants.mkdir(exist_ok=True)
    for name, text in variants.items():
        atomic.write_text(study.variant(name), text)


@contextmanager
def writing(study: StudyDirectory) -> Iterator[None]:
    """Raises RunError for an OSError within."""
    try:
        yield
    except OSError as error:
        raise RunError(
            f"{study.path} cannot be written: {error.strerror}",
            f"free some disk space, then go on: {command_text('study', study.path)}",
        ) from None
