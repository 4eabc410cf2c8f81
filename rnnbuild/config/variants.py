"""Alternatives of keys, from `--vary` or a config's `variants:`, as one config each."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from rnnbuild.config.keys import apply_settings
from rnnbuild.config.load import checked
from rnnbuild.config.places import Path, Places, Span
from rnnbuild.config.problems import shown
from rnnbuild.config.schema import ALTERNATIVES, Config
from rnnbuild.config.settings import Setting, setting_from_program, split_argument, value_on
from rnnbuild.config.yaml_tree import Tree
from rnnbuild.errors import ConfigError, Problem

MOST_VARIANTS = 10_000


@dataclass(frozen=True)
class Variant:
    """One of several configs that differ in what was varied."""

    label: str
    """What makes it differ: `cell=gru, depth=2`; empty for the config as it is written."""
    settings: tuple[tuple[str, Any], ...]
    config: Config
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Axis:
    """One key and its alternatives."""

    key: str
    settings: tuple[Setting, ...]


def parsed_axis(argument: str, option: str = "--vary") -> Axis:
    """`cell=simple_rnn,gru,lstm` as an Axis whose place is the command line.

    Raises ConfigError where there is no `=` or no alternative.
    """
    source, key_span, text = split_argument(argument, option, "KEY=A,B,C", "units=32,64")
    # Commas separate alternatives, but not within brackets, so the list is read as YAML.
    tree = value_on(source, text, key_span.end_column + 1, listed=True)
    key = argument.partition("=")[0].strip()
    if not tree.value:
        raise ConfigError(
            Problem(
                f"`{key}` has no alternatives", key_span.place(), f"write `{option} units=32,64`"
            )
        )
    return axis_of(key, tree.value, tree.places, key_span)


def axis_from_program(key: str, alternatives: Iterable[Any]) -> Axis:
    """A key and its alternatives as a program states them. Raises ConfigError for no alternative,
    and for a text, which is one."""
    listed = [] if isinstance(alternatives, str) else list(alternatives)
    if not listed:
        raise ConfigError(
            f"`{key}` is to be varied among {alternatives!r:.40}, which is no list of alternatives",
            f'list them: vary={{"{key}": [A, B, C]}}',
        )
    return Axis(key, tuple(setting_from_program(key, value) for value in listed))


def axis_of(key: str, alternatives: list[Any], places: Places, key_span: Span | None) -> Axis:
    return Axis(
        key,
        tuple(
            Setting(key, value, places.below((number,)), key_span)
            for number, value in enumerate(alternatives)
        ),
    )


def written_axes(tree: Tree) -> list[Axis]:
    """The axes of a config's own `variants:` section. Raises ConfigError where it is malformed."""
    section = tree.value.get("variants")
    if section is None:
        return []
    top: Path = ("variants",)
    if not isinstance(section, dict):
        raise ConfigError(
            Problem(
                f"`variants` must be a mapping of keys to lists, found {shown(section)}",
                tree.places.of(top),
            )
        )
    axes = []
    for key, alternatives in section.items():
        if not isinstance(alternatives, list) or not alternatives:
            raise ConfigError(
                Problem(
                    f"`variants.{key}` must be a list of alternatives, found {shown(alternatives)}",
                    tree.places.of((*top, key)),
                    f"`{key}: [{alternatives}, ...]`",
                )
            )
        key_span = tree.places.keys.get((*top, key))
        axes.append(axis_of(key, alternatives, tree.places.below((*top, key)), key_span))
    return axes


def variants_of(tree: Tree, axes: Sequence[Axis] = ()) -> list[Variant]:
    """Every combination of the alternatives, the last axis changing fastest.

    Without axes they are those of the config's own `variants:` section; where it has none, the one
    variant is the config itself. Raises ConfigError with the problems of all
    variants, each once.
    """
    axes = axes or written_axes(tree)
    keys = [axis.key for axis in axes]
    if twice := [axis for number, axis in enumerate(axes) if axis.key in keys[:number]]:
        raise ConfigError(
            Problem(
                f"`{twice[0].key}` is varied twice",
                twice[0].settings[0].key_place,
                f"list all its alternatives at once: `--vary {twice[0].key}=A,B,C`",
            )
        )
    if repeated := [problem for axis in axes for problem in repeated_alternatives(axis)]:
        raise ConfigError(repeated)
    count = 1
    for axis in axes:
        count *= len(axis.settings)
    if count > MOST_VARIANTS:
        raise ConfigError(f"{count:,} variants; at most {MOST_VARIANTS:,} are compared at once")
    base = without_alternatives(tree)
    # The depth comes first, so that keys of layers reach those that it adds.
    order = sorted(range(len(axes)), key=lambda number: axes[number].key != "depth")
    variants: list[Variant] = []
    problems: dict[Problem, None] = {}
    for combination in product(*(axis.settings for axis in axes)):
        changed, notes, refused = apply_settings(base, [combination[number] for number in order])
        problems.update(dict.fromkeys(refused))
        try:
            config = checked(changed)
        except ConfigError as error:
            problems.update(dict.fromkeys(error.problems))
            continue
        settings = tuple((setting.key, setting.value) for setting in combination)
        variants.append(Variant(label_of(settings), settings, config, tuple(notes)))
    if problems:
        raise ConfigError(list(problems))
    return labelled(variants)


def without_alternatives(tree: Tree) -> Tree:
    """A config as written, without what else it might be."""
    return Tree({k: v for k, v in tree.value.items() if k not in ALTERNATIVES}, tree.places)


def repeated_alternatives(axis: Axis) -> Iterator[Problem]:
    """A problem for each alternative of a key that it has already."""
    values = [(type(setting.value), setting.value) for setting in axis.settings]
    for number, setting in enumerate(axis.settings):
        if values[number] in values[:number]:
            yield Problem(
                f"`{short_value(setting.value)}` is an alternative of `{axis.key}` twice",
                setting.value_places.of(()) or setting.key_place,
            )


def notes_on(variants: Iterable[Variant]) -> list[str]:
    """What changed besides what was varied, each remark once."""
    return list(dict.fromkeys(note for variant in variants for note in variant.notes))


def label_of(settings: tuple[tuple[str, Any], ...], whole: bool = False) -> str:
    """`cell=gru, depth=2`: the last part of each key identifies it, of a layer the last two.

    Mappings have their names alone, unless they are `whole`.
    """

    def text(value: Any) -> str:
        return _in_braces(value) if whole and isinstance(value, dict) else short_value(value)

    return ", ".join(f"{last_part(key)}={text(value)}" for key, value in settings)


def labelled(variants: Sequence[Variant]) -> list[Variant]:
    """The variants with whole mappings in their labels, if their names alone are not enough."""
    if len({variant.label for variant in variants}) == len(variants):
        return list(variants)
    return [replace(each, label=label_of(each.settings, whole=True)) for each in variants]


def last_part(key: str) -> str:
    """`units` of `model.layers.0.units`, and `layers.0` of `model.layers.0`."""
    parts = key.split(".")
    return ".".join(parts[-2:] if parts[-1].isdigit() else parts[-1:])


def short_value(value: Any) -> str:
    """A value as it would be typed; of a mapping that has one, its name."""
    if value is None:
        return "null"
    return shown(value).strip("`").strip('"') if not isinstance(value, dict) else _of_name(value)


def _of_name(value: dict[str, Any]) -> str:
    return str(value["name"]) if "name" in value else _in_braces(value)


def _in_braces(value: dict[str, Any]) -> str:
    return f"{{{', '.join(f'{key}: {short_value(item)}' for key, item in value.items())}}}"
