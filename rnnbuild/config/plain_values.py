"""A config that a program builds, as the text of a file: so that it is checked as one is."""

import json
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from rnnbuild.config.places import Source
from rnnbuild.config.yaml_tree import Tree, read_tree
from rnnbuild.errors import ConfigError

NAME = "config"
"""What problems call it, with the lines of its text."""


def tree_of_values(values: Mapping[Any, Any]) -> Tree:
    """The config in a mapping, each value with its place in the same config as JSON, which is YAML.

    Paths count as texts, and numbers of NumPy as numbers. Raises ConfigError for values that no
    file can contain.
    """
    try:
        text = json.dumps(
            values, indent=2, ensure_ascii=False, default=plain_value, allow_nan=False
        )
    except (TypeError, ValueError) as error:  # an object, infinity, or a list inside itself
        raise ConfigError(
            f"the config has something that no YAML file can contain: {error}",
            "its values are texts, numbers, true, false, None, lists and mappings",
        ) from None
    return read_tree(Source(NAME, text))


def plain_value(value: Any) -> Any:
    """What JSON has no form for, in one that it has. Raises TypeError."""
    if isinstance(value, PurePath):
        return str(value)
    if isinstance(value, Mapping):
        return dict(value)
    if hasattr(value, "tolist"):  # NumPy's numbers and arrays
        return value.tolist()
    raise TypeError(f"{value!r:.60}, of type {type(value).__name__}")
