"""Answers without TensorFlow: which engine computes what, and that all agree."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnnbuild.errors import RunError
from rnnbuild.inference.archive.layers import layers_in_archive
from rnnbuild.models import engines
from rnnbuild.models.engines import SMALL_BATCH, forward_without_framework
from rnnbuild.models.stored import UnknownLayer
from tests.models.graph.compared import TOLERANCE, in_keras, with_weights
from tests.models.small import VOCABULARY, layer, small_config


def words(rows: int, steps: int) -> np.ndarray:
    return np.random.default_rng(1).integers(1, VOCABULARY, (rows, steps)).astype(np.int32)


SMALL = words(2, 5)
LARGE = words(SMALL_BATCH // 5 + 1, 5)


@pytest.fixture
def kernels(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The number of rows of each batch that the kernels compute."""
    batches: list[int] = []
    make = engines.in_kernels

    def counted(layers: Any) -> Callable[[Any], Any]:
        forward = make(layers)
        return lambda inputs: (batches.append(len(inputs)), forward(inputs))[1]

    monkeypatch.setattr(engines, "in_kernels", counted)
    return batches


def test_large_batches_are_for_the_kernels(kernels: list[int], tmp_path: Path) -> None:
    model, layers = with_weights(small_config(layer("gru", bidirectional=True)), tmp_path)
    forward = forward_without_framework(layers)
    for inputs in (SMALL, LARGE):
        np.testing.assert_allclose(forward(inputs), in_keras(model, inputs), **TOLERANCE)
    assert kernels == [len(LARGE)]


def test_layers_that_the_kernels_lack_are_never_for_them(kernels, tmp_path: Path) -> None:
    config = small_config(layer("gru", reset_after=False), layer("lstm", activation="relu"))
    model, layers = with_weights(config, tmp_path)
    forward = forward_without_framework(layers)
    for inputs in (SMALL, LARGE):
        np.testing.assert_allclose(forward(inputs), in_keras(model, inputs), **TOLERANCE)
    assert not kernels


def test_a_large_model_is_for_the_kernels(kernels, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(engines, "LARGE_MODEL", 100)
    model, layers = with_weights(small_config(layer("gru")), tmp_path)
    got = forward_without_framework(layers)(SMALL)
    np.testing.assert_allclose(got, in_keras(model, SMALL), **TOLERANCE)
    assert kernels == [len(SMALL)]


def test_what_only_keras_knows_is_left_to_it(tmp_path: Path) -> None:
    _, layers = with_weights(small_config(layer("gru", activation="gelu")), tmp_path)
    with pytest.raises(UnknownLayer, match="`activation: gelu`"):
        forward_without_framework(layers)


@pytest.mark.parametrize("inputs", [SMALL, LARGE], ids=["small", "large"])
def test_ids_that_the_vocabulary_lacks_reach_no_engine(inputs: np.ndarray, tmp_path: Path) -> None:
    _, layers = with_weights(small_config(layer("gru")), tmp_path)
    with pytest.raises(RunError, match="does not accept"):
        forward_without_framework(layers)(inputs + VOCABULARY)


def test_one_text_needs_no_numba(tmp_path: Path) -> None:
    with_weights(small_config(layer("gru", bidirectional=True)), tmp_path)
    program = (
        "import sys, numpy as np\n"
        "from pathlib import Path\n"
        f"from {layers_in_archive.__module__} import layers_in_archive\n"
        f"from {engines.__name__} import forward_without_framework\n"
        "forward = forward_without_framework(layers_in_archive(Path(sys.argv[1])))\n"
        "forward(np.ones((1, 3), np.int32))\n"
        "print(*{'numba', 'tensorflow', 'keras'} & sys.modules.keys())\n"
        "forward(np.ones((1000, 3), np.int32))\n"
        "print(*{'numba', 'tensorflow', 'keras'} & sys.modules.keys())\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "model.keras")]
    ended = subprocess.run(command, check=True, capture_output=True, text=True)
    assert ended.stdout.splitlines() == ["", "numba"]
