"""Models with random weights in the formats that TensorFlow writes, beside Keras."""

from itertools import product
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from rnnbuild.config.schema.choices import Activation
from rnnbuild.export.formats.table import FORMATS
from rnnbuild.export.program.litert_runtime import load as load_litert
from rnnbuild.export.program.tensorflow_runtime import load as load_saved_model
from rnnbuild.inference.model_source import ModelFile
from tests.models.graph.compared import TOLERANCE, in_keras, with_weights
from tests.models.graph.test_sequences import CELLS, MERGES, POOLINGS, stack
from tests.models.small import SENTENCES, layer, small_config

LOADS = {"litert": load_litert, "saved-model": load_saved_model}


def assert_written_as_in_keras(to: str, config, folder: Path) -> None:
    """The outputs for sentences, padded by two steps more in a file of fixed length."""
    model, _ = with_weights(config, folder)
    target = folder / FORMATS[to].model
    FORMATS[to].write(ModelFile(folder / "model.keras"), target, SENTENCES.shape[1] + 2)
    outputs = LOADS[to](target)(SENTENCES)
    np.testing.assert_allclose(outputs, in_keras(model, SENTENCES), **TOLERANCE)


@pytest.mark.parametrize(
    ("cell", "merge_mode", "pooling"), [("gru", "concat", "attention"), ("lstm", None, "max")]
)
def test_a_stack_in_litert_answers_as_in_keras(cell, merge_mode, pooling, tmp_path) -> None:
    assert_written_as_in_keras("litert", stack(cell, merge_mode, pooling, True), tmp_path)


@pytest.mark.torture
@pytest.mark.parametrize(
    ("to", "cell", "merge_mode", "pooling"), list(product(LOADS, CELLS, MERGES, POOLINGS))
)
def test_every_stack_answers_as_in_keras(to, cell, merge_mode, pooling, tmp_path) -> None:
    assert_written_as_in_keras(to, stack(cell, merge_mode, pooling, True), tmp_path)


@pytest.mark.torture
@pytest.mark.parametrize("to", LOADS)
@pytest.mark.parametrize("activation", get_args(Activation))
def test_every_activation_answers_as_in_keras(to, activation, tmp_path) -> None:
    dense = {"kind": "dense", "units": 4, "activation": activation}
    config = small_config(dense, layer("gru", activation=activation), pooling="last")
    assert_written_as_in_keras(to, config, tmp_path)
