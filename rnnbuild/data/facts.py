"""The sizes that a model takes from its data, cached for data that was read before."""

import json
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

from rnnbuild.cache.entry import read_entry, write_entry
from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.fingerprint import glance_key
from rnnbuild.data.kind.codec import Codec
from rnnbuild.tasks.facts import DataFacts, Task, facts_from_json

KIND = "facts"


FORMAT = 3
"""Of cached facts: those of an earlier one lack keys, and are computed again."""


def facts_of(
    data: DataConfig, folder: Path, task: Task | None = None, known: Codec | None = None
) -> DataFacts:
    """The facts of the data that a config names, from the cache or else from reading it all.

    Data files are relative to `folder`; for `known` see `load_data`. Raises DataError if the data
    cannot be used.
    """
    key = f"{glance_key(data, folder, known=known)}-{task}-{version('rnnbuild')}-{FORMAT}"
    cached = _facts_from(read_entry(KIND, key))
    if cached is not None:
        return cached
    from rnnbuild.data.load import load_data

    facts = load_data(data, folder, task, known=known).facts
    write_entry(KIND, key, json.dumps(asdict(facts), ensure_ascii=False).encode())
    return facts


def _facts_from(content: bytes | None) -> DataFacts | None:
    if content is None:
        return None
    try:
        return facts_from_json(json.loads(content))
    except (ValueError, TypeError, AttributeError):  # another version's
        return None
