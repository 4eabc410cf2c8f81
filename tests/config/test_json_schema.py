"""The JSON Schema accepts what rnnbuild accepts, refuses typos, and explains keys."""

from math import isfinite
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from pydantic import ValidationError

from rnnbuild.config.bundled import bundled_config_names
from rnnbuild.config.descriptions import description_of
from rnnbuild.config.json_schema import json_schema
from rnnbuild.config.load import config_of, read_config
from rnnbuild.config.resolve import resolve
from rnnbuild.config.schema import Config
from rnnbuild.config.schema.layers import OTHER_LAYERS, RECURRENT_LAYERS, GRULayer
from rnnbuild.config.written import plain_values
from tests.config.test_mutations import damaged_values
from tests.strategies import configs

SCHEMA = json_schema()
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def test_it_is_a_json_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@given(configs())
@settings(max_examples=60, deadline=None)
def test_it_accepts_every_valid_config_short_or_complete(values: dict[str, Any]) -> None:
    VALIDATOR.validate({key: value for key, value in values.items() if key != "name"})
    config = config_of(values)
    VALIDATOR.validate(plain_values(config, defaults=False))
    VALIDATOR.validate(plain_values(resolve(config).config, defaults=True))


@pytest.mark.parametrize("name", bundled_config_names())
def test_it_accepts_every_bundled_config(name: str) -> None:
    VALIDATOR.validate(read_config(name).value)


def with_layer(**layer: Any) -> dict[str, Any]:
    return {"model": {"layers": [{"cell": "gru", "units": 4} | layer]}}


@pytest.mark.parametrize(
    "part",
    [
        {"training": {"optimizer": "adam"}},
        {"training": {"optimizer": {"learning_rate": 0.1}}},
        {"data": {"train": "a.csv", "split": {"validation": 0, "test": 100}}},
        {"data": {"train": "a.csv", "split": {"validation": 0.25}}},
        {"variants": {"units": [1, 2]}},
        with_layer(kernel_initializer="zeros"),
        with_layer(kernel_initializer={"name": "constant", "value": 0.5}),
        with_layer(),
    ],
)
def test_it_accepts_short_and_long_forms(part: dict[str, Any]) -> None:
    values = with_layer() | part
    config_of(values)
    VALIDATOR.validate(values)


@pytest.mark.parametrize(
    "part",
    [
        {"trainer": {}},
        {"training": {"epoch": 5}},
        {"training": {"optimizer": "adm"}},
        {"training": {"optimizer": {"name": "adam", "momentum": 0.5}}},
        {"data": {"train": "a.csv", "split": {"validation": 1.5}}},
        with_layer(units=0),
        with_layer(cell="gro"),
        with_layer(dropout=1),
        with_layer(unit_forget_bias=True),
        with_layer(kernel_initializer="zero"),
        {"model": {"layers": [{"kind": "dropout"}]}},
        {"model": {"layers": []}},
    ],
)
def test_it_refuses_what_rnnbuild_refuses(part: dict[str, Any]) -> None:
    values = with_layer() | part
    assert not VALIDATOR.is_valid(values)


NAMED = {
    "optimizer": ("sgd", "rmsprop", "adam", "adamw", "nadam"),
    "schedule": ("constant", "cosine", "step", "plateau"),
}


@pytest.mark.parametrize(("key", "name"), [(k, name) for k in NAMED for name in NAMED[k]])
def test_a_bare_name_is_accepted_where_rnnbuild_takes_it(key: str, name: str) -> None:
    values = with_layer() | {"training": {key: name}}
    assert VALIDATOR.is_valid(values) == the_check_accepts(values)


def the_check_accepts(values: dict[str, Any]) -> bool:
    """Whether the sections accept the values, each for itself."""
    try:
        Config.model_validate({"name": "drawn", **values})
    except ValidationError:
        return False
    return True


# JSON Schema takes 1.0 for a whole number and has no word for what is not finite; YAML tells them
# apart, and so does rnnbuild.
STRICT = jsonschema.validators.extend(
    jsonschema.Draft202012Validator,
    type_checker=jsonschema.Draft202012Validator.TYPE_CHECKER.redefine_many(
        {
            "integer": lambda _, value: isinstance(value, int) and not isinstance(value, bool),
            "number": lambda _, value: (
                isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
            ),
        }
    ),
)(SCHEMA)


@given(damaged_values())
@settings(max_examples=150, deadline=None)
def test_it_agrees_with_the_check_on_damaged_configs(values: dict[str, Any]) -> None:
    assert STRICT.is_valid(values) == the_check_accepts(values)


def test_every_layer_of_the_schema_can_be_completed() -> None:
    text = str(SCHEMA)
    for name in (*RECURRENT_LAYERS, *OTHER_LAYERS):
        assert f"'const': '{name}'" in text


def test_every_key_says_what_it_means() -> None:
    silent = [
        f"{name}.{key}"
        for name, section in {"Config": SCHEMA, **SCHEMA["$defs"]}.items()
        for key, described in section.get("properties", {}).items()
        if not described.get("description", "").endswith(".")
    ]
    assert silent == []


def test_keys_are_described_by_the_docstrings_under_them() -> None:
    gru = SCHEMA["$defs"]["GRULayer"]["properties"]
    assert gru["reset_after"]["description"] == description_of(GRULayer, "reset_after")
    assert "every step" not in gru["units"].get("description", "")
    # Of the section that it extends:
    assert gru["dropout"]["description"].startswith("Share of the layer's inputs dropped")
