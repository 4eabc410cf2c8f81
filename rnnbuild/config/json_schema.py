"""The config's JSON Schema, by which editors complete keys and mark mistakes.

Pydantic writes most of it. Added are what its validators hide, the short forms (`adam` for
`{name: adam}`), and what every key means.
"""

from typing import Any

from rnnbuild.config.descriptions import description_of
from rnnbuild.config.schema import Config
from rnnbuild.config.schema_walk import all_sections
from rnnbuild.docstrings import restore_docstring

DIALECT = "https://json-schema.org/draft/2020-12/schema"
FILE_NAME = "rnnbuild.schema.json"


def json_schema() -> dict[str, Any]:
    """The schema of a config file, as a JSON document."""
    sections = {section.__name__: section for _, section in all_sections()}
    for section in sections.values():
        restore_docstring(section)
    schema = Config.model_json_schema()
    for name, section in sections.items():
        part = schema if section is Config else schema["$defs"].get(name)
        if part is None:
            continue
        for key, described in part.get("properties", {}).items():
            if (text := description_of(section, key)) is not None:
                described["description"] = text
    # A config without a name has its file's.
    schema["required"] = [key for key in schema["required"] if key != "name"]
    schema["description"] = "A recurrent network and its training, for rnnbuild."
    return {"$schema": DIALECT, **_with_short_forms(schema, schema["$defs"])}


def _with_short_forms(part: Any, definitions: dict[str, Any]) -> Any:
    """Where a `name` distinguishes mappings, a bare name is allowed too, if it says all."""
    if isinstance(part, list):
        return [_with_short_forms(item, definitions) for item in part]
    if not isinstance(part, dict):
        return part
    whole = {
        key: _with_short_forms(item, definitions) for key, item in part.items() if key != "title"
    }
    tag = whole.get("discriminator")
    if isinstance(tag, dict) and tag.get("propertyName") == "name":
        del whole["discriminator"]
        complete = [
            name
            for name, reference in tag["mapping"].items()
            if set(definitions[reference.rpartition("/")[2]].get("required", ())) <= {"name"}
        ]
        names = [{"type": "string", "enum": complete}] if complete else []
        whole["anyOf"] = [*names, *whole.pop("oneOf")]
    if "oneOf" in whole:
        # Where `0` is a share and a count of rows, it is valid as either.
        whole["anyOf"] = whole.pop("oneOf")
    return whole
