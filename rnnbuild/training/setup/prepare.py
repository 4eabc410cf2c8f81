"""Everything that training needs before a model is built: encoded examples and all sizes."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from rnnbuild.config.resolve import resolve
from rnnbuild.config.schema import Config
from rnnbuild.config.schema.data import DataConfig
from rnnbuild.config.stack import ResolvedConfig
from rnnbuild.data.codec_of_run import codec_of_run, run_started_from
from rnnbuild.data.examples.splits import HELD_OUT, SplitName
from rnnbuild.data.kind.codec import Codec
from rnnbuild.data.kind.loaded import Loaded
from rnnbuild.data.load import load_data
from rnnbuild.data.text.vectors import Vectors
from rnnbuild.errors import ConfigError, Problem, every_result
from rnnbuild.runs.checkpoint_files import checkpoint_paths
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.tasks.facts import Task
from rnnbuild.training.setup.class_weight import class_weights_of
from rnnbuild.training.setup.known_rows import warnings_on_known_rows
from rnnbuild.training.setup.machine import refuse_missing_gpu, refuse_too_large
from rnnbuild.training.setup.pretrained import coverage, vectors_of
from rnnbuild.training.setup.start import Start, start_from
from rnnbuild.training.setup.watched import Watching, watching_of


@dataclass(frozen=True, eq=False)
class Prepared:
    """A config in which every size is known, and its encoded data."""

    resolved: ResolvedConfig
    data: Loaded
    watching: Watching
    class_weights: NDArray[np.float32] | None = None
    """One for each label in id order; None if all count the same."""
    vectors: Vectors | None = None
    """Pretrained vectors, the initial weights of the embedding."""
    start: Start | None = None
    """The run whose weights training starts from."""
    scored: tuple[SplitName, ...] = HELD_OUT
    """The splits on which the finished model is scored, as far as they have rows."""


class Load(Protocol):
    """Reads and encodes data, as `load_data` does."""

    def __call__(
        self, data: DataConfig, folder: Path, task: Task | None, /, *, known: Codec | None = None
    ) -> Loaded: ...


def prepare(
    config: Config, folder: Path, load: Load = load_data, begun: RunDirectory | None = None
) -> Prepared:
    """Read, encode and resolve. Data files are relative to `folder`.

    A run that has `begun` needs nothing more of the one that it started from, once its own
    checkpoints have the weights.
    Raises ConfigError if the config names no data or contradicts it, DataError if the data cannot
    be used, RunError if the run that training starts from cannot be. TensorFlow is not loaded: a
    wrong config fails before that.
    """
    if config.data is None:
        raise ConfigError(
            Problem(
                "training needs data, and the config names none",
                config.place("model"),
                "add `data: {dataset: languages}`, or `data: {train: train.csv}`",
            )
        )
    own = begun if begun is not None and begun.began else None
    has_weights = own is not None and checkpoint_paths(own)
    source = None if has_weights else run_started_from(config, folder)
    known = None
    if config.training.from_run is not None and (run := own or source) is not None:
        known = codec_of_run(run)
    data = load(config.data, folder, config.task, known=known)
    # The vectors need nothing of the rest: what is wrong with both is reported together.
    results = every_result(
        lambda: prepared_from(resolve(config, data.facts), data),
        lambda: vectors_of(config, data, folder),
        lambda: refuse_missing_gpu(config),
    )
    prepared: Prepared = results[0]
    vectors: Vectors | None = results[1]
    if vectors is not None:
        notes = (*data.notes, coverage(vectors, data), *vectors.notes)
        prepared = replace(prepared, data=replace(data, notes=notes), vectors=vectors)
    if source is not None:
        start = start_from(source, prepared.resolved, data.codec, vectors)
        warnings = warnings_on_known_rows(source, config.data, folder, data)
        prepared = replace(prepared, start=start.with_warnings(warnings))
    return prepared


def prepared_from(resolved: ResolvedConfig, data: Loaded) -> Prepared:
    """Data in memory and a config resolved with it, prepared for training; no pretrained vectors.

    Raises ConfigError if the config asks for something that the data or the machine does not have.
    """
    watching, weights, _ = every_result(
        lambda: watching_of(resolved),
        lambda: class_weights_of(resolved, data.train),
        lambda: refuse_too_large(resolved),
    )
    return Prepared(resolved, data, watching, weights)
