"""Configs from a command's arguments: as written, checked, or resolved with their data."""

import sys
from collections.abc import Sequence
from pathlib import Path

from rnnbuild.config.keys import with_settings
from rnnbuild.config.load import checked, config_path, read_config
from rnnbuild.config.schema import Config
from rnnbuild.config.settings import Setting, setting_from_argument, setting_from_option
from rnnbuild.config.stack import ResolvedConfig
from rnnbuild.config.yaml_tree import Tree
from rnnbuild.data.resolved import resolve_with_data


def written_config(
    config: str | Tree, settings: Sequence[str] = (), short: Sequence[Setting] = ()
) -> Tree:
    """A config as written, with `--set` and then `short` applied; prints notes to stderr."""
    written = config if isinstance(config, Tree) else read_config(config)
    given = [setting_from_argument(text) for text in settings]
    tree, notes = with_settings(written, [*given, *short])
    say(notes)
    return tree


def checked_config(config: str | Tree, settings: Sequence[str] = (), **short: int | None) -> Config:
    """A checked config, with `--set` and options that are `short` for keys of `training`.

    It is named, or as it is written in a file that was read already.
    """
    return checked(written_config(config, settings, short_settings(**short)))


def resolved_config(
    name: str, settings: Sequence[str] = (), data_dir: Path | None = None
) -> ResolvedConfig:
    """A config with every size known, from its data if it names any."""
    return resolve_with_data(checked_config(name, settings), data_folder(name, data_dir))


def data_folder(name: str, data_dir: Path | None) -> Path:
    """The folder that data files are relative to: `--data-dir`, else the config's folder."""
    return data_dir if data_dir is not None else config_path(name).parent


def short_settings(**values: int | None) -> list[Setting]:
    """Settings of keys of `training` from options that are short for them."""
    return [
        setting_from_option(f"--{key.replace('_', '-')}", f"training.{key}", value)
        for key, value in values.items()
        if value is not None
    ]


def say(notes: Sequence[str]) -> None:
    """Print notes to stderr, each on one line; in a terminal, wrapped between words."""
    from shutil import get_terminal_size
    from textwrap import fill

    width = get_terminal_size().columns if sys.stderr.isatty() else None
    for note in notes:
        text = f"note: {note}"
        if width is not None:
            text = fill(text, max(20, width), break_long_words=False, break_on_hyphens=False)
        print(text, file=sys.stderr)
