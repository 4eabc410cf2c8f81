"""The sizes that a model takes from its data, cached for data that was read before."""

import json
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

from rnnbuild import atomic
from rnnbuild.cache import cache_folder
from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.fingerprint import glance_key
from rnnbuild.tasks.facts import DataFacts, Task, facts_from_json


def facts_of(data: DataConfig, folder: Path, task: Task | None = None) -> DataFacts:
    """The facts of the data that a config names, from the cache or else from reading it all.

    Data files are relative to `folder`. Raises DataError if the data cannot be used.
    """
    path = (
        cache_folder() / "facts" / f"{glance_key(data, folder)}-{task}-{version('rnnbuild')}.json"
    )
    known = _read_cache(path)
    if known is not None:
        return known
    from rnnbuild.data.load import load_data

    facts = load_data(data, folder, task).facts
    _write_cache(path, facts)
    return facts


def _read_cache(path: Path) -> DataFacts | None:
    try:
        return facts_from_json(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, AttributeError):
        return None


def _write_cache(path: Path, facts: DataFacts) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        atomic.write_text(path, json.dumps(asdict(facts), ensure_ascii=False))
    except OSError:
        # A cache that cannot be written only costs time.
        return
