"""A SavedModel in TensorFlow."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from rnnbuild.export.program.reader import Array
from rnnbuild.tensorflow_noise import quiet_import


def load(path: Path) -> Callable[[Array], Array]:
    """The model: from a batch (B, T) or (B, T, columns), padded with 0 on the right, to outputs."""
    with quiet_import():
        import tensorflow

    model = tensorflow.saved_model.load(str(path))
    return lambda inputs: np.asarray(model.serve(inputs))
