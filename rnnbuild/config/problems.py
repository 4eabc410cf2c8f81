"""pydantic's errors as problems: what was expected, what was found, where, and how to mend it."""

import types
import typing
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from rnnbuild.config.places import Path, Places, dotted
from rnnbuild.config.schema import Config
from rnnbuild.config.schema.layers import OTHER_LAYERS, RECURRENT_LAYERS
from rnnbuild.errors import Problem, did_you_mean, nearest

# Keys of Keras' layers, or of other tools, that a config does without, and why.
NOT_KEYS = {
    "return_sequences": "it follows: true wherever the next layer or the task needs every step",
    "return_state": "a Sequential model has no use for the state",
    "mask_zero": "text is always masked: padding never changes an answer",
    "unroll": "lengths are free, so that batches are padded to their own longest sequence",
    "stateful": "every example is a sequence of its own",
    "implementation": "Keras chooses it",
    "use_cudnn": "Keras chooses it",
    "input_shape": "it follows from the data, or from `model.input_length`",
    "loss": "it follows from the task",
    "metrics": "they follow from the task",
    "vocab_size": "it is `embedding.input_dim`, or `data.vocabulary.size`",
    "lr": "it is `optimizer.learning_rate`",
    "learning_rate": "it is `optimizer.learning_rate`",
    "num_layers": "list the layers, or use `--set depth=3` on the command line",
    "type": "a layer says what it is by `cell` or `kind`",
}


def schema_problems(errors: list[ErrorDetails], values: Any, places: Places) -> list[Problem]:
    """One problem for each error; `values` is what was validated, `places` where it stands."""
    # A list whose items are all wrong counts as empty for pydantic: the items have been told of.
    told = [error for error in errors if error["type"] != "too_short" or not error["input"]]
    problems = [_problem(error, values, places) for error in told]
    return sorted(problems, key=_position)


def _position(problem: Problem) -> tuple[int, int]:
    return (problem.place.line, problem.place.column) if problem.place else (0, 0)


def _problem(error: ErrorDetails, values: Any, places: Places) -> Problem:
    path = value_path(error["loc"], values)
    match error["type"]:
        case "extra_forbidden":
            return _unknown_key(error, path, places)
        case "missing":
            return _missing_key(path, places)
        case "union_tag_invalid" | "union_tag_not_found":
            return _wrong_tag(error, path, values, places)
    found = shown(error["input"])
    expected = expectation(error)
    message = f"`{dotted(path[-1:])}` must be {expected}, found {found}"
    return _at(places, path, message, _hint(error))


def _hint(error: ErrorDetails) -> str | None:
    text = error["input"]
    if not isinstance(text, str):
        return None
    if error["type"] in ("int_type", "float_type") and _is_number(text):
        return "leave the quotes out"
    if error["type"] == "bool_type" and text.lower() in ("yes", "on", "no", "off"):
        meant = "true" if text.lower() in ("yes", "on") else "false"
        return f"`{text}` is a text in YAML 1.2: write `{meant}`"
    if error["type"] == "literal_error" and (meant_choice := nearest(text, _choices(error))):
        return f"did you mean `{meant_choice}`?"
    return None


def _at(places: Places, path: Path, message: str, hint: str | None, key: bool = False) -> Problem:
    place = places.of_key(path) if key else places.of(path)
    if place is None and len(path) > 1:
        message = f"{dotted(path)}: {message}"
    return Problem(message, place, hint)


def value_path(location: tuple[int | str, ...], values: Any) -> Path:
    """pydantic's location without the tags of unions, which are no keys of the config."""
    path: list[int | str] = []
    for number, part in enumerate(location):
        last = number == len(location) - 1
        inside = part in values if isinstance(values, dict) else isinstance(values, list)
        if inside and (isinstance(values, dict) or isinstance(part, int)):
            values = values[part]
        elif not (last and isinstance(values, dict)):
            continue
        path.append(part)
    return tuple(path)


def expectation(error: ErrorDetails) -> str:
    """What a value must be, in words: the second half of "`units` must be ..."."""
    context: dict[str, Any] = error.get("ctx", {})
    match error["type"]:
        case "int_type" | "int_from_float" | "int_parsing":
            return "a whole number"
        case "float_type" | "float_parsing":
            return "a number"
        case "finite_number":
            return "a finite number"
        case "bool_type":
            return "`true` or `false`"
        case "string_type":
            return "a text"
        case "string_pattern_mismatch":
            return "of letters, digits, `.`, `_` and `-`, and start with a letter or a digit"
        case "string_too_long":
            return f"of at most {context['max_length']} characters"
        case "model_type" | "model_attributes_type" | "dict_type":
            return "a mapping of keys to values"
        case "tuple_type" | "list_type":
            return "a list"
        case "too_short":
            return "a list of at least one"
        case "greater_than_equal":
            return f"at least {context['ge']:g}"
        case "greater_than":
            return f"greater than {context['gt']:g}"
        case "less_than_equal":
            return f"at most {context['le']:g}"
        case "less_than":
            return f"less than {context['lt']:g}"
        case "literal_error":
            return _one_of(_choices(error))
        case _:
            return error["msg"].removeprefix("Input should be ")


def shown(value: Any) -> str:
    """A value as it would be written in YAML, in backquotes, cut where it is long."""
    match value:
        case None:
            return "nothing"
        case bool():
            text = str(value).lower()
        case str():
            text = f'"{value}"'
        case dict():
            return "a mapping"
        case list() | tuple():
            return f"a list of {len(value)}"
        case _:
            text = str(value)
    return f"`{text if len(text) <= 60 else text[:57] + '...'}`"


def _one_of(choices: list[str]) -> str:
    quoted = [f"`{choice}`" for choice in choices]
    return quoted[0] if len(quoted) == 1 else "one of " + ", ".join(quoted)


def _choices(error: ErrorDetails) -> list[str]:
    context: dict[str, Any] = error.get("ctx", {})
    text = context.get("expected") or context.get("expected_tags") or ""
    return [part.strip("'") for part in text.replace(" or ", ", ").split(", ")]


def _is_number(text: str) -> bool:
    from rnnbuild.config.yaml_tree import core_scalar

    return isinstance(core_scalar(text), int | float)


def _unknown_key(error: ErrorDetails, path: Path, places: Places) -> Problem:
    name = str(path[-1])
    if name in NOT_KEYS:
        return _at(places, path, f"`{name}` is not a key here: {NOT_KEYS[name]}", None, key=True)
    section = section_at(error["loc"][:-1])
    keys = list(section.model_fields) if section else []
    where = f" in `{dotted(path[:-1])}`" if len(path) > 1 else " at the top of a config"
    if (meant := nearest(name, keys)) is not None:
        hint = f"did you mean `{meant}`?"
    elif section in RECURRENT_LAYERS.values() and (cells := _cells_with(name)):
        hint = f"`{name}` is a key of {' and '.join(f'`cell: {cell}`' for cell in cells)}"
    else:
        elsewhere = [dotted(found) for found in paths_of_key(name)]
        hint = (
            f"`{name}` stands in {' and '.join(f'`{place}`' for place in elsewhere[:2])}"
            if elsewhere
            else f"the keys here are {', '.join(keys)}"
        )
    return _at(places, path, f"unknown key `{name}`{where}", hint, key=True)


def _cells_with(key: str) -> list[str]:
    return [cell for cell, layer in RECURRENT_LAYERS.items() if key in layer.model_fields]


def _missing_key(path: Path, places: Places) -> Problem:
    name, parent = path[-1], path[:-1]
    where = f"in `{dotted(parent)}`" if parent else "at the top"
    hints = {
        "model": "write at least `model: {layers: [{cell: lstm, units: 64}]}`",
        "layers": "list them: `layers: [{cell: lstm, units: 64}]`",
        "units": "say how many: `units: 64`",
        "rate": "say which share is dropped: `rate: 0.2`",
        "output_dim": "say how many numbers stand for a word: `output_dim: 64`",
    }
    return _at(places, parent, f"`{name}` is missing {where}", hints.get(str(name)))


def _wrong_tag(error: ErrorDetails, path: Path, values: Any, places: Places) -> Problem:
    value = error["input"]
    if path[:2] == ("model", "layers") and len(path) == 3:
        return _wrong_layer(value, path, places)
    name = dotted(path[-1:])
    choices = _choices(error)
    if not isinstance(value, dict):
        return _at(
            places, path, f"`{name}` must be a name or a mapping, found {shown(value)}", None
        )
    if "name" not in value:
        inner = ", ".join(f"{key}: {item}" for key, item in value.items())
        meant = next((key for key in value if key in names_of_sections()), None)
        hint = f"write `{{name: {meant}, {inner}}}`" if meant else "add `name:`"
        return _at(places, path, f"`{name}` does not say its `name`", hint)
    meant = nearest(str(value["name"]), choices)
    message = f"`{name}` must be {_one_of(choices)}, found {shown(value['name'])}"
    return _at(places, (*path, "name"), message, f"did you mean `{meant}`?" if meant else None)


def _wrong_layer(value: Any, path: Path, places: Places) -> Problem:
    cells, kinds = list(RECURRENT_LAYERS), list(OTHER_LAYERS)
    if not isinstance(value, dict):
        message = f"a layer must be a mapping, found {shown(value)}"
        hint = f"`- {{cell: {value}, units: 64}}`" if value in cells else None
        return _at(places, path, message, hint)
    for key, names, others in (("cell", cells, kinds), ("kind", kinds, cells)):
        if key not in value:
            continue
        name = value[key]
        other = "kind" if key == "cell" else "cell"
        message = f"`{key}` must be {_one_of(names)}, found {shown(name)}"
        if (meant := nearest(str(name), names)) is not None:
            return _at(places, (*path, key), message, f"did you mean `{meant}`?")
        meant = nearest(str(name), others)
        hint = f"`{meant}` is a {other}: write `{other}: {meant}`" if meant else None
        return _at(places, (*path, key), message, hint)
    message = (
        f"a layer says what it is: `cell` ({', '.join(cells)}) for a recurrent one, "
        f"`kind` ({', '.join(kinds)}) for another"
    )
    typo = next((key for key in value if nearest(str(key), ("cell", "kind"))), None)
    hint = f"`{typo}`{did_you_mean(str(typo), ('cell', 'kind'))}" if typo else None
    return _at(places, path, message, hint)


def section_at(location: tuple[int | str, ...]) -> type[BaseModel] | None:
    """The schema's section at a pydantic location, tags of unions included."""
    candidates: list[Any] = [Config]
    for part in location:
        candidates = [inner for candidate in candidates for inner in _step(candidate, part)]
    sections = [section for candidate in candidates for section in _sections(candidate)]
    return sections[0] if sections else None


def _step(annotation: Any, part: int | str) -> list[Any]:
    found: list[Any] = []
    for section in _sections(annotation):
        if part in section.model_fields:
            found.append(section.model_fields[str(part)].annotation)
        elif part in _tags(section):
            found.append(section)
    return found or ([annotation] if isinstance(part, int) else [])


def _tags(section: type[BaseModel]) -> tuple[str, ...]:
    """The names by which a union's section is told from its siblings."""
    for key in ("cell", "kind", "name"):
        field = section.model_fields.get(key)
        if field is not None and get_origin(field.annotation) is typing.Literal:
            return get_args(field.annotation)
    return ()


def _sections(annotation: Any) -> list[type[BaseModel]]:
    """The sections that an annotation can hold, through unions, tuples and Annotated."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    if get_origin(annotation) in (typing.Annotated, typing.Union, types.UnionType, tuple, list):
        return [section for inner in get_args(annotation) for section in _sections(inner)]
    return []


def names_of_sections() -> set[str]:
    """Every `name` by which a section of the schema is told from its siblings."""
    found: set[str] = set()

    def walk(section: type[BaseModel]) -> None:
        found.update(_tags(section))
        for field in section.model_fields.values():
            for inner in _sections(field.annotation):
                walk(inner)

    walk(Config)
    return found


def paths_of_key(name: str) -> list[Path]:
    """Where in the schema a key of this name stands, for "`units` stands in `model.layers`"."""
    found: list[Path] = []

    def walk(section: type[BaseModel], path: Path) -> None:
        for key, field in section.model_fields.items():
            if key == name and path not in found:
                found.append(path)
            for inner in _sections(field.annotation):
                walk(inner, (*path, key))

    walk(Config, ())
    return [path for path in found if path]
