"""Everything that training needs before a model is built: examples as numbers, every size known."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rnnbuild.config.resolve import resolve
from rnnbuild.config.schema import Config
from rnnbuild.config.stack import ResolvedConfig
from rnnbuild.data.kind.loaded import Loaded
from rnnbuild.data.load import load_data
from rnnbuild.data.text.vectors import Vectors
from rnnbuild.errors import ConfigError, Problem
from rnnbuild.training.setup.class_weight import class_weights_of
from rnnbuild.training.setup.pretrained import coverage, vectors_of
from rnnbuild.training.setup.watched import Watching, watching_of


@dataclass(frozen=True, eq=False)
class Prepared:
    """A config in which every size is known, and its data as numbers."""

    resolved: ResolvedConfig
    data: Loaded
    watching: Watching
    class_weights: NDArray[np.float32] | None = None
    """One for each label in id order, where they do not count the same."""
    vectors: Vectors | None = None
    """Pretrained ones, for the embedding to start from."""


def prepare(config: Config, folder: Path) -> Prepared:
    """Read, encode and resolve. `folder` is what data files are relative to.

    Raises ConfigError where the config names no data or contradicts it, DataError where the data
    cannot be used. TensorFlow is not loaded: a wrong request fails before that.
    """
    if config.data is None:
        raise ConfigError(
            Problem(
                "training needs data, and the config names none",
                config.place("model"),
                "add `data: {dataset: languages}`, or `data: {train: train.csv}`",
            )
        )
    data = load_data(config.data, folder, config.task)
    resolved = resolve(config, data.facts)
    prepared = prepared_from(resolved, data)
    vectors = vectors_of(resolved, data, folder)
    if vectors is None:
        return prepared
    data = replace(data, notes=(*data.notes, coverage(vectors, data)))
    return replace(prepared, data=data, vectors=vectors)


def prepared_from(resolved: ResolvedConfig, data: Loaded) -> Prepared:
    """What follows from data in memory and a config resolved by it, without pretrained vectors.

    Raises ConfigError where the config asks for what the data cannot give.
    """
    return Prepared(resolved, data, watching_of(resolved), class_weights_of(resolved, data.train))
