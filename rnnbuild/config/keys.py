"""Keys as overrides and variants name them, and setting their values in a config as written.

A key is its full dotted path from the top (`training.optimizer.learning_rate`); a bare layer key
(`units`) means every recurrent layer at once; `depth` is the number of recurrent layers, of an
encoder and of its decoder alike.
"""

import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rnnbuild.config.idle import IDLE_KEYS, idle_beside
from rnnbuild.config.places import Path, Places, Span, dotted
from rnnbuild.config.problems import shown
from rnnbuild.config.schema import ALTERNATIVES, Config
from rnnbuild.config.schema.layers import RECURRENT_LAYERS
from rnnbuild.config.schema_walk import paths_of_key
from rnnbuild.config.settings import Setting
from rnnbuild.config.yaml_tree import Tree
from rnnbuild.errors import ConfigError, Problem, nearest

INDEX = re.compile(r"[0-9]{1,9}")
DEPTH = "depth"
BORDER = "repeat_vector"
CELL = "cell"
LAYER_KEYS = frozenset(key for layer in RECURRENT_LAYERS.values() for key in layer.model_fields)
TOP_KEYS = frozenset(Config.model_fields) - ALTERNATIVES
SIZES_OF_DATA = (
    ("model", "embedding", "input_dim"),
    ("model", "input_length"),
    ("model", "input_columns"),
)
"""Sizes that a config has to state only where it names no data."""
INSTEAD = {
    "variants": "use `--vary KEY=A,B,C`",
    "search": "use `rnnbuild tune` with `--range KEY=LOW..HIGH` and `--choose KEY=A,B,C`",
}
"""What to do instead of setting one of these."""


@dataclass
class Draft:
    """A config as written, in the middle of being changed."""

    values: dict[str, Any]
    value_spans: dict[Path, Span]
    key_spans: dict[Path, Span]
    notes: list[str]
    """What a change took with it: keys that do nothing without another."""

    @classmethod
    def of(cls, tree: Tree) -> "Draft":
        values, places = tree.value, tree.places
        return cls(copy.deepcopy(values), dict(places.values), dict(places.keys), [])

    def tree(self) -> Tree:
        return Tree(self.values, Places(self.value_spans, self.key_spans))


def with_settings(tree: Tree, settings: list[Setting]) -> tuple[Tree, list[str]]:
    """The config with every setting applied in order, and notes on what else changed.

    Raises ConfigError at the places of the settings whose key does not exist.
    """
    changed, notes, problems = apply_settings(tree, settings)
    if problems:
        raise ConfigError(problems)
    return changed, notes


def apply_settings(tree: Tree, settings: list[Setting]) -> tuple[Tree, list[str], list[Problem]]:
    """As `with_settings`; settings that cannot be applied are skipped and returned as problems."""
    draft = Draft.of(tree)
    problems: list[Problem] = []
    for setting in settings:
        try:
            apply(draft, setting)
        except ConfigError as error:
            problems += error.problems
    return draft.tree(), draft.notes, problems


def apply(draft: Draft, setting: Setting) -> None:
    """Set one key in a config as written. Raises ConfigError where there is no such key."""
    if setting.key == DEPTH:
        _set_depth(draft, setting)
    elif setting.key in LAYER_KEYS and setting.key not in TOP_KEYS:
        for path in _recurrent_paths(draft, setting):
            _set_layer_key(draft, path, setting)
    else:
        path = _dotted_path(draft, setting)
        if path[:2] == ("model", "layers") and len(path) == 4 and path[3] in (CELL, *IDLE_KEYS):
            _set_layer_key(draft, path[:3], setting)
        else:
            had_data = _names_data(draft)
            _set(draft, path, setting)
            if _names_data(draft) and not had_data:
                _drop_sizes_of_data(draft)


def _names_data(draft: Draft) -> bool:
    data = draft.values.get("data")
    return isinstance(data, dict) and not data.keys().isdisjoint(("dataset", "train"))


def _drop_sizes_of_data(draft: Draft) -> None:
    """Drop the sizes that a config without data states in its place."""
    for *path, key in SIZES_OF_DATA:
        section: Any = draft.values
        for name in path:
            section = section.get(name) if isinstance(section, dict) else None
        if isinstance(section, dict) and key in section:
            del section[key]
            _forget(draft, (*path, key))
            draft.notes.append(f"`{dotted((*path, key))}` was dropped: it follows from `data`")


def _refused(setting: Setting, message: str, hint: str | None = None) -> ConfigError:
    return ConfigError(Problem(message, setting.key_place, hint))


def _dotted_path(draft: Draft, setting: Setting) -> Path:
    parts: list[str | int] = []
    for part in setting.key.split("."):
        parts.append(int(part) if INDEX.fullmatch(part) else part)
    if "" in parts:
        raise _refused(setting, f"`{setting.key}` has an empty part", "one dot between two parts")
    if parts[0] not in TOP_KEYS:
        raise _unknown_key(setting, str(parts[0]), bare=len(parts) == 1)
    return tuple(parts)


def _unknown_key(setting: Setting, first: str, bare: bool) -> ConfigError:
    key = setting.key
    if first in ALTERNATIVES:
        return _refused(setting, f"`{first}` cannot be set", INSTEAD[first])
    places = paths_of_key(key) if bare else []
    names = [*TOP_KEYS, *LAYER_KEYS, DEPTH] if bare else list(TOP_KEYS)
    if places:
        full = [f"`{dotted((*path, key))}`" for path in places[:2]]
        hint = f"write its full path: {' or '.join(full)}"
    elif (meant := nearest(first, names)) is not None:
        hint = f"did you mean `{key.replace(first, meant, 1)}`?"
    else:
        hint = f"a key is a path from {', '.join(sorted(TOP_KEYS))}, or one of a recurrent layer"
    return _refused(setting, f"there is no key `{key}`", hint)


def _layers(draft: Draft, setting: Setting) -> list[Any]:
    model = draft.values.get("model")
    layers = model.get("layers") if isinstance(model, dict) else None
    if not isinstance(layers, list):
        raise _refused(setting, f"`{setting.key}` needs a config with `model.layers`")
    return layers


def _recurrent_paths(draft: Draft, setting: Setting) -> list[Path]:
    layers = _layers(draft, setting)
    paths: list[Path] = [
        ("model", "layers", number) for number, layer in enumerate(layers) if _has(layer, "cell")
    ]
    if not paths:
        raise _refused(setting, f"`{setting.key}` needs a recurrent layer, and there is none")
    return paths


def _set_layer_key(draft: Draft, path: Path, setting: Setting) -> None:
    """Set a key of one layer; keys that do nothing then are dropped."""
    layers = _layers(draft, setting)
    layer, changed = layers[_entry(layers, path, setting)], setting.key.rpartition(".")[2]
    _set(draft, (*path, changed), setting)
    for key, why in list(_without_effect(layer, changed)):
        del layer[key]
        _forget(draft, (*path, key))
        draft.notes.append(f"`{dotted((*path, key))}` was dropped: {why}")


def _without_effect(layer: Any, changed: str) -> Iterator[tuple[str, str]]:
    """Keys of a layer that do nothing once another was changed, each with the reason."""
    if changed == CELL and _is_cell(layer[CELL]):
        known, why = (
            RECURRENT_LAYERS[layer[CELL]].model_fields,
            f"`cell: {layer[CELL]}` has no such key",
        )
        yield from ((key, why) for key in layer if key in LAYER_KEYS and key not in known)
    elif changed in IDLE_KEYS and isinstance(layer[changed], bool):
        why = f"it does nothing where `{changed}` is {str(layer[changed]).lower()}"
        yield from ((key, why) for key in idle_beside(changed, layer) if key in layer)


def _is_cell(value: Any) -> bool:
    return isinstance(value, str) and value in RECURRENT_LAYERS


def _set_depth(draft: Draft, setting: Setting) -> None:
    """More recurrent layers repeat the last; fewer drop from the end with the layers between.

    Encoder and decoder, before and after `repeat_vector`, each get that many.
    """
    depth = setting.value
    if not isinstance(depth, int) or isinstance(depth, bool) or not 1 <= depth <= 100:
        place = setting.value_places.of(())
        raise ConfigError(
            Problem(f"`depth` must be a whole number from 1 to 100, found {shown(depth)}", place)
        )
    layers = _layers(draft, setting)
    _recurrent_paths(draft, setting)
    borders = [number for number, layer in enumerate(layers) if _has(layer, "kind", BORDER)]
    order: list[int] = []
    start = 0
    for end in (*borders, len(layers)):
        order += _of_depth(layers, range(start, end), depth)
        order += [end] if end < len(layers) else []
        start = end + 1
    for number in set(range(len(layers))).difference(order):
        _forget(draft, ("model", "layers", number))
    _reorder(draft, order)


def _of_depth(layers: list[Any], section: range, depth: int) -> list[int]:
    """The numbers of a section's layers once `depth` of them are recurrent; of none, none more."""
    recurrent = [number for number in section if _has(layers[number], "cell")]
    if not recurrent:
        return list(section)
    last = recurrent[-1]
    last_used = recurrent[min(depth, len(recurrent)) - 1]
    more = [last] * (depth - len(recurrent))
    return [*range(section.start, last_used + 1), *more, *range(last + 1, section.stop)]


def _has(layer: Any, key: str, value: str | None = None) -> bool:
    return isinstance(layer, dict) and key in layer and value in (None, layer[key])


def _reorder(draft: Draft, order: list[int]) -> None:
    """The layers in a new order, some perhaps several times, their places with them."""
    layers = draft.values["model"]["layers"]
    draft.values["model"]["layers"] = [copy.deepcopy(layers[number]) for number in order]
    top: Path = ("model", "layers")
    for spans in (draft.value_spans, draft.key_spans):
        old = {path: span for path, span in spans.items() if path[:2] == top and len(path) > 2}
        for path in old:
            del spans[path]
        for path, span in old.items():
            for new, number in enumerate(order):
                if path[2] == number:
                    spans[*top, new, *path[3:]] = span


def _set(draft: Draft, path: Path, setting: Setting) -> None:
    inside: Any = draft.values
    for number in range(1, len(path)):
        inside = _entered(draft, inside, path[:number], path[number], setting)
    last = path[-1]
    if isinstance(inside, list):
        inside[_entry(inside, path, setting)] = copy.deepcopy(setting.value)
    else:
        inside[last if isinstance(last, str) else str(last)] = copy.deepcopy(setting.value)
    _forget(draft, path)
    _place_key(draft, path, setting)
    for inner, span in setting.value_places.values.items():
        draft.value_spans[(*path, *inner)] = span
    for inner, span in setting.value_places.keys.items():
        draft.key_spans[(*path, *inner)] = span


def _entered(
    draft: Draft, inside: Any, path: Path, following: str | int, setting: Setting
) -> dict[str, Any] | list[Any]:
    """The value at `path`; a mapping that is missing is created."""
    part: Any = path[-1]
    if isinstance(inside, list):
        part = _entry(inside, path, setting)
        value = inside[part]
    else:
        value = inside.get(part)
    if isinstance(value, dict | list):
        return value
    # `optimizer: adam` is short for a mapping that now gets a second key.
    made = {"name": value} if isinstance(value, str) and following != "name" else {}
    inside[part] = made
    _place_key(draft, path, setting)
    if (span := draft.key_spans.get(path)) is not None:
        draft.value_spans[path] = span
    return made


def _entry(entries: list[Any], path: Path, setting: Setting) -> int:
    """The number of a list's entry that the end of `path` names."""
    number = path[-1]
    if isinstance(number, int) and number < len(entries):
        return number
    there = f"entries 0 to {len(entries) - 1}" if len(entries) > 1 else "one entry, 0"
    there = there if entries else "no entries"
    raise _refused(setting, f"there is no `{dotted(path)}`: `{dotted(path[:-1])}` has {there}")


def _place_key(draft: Draft, path: Path, setting: Setting) -> None:
    """Note where the key at the end of `path` was written: in the setting's own key."""
    if isinstance(path[-1], int):
        return
    parts = setting.key.count(".") + 1
    # A bare layer key is short for a path with more parts.
    bare = path[0] != setting.key.partition(".")[0]
    span = setting.key_span if bare else setting.part_span(min(len(path), parts) - 1)
    if span is not None:
        draft.key_spans[path] = span


def _forget(draft: Draft, path: Path) -> None:
    """Drop the places of a value that is replaced or removed."""
    for spans in (draft.value_spans, draft.key_spans):
        for known in [known for known in spans if known[: len(path)] == path]:
            del spans[known]
