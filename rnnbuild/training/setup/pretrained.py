"""Pretrained vectors as the initial weights of the embedding."""

from pathlib import Path
from typing import Any

import numpy as np

from rnnbuild.config.schema import Config
from rnnbuild.config.stack import ResolvedConfig
from rnnbuild.data.disk.files import home_expanded, refuse_unless_file
from rnnbuild.data.kind.codec import WordCodec
from rnnbuild.data.kind.loaded import Loaded
from rnnbuild.data.text.vectors import Vectors, read_vectors
from rnnbuild.data.text.vocabulary import FIRST_WORD
from rnnbuild.formatting import percent

IDS_AT_ONCE = 1 << 20


def vectors_of(config: Config, data: Loaded, folder: Path) -> Vectors | None:
    """The vectors of the vocabulary's words, from the file that `model.embedding.pretrained` names.

    Raises DataError if there is no such file, or it cannot be used.
    """
    embedding, path = config.model.embedding, vectors_file(config, folder)
    if embedding is None or path is None or not isinstance(data.codec, WordCodec):
        return None
    return read_vectors(path, data.codec.vocabulary.words, embedding.output_dim)


def vectors_file(config: Config, folder: Path) -> Path | None:
    """The file that `model.embedding.pretrained` names, relative to `folder`.

    Raises DataError if there is no such file.
    """
    embedding = config.model.embedding
    if embedding is None or embedding.pretrained is None:
        return None
    path = folder / home_expanded(embedding.pretrained)
    place = config.place("model", "embedding", "pretrained")
    refuse_unless_file(path, "`pretrained`", place)
    return path


def coverage(vectors: Vectors, data: Loaded) -> str:
    """A note: how many words, and what share of the training split's tokens, have a vector."""
    counts = np.zeros(data.facts.vocabulary_size or 0, np.int64)
    for first in range(0, len(data.train.values), IDS_AT_ONCE):
        counts += np.bincount(data.train.values[first : first + IDS_AT_ONCE], minlength=len(counts))
    ids = np.flatnonzero(vectors.found) + FIRST_WORD
    words, tokens = len(vectors.found), counts[ids].sum() / max(1, counts.sum())
    return (
        f"pretrained: {len(ids):,} of {words:,} words have a vector, "
        f"{percent(len(ids) / max(1, words))}, and {percent(tokens)} of the training split's "
        "tokens; the others start from random weights"
    )


def model_with_vectors(resolved: ResolvedConfig, vectors: Vectors | None) -> Any:
    """The `keras.Sequential` of a config, with `vectors`, if any, in its embedding.

    Loads TensorFlow.
    """
    from rnnbuild.models.build import build_model

    model = build_model(resolved)
    if vectors is not None:
        _set_vectors(model, vectors)
    return model


def _set_vectors(model: Any, vectors: Vectors) -> None:
    """Write the vectors into the embedding; rows without one keep their initial weights."""
    embeddings = model.get_layer("embedding").embeddings
    table = embeddings.numpy()
    table[np.flatnonzero(vectors.found) + FIRST_WORD] = vectors.values[vectors.found]
    embeddings.assign(table)
