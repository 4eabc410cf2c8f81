"""Every key of `model`, whatever data and layers are around it, changes the model or is refused.

What the model is, is what its layers are built with: their Keras classes and arguments, of which
`tests/models/test_keys.py` shows that each changes what is computed.
"""

import copy
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from pydantic import BaseModel

from rnnbuild.config.load import config_of
from rnnbuild.config.resolve import resolve
from rnnbuild.config.schema.model import ModelConfig
from rnnbuild.config.schema_walk import TAG_KEYS, sections_in, tags_of
from rnnbuild.errors import RequestError
from rnnbuild.models.arguments import model_objects
from rnnbuild.tasks.facts import DataFacts
from tests.schema_values import Values, key_value

DRAWS = 8
WORDS: Values = {"vocabulary_size": 9, "longest": 5, "rows": (9, 3, 3)}
FACTS: dict[str, DataFacts | None] = {
    "classify": DataFacts(task="classify", labels=("a", "b", "c"), **WORDS),
    "two labels": DataFacts(task="classify", labels=("a", "b"), **WORDS),
    "several labels": DataFacts(task="classify", labels=("a", "b"), multi_label=True, **WORDS),
    "tag": DataFacts(task="tag", labels=("O", "B-X"), **WORDS),
    "forecast": DataFacts(task="forecast", columns=2, outputs=2, longest=5, rows=(9, 3, 3)),
    "translate": DataFacts(
        task="translate", target_vocabulary_size=7, longest_target=4, labels=(), **WORDS
    ),
    "no data": None,
}
RECURRENT: list[Values] = [
    {"cell": "simple_rnn", "units": 3},
    {"cell": "gru", "units": 3, "bidirectional": True},
    {"cell": "lstm", "units": 3, "use_bias": False},
    {"kind": "dropout", "rate": 0.1},
    {"kind": "layer_normalization", "center": False},
    {"kind": "batch_normalization", "scale": False},
    {"kind": "dense", "units": 3},
    {"cell": "lstm", "units": 4},
]
ELSEWHERE = {"cell", "kind", "name", "pretrained"}
"""What a section is, and the file that a run starts from."""


def model_for(task: str) -> Values:
    model: Values = {"layers": copy.deepcopy(RECURRENT), "head": {"hidden": [{"units": 5}]}}
    if task != "forecast":
        model["embedding"] = {"output_dim": 4}
    if task == "translate":
        model["layers"] += [{"kind": "repeat_vector"}, {"cell": "gru", "units": 3}]
    if task == "no data":
        model |= {"input_length": 5, "head": {"units": 2, "hidden": [{"units": 5}]}}
        model["embedding"]["input_dim"] = 9
    return model


def built(model: Values, facts: DataFacts | None) -> str | None:
    """What the model's layers are built with; None where the config is refused."""
    try:
        resolved = resolve(config_of({"model": model}), facts)
    except RequestError as error:
        assert all(problem.message for problem in error.problems)
        return None
    sizes = (resolved.input_length, resolved.input_columns)
    return repr([sizes, *model_objects(resolved)])


def keys_in(
    section: type[BaseModel], values: Any, path: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], type[BaseModel]]]:
    """Every key of the sections that a model has, by its path, and its section."""
    for key, field in section.model_fields.items():
        inner, within = sections_in(field.annotation), (values or {}).get(key)
        entries = within if isinstance(within, list) else [within]
        places = range(len(entries)) if isinstance(within, list) else [None]
        for place, entry in zip(places, entries, strict=True):
            if not inner or not isinstance(entry, dict):
                continue
            tag = next((entry[name] for name in TAG_KEYS if name in entry), None)
            chosen = next((each for each in inner if tag in tags_of(each)), inner[0])
            where = (*path, key) if place is None else (*path, key, place)
            yield from keys_in(chosen, entry, where)
        if key not in ELSEWHERE and not isinstance(within, dict | list):
            yield (*path, key), section


def with_value(values: Values, path: tuple[str | int, ...], value: Any) -> Values:
    changed: Any = copy.deepcopy(values)
    inside = changed
    for part in path[:-1]:
        inside = inside[part]
    inside[path[-1]] = value
    return dict(changed)


@pytest.mark.parametrize("task", FACTS)
def test_every_key_of_the_model_changes_it_or_is_refused(task: str) -> None:
    model, facts = model_for(task), FACTS[task]
    before = built(model, facts)
    assert before is not None
    idle = {}
    for path, section in keys_in(ModelConfig, model):
        field = section.model_fields[str(path[-1])]
        draws = [
            key_value(str(path[-1]), field, Random(f"{path} {number}")) for number in range(DRAWS)
        ]
        given: Any = model
        for part in path[:-1]:
            given = given[part]
        usual = (None, field.get_default(), given.get(path[-1]))
        values = [value for value in draws if value not in usual]
        found = [built(with_value(model, path, value), facts) for value in values]
        if found and all(each == before for each in found):
            idle[path] = values
    assert idle == {}
