"""The description says what is true: of every kind of model, answers and examples."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from jsonschema import Draft202012Validator

from rnnbuild.data.kind.codec import Codec
from rnnbuild.serving.app import app_of
from rnnbuild.serving.limits import Limits
from tests.serving.asking import Asked, responses
from tests.serving.models import CODECS, served


def app_for(codec: Codec) -> FastAPI:
    return app_of(served(codec), Limits())


def closed(schema: Any) -> Any:
    """The schema, under which an object has no field but those that it names."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    every = {key: closed(value) for key, value in schema.items()}
    if isinstance(schema.get("properties"), dict):
        every.setdefault("additionalProperties", False)
    return every


def validator(description: dict[str, Any], schema: dict[str, Any]) -> Draft202012Validator:
    components = {"components": closed(description["components"])}
    return Draft202012Validator(closed(schema) | components)


def bodies(description: dict[str, Any], path: str) -> list[Any]:
    """The examples of bodies."""
    content = description["paths"][path]["post"]["requestBody"]["content"]["application/json"]
    return [example["value"] for example in content["examples"].values()]


@pytest.mark.parametrize("name", CODECS)
def test_examples_are_answered_and_answers_are_as_described(name: str) -> None:
    codec = CODECS[name]()
    description = json.loads(json.dumps(app_for(codec).openapi()))
    operation = description["paths"]["/predict"]["post"]
    examples = bodies(description, "/predict")
    full = [body | {"probabilities": True} for body in examples]
    short = {"inputs": ["a", "", ["x"] * 9]} if isinstance(examples[0].get("input"), str) else {}
    asked = [*examples, *([short] if short else []), *(full if short else [])]
    assert len(asked) >= 2
    answers = responses(app_for(codec), [Asked("/predict", body) for body in asked])
    described = operation["responses"]["200"]["content"]["application/json"]["schema"]
    given = operation["requestBody"]["content"]["application/json"]["schema"]
    for body, response in zip(asked, answers, strict=True):
        validator(description, given).validate(body)
        assert response.status_code == 200, response.text
        validator(description, described).validate(response.json())
        assert len(response.json().get("answers", [1])) == len(body.get("inputs", [1]))


@pytest.mark.parametrize("name", CODECS)
def test_names_of_schemas_and_operations_are_plain(name: str) -> None:
    description = app_for(CODECS[name]()).openapi()
    operations = [one for path in description["paths"].values() for one in path.values()]
    names = [*description["components"]["schemas"], *(one["operationId"] for one in operations)]
    assert all(each.isidentifier() and "_" not in each for each in names), names
    assert len({one["operationId"] for one in operations}) == len(operations)


def test_a_forecast_is_described_by_its_columns() -> None:
    schemas = app_for(CODECS["a forecast"]()).openapi()["components"]["schemas"]
    assert set(schemas["Series"]["required"]) == {"sales", "price (€)"}
    assert set(schemas["ForecastStep"]["properties"]) == {"date", "step", "sales"}


def alternatives(schema: Any) -> Iterator[Any]:
    """Every schema that is one of several, at any depth."""
    if isinstance(schema, list):
        for each in schema:
            yield from alternatives(each)
    elif isinstance(schema, dict):
        for key, value in schema.items():
            if key in ("oneOf", "anyOf", "allOf"):
                yield from value
            yield from alternatives(value)


@pytest.mark.parametrize("name", CODECS)
def test_generators_of_clients_find_a_type_and_a_tag_everywhere(name: str) -> None:
    """They make no type of an alternative that only says which fields must be there."""
    description = app_for(CODECS[name]()).openapi()
    schemas = description["components"]["schemas"]
    for each in alternatives(description):
        assert each.keys() & {"type", "$ref", "const"}, each
    for path, operations in description["paths"].items():
        for operation in operations.values():
            assert len(operation["tags"]) == 1, path
            for content in operation.get("requestBody", {}).get("content", {}).values():
                schema = schemas[content["schema"]["$ref"].rpartition("/")[2]]
                assert schema["type"] == "object" and schema["description"]
