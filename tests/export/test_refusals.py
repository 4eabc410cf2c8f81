"""What stops an export: one error, and nothing half-written."""

import shutil
import sys
from pathlib import Path

import pytest

from tests.cli.command import Result, rnnbuild
from tests.small_disk import small_disk
from tests.small_runs import config_file, reviews, trained_run


def refused(done: Result, code: int, message: str, hint: str = "") -> None:
    assert (done.code, done.out) == (code, "")
    first, *rest = done.err.splitlines()
    assert first.startswith(f"error: {message}"), done.err
    assert hint in "".join(rest)
    assert not any(line.startswith("error") for line in rest)


def test_an_existing_folder_is_not_overwritten(classify_run: Path, tmp_path: Path) -> None:
    done = rnnbuild("export", classify_run, "--to", "onnx", "--output", tmp_path)
    refused(done, 2, f"{tmp_path} already exists and is not overwritten", "--output")
    assert list(tmp_path.iterdir()) == []


def test_a_file_where_a_folder_is_needed_is_named(classify_run: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    target = tmp_path / "file" / "exported"
    done = rnnbuild("export", classify_run, "--to", "onnx", "--output", target)
    refused(done, 2, f"{target} cannot be written: {tmp_path / 'file'} is not a folder", "--output")


def test_a_run_without_a_model_is_refused(classify_run: Path, tmp_path: Path) -> None:
    run = shutil.copytree(classify_run, tmp_path / "run")
    (run / "model.keras").unlink()
    (run / "metrics.json").unlink()
    done = rnnbuild("export", run, "--to", "onnx", folder=tmp_path)
    refused(done, 2, f"{run} has not finished", f"rnnbuild resume {run}")
    assert not (tmp_path / "exports").exists()


def test_a_length_is_for_litert_alone(classify_run: Path, tmp_path: Path) -> None:
    done = rnnbuild("export", classify_run, "--to", "onnx", "--length", "5", folder=tmp_path)
    refused(done, 2, "--length is for litert", "leave it out")


def test_a_length_that_fits_no_row_is_refused(tag_run: Path, tmp_path: Path) -> None:
    # A sentence there has two words at least.
    done = rnnbuild("export", tag_run, "--to", "litert", "--length", "1", folder=tmp_path)
    refused(done, 2, "--length 1 is too short: every test row has", "is without --length")
    assert not (tmp_path / "exports").exists()


def test_an_unknown_format_names_the_formats(classify_run: Path) -> None:
    done = rnnbuild("export", classify_run, "--to", "onxx")
    refused(done, 2, "invalid value for `--to`: `onxx` is not one of")
    assert "saved-model" in done.err
    done = rnnbuild("export", classify_run)
    refused(done, 2, "missing option `--to`. Choose from: onnx, saved-model, litert, keras")


def test_a_missing_extra_is_named(classify_run: Path, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "ai_edge_litert.interpreter", None)
    done = rnnbuild("export", classify_run, "--to", "litert", folder=tmp_path)
    refused(done, 2, "`--to litert` needs packages", 'pip install "rnnbuild[litert]"')
    assert list(tmp_path.iterdir()) == []


def test_a_layer_that_onnx_lacks_is_named_and_the_formats_that_have_it(tmp_path: Path) -> None:
    def make(folder: Path) -> Path:
        lines = ["text,label", *(f"{text},{label}" for text, label in reviews(40))]
        (folder / "reviews.csv").write_text("\n".join(lines), encoding="utf-8")
        layers = [{"cell": "gru", "units": 3, "activation": "gelu"}]
        return config_file(folder, "reviews", {"train": "reviews.csv"}, layers, epochs=1)

    run = trained_run(tmp_path, make)
    done = rnnbuild("export", run, "--to", "onnx", folder=tmp_path)
    refused(done, 2, "ONNX cannot express the model: layer `gru` (GRU) has `activation: gelu`")
    # `tests/export/test_stacks.py` exports every activation there.
    assert "--to litert" in done.err and not any((tmp_path / "exports").iterdir())


def test_an_operation_that_litert_lacks_is_named() -> None:
    from rnnbuild.errors import RequestError
    from rnnbuild.export.formats.litert import converted
    from rnnbuild.models.framework import keras, tf

    class Odd(keras.layers.Layer):
        def call(self, inputs):
            return tf.math.special.bessel_j0(inputs)

    model = keras.Sequential([keras.Input((None, 2)), Odd()])
    with pytest.raises(RequestError, match="LiteRT has no operation BesselJ0"):
        converted(model, 3)


@pytest.mark.parametrize("to", ["onnx", "saved-model", "keras"])
def test_a_full_disk_is_one_error_and_leaves_nothing(to, classify_run, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 16) as disk:
        done = rnnbuild("export", classify_run, "--to", to, "--output", disk / "exported")
        refused(done, 1, f"{disk / 'exported'} cannot be written: ")
        assert "[Op:" not in done.err
        assert list(disk.iterdir()) == []


def test_a_model_that_does_not_answer_as_keras_leaves_nothing(
    classify_run: Path, tmp_path: Path, monkeypatch
) -> None:
    from rnnbuild.export.program import onnx_runtime

    load = onnx_runtime.load

    def load_wrong(path):
        model = load(path)
        return lambda inputs: model(inputs) + (inputs.shape[0] == 32) * 1e-3

    monkeypatch.setattr(onnx_runtime, "load", load_wrong)
    done = rnnbuild("export", classify_run, "--to", "onnx", "--output", tmp_path / "exported")
    message = "the exported model does not answer as the trained one does: outputs differ by 0.001"
    refused(done, 1, message)
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_export_left_is_deleted_by_the_next(classify_run, tmp_path: Path) -> None:
    left = tmp_path / ".exported.part-abc"
    left.mkdir()
    (left / "model.onnx").write_bytes(b"half")
    done = rnnbuild("export", classify_run, "--to", "onnx", "--output", tmp_path / "exported")
    assert done.code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["exported"]


def test_a_litert_model_refuses_a_longer_text_by_its_number(classify_run, tmp_path: Path) -> None:
    from tests.export.program import run_program

    target = tmp_path / "exported"
    done = rnnbuild("export", classify_run, "--to", "litert", "--length", "4", "--output", target)
    assert done.code == 0 and "longer than the model takes were not run" in " ".join(
        done.out.split()
    )
    done = run_program(target, "one two three four", "one two three four five")
    assert done.returncode == 2
    assert done.stderr == "error: input 2 is of 5 steps, and the model takes 4 at most\n"


def test_a_stream_is_for_onnx_and_for_models_that_read_forward(
    classify_run: Path, translate_run: Path, tmp_path: Path
) -> None:
    done = rnnbuild("export", classify_run, "--to", "keras", "--stream", folder=tmp_path)
    refused(done, 2, "--stream is for onnx", "leave it out")
    done = rnnbuild("export", translate_run, "--to", "onnx", "--stream", folder=tmp_path)
    coming = f"{translate_run} cannot answer while its input is still coming"
    refused(done, 2, f"{coming}: layer `repeat_vector` (RepeatVector) needs the whole sequence")
    assert not any((tmp_path / "exports").iterdir())
