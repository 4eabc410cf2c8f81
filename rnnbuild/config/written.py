"""A Config as YAML text again: as it was given, or with every default."""

import re
from collections.abc import Iterable
from functools import reduce
from typing import Any

import yaml

from rnnbuild.config.idle import idle_keys
from rnnbuild.config.schema import Config
from rnnbuild.config.schema.base import Section, sections_within
from rnnbuild.config.schema.data import DataConfig
from rnnbuild.config.schema.series import SERIES_KEYS, TEXT_KEYS
from rnnbuild.config.yaml_tree import FLOAT as FLOAT_PATTERN
from rnnbuild.config.yaml_tree import INTEGER
from rnnbuild.tasks.table import TASKS
from rnnbuild.tasks.traits import TaskTraits
from rnnbuild.visible import visible_lines

TABLES = (".csv", ".tsv", ".tab")
"""Endings of files whose fields may have quotes."""
SCHEMA_LINE = "# yaml-language-server: $schema=./rnnbuild.schema.json\n"


def plain_values(config: Config, defaults: bool) -> dict[str, Any]:
    """A config as plain mappings, lists and scalars; with all its defaults, or without.

    Defaults without effect (how directions merge, where there is one) are omitted.
    """
    values = config.model_dump(exclude_unset=not defaults, exclude_none=True)
    if defaults and config.data is not None:
        for dotted in _of_other_data(config, config.data):
            *outer, key = dotted.split(".")
            around: Section | None = reduce(getattr, outer, config.data)
            if around is not None and key not in around.model_fields_set:
                _at(values["data"], outer).pop(key, None)
    for path, section in sections_within((), config):
        for key, _ in idle_keys(section):
            if defaults and key not in section.model_fields_set:
                _at(values, path).pop(key, None)
    plain = _plain(values)
    assert isinstance(plain, dict)
    return {key: value for key, value in plain.items() if value not in ({}, [])}


def _of_other_data(config: Config, data: DataConfig) -> tuple[str, ...]:
    """Keys, as dotted paths, that do nothing for data of this kind, or that a bundled dataset has
    settled."""
    traits = TASKS[config.task] if config.task is not None else None
    numbers = data.is_series if traits is None else traits.target == "numbers"
    # Some bundled datasets of numbers are series and some are not: defaults may do nothing there.
    series = numbers and (data.is_series or data.dataset is None)
    settled = ("gaps",) if data.dataset is not None else ()
    idle = traits.idle_keys if traits is not None else ()
    other_kind = (*(TEXT_KEYS if numbers else ()), *(() if series else SERIES_KEYS))
    crossed = ("split.test",) if data.split is not None and data.split.folds is not None else ()
    return (*other_kind, *settled, *idle, *crossed, *_of_labels(data, traits))


def _of_labels(data: DataConfig, traits: TaskTraits | None) -> tuple[str, ...]:
    """Keys of labels, of pairs and of tables that running text has no use for."""
    if traits is None or not traits.goes_on_with_text:
        return ()
    has_columns = (data.train or "").lower().removesuffix(".gz").endswith(TABLES)
    is_table = data.format in ("csv", "tsv") or (data.format is None and has_columns)
    return ("label_separator", "reverse", *(() if is_table else ("quote",)))


def _at(values: Any, path: Iterable[str | int]) -> Any:
    for part in path:
        values = values[part]
    return values


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        inner = {key: _plain(item) for key, item in value.items()}
        # `{name: zeros}` and nothing more is written as it usually is: `zeros`.
        return inner["name"] if list(inner) == ["name"] else _layer_key_first(inner)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def _layer_key_first(values: dict[str, Any]) -> dict[str, Any]:
    for key in ("kind", "cell", "name"):
        if key in values:
            values = {key: values[key], **values}
    return values


# A whole number is not a float, though YAML 1.2's pattern for floats admits it.
FLOAT = re.compile(rf"(?![-+]?[0-9]+$)(?:{FLOAT_PATTERN.pattern})$")


class _Dumper(yaml.SafeDumper):
    """Writes what rnnbuild reads: YAML 1.2, where `no` and `1e-3` mean what they look like."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _float(dumper: yaml.SafeDumper, value: float) -> yaml.Node:
    # repr gives the shortest text that reads back as the same number, and 1e-07 needs no dot.
    text = repr(value).replace("inf", ".inf").replace("nan", ".nan")
    return dumper.represent_scalar("tag:yaml.org,2002:float", text)


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.Node:
    # Every value is on one line; only double quotes allow a line break there.
    style = None if value.isprintable() else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(float, _float)
_Dumper.add_representer(str, _text)
# Added to YAML 1.1's own, so that older readers see the same: `1e-07` is a number, "1e-07" a text.
_Dumper.add_implicit_resolver("tag:yaml.org,2002:float", FLOAT, list("-+.0123456789"))
_Dumper.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile(rf"(?:{INTEGER.pattern})$"), list("-+0123456789")
)


def yaml_text(values: dict[str, Any]) -> str:
    """Plain values as YAML that reads back as the same values."""
    return _dumped(values, in_line=False)


def inline_text(value: Any) -> str:
    """A plain value as YAML on one line: `gru`, `{name: sgd, momentum: 0.9}`."""
    return _dumped(value, in_line=True).removesuffix("\n...\n").removesuffix("\n")


def _dumped(value: Any, in_line: bool) -> str:
    text = yaml.dump(
        value,
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        default_flow_style=in_line,
        width=float("inf"),
    )
    # What is not printable is in double quotes by now, where YAML has Python's escapes.
    return visible_lines(text)
