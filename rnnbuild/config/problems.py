"""pydantic's errors as problems: what was expected, what was found, where, and how to fix it."""

import re
from dataclasses import replace
from typing import Any

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from rnnbuild.config.hints import hint_for, name_left_out
from rnnbuild.config.places import Path, Places, dotted
from rnnbuild.config.schema.layers import OTHER_LAYERS, RECURRENT_LAYERS
from rnnbuild.config.schema_walk import (
    Location,
    paths_of_key,
    section_at,
    sections_at,
    siblings_at,
    tag_key,
    tags_of,
)
from rnnbuild.errors import Place, Problem, nearest

# Keys of Keras' layers, or of other tools, that configs do not have, and what they use instead.
NOT_KEYS = {
    "return_sequences": "leave it out: it is true wherever the next layer or the task needs it",
    "return_state": "leave it out: a Sequential model has no use for the state",
    "mask_zero": "leave it out: text is always masked, so that padding never changes an answer",
    "unroll": "leave it out: lengths are free, so that batches are no longer than they must be",
    "stateful": "leave it out: a language model carries its state on, and else every example is a "
    "sequence of its own",
    "implementation": "leave it out: Keras chooses it",
    "use_cudnn": "leave it out: Keras chooses it",
    "input_shape": "leave it out: it follows from the data, or from `model.input_length`",
    "loss": "leave it out: it follows from the task",
    "metrics": "leave it out: they follow from the task",
    "vocab_size": "state `input_dim` of `model.embedding`, or `data.vocabulary.size`",
    "lr": "state `learning_rate` of `training.optimizer`",
    "learning_rate": "state `learning_rate` of `training.optimizer`",
    "hidden_size": "state `units` of each layer",
    "num_layers": "list the layers, or use `--set depth=3` on the command line",
}

ONE_VALUE = {
    *("literal_error", "union_tag_invalid", "bool_type"),
    *("int_type", "int_parsing", "float_type", "float_parsing"),
}
"""Errors of values that are one number or one name."""
_SEVERAL = re.compile(r"[\w.+-]+(,[\w.+-]+)+")

MANY = 8
"""Choices that a message lists; of more it gives the nearest one, or else the list as a hint."""


def schema_problems(errors: list[ErrorDetails], values: Any, places: Places) -> list[Problem]:
    """One problem for each mistake; `values` were validated, `places` say where each is."""
    # A list whose items are all wrong counts as empty for pydantic: the items are reported already.
    reported = [error for error in errors if error["type"] != "too_short" or not error["input"]]
    misspelt = {meant for error in reported if (meant := _meant_key(error)) is not None}
    problems = [
        _problem(error, values, places)
        for error in reported
        # A misspelt key is missing too, but that is one mistake.
        if error["type"] != "missing" or error["loc"] not in misspelt
    ]
    return sorted(problems, key=position)


def position(problem: Problem) -> tuple[int, int]:
    """Its line and column, to sort problems by."""
    return (problem.place.line, problem.place.column) if problem.place else (0, 0)


def _meant_key(error: ErrorDetails) -> Location | None:
    """The location of the key that an unknown one is a misspelling of, where one is near."""
    section = section_at(error["loc"][:-1]) if error["type"] == "extra_forbidden" else None
    meant = nearest(str(error["loc"][-1]), section.model_fields) if section else None
    return (*error["loc"][:-1], meant) if meant else None


def _problem(error: ErrorDetails, values: Any, places: Places) -> Problem:
    problem = _wrong(error, values, places)
    several = error["type"] in ONE_VALUE and _hint_for_several(problem.place)
    if not several:
        return problem
    # A number with separators is one value or several; a name is none that is near.
    hints = [problem.hint] if problem.hint and not problem.hint.startswith("did you") else []
    return replace(problem, hint="; ".join([*hints, several]))


def _hint_for_several(place: Place | None) -> str | None:
    """The hint for `--set cell=gru,lstm` or `--cell gru,lstm`; None for anything else."""
    if place is None or place.line:
        return None
    value = place.text[place.column - 1 : place.column - 1 + place.length]
    if not _SEVERAL.fullmatch(value):
        return None
    option, _, typed = place.text.partition(" ")
    varied = typed if option == "--set" else f"{option.removeprefix('--')}={typed}"
    return f"to compare several, give `compare` or `study` the option `--vary {varied}`"


def _wrong(error: ErrorDetails, values: Any, places: Places) -> Problem:
    path = value_path(error["loc"], values)
    match error["type"]:
        case "extra_forbidden":
            return _unknown_key(error, path, places)
        case "missing":
            # A bare name is short for a mapping, which has no place for the key that it lacks.
            lacking = str(error["loc"][-1])
            return _missing_key(path if path[-1] == lacking else (*path, lacking), places)
        case "union_tag_invalid" | "union_tag_not_found":
            return _wrong_tag(error, path, places)
        case "literal_error":
            return _wrong_choice(path, _choices(error), error["input"], places)
    message = f"`{_name(path)}` must {expectation(error)}, found {shown(error['input'])}"
    return _at(places, path, message, hint_for(error["type"], error["input"], error["loc"]))


def _name(path: Path) -> str:
    """The last key of a path; an entry of a list with the key of the list."""
    start = next((n for n in range(len(path) - 1, -1, -1) if isinstance(path[n], str)), 0)
    return dotted(path[start:])


def _at(places: Places, path: Path, message: str, hint: str | None, key: bool = False) -> Problem:
    place = places.of_key(path) if key else places.of(path)
    if place is None and len(path) > 1:
        message = f"{dotted(path)}: {message}"
    return Problem(message, place, hint)


def value_path(location: Location, values: Any) -> Path:
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
    """What a value must do, in words: the second half of "`units` must ..."."""
    context: dict[str, Any] = error.get("ctx", {})
    match error["type"]:
        case "int_type" | "int_from_float" | "int_parsing":
            return "be a whole number"
        case "float_type" | "float_parsing":
            return "be a number"
        case "finite_number":
            return "be a finite number"
        case "bool_type":
            return "be `true` or `false`"
        case "string_type":
            return "be a text"
        case "string_pattern_mismatch":
            return "start with a letter or a digit and contain only these, `.`, `_` and `-`"
        case "string_too_long":
            return f"have at most {context['max_length']} characters"
        case "string_too_short":
            return f"have at least {context['min_length']} character"
        case "model_type" | "model_attributes_type" | "dict_type":
            named = any(tag_key(section) == "name" for section in sections_at(error["loc"]))
            return "be a name or a mapping" if named else "be a mapping of keys to values"
        case "tuple_type" | "list_type":
            return "be a list"
        case "too_short":
            return f"have at least {_entries(context['min_length'])}"
        case "too_long":
            return f"have at most {_entries(context['max_length'])}"
        case "greater_than_equal":
            return f"be at least {_bound(context['ge'])}"
        case "greater_than":
            return f"be greater than {_bound(context['gt'])}"
        case "less_than_equal":
            return f"be at most {_bound(context['le'])}"
        case "less_than":
            return f"be less than {_bound(context['lt'])}"
        case _:
            return "be " + error["msg"].removeprefix("Input should be ")


def _bound(number: int | float) -> str:
    return f"{number:,}" if isinstance(number, int) else f"{number:g}"


def _entries(number: int) -> str:
    return "one entry" if number == 1 else f"{number} entries"


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
            return "a mapping" if value else "an empty mapping"
        case list() | tuple():
            return f"a list of {len(value)}" if value else "an empty list"
        case _:
            text = str(value)
    return f"`{_cut(text)}`"


def _cut(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."


def _one_of(choices: list[str]) -> str:
    quoted = [f"`{choice}`" for choice in choices]
    return quoted[0] if len(quoted) == 1 else "one of " + ", ".join(quoted)


def _choices(error: ErrorDetails) -> list[str]:
    context: dict[str, Any] = error.get("ctx", {})
    text = context.get("expected") or context.get("expected_tags") or ""
    return [part.strip("'") for part in text.replace(" or ", ", ").split(", ")]


def _wrong_choice(path: Path, choices: list[str], value: Any, places: Places) -> Problem:
    name = _name(path if path[-1] != "name" or len(path) == 1 else path[:-1])
    is_text = isinstance(value, str) and value
    found = f"`{_cut(value)}`" if is_text else shown(value)
    meant = nearest(value, choices) if is_text else None
    hint = f"did you mean `{meant}`?" if meant else None
    if len(choices) <= MANY:
        return _at(places, path, f"`{name}` must be {_one_of(choices)}, found {found}", hint)
    hint = hint or f"choose {_one_of(choices)}"
    if not is_text:
        return _at(places, path, f"`{name}` must be a name, found {found}", hint)
    return _at(places, path, f"{found} is not a known `{name}`", hint)


def _unknown_key(error: ErrorDetails, path: Path, places: Places) -> Problem:
    name = str(path[-1])
    where = f" in `{dotted(path[:-1])}`" if len(path) > 1 else " at the top of a config"
    hint = _hint_for_key(name, error["loc"][:-1])
    return _at(places, path, f"unknown key `{name}`{where}", hint, key=True)


def _hint_for_key(name: str, location: Location) -> str:
    if name in NOT_KEYS:
        return NOT_KEYS[name]
    section = section_at(location)
    keys = list(section.model_fields) if section else []
    owners = [sibling for sibling in siblings_at(location) if name in sibling.model_fields]
    if section and name in ("cell", "kind") and tag_key(section) in ("cell", "kind"):
        return "a layer is either a `cell` or a `kind`: list the two one after the other"
    if owners:
        named = [f"`{tag_key(owner)}: {tag}`" for owner in owners for tag in tags_of(owner)]
        *first, last = named[:4]
        return f"`{name}` is a key of {', '.join(first)}{' and ' if first else ''}{last}"
    if (meant := nearest(name, keys)) is not None:
        return f"did you mean `{meant}`?"
    elsewhere = [dotted(tuple(part for part in p if part != "N")) for p in paths_of_key(name)]
    if elsewhere:
        return f"`{name}` is a key of {' and of '.join(f'`{place}`' for place in elsewhere[:2])}"
    return f"the keys here are {', '.join(f'`{key}`' for key in keys)}"


def _missing_key(path: Path, places: Places) -> Problem:
    name, parent = path[-1], path[:-1]
    where = f"in `{dotted(parent)}`" if parent else "at the top"
    hints = {
        "model": "write at least `model: {layers: [{cell: lstm, units: 64}]}`",
        "layers": "list them: `layers: [{cell: lstm, units: 64}]`",
        "units": "say how many: `units: 64`",
        "rate": "say which share is dropped: `rate: 0.2`",
        "output_dim": "say how many numbers represent a word: `output_dim: 64`",
        "warmup_steps": "say how many: `{name: constant, warmup_steps: 100}`; without a warm-up "
        "the learning rate is constant anyway: `schedule: null`, or leave `schedule` out",
    }
    problem = _at(places, parent, f"`{name}` is missing {where}", hints.get(str(name)))
    # The first line of a config is not part of the mistake: only the file is named.
    place = replace(problem.place, text="") if problem.place and not parent else problem.place
    return replace(problem, place=place)


def _wrong_tag(error: ErrorDetails, path: Path, places: Places) -> Problem:
    value = error["input"]
    if path[:2] == ("model", "layers") and len(path) == 3:
        return _wrong_layer(value, path, places)
    choices = _choices(error)
    if "name" not in value:
        hint = name_left_out(value, error["loc"])
        return _at(places, path, f"`{_name(path)}` does not say its `name`", hint)
    # The short form, `optimizer: adam`, has no key `name` to point at.
    written = (*path, "name") if (*path, "name") in places.values else path
    return _wrong_choice(written, choices, value["name"], places)


def _wrong_layer(value: Any, path: Path, places: Places) -> Problem:
    known: dict[str, dict[str, type[Any]]] = {"cell": RECURRENT_LAYERS, "kind": OTHER_LAYERS}
    key_of = {name: key for key, layers in known.items() for name in layers}
    if not isinstance(value, dict):
        message = f"a layer must be a mapping, found {shown(value)}"
        is_name = isinstance(value, str) and value in key_of
        hint = f"write `- {_example(key_of[value], value)}`" if is_name else None
        return _at(places, path, message, hint)
    for key, other in (("cell", "kind"), ("kind", "cell")):
        if key not in value:
            continue
        name = value[key]
        problem = _wrong_choice((*path, key), list(known[key]), name, places)
        meant = nearest(name, known[other]) if isinstance(name, str) else None
        if problem.hint is None and meant is not None:
            hint = f"`{meant}` is a {other}: write `{other}: {meant}`"
            return Problem(problem.message, problem.place, hint)
        return problem
    return _layer_without_tag(value, path, places, key_of)


def _layer_without_tag(
    value: dict[str, Any], path: Path, places: Places, key_of: dict[str, str]
) -> Problem:
    for key, item in value.items():
        if isinstance(item, str) and item.lower() in key_of:
            hint = f"write `{key_of[item.lower()]}: {item.lower()}`"
            message = f"`{key}` does not say what a layer is"
            return _at(places, (*path, key), message, hint, key=True)
        if (meant := nearest(str(key), ("cell", "kind"))) is not None:
            message = f"unknown key `{key}` in `{dotted(path)}`"
            return _at(places, (*path, key), message, f"did you mean `{meant}`?", key=True)
    message = "a layer must say what it is, by `cell` or `kind`"
    cells, kinds = ", ".join(RECURRENT_LAYERS), ", ".join(OTHER_LAYERS)
    return _at(places, path, message, f"a `cell` is {cells}; a `kind` is {kinds}")


def _example(key: str, name: str) -> str:
    layer: type[BaseModel] = (RECURRENT_LAYERS | OTHER_LAYERS)[name]
    values = {"units": "64", "rate": "0.2"}
    rest = [
        f"{k}: {values[k]}"
        for k, f in layer.model_fields.items()
        if f.is_required() and k in values
    ]
    return "{" + ", ".join([f"{key}: {name}", *rest]) + "}"
