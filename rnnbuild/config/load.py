"""A config file, or the name of one that comes along -> one checked Config."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from rnnbuild.config.bundled import bundled_config, bundled_config_names
from rnnbuild.config.consistency import contradictions, contradictions_among
from rnnbuild.config.places import NOWHERE, Places, Source
from rnnbuild.config.plain_values import tree_of_values
from rnnbuild.config.problems import position, schema_problems, shown, value_path
from rnnbuild.config.schema import Config
from rnnbuild.config.schema_walk import valid_sections
from rnnbuild.config.yaml_tree import Tree, read_tree
from rnnbuild.errors import ConfigError, Place, Problem, did_you_mean

UNNAMED = "model"
"""What a config is called for which nothing else is at hand."""
LARGEST_FILE = 1 << 20
"""Bytes; a config is a page or two."""


def load_config(path_or_name: str | Path) -> Config:
    """The checked config of a file, or of a bundled config's name.

    Raises ConfigError with all problems at once.
    """
    return checked(read_config(path_or_name))


def read_config(path_or_name: str | Path | Mapping[str, Any]) -> Tree:
    """A config as it is written, or as a program built it: values and places, not yet checked; its
    name filled in.

    Raises ConfigError where there is no such file or it is not YAML.
    """
    if isinstance(path_or_name, Mapping):
        tree = tree_of_values(path_or_name)
        tree.value.setdefault("name", UNNAMED)
        return tree
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
    return re.sub(r"[^A-Za-z0-9._-]+", "-", path.stem).strip("-._") or UNNAMED


def checked(tree: Tree, accepts_idle: bool = False) -> Config:
    """The Config of values as written; `accepts_idle`: with keys that do nothing, if a run's.

    Raises ConfigError with every problem of schema and consistency at once.
    """
    try:
        config = Config.model_validate(tree.value)
    except ValidationError as error:
        raise ConfigError(_all_problems(tree, error.errors(include_url=False))) from None
    config = config.written_at(tree.places, accepts_idle)
    if problems := contradictions(config):
        raise ConfigError(list(dict.fromkeys(problems)))
    return config


def _all_problems(tree: Tree, errors: list[ErrorDetails]) -> list[Problem]:
    """What the schema refuses, and what is contradictory in the sections that it does not."""
    wrong = {value_path(error["loc"], tree.value) for error in errors}
    sections = list(valid_sections(tree.value, wrong))
    task = tree.value.get("task") if ("task",) not in wrong else None
    problems = [
        *schema_problems(errors, tree.value, tree.places),
        *contradictions_among(sections, task, tree.places),
    ]
    # A key of every recurrent layer at once may be wrong in each: that is one mistake.
    return sorted(dict.fromkeys(problems), key=position)


def config_of(values: Mapping[str, Any], places: Places = NOWHERE) -> Config:
    """The checked config of plain values, as from a program; `name` may be omitted."""
    return checked(Tree({"name": "model", **values}, places))


def config_path(path_or_name: str | Path) -> Path:
    """The file that is meant: an existing path, else a bundled config's name."""
    path = Path(path_or_name)
    try:
        is_folder, exists = path.is_dir(), path.exists()
    except OSError as error:
        raise ConfigError(f"{path_or_name} cannot be read: {error.strerror}") from None
    if is_folder:
        inside = sorted(file.name for file in path.glob("*.y*ml"))
        raise ConfigError(
            f"{path_or_name} is a folder, not a config",
            f"name a file in it: {path / (inside[0] if inside else 'config.yaml')}",
        )
    if exists:
        return path
    bundled = bundled_config(str(path_or_name))
    if bundled is not None:
        return bundled
    raise ConfigError(_no_such_config(path, str(path_or_name)))


def folder_of_files(path_or_name: str | Path) -> Path:
    """The folder that files and runs in a config are relative to: its own.

    A bundled config names none: what is set in it is relative to the current folder, as for one
    that comes from a pipe (`/dev/stdin`, `<(...)`). Raises ConfigError where there is no config.
    """
    path = config_path(path_or_name)
    elsewhere = Path("/dev") in path.parents or not Path(path_or_name).exists()
    return Path() if elsewhere else path.parent


def _no_such_config(path: Path, name: str) -> Problem:
    beside = []
    if path.parent.is_dir():
        beside = [str(path.parent / file.name) for file in path.parent.glob("*.y*ml")]
    meant = did_you_mean(name, [*bundled_config_names(), *beside])
    if path.suffix in (".yaml", ".yml") or len(path.parts) > 1:
        return Problem(f"there is no file {name}{meant}", hint="`rnnbuild init` writes a config")
    return Problem(
        f"there is no file {name}, and no bundled config of that name{meant}",
        hint="`rnnbuild configs` lists the configs that do",
    )


def read_text(path: Path) -> str:
    """The text of a config file: UTF-8, with or without a byte-order mark."""
    try:
        # No more is read than can be used: /dev/zero has no end.
        with path.open("rb") as stream:
            raw = stream.read(LARGEST_FILE + 1)
            size = max(len(raw), path.stat().st_size)
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}") from None
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ConfigError(f"{path} is written in UTF-16, not in UTF-8", "save it as UTF-8")
    if b"\0" in raw:
        raise ConfigError(f"{path} is not a text file", "a config is YAML, in UTF-8")
    if len(raw) > LARGEST_FILE:
        raise ConfigError(
            f"{path} has {size / 1e6:.1f} MB; a config has at most 1 MB",
            "is this the data? A config names it: `data: {train: train.csv}`",
        )
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise ConfigError(_not_utf8(path, raw, error.start)) from None


def _not_utf8(path: Path, raw: bytes, position: int) -> Problem:
    start = raw.rfind(b"\n", 0, position) + 1
    line = raw[start:].split(b"\n", 1)[0].decode("utf-8", "replace").rstrip("\r")
    column = len(raw[start:position].decode("utf-8", "replace")) + 1
    return Problem(
        f"the byte 0x{raw[position]:02x} is not UTF-8",
        Place(str(path), raw.count(b"\n", 0, start) + 1, column, line),
        "save the file as UTF-8",
    )
