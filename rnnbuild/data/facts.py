"""The sizes that a model takes from its data, known at once where the data was seen before."""

import json
import os
import sys
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

from rnnbuild import atomic
from rnnbuild.config.facts import DataFacts, Task, facts_from_json
from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.fingerprint import glance


def facts_of(data: DataConfig, folder: Path, task: Task | None = None) -> DataFacts:
    """The facts of the data that a config names: from the cache, or else from reading it all.

    `folder` is what data files are relative to. Raises DataError where the data cannot be used.
    """
    path = cache_folder() / "facts" / f"{glance(data, folder)}-{task}-{version('rnnbuild')}.json"
    known = _cached(path)
    if known is not None:
        return known
    from rnnbuild.data.load import load_data

    facts = load_data(data, folder, task).facts
    _keep(path, facts)
    return facts


def cache_folder() -> Path:
    """Where what can be computed again is kept: RNNBUILD_CACHE, else the system's own place."""
    if stated := os.environ.get("RNNBUILD_CACHE"):
        return Path(stated).expanduser()
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "rnnbuild"


def _cached(path: Path) -> DataFacts | None:
    try:
        return facts_from_json(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, AttributeError):
        return None


def _keep(path: Path, facts: DataFacts) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        atomic.write_text(path, json.dumps(asdict(facts), ensure_ascii=False))
    except OSError:
        # A cache that cannot be written costs time, and nothing else.
        return
