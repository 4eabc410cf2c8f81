"""The losses of each task, example by example."""

import numpy as np
import pytest
from sklearn.metrics import mean_squared_error

from rnnbuild.models.losses import SquaredError


def test_the_squared_error_is_a_mean_over_outputs_example_by_example():
    generator = np.random.default_rng(1)
    targets, outputs = generator.normal(size=(2, 4, 3)).astype(np.float32)
    found = SquaredError()(targets, outputs).numpy()
    assert found.shape == (4,)
    for row in range(4):
        assert found[row] == pytest.approx(mean_squared_error(targets[row], outputs[row]))
