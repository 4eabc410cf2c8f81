"""Keys of `data` that do nothing for the task of the data; see `rnnbuild.config.idle`."""

from collections.abc import Mapping, Set

from rnnbuild.config.schema.base import Section
from rnnbuild.config.schema.data import DataConfig
from rnnbuild.config.schema.series import SERIES_KEYS
from rnnbuild.data.readers.formats import FORMATS_OF_KEY, WITH_COLUMNS
from rnnbuild.errors import DataError, Problem
from rnnbuild.tasks.facts import Task
from rnnbuild.tasks.table import TASKS

TASKS_OF_KEY: Mapping[str, tuple[Task, ...]] = {
    key: tuple(name for name, other in TASKS.items() if key in other.keys)
    for traits in TASKS.values()
    for key in traits.keys
}


def refuse_idle_in(data: DataConfig, formats: Set[str]) -> None:
    """Raises DataError for every key that does nothing in files of any of these formats."""
    problems = [
        Problem(
            f"`{key}` does nothing for {' and '.join(sorted(formats))} files: it is for "
            f"{', '.join(theirs)}",
            data.place(key),
            "leave it out",
        )
        for key, theirs in {**FORMATS_OF_KEY, "text": WITH_COLUMNS}.items()
        if key in data.stated and formats.isdisjoint(theirs)
    ]
    if problems and not data.accepts_idle:
        raise DataError(problems)


def refuse_idle(data: DataConfig, task: Task, series: bool = False) -> None:
    """Raises DataError for every key of another task, and for keys of series in other data."""
    problems = [
        Problem(
            f"`{key}` is for `{'` and `'.join(tasks)}`, and does nothing for `{task}`",
            data.place(key),
            "leave it out",
        )
        for key, tasks in TASKS_OF_KEY.items()
        if task not in tasks and key in data.model_fields_set and getattr(data, key)
    ]
    for key in TASKS[task].idle_keys:
        section, name = _section_of(data, key)
        if section is not None and name in section.stated:
            problems.append(
                Problem(
                    f"`{key}` does nothing for `{task}`",
                    data.place(*key.split(".")),
                    "leave it out",
                )
            )
    labelled = " and ".join(f"`{name}`" for name, traits in TASKS.items() if traits.has_labels)
    if TASKS[task].has_decoder and data.vocabulary.unknown != "one":
        problems.append(
            Problem(
                f"`unknown: shape` is for {labelled}, and does nothing for `{task}`",
                data.place("vocabulary", "unknown"),
                "leave it out",
            )
        )
    if not series:
        known = () if TASKS[task].target == "numbers" else TASKS_OF_KEY
        problems += [
            Problem(
                f"`{key}` is for series, and this data is not a series",
                data.place(key),
                "leave it out",
            )
            for key in sorted(data.model_fields_set.intersection(SERIES_KEYS).difference(known))
        ]
    if problems and not data.accepts_idle:
        raise DataError(problems)


def _section_of(data: DataConfig, key: str) -> tuple[Section | None, str]:
    """The section with the key of a dotted path, None where it is not given, and the key's name."""
    *outer, name = key.split(".")
    section: Section | None = data
    for part in outer:
        section = getattr(section, part, None)
    return section, name
