"""A value for a key, as a command line or a program states it, with its place."""

from dataclasses import dataclass
from typing import Any

from rnnbuild.config.places import Places, Source, Span
from rnnbuild.config.yaml_tree import Tree, read_tree
from rnnbuild.errors import ConfigError, Place, Problem


@dataclass(frozen=True)
class Setting:
    """A value for a key, and where both were written."""

    key: str
    value: Any
    value_places: Places
    """Places inside the value, by path from the value itself."""
    key_span: Span | None = None

    @property
    def key_place(self) -> Place | None:
        return self.key_span.place() if self.key_span else None

    def part_span(self, number: int) -> Span | None:
        """The place of one part of a dotted key; of the whole key where it is written otherwise."""
        span, parts = self.key_span, self.key.split(".")
        if span is None or span.end_column - span.column != len(self.key):
            return span
        start = span.column + sum(len(part) + 1 for part in parts[:number])
        return Span(span.source, span.line, start, span.line, start + len(parts[number]))


def setting_from_program(key: str, value: Any) -> Setting:
    """A setting from a program: its place shows both."""
    source = Source("settings", f"{key}={value!r}", is_file=False)
    value_span = Span(source, 0, len(key) + 1, 0, len(source.text))
    return Setting(key, value, Places({(): value_span}), Span(source, 0, 0, 0, len(key)))


def setting_from_option(option: str, key: str, text: str) -> Setting:
    """`--epochs 5` as a Setting of the key it is short for: its place shows what was typed.

    Raises ConfigError where the value is not YAML.
    """
    source = Source("command line", f"{option} {text}", is_file=False)
    value = value_on(source, text, len(option) + 1)
    return Setting(key, value.value, value.places, Span(source, 0, 0, 0, len(option)))


def setting_of_text(option: str, key: str, text: str, value: str) -> Setting:
    """The same for a text that is not YAML, such as a path; `value` is what it stands for."""
    source = Source("command line", f"{option} {text}", is_file=False)
    start = len(option) + 1
    value_span = Span(source, 0, start, 0, start + len(text))
    return Setting(key, value, Places({(): value_span}), Span(source, 0, 0, 0, len(option)))


def setting_from_argument(argument: str) -> Setting:
    """`units=64` as a Setting whose place is the command line.

    Raises ConfigError where there is no `=`, or the value is not YAML.
    """
    source, key_span, text = split_argument(argument, "--set", "KEY=VALUE", "units=64")
    value = value_on(source, text, key_span.end_column + 1)
    return Setting(argument.partition("=")[0].strip(), value.value, value.places, key_span)


def split_argument(argument: str, option: str, form: str, example: str) -> tuple[Source, Span, str]:
    """The command line as a source, the key's span in it, and the text after the `=`."""
    key, equals, text = argument.partition("=")
    source = Source("command line", f"{option} {argument}", is_file=False)
    start = len(option) + 1
    key_span = Span(source, 0, start, 0, start + len(key))
    if not equals or not key.strip():
        raise ConfigError(
            Problem(f"`{argument}` is not {form}", key_span.place(), f"write `{option} {example}`")
        )
    return source, key_span, text


def value_on(source: Source, text: str, column: int, listed: bool = False) -> Tree:
    """A value written as YAML within a command line, its places counted from `column`.

    `listed`: alternatives with commas between them, read as a list.
    """
    try:
        tree = read_tree(Source(source.name, f"[{text}]" if listed else text, is_file=False))
    except ConfigError as error:
        place = Span(source, 0, column, 0, column + max(1, len(text))).place()
        hint = None if listed else _quoted(source.text, text)
        raise ConfigError(
            [Problem(p.message, place, hint or p.hint) for p in error.problems]
        ) from None
    start = column - 1 if listed else column

    def moved(span: Span) -> Span:
        return Span(source, 0, span.column + start, 0, span.end_column + start)

    values = {path: moved(span) for path, span in tree.places.values.items()}
    values.setdefault((), Span(source, 0, column, 0, column + len(text)))
    keys = {path: moved(span) for path, span in tree.places.keys.items()}
    return Tree(tree.value, Places(values, keys))


def _quoted(line: str, text: str) -> str | None:
    """The hint that puts a text in quotes, where its first character begins nothing in YAML."""
    if text[:1] not in ("%", "@", "`", ",") or "'" in text:
        return None
    option, _, key = line.removesuffix(text).rpartition(" ")
    return (
        f"this text needs quotes, and more around those for the shell: {option} '{key}\"{text}\"'"
    )
