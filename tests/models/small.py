"""Small models for the tests of the builder, and the sentences they read."""

from typing import Any

import numpy as np

from rnnbuild.config.load import config_of
from rnnbuild.config.resolve import resolve
from rnnbuild.config.stack import ResolvedConfig

VOCABULARY = 9
# No sentence is a palindrome, and no two have the same length.
SENTENCES = np.array([[2, 3, 4, 5, 6], [7, 8, 3, 2, 0], [4, 4, 8, 0, 0]], dtype=np.int32)


def small_config(*layers: dict[str, Any], **sections: Any) -> ResolvedConfig:
    """A resolved config of these layers; sections: task, training, and those of `model`."""
    top = {key: sections.pop(key) for key in ("name", "task", "training") if key in sections}
    model = {
        "embedding": {"input_dim": VOCABULARY, "output_dim": 4},
        "input_length": SENTENCES.shape[1],
        "head": {"units": 3},
        "layers": list(layers),
        **sections,
    }
    return resolve(config_of({**top, "model": model}))


def layer(cell: str, **keys: Any) -> dict[str, Any]:
    """A recurrent layer of three units."""
    return {"cell": cell, "units": 3, **keys}


def padded(sentences: np.ndarray, steps: int) -> np.ndarray:
    """The same sentences with more padding on the right."""
    return np.pad(sentences, ((0, 0), (0, steps)))
