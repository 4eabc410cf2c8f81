"""Everything that training needs before a model is built: encoded examples and all sizes."""

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
    """A config in which every size is known, and its encoded data."""

    resolved: ResolvedConfig
    data: Loaded
    watching: Watching
    class_weights: NDArray[np.float32] | None = None
    """One for each label in id order; None if all count the same."""
    vectors: Vectors | None = None
    """Pretrained vectors, the initial weights of the embedding."""


def prepare(config: Config, folder: Path) -> Prepared:
    """Read, encode and resolve. Data files are relative to `folder`.

    Raises ConfigError if the config names no data or contradicts it, DataError if the data cannot
    be used. TensorFlow is not loaded: a wrong config fails before that.
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
    """Data in memory and a config resolved with it, prepared for training; no pretrained vectors.

    Raises ConfigError if the config asks for something that the data does not have.
    """
    return Prepared(resolved, data, watching_of(resolved), class_weights_of(resolved, data.train))
