"""A `.keras` file from a stranger is refused with a sentence, and nothing of it is run."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from rnnbuild.errors import RunError
from rnnbuild.inference.keras_model import load_model
from rnnbuild.models.build import build_model
from rnnbuild.models.framework import keras
from tests.models.small import SENTENCES, layer, small_config

CONFIG, WEIGHTS = "config.json", "model.weights.h5"
Members = dict[str, bytes]


@pytest.fixture(scope="module")
def members(tmp_path_factory: pytest.TempPathFactory) -> Members:
    """What Keras writes of a small model."""
    path = tmp_path_factory.mktemp("model") / "model.keras"
    build_model(small_config(layer("gru", bidirectional=True))).save(path)
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def written(path: Path, members: Members, compression: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def refusal(path: Path) -> str:
    with pytest.raises(RunError) as caught:
        load_model(path)
    (problem,) = caught.value.problems
    assert "\n" not in problem.message
    assert problem.hint
    return problem.message


def with_layer(members: Members, described: dict[str, Any]) -> Members:
    config = json.loads(members[CONFIG])
    config["config"]["layers"].append(described)
    return {**members, CONFIG: json.dumps(config).encode()}


def with_weights(members: Members, change: Any) -> Members:
    stream = io.BytesIO(members[WEIGHTS])
    with h5py.File(stream, "r+") as file:
        change(file)
    return {**members, WEIGHTS: stream.getvalue()}


def first_array(file: Any) -> str:
    names: list[str] = []
    file.visititems(lambda name, item: names.append(name) if hasattr(item, "shape") else None)
    return names[0]


@pytest.mark.parametrize(
    "layers",
    [
        [layer("lstm", kernel_regularizer="l2", bias_constraint="non_neg")],
        [layer("simple_rnn", bidirectional=True, recurrent_initializer="identity")],
        [layer("gru"), {"kind": "layer_normalization"}, {"kind": "dropout", "rate": 0.5}],
        [{"kind": "spatial_dropout", "rate": 0.1}, layer("gru"), {"kind": "dense", "units": 2}],
    ],
)
def test_models_that_rnnbuild_builds_are_loaded_and_answer_alike(layers, tmp_path):
    model = build_model(small_config(*layers))
    model.save(tmp_path / "model.keras")
    loaded = load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(loaded(SENTENCES), model(SENTENCES))


@pytest.mark.parametrize("pooling", ["last", "mean", "max", "attention"])
def test_a_model_of_any_pooling_is_loaded_and_answers_alike(pooling, tmp_path):
    model = build_model(small_config(layer("gru"), pooling=pooling))
    model.save(tmp_path / "model.keras")
    loaded = load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(loaded(SENTENCES), model(SENTENCES))


def test_a_missing_model_is_named(tmp_path):
    with pytest.raises(RunError, match=r"model\.keras is missing"):
        load_model(tmp_path / "model.keras")


def test_a_lambda_layer_is_refused_and_never_called(tmp_path):
    marker = tmp_path / "ran"

    def hostile(inputs: Any) -> Any:
        marker.touch()
        return inputs

    model = keras.Sequential([keras.Input((2,)), keras.layers.Lambda(hostile)])
    model.save(tmp_path / "lambda.keras")
    marker.unlink()
    assert "`keras.layers.Lambda`" in refusal(tmp_path / "lambda.keras")
    assert not marker.exists()


@pytest.mark.parametrize(
    ("module", "name", "registered"),
    [
        ("os", "system", None),
        ("subprocess", "Popen", None),
        ("keras.layers", "TFSMLayer", None),
        ("keras.src.utils", "get_file", None),
        ("builtins", "eval", None),
        (None, "__lambda__", None),
        ("keras.layers", "Dense", "evil>Dense"),
        ("rnnbuild.models.pooling", "AttentionPooling", "evil>AttentionPooling"),
        ("rnnbuild.models.pooling", "AttentionPooling", None),
        ("rnnbuild.models.pooling", "keras", "rnnbuild>keras"),
        ("elsewhere", "AttentionPooling", "rnnbuild>AttentionPooling"),
    ],
)
def test_a_class_of_another_module_is_refused_and_named(
    module, name, registered, members, tmp_path
):
    described = {"module": module, "class_name": name, "config": {}, "registered_name": registered}
    message = refusal(written(tmp_path / "m.keras", with_layer(members, described)))
    assert (registered or name) in message


@pytest.mark.parametrize("place", ["config", "build_config"])
def test_a_class_hidden_deep_in_an_argument_is_found(place, members, tmp_path):
    config = json.loads(members[CONFIG])
    hidden = [{"deep": {"module": "os", "class_name": "system", "config": "true"}}]
    config["config"]["layers"][-1][place] = {"x": hidden}
    changed = {**members, CONFIG: json.dumps(config).encode()}
    assert "`x`" in refusal(written(tmp_path / "m.keras", changed))


@pytest.mark.parametrize("name", ["../escaped.txt", "/tmp/escaped.txt", "assets/../../escaped"])
def test_a_path_out_of_the_archive_is_refused_and_writes_nothing(name, members, tmp_path):
    folder = tmp_path / "inside"
    folder.mkdir()
    path = written(folder / "m.keras", {**members, name: b"escaped"})
    assert repr(name) in refusal(path)
    assert sorted(item.name for item in tmp_path.rglob("*")) == ["inside", "m.keras"]


def test_a_pickle_in_the_archive_is_refused(members, tmp_path):
    path = written(tmp_path / "m.keras", {**members, "model.weights.npz": b"\x80\x04."})
    assert "model.weights.npz" in refusal(path)


def test_weights_linked_to_another_file_are_refused(members, tmp_path):
    secret = tmp_path / "secret.h5"
    with h5py.File(secret, "w") as file:
        file["kernel"] = np.ones((6, 3), np.float32)

    def link(file: Any) -> None:
        name = first_array(file)
        del file[name]
        file[name] = h5py.ExternalLink(str(secret), "kernel")

    message = refusal(written(tmp_path / "m.keras", with_weights(members, link)))
    assert "to another file" in message


def test_weights_stored_in_another_file_are_refused(members, tmp_path):
    (tmp_path / "raw").write_bytes(b"\0" * 400)

    def store(file: Any) -> None:
        name = first_array(file)
        shape = file[name].shape
        del file[name]
        place = [(str(tmp_path / "raw"), 0, h5py.h5f.UNLIMITED)]
        file.create_dataset(name, shape, "f4", external=place)

    message = refusal(written(tmp_path / "m.keras", with_weights(members, store)))
    assert "in another file" in message


def test_virtual_weights_and_soft_links_are_refused(members, tmp_path):
    def make_virtual(file: Any) -> None:
        layout = h5py.VirtualLayout(shape=(2,), dtype="f4")
        layout[:] = h5py.VirtualSource(str(tmp_path / "other.h5"), "x", shape=(2,))
        file.create_virtual_dataset("layers/extra", layout)

    def soften(file: Any) -> None:
        file["layers/extra"] = h5py.SoftLink("/layers")

    virtual = written(tmp_path / "v.keras", with_weights(members, make_virtual))
    assert "in another file" in refusal(virtual)
    soft = written(tmp_path / "s.keras", with_weights(members, soften))
    assert "to another place" in refusal(soft)


def test_weights_linked_in_a_circle_are_refused(members, tmp_path):
    def tie(file: Any) -> None:
        file["layers/again"] = file["layers"]

    assert "circle" in refusal(written(tmp_path / "m.keras", with_weights(members, tie)))


def test_weights_that_would_fill_the_memory_are_refused(members, tmp_path):
    def declare(file: Any) -> None:
        name = first_array(file)
        del file[name]
        file.create_dataset(name, (10**6, 10**6), "f4", chunks=(1000, 1000))

    def squeeze(file: Any) -> None:
        file.create_dataset("layers/zeros", data=np.zeros(10**6, np.float32), compression="gzip")

    for change in (declare, squeeze):
        path = written(tmp_path / "m.keras", with_weights(members, change))
        assert "larger in memory" in refusal(path)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(members, tmp_path):
    bomb = {**members, WEIGHTS: b"\0" * 50_000_000}
    path = written(tmp_path / "m.keras", bomb, zipfile.ZIP_DEFLATED)
    assert path.stat().st_size < 10**6
    assert "could be too large" in refusal(path)


def test_a_model_that_is_not_a_sequential_is_refused(members, tmp_path):
    described = {"module": "keras.layers", "class_name": "Dense", "config": {"units": 1}}
    changed = {**members, CONFIG: json.dumps(described).encode()}
    assert "not a Sequential" in refusal(written(tmp_path / "m.keras", changed))


def test_deeply_nested_json_is_refused(members, tmp_path):
    deep = b'{"class_name": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    changed = {**members, CONFIG: deep}
    assert "cannot be read" in refusal(written(tmp_path / "m.keras", changed))


@pytest.mark.parametrize("share", [0.0, 0.3, 0.97])
def test_a_file_cut_short_is_refused(share, members, tmp_path):
    whole = written(tmp_path / "m.keras", members).read_bytes()
    (tmp_path / "m.keras").write_bytes(whole[: int(len(whole) * share)])
    assert "not a complete .keras archive" in refusal(tmp_path / "m.keras")


def test_flipped_bytes_are_never_a_traceback(members, tmp_path):
    whole = written(tmp_path / "m.keras", members).read_bytes()
    generator = np.random.default_rng(1)
    for _ in range(20):
        changed = bytearray(whole)
        for place in generator.integers(len(whole), size=8):
            changed[place] ^= 0xFF
        (tmp_path / "m.keras").write_bytes(changed)
        refusal(tmp_path / "m.keras")
