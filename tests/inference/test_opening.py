"""A run is opened without TensorFlow where its layers need none, and by Keras where they do."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnnbuild.errors import RunError
from rnnbuild.inference.model_source import ModelFile
from rnnbuild.inference.opening import light_forward, open_trained_run
from rnnbuild.models.framework import keras
from rnnbuild.runs.config_file import config_of_run
from rnnbuild.runs.directory import open_run

INPUTS = np.array([[2, 3, 4], [5, 0, 0]], np.int32)


def copied(run: Path, folder: Path) -> Path:
    return Path(shutil.copytree(run, folder / "run"))


def test_keras_is_called_only_for_a_layer_that_it_alone_knows(
    classify_run: Path, tmp_path: Path
) -> None:
    called: list[str] = []
    run = copied(classify_run, tmp_path)
    expected = keras.saving.load_model(run / "model.keras")(INPUTS)
    plain = open_trained_run(open_run(run), lambda: called.append("keras")).forward(INPUTS)
    assert not called
    np.testing.assert_allclose(plain, expected, atol=1e-6)

    model = keras.saving.load_model(run / "model.keras")
    recurrent = next(layer for layer in model.layers if hasattr(layer, "cell"))
    recurrent.cell.activation = keras.activations.get("gelu")
    model.save(run / "model.keras")
    expected = model(INPUTS)
    by_keras = open_trained_run(open_run(run), lambda: called.append("keras")).forward(INPUTS)
    assert called == ["keras"]
    np.testing.assert_allclose(by_keras, expected, atol=1e-6)


def test_a_damaged_model_is_found_out_before_a_kernel_runs(
    classify_run: Path, tmp_path: Path
) -> None:
    run = copied(classify_run, tmp_path)
    path, config = run / "model.keras", config_of_run(open_run(run))
    whole = path.read_bytes()
    assert light_forward(ModelFile(path).layers(), config) is not None
    draw, refused = np.random.default_rng(3), 0
    for place in draw.integers(0, len(whole), 150).tolist():
        flipped = bytearray(whole)
        flipped[place] ^= 1 << int(draw.integers(8))
        path.write_bytes(flipped)
        try:
            forward = light_forward(ModelFile(path).layers(), config)
        except RunError as error:
            assert str(path) in str(error)
            forward = None
        # Either the change is none that matters, or it is found out.
        if forward is None:
            refused += 1
        else:
            assert forward(INPUTS).shape == (2, 1)
    # A time of a file in the archive matters to nobody, and there are few such bytes.
    assert refused > 100


def test_a_finished_run_without_its_model_is_refused(classify_run: Path, tmp_path: Path) -> None:
    run = copied(classify_run, tmp_path)
    (run / "model.keras").unlink()
    with pytest.raises(RunError, match=r"model\.keras is missing"):
        open_trained_run(open_run(run))


OF_ANOTHER_SIZE: dict[str, Any] = {
    "words": lambda saved: saved["words"].pop(),
    "labels": lambda saved: saved["labels"].append("neither"),
    "one label": lambda saved: saved["labels"].pop(),
}


@pytest.mark.parametrize("change", OF_ANOTHER_SIZE)
@pytest.mark.parametrize("in_keras", [False, True])
def test_a_codec_of_other_sizes_than_the_model_is_refused(
    classify_run: Path, tmp_path: Path, change: str, in_keras: bool
) -> None:
    run = copied(classify_run, tmp_path)
    saved = json.loads((run / "codec.json").read_text())
    OF_ANOTHER_SIZE[change](saved)
    (run / "codec.json").write_text(json.dumps(saved))
    with pytest.raises(RunError, match=r"codec\.json does not belong to model\.keras: it has "):
        open_trained_run(open_run(run), in_keras=in_keras)
