"""What an exported folder contains, in each format, beside Keras' own answers to the run's file."""

import json
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from rnnbuild.runs.bundle_file import read_bundle
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.runs.metrics_file import read_metrics
from tests.cli.command import rnnbuild, widest

IDS = np.array([[2, 3, 4, 5], [3, 0, 0, 0], [5, 2, 1, 0]], np.int32)
FILES = {
    "README.md",
    "bundle.json",
    "check.json",
    "codec.json",
    "program",
    "requirements.txt",
    "run.py",
}
# Every computation in single precision, of outputs up to 1.
CLOSE = {"rtol": 0, "atol": 2e-6}


def keras_outputs(run: Path, inputs: np.ndarray) -> np.ndarray:
    model = keras.saving.load_model(run / "model.keras", compile=False)
    return np.asarray(model(inputs, training=False))


def onnx_outputs(path: Path, inputs: np.ndarray) -> np.ndarray:
    import onnxruntime

    session = onnxruntime.InferenceSession(str(path))
    return session.run(None, {session.get_inputs()[0].name: inputs})[0]


def saved_model_outputs(path: Path, inputs: np.ndarray) -> np.ndarray:
    model = tf.saved_model.load(str(path))  # its variables live as long as it
    return np.asarray(model.serve(inputs))


def litert_outputs(path: Path, inputs: np.ndarray) -> np.ndarray:
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(str(path))
    interpreter.allocate_tensors()
    (source,), (target,) = interpreter.get_input_details(), interpreter.get_output_details()
    outputs = []
    for row in inputs:
        padded = np.zeros(source["shape"], np.int32)
        padded[0, : len(row)] = row
        interpreter.set_tensor(source["index"], padded)
        interpreter.invoke()
        outputs.append(interpreter.get_tensor(target["index"])[0])
    return np.array(outputs)


@pytest.mark.parametrize(
    ("to", "model", "outputs_of"),
    [
        ("onnx", "model.onnx", onnx_outputs),
        ("saved-model", "saved_model", saved_model_outputs),
        ("litert", "model.tflite", litert_outputs),
    ],
)
def test_a_model_gives_keras_outputs_for_padded_rows(
    to, model, outputs_of, tag_run: Path, tmp_path: Path
) -> None:
    target = tmp_path / "exported"
    done = rnnbuild("export", tag_run, "--to", to, "--output", target)
    assert done.code == 0, done.err
    assert {path.name for path in target.iterdir()} == FILES | {model}
    ours, theirs = outputs_of(target / model, IDS), keras_outputs(tag_run, IDS)
    real = IDS != 0
    np.testing.assert_allclose(ours[:, : IDS.shape[1]][real], theirs[real], **CLOSE)


def test_a_keras_file_is_the_runs_own(tag_run: Path, tmp_path: Path) -> None:
    target = tmp_path / "exported"
    assert rnnbuild("export", tag_run, "--to", "keras", "--output", target).code == 0
    assert (target / "model.keras").read_bytes() == (tag_run / "model.keras").read_bytes()
    assert "import keras" in (target / "program" / "framework.py").read_text()


@pytest.fixture(scope="module")
def folder(classify_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("exports") / "onnx"
    assert rnnbuild("export", classify_run, "--to", "onnx", "--output", target).code == 0
    return target


def test_the_card_has_the_scores_the_comparison_and_the_files(classify_run, folder) -> None:
    card = (folder / "README.md").read_text(encoding="utf-8")
    metrics, agreement = read_metrics(RunDirectory(classify_run)), read_bundle(folder).agreement
    assert f"{metrics.scores['test']['accuracy'].value:.4f}" in card
    assert "naive Bayes" in card and "OpenVINO" in card
    assert f"{agreement.difference:.2g}" in card
    assert all(f"`{name}" in card for name in FILES)


def test_the_comparison_is_of_all_test_rows_five_lengths_and_three_sizes(folder) -> None:
    agreement = read_bundle(folder).agreement
    assert (agreement.split, agreement.rows, agreement.too_long) == ("test", 12, 0)
    assert len(agreement.lengths) == 5 and agreement.sizes == (1, 3, 32)
    assert agreement.random_batches == 15 and agreement.padded
    assert 0 < agreement.difference <= agreement.allowed == pytest.approx(1e-5 * agreement.scale)
    # A decision for each test row, and for 5 times 1 + 3 + 32 random ones.
    assert agreement.decisions == 12 + 5 * 36


def test_what_is_printed_fits_the_screen_and_names_the_folder(classify_run, tmp_path) -> None:
    done = rnnbuild("export", classify_run, "--to", "onnx", folder=tmp_path)
    assert done.code == 0
    assert widest(done.out) <= 80
    # A run's folder is `run` here.
    assert "exports/run-onnx" in done.out and (tmp_path / "exports" / "run-onnx").is_dir()


def test_json_has_all_of_the_comparison(classify_run, tmp_path) -> None:
    done = rnnbuild(
        "export", classify_run, "--to", "onnx", "--output", tmp_path / "a", "--format", "json"
    )
    document = json.loads((tmp_path / "a" / "bundle.json").read_text())
    assert document.pop("format") == 1
    assert done.json == {"folder": str(tmp_path / "a"), **document}
