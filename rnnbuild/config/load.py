"""A config file, or the name of one that comes along -> one checked Config."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from rnnbuild.config.consistency import contradictions
from rnnbuild.config.places import NOWHERE, Places, Source
from rnnbuild.config.problems import schema_problems, shown
from rnnbuild.config.schema import Config
from rnnbuild.config.shipped import shipped_names, shipped_path
from rnnbuild.config.yaml_tree import Tree, read_tree
from rnnbuild.errors import ConfigError, Problem, did_you_mean

LARGEST_FILE = 1 << 20
"""Bytes; a config is a page or two."""


def load_config(path_or_name: str | Path) -> Config:
    """The checked config of a file, or of a shipped config's name.

    Raises ConfigError with all problems at once.
    """
    return checked(read_config(path_or_name))


def read_config(path_or_name: str | Path) -> Tree:
    """A config as it is written: values and places, not yet checked; its name filled in.

    Raises ConfigError where there is no such file or it is not YAML.
    """
    path = config_path(path_or_name)
    tree = read_tree(Source(str(path_or_name), read_text(path)))
    if tree.value is None:
        raise ConfigError(
            f"{path_or_name} is empty",
            "`rnnbuild init` writes a config to start from",
        )
    if not isinstance(tree.value, dict):
        raise ConfigError(
            Problem(
                f"a config is a mapping of keys to values, found {shown(tree.value)}",
                tree.places.of(()),
                "it starts with `model:`; `rnnbuild init` writes one to start from",
            )
        )
    tree.value.setdefault("name", default_name(path))
    return tree


def default_name(path: Path) -> str:
    """A name for the config of a file, from the file's own."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", path.stem).strip("-._") or "model"


def checked(tree: Tree) -> Config:
    """The Config of values as written.

    Raises ConfigError with every problem of schema and consistency at once.
    """
    try:
        config = Config.model_validate(tree.value)
    except ValidationError as error:
        errors = error.errors(include_url=False)
        raise ConfigError(schema_problems(errors, tree.value, tree.places)) from None
    config = config.written_at(tree.places)
    if problems := contradictions(config):
        raise ConfigError(problems)
    return config


def config_of(values: Mapping[str, Any], places: Places = NOWHERE) -> Config:
    """The checked config of plain values, as from a program; `name` may be left out."""
    return checked(Tree({"name": "model", **values}, places))


def config_path(path_or_name: str | Path) -> Path:
    """The file that is meant: an existing path, else a shipped config's name."""
    path = Path(path_or_name)
    if path.is_dir():
        raise ConfigError(
            f"{path_or_name} is a folder, not a config",
            f"name a file in it: {path / 'config.yaml'}",
        )
    if path.exists():
        return path
    shipped = shipped_path(str(path_or_name))
    if shipped is not None:
        return shipped
    beside = []
    if path.parent.is_dir():
        beside = [str(path.parent / found.name) for found in path.parent.glob("*.y*ml")]
    meant = did_you_mean(str(path_or_name), [*shipped_names(), *beside])
    raise ConfigError(
        f"there is no file {path_or_name}, and no config of that name comes along{meant}",
        "`rnnbuild configs` lists the configs that do",
    )


def read_text(path: Path) -> str:
    """The text of a config file: UTF-8, with or without a byte-order mark."""
    try:
        size = path.stat().st_size
        if size > LARGEST_FILE:
            raise ConfigError(
                f"{path} has {size / 1e6:.1f} MB; a config has at most 1 MB",
                "is this the data file? Name it in the config: `data: {train: ...}`",
            )
        raw = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}") from None
    if b"\0" in raw:
        raise ConfigError(f"{path} is not a text file", "a config is YAML, in UTF-8")
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ConfigError(
            f"{path}:{line}: the byte 0x{raw[error.start]:02x} is not UTF-8",
            "save the file as UTF-8",
        ) from None
