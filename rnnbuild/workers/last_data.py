"""The data of the last job, which the next one most often shares.

Texts are encoded once for all workers anyway, in the cache, where they are mapped. Other data, and
trivial answers that are fitted, are computed once in each worker.
"""

from pathlib import Path

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.fingerprint import glance_key
from rnnbuild.data.kind.codec import Codec
from rnnbuild.data.kind.loaded import Loaded
from rnnbuild.data.load import load_data
from rnnbuild.tasks.facts import Task


class LastData:
    """Loads data, unless it is what was loaded last."""

    def __init__(self) -> None:
        self._key: tuple[str, Path, Task | None] | None = None
        self._loaded: Loaded | None = None

    def load(
        self, data: DataConfig, folder: Path, task: Task | None, /, *, known: Codec | None = None
    ) -> Loaded:
        """As `load_data`. Files that changed since are read again."""
        key = glance_key(data, folder, known=known), folder, task
        if self._loaded is None or key != self._key:
            # The old data is freed first: both may not fit into memory.
            self._key = self._loaded = None
            self._loaded = load_data(data, folder, task, known=known)
            self._key = key
        return self._loaded
