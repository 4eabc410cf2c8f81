"""What has changed since a run began: its config, its data, the machine and its settings.

A resumed run is the same run only if none of this changed.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rnnbuild.config.schema import ALTERNATIVES
from rnnbuild.config.written import plain_values
from rnnbuild.data.codec_of_run import codec_of_run
from rnnbuild.data.codecs import encode_alike
from rnnbuild.data.fingerprint import fingerprints_of, is_generated
from rnnbuild.errors import Problem, RunError
from rnnbuild.runs.config_file import resolved_values
from rnnbuild.runs.data_file import DataFile, data_files_of, read_data
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.runs.environment_file import Environment, Threads, read_environment
from rnnbuild.threads import VARIABLE
from rnnbuild.training.setup.environment import DECISIVE
from rnnbuild.training.setup.prepare import Prepared
from rnnbuild.training.setup.recorded_data import data_files
from rnnbuild.typed_values import to_plain
from rnnbuild.visible import shell_word

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
SPLIT = "data.split"
OTHER_NUMBERS = "its weights belong to the words, labels and scaling of before"
OTHER_ROWS = "rows that it was trained on may now be among those that it is tested on"
NOT_SET = "not set"


@dataclass(frozen=True)
class Change:
    """Something that differs from when a run was last trained."""

    what: str
    """A key of the config, a data file, or a setting of the environment."""
    before: str
    now: str
    ruins: str = ""
    """Why no run can go on after this change, accepted or not; empty where one can."""

    def __str__(self) -> str:
        return f"{self.what} was {self.before} and is now {self.now}"


def config_changes(run: RunDirectory, prepared: Prepared) -> list[Change]:
    """The changes of the config, key by key: defaults, sizes and FREE keys included."""
    before = dict(flat_items(resolved_values(run)))
    config = prepared.resolved.config
    now = dict(flat_items(plain_values(config, defaults=True)))
    stated = dict(flat_items(plain_values(config, defaults=False)))
    return [
        Change(
            f"`{key}`",
            str(before.get(key, NOT_SET)),
            str(now.get(key, NOT_SET)),
            OTHER_ROWS if f"{key}.".startswith(f"{SPLIT}.") else "",
        )
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


def is_of_data(change: Change) -> bool:
    """Whether the change is of what a run is trained on, by the config or in its files."""
    return not is_of_environment(change) and change.what.startswith(("`data", "the "))


def data_changes(run: RunDirectory, prepared: Prepared, folder: Path) -> list[Change]:
    """The files and generated rows that changed, and how they become numbers.

    Files by other names whose content is as before change no row. Raises RunError if the run's
    record of the data, or its codec, is missing or damaged.
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
    ruins = OTHER_ROWS if generated is None and mixes_rows(run, prepared, folder) else ""
    changes = [
        Change(
            f"the {'dataset' if name == generated else 'data file'} {name}",
            content_of(before.get(name), "not read"),
            content_of(now.get(name), "no longer read"),
            ruins,
        )
        for name in dict.fromkeys((*before, *now))
        if before.get(name) != now.get(name)
    ]
    if not encode_alike(codec_of_run(run).to_json(), prepared.data.codec.to_json()):
        what = "the encoding of the data"
        changes.append(Change(what, "as in codec.json", "different", OTHER_NUMBERS))
    return changes


def mixes_rows(run: RunDirectory, prepared: Prepared, folder: Path) -> bool:
    """Whether the files' rows changed, and rows are held out from them: not those of before."""
    data = prepared.resolved.config.data
    if data is None:
        return False
    own_files = data.validation, data.test
    rows = zip(own_files, prepared.data.facts.rows[1:], strict=True)
    if not any(count for file, count in rows if file is None):
        return False
    now = fingerprints_of(data, folder)
    return [file.sha256 for file in now] != [file.sha256 for file in data_files_of(run)]


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
    from_run = f"rnnbuild train CONFIG --from {shell_word(str(run.whole.path))}"
    reasons = list(dict.fromkeys(change.ruins for change in changes if change.ruins))
    if reasons:
        hint = (
            f"undo it, since {', and '.join(reasons)}; or train a new run, which starts from its "
            f"weights: {from_run}"
        )
    else:
        hint = (
            "undo it, or add `--accept-changes`: the run then goes on, but its result is no longer "
            "the one that an unchanged run would have reached"
        )
        if any(map(is_of_data, changes)):
            hint += f"; or train a new run, which starts from its weights: {from_run}"
    problems = [Problem(f"since {run.path} began, {change}") for change in changes]
    return RunError([*problems[:-1], replace(problems[-1], hint=hint)])


def flat_items(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Each scalar of nested mappings and lists by its dotted path."""
    if isinstance(value, dict | list) and value:
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, item in items:
            yield from flat_items(item, f"{path}.{key}" if path else str(key))
    else:
        yield path, value


def content_of(file: DataFile | None, otherwise: str) -> str:
    """A file's content in short: `1,234 bytes (sha256 01ab45cd...)`."""
    return otherwise if file is None else f"{file.size:,} bytes (sha256 {file.sha256[:8]}...)"
