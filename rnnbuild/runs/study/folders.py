"""Where studies are, and what a new one begins with."""

from collections.abc import Callable, Mapping
from pathlib import Path

from rnnbuild import atomic
from rnnbuild.runs.planned_folder import free_folder, open_folder, writing
from rnnbuild.runs.study.directory import StudyDirectory

STUDIES = Path("studies")


def is_study(path: Path) -> bool:
    """Whether a folder is a study's that began."""
    return StudyDirectory(path).began


def open_study(path: Path) -> StudyDirectory:
    """A study that began. Raises RunError where there is none."""
    return open_folder(StudyDirectory, path)


def free_study(
    parent: Path, name: str, is_same: Callable[[StudyDirectory], bool]
) -> StudyDirectory:
    """The study in `<parent>/<name>-<n>` that is the same, else the first free folder."""
    return free_folder(StudyDirectory, parent, name, is_same)


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
