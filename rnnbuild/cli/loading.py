"""Configs from a command's arguments: as written, checked, or resolved with their data."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from rnnbuild.config.keys import with_settings
from rnnbuild.config.load import checked, folder_of_files, read_config
from rnnbuild.config.places import NOWHERE
from rnnbuild.config.schema import Config
from rnnbuild.config.settings import (
    Setting,
    setting_from_argument,
    setting_from_option,
    setting_of_text,
)
from rnnbuild.config.stack import ResolvedConfig
from rnnbuild.config.yaml_tree import Tree
from rnnbuild.data.resolved import resolve_with_data
from rnnbuild.errors import ConfigError, DataError, Problem, did_you_mean
from rnnbuild.visible import shell_word


def written_config(
    config: str | Tree, settings: Sequence[str] = (), short: Sequence[Setting] = ()
) -> Tree:
    """A config as written, with `--set` and then `short` applied; prints notes to stderr."""
    written = config if isinstance(config, Tree) else read_config(config)
    given = [setting_from_argument(text) for text in settings]
    tree, notes = with_settings(written, [*given, *short])
    say(notes)
    return tree


def checked_config(
    config: str | Tree,
    settings: Sequence[str] = (),
    accepts_idle: bool = False,
    more: Sequence[Setting] = (),
    **short: int | None,
) -> Config:
    """A checked config, with `--set` and options that are `short` for keys of `training`, and
    `more` of them.

    `accepts_idle`: it is as it was written in a run, perhaps by a version that accepted idle keys.
    """
    given = [*short_settings(**short), *more]
    return checked(written_config(config, settings, given), accepts_idle)


def resolved_config(
    config: str | Tree, settings: Sequence[str] = (), data_dir: Path | None = None
) -> ResolvedConfig:
    """A config with every size known, from its data if it names any."""
    return resolve_with_data(checked_config(config, settings), data_folder(config, data_dir))


def data_folder(config: str | Tree, data_dir: Path | None) -> Path:
    """The folder that data files are relative to: `--data-dir`, else the config's folder.

    A config that is described by options is in no folder: its files are in this one.
    """
    if data_dir is not None:
        return data_dir
    return folder_of_files(config) if isinstance(config, str) else Path()


def start_setting(run: Path | None, folder: Path) -> list[Setting]:
    """`--from RUN` as a setting of the key that it is short for.

    A run is named as the shell has it, and the key is relative to the `folder` of the config; what
    `latest` points to may be another run by the time that it is asked.
    """
    if run is None:
        return []
    path, base = run.resolve(), folder.resolve()
    named = str(path.relative_to(base) if path.is_relative_to(base) else path)
    return [setting_of_text("--from", "training.from_run", str(run), named)]


def reading_settings(settings: Sequence[str]) -> dict[str, Any]:
    """Keys of `data` that say how a file is read, from `--set data.KEY=VALUE`.

    Raises ConfigError for any other key, and for values that the config would not take.
    """
    from pydantic import ValidationError

    from rnnbuild.config.problems import schema_problems
    from rnnbuild.config.schema.data import READING_KEYS, DataConfig

    given = [setting_from_argument(text) for text in settings]
    keys = [f"data.{key}" for key in READING_KEYS]
    wrong = [
        Problem(
            f"`{setting.key}` does not say how a file is read{did_you_mean(setting.key, keys)}",
            setting.key_place,
            f"these keys do: {', '.join(keys)}",
        )
        for setting in given
        if setting.key not in keys
    ]
    if wrong:
        raise ConfigError(wrong)
    tree, _ = with_settings(Tree({"data": {}}, NOWHERE), given)
    try:
        data = DataConfig.model_validate(tree.value["data"])
    except ValidationError as error:
        errors = error.errors(include_url=False)
        for each in errors:
            each["loc"] = ("data", *each["loc"])
        raise ConfigError(list(schema_problems(errors, tree.value, tree.places))) from None
    return {key: getattr(data, key) for key in data.model_fields_set}


@contextmanager
def hints_as_settings() -> Iterator[None]:
    """Errors raised inside name `--set` where their hint names a key by which a file is read."""
    try:
        yield
    except DataError as error:
        raise DataError([replace(p, hint=as_setting(p.hint)) for p in error.problems]) from error


@contextmanager
def hints_as_conversion(file: Path) -> Iterator[None]:
    """Errors raised inside name the command that writes the file as UTF-8, for commands that have
    no option to state its encoding."""
    from rnnbuild.data.disk.files import beside

    named = "" if str(file) == "-" else f" {shell_word(file)} > {beside('utf8', str(file))}"

    def command(match: re.Match[str]) -> str:
        # iconv has names of its own for some.
        name = match[1].replace("latin-1", "latin1").replace("utf-16-", "utf-16")
        return f"`iconv -f {name} -t utf-8{named}`"

    def converting(hint: str) -> str:
        key = r"`data\.encoding: ([^`]+)`"
        if re.search(key, hint) is None:
            return hint
        what = hint.removeprefix("state how it is written: ").removeprefix("state it: ")
        what = what.removeprefix("state ")
        return "convert it: " + re.sub(key, command, what)

    try:
        yield
    except DataError as error:
        hinted = [replace(p, hint=p.hint and converting(p.hint)) for p in error.problems]
        raise DataError(hinted) from error


def as_setting(hint: str | None) -> str | None:
    """A hint with each key by which a file is read as an option of the command line."""
    from rnnbuild.config.schema.data import READING_KEYS

    def option(match: re.Match[str]) -> str:
        key = match["key"]
        value = match["value"] or ("[COLUMN, COLUMN]" if key == "header" else "COLUMN")
        return f"`--set {shell_word(f'data.{key}={value}')}`" if key in READING_KEYS else match[0]

    return hint and re.sub(r"`data\.(?P<key>\w+)(?:: (?P<value>[^`]+)|:)?`", option, hint)


def short_settings(**values: int | None) -> list[Setting]:
    """Settings of keys of `training` from options that are short for them."""
    return [
        setting_from_option(f"--{key.replace('_', '-')}", f"training.{key}", str(value))
        for key, value in values.items()
        if value is not None
    ]


def say(notes: Sequence[str]) -> None:
    """Print notes to stderr, each on one line; in a terminal, wrapped between words."""
    from rnnbuild.cli.output.screen import print_note

    for note in notes:
        print_note(note)
