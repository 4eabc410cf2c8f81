"""What cannot be adopted is refused in one sentence each: where, what, and what could be done.

No code of a file runs, nothing in it is built, and no memory is taken beyond its own size.
"""

import io
import json
import os
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from rnnbuild.adoption.codec import Wishes
from rnnbuild.adoption.reading import adoptable_model
from rnnbuild.errors import ArgumentError, RequestError, RunError
from rnnbuild.models.framework import keras
from tests.adoption.foreign_models import (
    L,
    binary,
    changed_config,
    changed_members,
    ids,
    numbers,
    saved,
    tags,
)

NO_WISHES = Wishes()


def problems_of(path: Path, wishes: Wishes = NO_WISHES) -> list[str]:
    with pytest.raises(RequestError) as error:
        adoptable_model(path, wishes)
    return [problem.message.replace(f"{path}", "FILE") for problem in error.value.problems]


@keras.saving.register_keras_serializable("theirs")
class Doubled(keras.layers.Layer):  # type: ignore[misc]
    def call(self, inputs: Any) -> Any:
        return 2 * inputs


OTHER_LAYERS: dict[str, tuple[Callable[[], Any], list[str]]] = {
    "several problems at once": (
        lambda: ids(
            L.Conv1D(4, 3),
            L.LSTM(3, return_sequences=True, go_backwards=True),
            L.Lambda(lambda x: x),
            L.GRU(2),
            binary(),
        ),
        [
            "FILE: layer `{0}` (Conv1D) is of a class that a config cannot say",
            "FILE: layer `{1}` (LSTM) has `go_backwards: true` and `return_sequences: true`, which "
            "a config cannot say",
            "FILE: layer `{2}` (Lambda) is of a class that a config cannot say",
        ],
    ),
    "custom layer": (
        lambda: ids(Doubled(), L.LSTM(3), binary()),
        [
            "FILE: layer `{0}` (Doubled) is `theirs>Doubled`, a class of somebody's own, whose "
            "code is not in the file"
        ],
    ),
    "custom activation": (
        lambda: ids(L.LSTM(3, activation=keras.activations.glu), binary()),
        ["FILE: layer `{0}` (LSTM) has `activation: glu`, which a config cannot say"],
    ),
    "directions that differ": (
        lambda: ids(
            L.Bidirectional(
                L.LSTM(3), backward_layer=L.LSTM(3, activation="relu", go_backwards=True)
            ),
            binary(),
        ),
        [
            "FILE: layer `{0}` (Bidirectional) has `activation: tanh` in one direction and `relu` "
            "in the other, which a config cannot say"
        ],
    ),
    "other precision": (
        lambda: ids(L.LSTM(3, dtype="mixed_float16"), binary()),
        ["FILE: layer `{0}` (LSTM) computes in `mixed_float16`"],
    ),
    **{
        f"other precision, {name}": (make, [f"FILE: layer `{{0}}` ({name}) computes in `float16`"])
        for name, make in {
            "Activation": lambda: ids(
                L.LSTM(3), L.Dense(2), L.Activation("softmax", dtype="float16")
            ),
            "TimeDistributed": lambda: ids(
                L.LSTM(3, return_sequences=True), L.TimeDistributed(tags(), dtype="float16")
            ),
            "Bidirectional": lambda: ids(L.Bidirectional(L.LSTM(3), dtype="float16"), binary()),
            "GlobalMaxPooling1D": lambda: ids(
                L.LSTM(3, return_sequences=True), L.GlobalMaxPooling1D(dtype="float16"), binary()
            ),
            "GaussianNoise": lambda: ids(L.GaussianNoise(0.1, dtype="float16"), L.LSTM(3), tags()),
        }.items()
    },
    "a model in the model": (
        lambda: ids(keras.Sequential([keras.Input((9, 6)), L.LSTM(3)]), binary()),
        [
            "FILE: layer `{0}` (Sequential) is of a class that a config cannot say",
            "FILE: the last Dense has `activation: sigmoid` and `units: 1` at every step",
        ],
    ),
    "no recurrent layer": (
        lambda: ids(L.GlobalAveragePooling1D(), binary()),
        ["FILE: the model has no recurrent layer"],
    ),
    "logits": (
        lambda: ids(L.LSTM(3), L.Dense(1)),
        ["FILE: the last Dense has `activation: linear` and `units: 1`"],
    ),
    "labels of numbers": (
        lambda: numbers(L.LSTM(3), tags()),
        [
            "FILE: the last Dense has `activation: softmax` and `units: 4`, and the model reads "
            "numbers: a config has no task that names them, or answers at every step"
        ],
    ),
    "normalisation behind pooling": (
        lambda: ids(
            L.LSTM(3, return_sequences=True),
            L.GlobalMaxPooling1D(),
            L.LayerNormalization(),
            binary(),
        ),
        [
            "FILE: layer `{0}` (LayerNormalization) comes after pooling, where a config has only "
            "Dense"
        ],
    ),
}


@pytest.mark.parametrize("name", OTHER_LAYERS)
def test_what_a_config_cannot_say_is_named_by_its_layer(name: str, tmp_path: Path) -> None:
    make, expected = OTHER_LAYERS[name]
    model = make()
    # A layer's name has a number that counts all layers of the process.
    refused = {
        "several problems at once": ("Conv1D", "LSTM", "Lambda"),
        "normalisation behind pooling": ("LayerNormalization",),
        "a model in the model": ("Sequential",),
    }.get(name, (name.rpartition(" ")[2], "Doubled", "LSTM", "Bidirectional"))
    names = [
        next(each.name for each in model.layers if type(each).__name__ == kind)
        for kind in refused
        if any(type(each).__name__ == kind for each in model.layers)
    ]
    path = tmp_path / "theirs.keras"
    model.save(path)
    assert problems_of(path) == [each.format(*names) for each in expected]


def test_what_changes_training_alone_is_taken_over_or_noted(tmp_path: Path) -> None:
    model = ids(
        L.GaussianNoise(0.1),
        L.LSTM(3, kernel_initializer="he_normal", recurrent_regularizer=keras.regularizers.L2(0.1)),
        L.Dense(3, activation="relu", kernel_regularizer=Twice()),
        binary(),
    )
    adoptable = adoptable_model(saved(model, tmp_path / "theirs.keras"), Wishes())
    lstm = adoptable.config.model.layers[0]
    assert (lstm.kernel_initializer.name, lstm.recurrent_regularizer.l2) == ("he_normal", 0.1)  # type: ignore[union-attr]
    noted = "\n".join(adoptable.notes)
    assert "GaussianNoise): changes training alone" in noted
    assert "`kernel_regularizer: theirs>Twice` changes training alone" in noted


@keras.saving.register_keras_serializable("theirs")
class Twice(keras.regularizers.Regularizer):  # type: ignore[misc]
    def __call__(self, weights: Any) -> Any:
        return 2 * weights

    def get_config(self) -> dict[str, Any]:
        return {}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return saved(ids(L.LSTM(3), binary()), tmp_path / "theirs.keras")


def many_layers(config: dict[str, Any]) -> None:
    config["config"]["layers"] *= 3000


def nested(config: dict[str, Any]) -> None:
    config["compile_config"] = json.loads("[" * 100 + "]" * 100)


def many_units(config: dict[str, Any]) -> None:
    config["config"]["layers"][2]["config"]["units"] = 10**9


def many_ids(config: dict[str, Any]) -> None:
    config["config"]["layers"][1]["config"]["input_dim"] = 10**7


def no_class(config: dict[str, Any]) -> None:
    config["config"]["layers"][1] = {"class_name": ["Lambda"]}


def a_path_as_class(config: dict[str, Any]) -> None:
    config["config"]["layers"][1]["class_name"] = "/optimizer/vars"


def subclass(config: dict[str, Any]) -> None:
    config.update(class_name="MyModel", registered_name="theirs>MyModel", module="theirs")


def other_values(config: dict[str, Any]) -> None:
    config["config"]["layers"][2]["config"].update(units="3", use_bias=None, dropout=[1])


def layer_with(place: int, **changes: Any) -> Callable[[dict[str, Any]], None]:
    def change(config: dict[str, Any]) -> None:
        config["config"]["layers"][place]["config"].update(changes)

    return change


def list_as_module(config: dict[str, Any]) -> None:
    config["config"]["layers"][2]["module"] = ["keras.layers"]


HOSTILE: dict[str, tuple[Callable[[dict[str, Any]], None], str]] = {
    "12,000 layers": (many_layers, "the model has 12,000 layers; at most 500 are read"),
    "nesting": (nested, "has a config.json that is nested too deeply"),
    "units": (many_units, "has weights cell/vars/0 of shape (6, 12), not (6, 4000000000)"),
    "ids": (many_ids, "has weights vars/0 of shape (40, 6), not (10000000, 6)"),
    "no class": (no_class, "describes a layer that has no class"),
    "a path": (a_path_as_class, "describes a layer of class `/optimizer/vars`, which is no name"),
    "a subclass": (subclass, "contains a `MyModel`, not a Sequential or a Functional model"),
    "a list as a module": (list_as_module, "(LSTM) is `LSTM`, a class of somebody's own"),
    "1 for true": (
        layer_with(2, return_sequences=1),
        "has `return_sequences: 1`, which is neither true nor false",
    ),
    "text for true": (
        layer_with(1, mask_zero="true"),
        "has `mask_zero: 'true'`, which is neither true nor false",
    ),
    "steps": (layer_with(0, batch_shape=[None, 10**30]), "rows of more than 100,000 steps"),
    "half a character": (layer_with(2, name="\ud800", units=0), "layer `?` (LSTM) has `units: 0`"),
    "values of other types": (other_values, "has `units: '3'`, which a config cannot say"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_description_is_refused_before_memory_is_taken(name: str, file: Path) -> None:
    change, expected = HOSTILE[name]
    changed_config(file, change)
    tracemalloc.start()
    try:
        (first, *_) = problems_of(file)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert expected in first
    assert most < 64 << 20


def test_losses_and_optimizers_of_anybody_are_left_alone(file: Path, tmp_path: Path) -> None:
    def foreign(config: dict[str, Any]) -> None:
        called = {"module": "os", "class_name": "system", "config": {}, "registered_name": "system"}
        config["compile_config"] = {"optimizer": called, "loss": called, "metrics": [called]}

    assert adoptable_model(changed_config(file, foreign), Wishes()).foreign.from_logits is False


def hdf5_of(edit: Callable[[Any], None]) -> Callable[[dict[str, bytes]], None]:
    def change(members: dict[str, bytes]) -> None:
        content = io.BytesIO(members["model.weights.h5"])
        with h5py.File(content, "a") as weights:
            edit(weights)
        members["model.weights.h5"] = content.getvalue()

    return change


def link_outside(weights: Any) -> None:
    del weights["layers/dense/vars/0"]
    weights["layers/dense/vars/0"] = h5py.ExternalLink("/etc/passwd", "x")


def link_all_outside(weights: Any) -> None:
    del weights["layers"]
    weights["layers"] = h5py.ExternalLink("/etc/passwd", "x")


def compressed(weights: Any) -> None:
    del weights["layers/dense/vars/0"]
    weights.create_dataset("layers/dense/vars/0", (1 << 28,), "f4", compression="gzip")


def whole_numbers(weights: Any) -> None:
    shape = weights["layers/dense/vars/0"].shape
    del weights["layers/dense/vars/0"]
    weights["layers/dense/vars/0"] = np.zeros(shape, np.int32)


def not_finite(weights: Any) -> None:
    weights["layers/dense/vars/0"][...] = np.nan


WEIGHTS: dict[str, tuple[Callable[[Any], None], str]] = {
    "a link": (link_outside, "links its weights `0` to another file"),
    "a link for all": (link_all_outside, "has no weights in a group `layers`"),
    "a bomb": (compressed, "has weights `0` that are larger in memory than in the file"),
    "whole numbers": (whole_numbers, "has weights `0` that are not float32"),
    "not finite": (not_finite, "has numbers in vars/0 that are not finite"),
}


@pytest.mark.parametrize("name", WEIGHTS)
def test_weights_are_plain_arrays(name: str, file: Path) -> None:
    edit, expected = WEIGHTS[name]
    assert expected in problems_of(changed_members(file, hdf5_of(edit)))[0]


def test_archives_that_are_none_of_keras_are_refused(file: Path, tmp_path: Path) -> None:
    changed_members(file, lambda members: members.update({"evil.py": b"import os"}))
    assert "contains 'evil.py', which is not part of a model" in problems_of(file)[0]

    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("metadata.json", "config.json", "model.weights.h5"):
            archive.writestr(name, b"0" * (1 << 20))
    assert "is compressed, and could be too large" in problems_of(file)[0]

    file.write_bytes(b"no archive")
    assert "is not a complete .keras archive" in problems_of(file)[0]

    (tmp_path / "link.keras").symlink_to(tmp_path / "nothing.keras")
    assert "there is no file" in problems_of(tmp_path / "link.keras")[0]
    assert "is a folder" in problems_of(tmp_path)[0]


def test_a_pickle_and_the_old_format_are_refused_with_the_line_that_converts(
    tmp_path: Path,
) -> None:
    import pickle

    (tmp_path / "model.keras").write_bytes(pickle.dumps({"model": 1}))
    assert "is not a complete .keras archive" in problems_of(tmp_path / "model.keras")[0]

    old = tmp_path / "old.h5"
    ids(L.LSTM(3), binary()).save(old)
    with pytest.raises(RunError) as error:
        adoptable_model(old, Wishes())
    (problem,) = error.value.problems
    assert problem.message == f"{old} is in Keras' old format, HDF5, which is not read"
    command = (problem.hint or "").partition("python -c ")[2]
    before = Path.cwd()
    os.chdir(tmp_path)
    try:
        exec(json.loads(command.replace('\\"', "'")))  # the shell's quotes are JSON's here
    finally:
        os.chdir(before)
    assert adoptable_model(tmp_path / "old.keras", Wishes()).facts.labels == ("0", "1")


def test_models_that_are_no_chain_are_refused_naming_a_layer(tmp_path: Path) -> None:
    given = keras.Input((5,))
    hidden = L.Embedding(9, 4)(given)
    first, second = L.LSTM(3, name="one")(hidden), L.GRU(3, name="two")(hidden)
    joined = L.Concatenate(name="joined")([first, second])
    path = tmp_path / "branched.keras"
    keras.Model(given, binary()(joined)).save(path)
    assert problems_of(path) == [
        "FILE cannot be adopted: layer `joined` (Concatenate) reads 2 layers"
    ]

    keras.Model(given, [binary()(first), binary()(second)]).save(path)
    assert problems_of(path) == [
        "FILE cannot be adopted: the model does not have one of outputs, but several or none"
    ]

    beside = L.GRU(3, return_sequences=True, return_state=True, name="encoder")(hidden)
    decoded = L.GRU(3, name="decoder")(beside[0], initial_state=beside[1])
    keras.Model(given, binary()(decoded)).save(path)
    assert problems_of(path) == [
        "FILE cannot be adopted: layer `decoder` (GRU) is given `initial_state`"
    ]

    always = L.Dropout(0.5, name="always")(L.LSTM(3)(hidden), training=True)
    keras.Model(given, binary()(always)).save(path)
    assert "layer `always` (Dropout) is called with `training=True`" in problems_of(path)[0]


def test_what_is_said_of_a_model_has_to_fit_it(file: Path, tmp_path: Path) -> None:
    def refused(path: Path, **wishes: Any) -> str:
        with pytest.raises(ArgumentError) as error:
            adoptable_model(path, Wishes(**wishes))
        return error.value.problems[0].message

    assert "names 3 labels, and the model answers with 2" in refused(file, labels=("a", "b", "c"))
    words = tmp_path / "words.txt"
    words.write_text("\n".join(map(str, range(100))))
    assert "has 100 words, and the model has room for 38" in refused(file, vocabulary=words)
    words.write_text("one\ntwo\none\n")
    assert f"{words}:3: `one` again, as line 1" in refused(file, vocabulary=words)
    for empty in ("", "\n", "\n[UNK]\n"):
        words.write_text(empty)
        assert "has no words" in refused(file, vocabulary=words)
    assert "--steps is for numbers" in refused(file, steps=7)
    assert "the last Dense has `activation: sigmoid`" in refused(file, logits=True)
    series = saved(numbers(L.LSTM(3), L.Dense(1), steps=None), tmp_path / "series.keras")
    assert "nothing says how long they are" in refused(series)
    assert adoptable_model(series, Wishes(steps=7)).facts.longest == 7
    assert "the model reads numbers" in refused(series, steps=7, logits=True)
    assert "--labels is for text" in refused(series, steps=7, labels=("a",))


def test_names_that_are_lists_are_no_chain(tmp_path: Path) -> None:
    given = keras.Input((5,))
    path = tmp_path / "theirs.keras"
    keras.Model(given, binary()(L.LSTM(3)(L.Embedding(9, 4)(given)))).save(path)

    def rename(config: dict[str, Any]) -> None:
        for layer in config["config"]["layers"]:
            layer["name"] = ["x"]

    assert "does not describe the layer" in problems_of(changed_config(path, rename))[0]


def test_the_two_directions_are_read_alike_whatever_their_types(tmp_path: Path) -> None:
    path = saved(ids(L.Bidirectional(L.LSTM(3)), binary()), tmp_path / "theirs.keras")

    def change(config: dict[str, Any]) -> None:
        backward = config["config"]["layers"][2]["config"]["backward_layer"]
        backward["config"].update(go_backwards="true", units=3.0)

    problems = problems_of(changed_config(path, change))
    assert any("`go_backwards: 'true'`, which is neither" in problem for problem in problems)


@pytest.mark.parametrize("precision", ["float16", "bfloat16", "float64"])
def test_weights_of_another_precision_are_not_called_damaged(
    precision: str, tmp_path: Path
) -> None:
    path = tmp_path / "theirs.keras"
    # An orthogonal initializer cannot compute in bfloat16.
    ids(L.LSTM(3, recurrent_initializer="zeros", dtype=precision), binary()).save(path)
    with pytest.raises(RunError) as error:
        adoptable_model(path, Wishes())
    assert "set_dtype_policy('float32')" in (error.value.problems[0].hint or "")


@pytest.mark.parametrize(
    ("dtype", "first", "adopted"),
    [
        ("int32", "numbers", False),
        ("float16", "numbers", False),
        ("float64", "numbers", True),
        ("uint8", "300 ids", False),
        ("uint8", "256 ids", True),
        ("int64", "300 ids", True),
    ],
)
def test_an_input_that_rounds_is_refused(
    dtype: str, first: str, adopted: bool, tmp_path: Path
) -> None:
    reads = first == "numbers"
    given = keras.Input((4, 2) if reads else (4,), dtype=dtype)
    layers = [L.GRU(3), L.Dense(1)] if reads else [L.GRU(3), binary()]
    embedding = [] if reads else [L.Embedding(int(first.split()[0]), 2)]
    path = tmp_path / "theirs.keras"
    keras.Sequential([given, *embedding, *layers]).save(path)
    if adopted:
        adoptable_model(path, Wishes())
    else:
        (problem,) = problems_of(path)
        assert problem.endswith(f"(InputLayer) rounds its numbers to `{dtype}`")


def test_an_operation_between_layers_is_not_called_somebody_s_own(tmp_path: Path) -> None:
    given = keras.Input((5,))
    doubled = L.LSTM(3)(L.Embedding(9, 4)(given)) * 2
    path = tmp_path / "theirs.keras"
    keras.Model(given, binary()(doubled)).save(path)
    (problem,) = problems_of(path)
    assert problem.endswith("(Multiply) is of a class that a config cannot say")
