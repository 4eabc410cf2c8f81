"""What has changed since a run began: its config, its data, the machine and its settings.

A resumed run is the same run only if none of this changed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rnnbuild.config.schema import ALTERNATIVES
from rnnbuild.config.written import plain_values
from rnnbuild.data.codecs import encode_alike
from rnnbuild.data.fingerprint import is_generated
from rnnbuild.errors import Problem, RunError
from rnnbuild.runs.codec_file import read_codec_text
from rnnbuild.runs.config_file import resolved_values
from rnnbuild.runs.data_file import DataFile, read_data
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.runs.environment_file import Environment, Threads, read_environment
from rnnbuild.threads import VARIABLE
from rnnbuild.training.setup.environment import DECISIVE
from rnnbuild.training.setup.prepare import Prepared
from rnnbuild.training.setup.recorded_data import data_files
from rnnbuild.typed_values import to_plain

RESTORE_BEST = "training.restore_best"
FREE = frozenset(
    (
        "name",
        "training.epochs",
        "training.steps",
        "training.checkpoint_minutes",
        "training.early_stopping.patience",
        RESTORE_BEST,
    )
)
"""Keys that a resumed run may change: its steps so far would have been the same."""

BUDGET = ("training.epochs", "training.steps")
NOT_SET = "not set"


@dataclass(frozen=True)
class Change:
    """Something that differs from when a run was last trained."""

    what: str
    """A key of the config, a data file, or a setting of the environment."""
    before: str
    now: str

    def __str__(self) -> str:
        return f"{self.what} was {self.before} and is now {self.now}"


def config_changes(run: RunDirectory, prepared: Prepared) -> list[Change]:
    """The changes of the config, key by key: defaults, sizes and FREE keys included."""
    before = dict(flat_items(resolved_values(run)))
    config = prepared.resolved.config
    now = dict(flat_items(plain_values(config, defaults=True)))
    stated = dict(flat_items(plain_values(config, defaults=False)))
    return [
        Change(f"`{key}`", str(before.get(key, NOT_SET)), str(now.get(key, NOT_SET)))
        for key in dict.fromkeys((*before, *now))
        if before.get(key) != now.get(key)
        # The default of a key that an older version did not have changes nothing.
        and (key in before or key in stated)
    ]


def is_free(change: Change) -> bool:
    """Whether a run may go on after the change without `--accept-changes`."""
    key = change.what.strip("`")
    return key in FREE or key.partition(".")[0] in ALTERNATIVES


def is_of_environment(change: Change) -> bool:
    """Whether the change is of versions, machine or settings, not of the config or the data."""
    return change.what.strip("`") in (*DECISIVE, VARIABLE)


def data_changes(run: RunDirectory, prepared: Prepared, folder: Path) -> list[Change]:
    """The files and generated rows that changed; if none did, the vocabulary and labels.

    Raises RunError if the run's record of them is missing or damaged.
    """
    config = prepared.resolved.config
    before = {file.name: file for file in read_data(run).files}
    now = {file.name: file for file in data_files(config, folder)}
    generated = config.data.dataset if config.data and is_generated(config.data) else None
    if generated is not None and generated not in before:
        programs = {name for name in before if name.endswith(".py") and name not in now}
        if programs:
            # Version 0.1 recorded the files of the program that generates the rows. They may
            # change and generate the same, so neither can be compared; codec.json can.
            before = {name: file for name, file in before.items() if name not in programs}
            del now[generated]
    changes = [
        Change(
            f"the {'dataset' if name == generated else 'data file'} {name}",
            *map(content_of, (before.get(name), now.get(name))),
        )
        for name in dict.fromkeys((*before, *now))
        if before.get(name) != now.get(name)
    ]
    if not changes and not encode_alike(read_codec_text(run), prepared.data.codec.to_json()):
        changes.append(Change("the encoding of the data", "as in codec.json", "different"))
    return changes


def environment_changes(run: RunDirectory, environment: Environment) -> list[Change]:
    """The changes of versions, machine and settings that affect bit-exactness.

    Raises RunError if the run's record of them is missing or damaged.
    """
    recorded = read_environment(run)
    before, now = to_plain(recorded), to_plain(environment)
    stated = stated_number(recorded.threads), stated_number(environment.threads)
    return [
        Change(f"`{VARIABLE}`", *map(str, stated))
        if key == "threads" and None not in stated
        else Change(f"`{key}`", str(before[key]), str(now[key]))
        for key in DECISIVE
        if before[key] != now[key]
    ]


def stated_number(threads: Threads) -> int | str | None:
    """What RNNBUILD_THREADS was; None where a program made them something else."""
    if threads.intra_op != threads.inter_op:
        return None
    return threads.intra_op or NOT_SET


def changes_error(run: RunDirectory, changes: list[Change]) -> RunError:
    """The error that names every change and how to go on in spite of them."""
    problems = [Problem(f"since {run.path} began, {change}") for change in changes[:-1]]
    hint = (
        "undo it, or add `--accept-changes`: the run then goes on, but its result is no longer "
        "the one that an unchanged run would have reached"
    )
    return RunError([*problems, Problem(f"since {run.path} began, {changes[-1]}", hint=hint)])


def flat_items(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Each scalar of nested mappings and lists by its dotted path."""
    if isinstance(value, dict | list) and value:
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, item in items:
            yield from flat_items(item, f"{path}.{key}" if path else str(key))
    else:
        yield path, value


def content_of(file: DataFile | None) -> str:
    """A file's content in short: `1,234 bytes (sha256 01ab45cd...)`."""
    if file is None:
        return "missing"
    return f"{file.size:,} bytes (sha256 {file.sha256[:8]}...)"
