"""A `.keras` file in Keras, with rnnbuild's own layers where it has any."""

import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np

from rnnbuild.export.program.reader import Array
from rnnbuild.tensorflow_noise import quiet_import


def load(path: Path) -> Callable[[Array], Array]:
    """The model: from a batch (B, T) or (B, T, columns), padded with 0 on the right, to outputs."""
    with quiet_import():
        import keras

    # Attention over the steps of a single word.
    warnings.filterwarnings("ignore", "You are using a softmax over axis")
    # Registers the layers that Keras lacks.
    from rnnbuild.models.pooling import AttentionPooling  # noqa: F401

    model = keras.saving.load_model(path, compile=False)
    return lambda inputs: np.asarray(model(inputs, training=False))
