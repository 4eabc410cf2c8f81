"""A small model of running text, whose rows follow one another, without files."""

from dataclasses import replace
from typing import Any

import numpy as np

from rnnbuild.data.examples.encoded import UNSEEN, Encoded
from rnnbuild.training.setup.prepare import Prepared
from tests.training.small_runs import prepared_with

LABELS = 3
"""Units of the head: the model is that of a tagger of a bundled dataset."""


def running(tokens: int, window: int, size: int, seed: int = 1) -> Encoded:
    """Windows of ids drawn at random, each with a target; the last may be short."""
    draw = np.random.default_rng(seed)
    values = draw.integers(1, size, tokens).astype(np.int32)
    targets = draw.integers(0, LABELS, tokens).astype(np.int32)
    targets[-1] = UNSEEN
    starts = np.arange(0, tokens, window)
    lengths = np.diff(np.append(starts, tokens)).astype(np.int32)
    return Encoded(values, starts, lengths, targets, per_step=True, carries_state=True)


def prepared_text(
    layers: list[dict[str, Any]], tokens: int, window: int, **training: Any
) -> Prepared:
    """A model of these layers, prepared for running text."""
    values = {
        "data": {"dataset": "amazon", "size": 20},
        "model": {"embedding": {"output_dim": 5}, "layers": layers},
        "training": training,
    }
    _, prepared = prepared_with(values)
    size = prepared.data.facts.vocabulary_size
    assert size is not None
    data = replace(prepared.data, train=running(tokens, window, size))
    return replace(prepared, data=data)
