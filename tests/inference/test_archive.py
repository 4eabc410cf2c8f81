"""All that rnnbuild writes passes the check of an archive; what asks for more memory than the file
is large, or has a name that rnnbuild does not write, is refused before anything is built."""

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args

import h5py
import numpy as np
import pytest

from rnnbuild.config.schema import choices
from rnnbuild.config.schema.choices import Activation
from rnnbuild.inference.archive import description
from rnnbuild.inference.archive.layers import inspect
from rnnbuild.inference.archive.members import CONFIG, WEIGHTS, UnsafeArchive
from rnnbuild.models.build import build_model
from tests.models.small import layer, small_config

ROOT = Path(__file__).parents[2]
Members = dict[str, bytes]
Change = Callable[[dict[str, Any]], None]


def named(choice: Any) -> list[Any]:
    """Every name of one of the schema's unions, with what it needs stated."""
    sections = get_args(get_args(choice)[0])
    names = [name for one in sections for name in get_args(one.model_fields["name"].annotation)]
    return [{"name": "l1l2", "l1": 0.1} if name == "l1l2" else name for name in names]


def models() -> Iterator[tuple[str, Any]]:
    """A stack for each kind of layer and argument, with everything that it may be called."""
    cells = ("simple_rnn", "gru", "lstm")
    initializers, vectors = named(choices.Initializer), named(choices.VectorInitializer)
    yield (
        "initializers",
        small_config(
            *(layer("gru", kernel_initializer=name, units=4) for name in initializers),
            *(layer("lstm", bias_initializer=name, unit_forget_bias=False) for name in vectors),
        ),
    )
    yield (
        "regularizers",
        small_config(
            *(layer("lstm", kernel_regularizer=name) for name in named(choices.Regularizer)),
            *(layer("gru", activity_regularizer=one) for one in named(choices.VectorRegularizer)),
        ),
    )
    yield (
        "constraints",
        small_config(
            *(
                layer(cell, recurrent_constraint=n)
                for cell in cells
                for n in named(choices.Constraint)
            ),
            layer(
                "gru", kernel_constraint={"name": "max_norm", "axis": 1}, bias_constraint="non_neg"
            ),
        ),
    )
    yield (
        "activations",
        small_config(
            *(
                layer("gru", activation=one, recurrent_activation=one)
                for one in get_args(Activation)
            ),
            *({"kind": "dense", "units": 3, "activation": one} for one in get_args(Activation)),
        ),
    )
    yield (
        "variance",
        small_config(
            *(
                layer("gru", kernel_initializer={"name": "variance_scaling", "mode": mode, **more})
                for mode in ("fan_in", "fan_out", "fan_avg")
                for more in (
                    {},
                    {"distribution": "uniform"},
                    {"distribution": "untruncated_normal"},
                )
            )
        ),
    )
    yield (
        "merge modes",
        small_config(
            *(
                layer(cell, bidirectional=True, merge_mode=merge_mode, dropout=0.1)
                for cell, merge_mode in zip(
                    (*cells, "gru"), ("concat", "sum", "mul", "ave"), strict=True
                )
            ),
            layer("gru", reset_after=False, use_bias=False, go_backwards=True),
        ),
    )
    between = [
        {"kind": "layer_normalization", "center": False},
        {"kind": "batch_normalization", "scale": False},
        {"kind": "layer_normalization", "scale": False, "center": False},
        {"kind": "dense", "units": 5, "use_bias": False},
        {"kind": "dropout", "rate": 0.1},
        {"kind": "spatial_dropout", "rate": 0.1},
        {"kind": "step_dropout", "rate": 0.1},
    ]
    for pooling in ("last", "mean", "max", "attention"):
        yield (
            pooling,
            small_config(*between, layer("lstm"), *between, layer("gru"), pooling=pooling),
        )


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder, paths = tmp_path_factory.mktemp("models"), []
    for what, config in models():
        paths.append(folder / f"{what}.keras")
        build_model(config).save(paths[-1])
    return paths


def test_whatever_rnnbuild_builds_passes(saved: list[Path]) -> None:
    for path in saved:
        inspect(path)


@pytest.fixture(scope="module")
def members(tmp_path_factory: pytest.TempPathFactory) -> Members:
    path = tmp_path_factory.mktemp("model") / "model.keras"
    build_model(
        small_config(
            layer("gru", bidirectional=True), {"kind": "batch_normalization"}, pooling="attention"
        )
    ).save(path)
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def written(path: Path, members: Members) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def described(members: Members, change: Change) -> Members:
    """The members with a changed description; `change` gets it by layers' classes."""
    config = json.loads(members[CONFIG])
    change({one["class_name"]: one for one in config["config"]["layers"]} | {"model": config})
    return {**members, CONFIG: json.dumps(config).encode()}


HUGE = 100_000_000


def sets(kind: str, *path: str, value: Any = HUGE) -> Change:
    def change(layers: dict[str, Any]) -> None:
        place = layers[kind]
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = value

    return change


LARGE = {
    "units of the head": sets("Dense", "config", "units"),
    "words": sets("Embedding", "config", "input_dim"),
    "numbers of a word": sets("Embedding", "config", "output_dim"),
    "forward units": sets("Bidirectional", "config", "layer", "config", "units"),
    "backward units": sets("Bidirectional", "config", "backward_layer", "config", "units"),
    "the shape to build for": sets(
        "Bidirectional", "build_config", "input_shape", value=[None, None, HUGE]
    ),
    "the head's shape to build for": sets(
        "Dense", "build_config", "input_shape", value=[None, HUGE]
    ),
    "the features pooled": sets(
        "AttentionPooling", "build_config", "input_shape", value=[None, None, HUGE]
    ),
    "the input": sets("InputLayer", "config", "batch_shape", value=[HUGE, HUGE]),
    "repeats": lambda layers: layers["model"]["config"]["layers"].append(
        {"module": "keras.layers", "class_name": "RepeatVector", "config": {"n": HUGE}}
    ),
    "another layer": lambda layers: layers["model"]["config"]["layers"].append(
        {**layers["Dense"], "config": {**layers["Dense"]["config"], "units": HUGE}}
    ),
    "a number of words that is no number": sets("Embedding", "config", "input_dim", value="9" * 99),
}


def test_what_asks_for_more_than_the_file_contains_is_refused_in_little_memory(
    members: Members, tmp_path: Path
) -> None:
    files = [
        written(tmp_path / f"{number}.keras", described(members, change))
        for number, change in enumerate(LARGE.values())
    ]
    files += [
        written(tmp_path / f"weights{number}.keras", {**members, WEIGHTS: content})
        for number, content in enumerate(hostile_weights(members[WEIGHTS]))
    ]
    # The modules take 900 MB of addresses; a head of 100,000,000 units alone takes 2.4 GB.
    program = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "from rnnbuild.inference.archive.layers import inspect, layers_in_archive\n"
        "from rnnbuild.inference.archive.members import UnsafeArchive\n"
        "now = int(open('/proc/self/statm').read().split()[0]) * resource.getpagesize()\n"
        "resource.setrlimit(resource.RLIMIT_AS, (now + (200 << 20),) * 2)\n"
        "for path in sys.argv[1:]:\n"
        "    for read in (inspect, layers_in_archive):\n"
        "        try: read(Path(path)); print('read', path)\n"
        "        except UnsafeArchive as error: print('refused', error)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program, *map(str, files)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    lines = ended.stdout.splitlines()
    assert len(lines) == 2 * len(files)
    assert all(line.startswith("refused") for line in lines), ended.stdout


def hostile_weights(content: bytes) -> Iterator[bytes]:
    """Weights that are larger than they look, each in its own way."""

    def claims_a_huge_chunk(file: Any) -> None:
        file.create_dataset("layers/x", (10,), "f4", chunks=(10,), maxshape=(None,), fillvalue=1)
        file.create_dataset(
            "layers/y",
            data=np.zeros(10, np.float32),
            chunks=(1 << 27,),
            maxshape=(None,),
            compression="gzip",
        )

    def is_linked_often(file: Any) -> None:
        for number in range(1000):
            file[f"layers/dense/vars/{number + 9}"] = file["layers/dense/vars/0"]

    def is_linked_in_a_grid(file: Any) -> None:
        for level in range(10):
            file.create_group(f"deep/{level}")
        for level in range(9):
            for number in range(10):
                file[f"deep/{level}/{number}"] = file[f"deep/{level + 1}"]

    def is_nested(file: Any) -> None:
        file.create_group("x/" * 500)

    def is_double(file: Any) -> None:
        kernel = np.asarray(file["layers/dense/vars/0"], np.float64)
        del file["layers/dense/vars/0"]
        file["layers/dense/vars/0"] = kernel

    def lacks_a_weight(file: Any) -> None:
        del file["layers/dense/vars/0"]

    for change in (
        claims_a_huge_chunk,
        is_linked_often,
        is_linked_in_a_grid,
        is_nested,
        is_double,
        lacks_a_weight,
    ):
        stream = io.BytesIO(content)
        with h5py.File(stream, "r+") as file:
            change(file)
        yield stream.getvalue()


@pytest.mark.parametrize(
    "change",
    [
        sets("Embedding", "config", "embeddings_initializer", "class_name", value="deserialize"),
        sets("Embedding", "config", "embeddings_initializer", "class_name", value="STFT"),
        sets("Embedding", "config", "embeddings_initializer", "module", value="keras.layers"),
        sets("Embedding", "config", "embeddings_initializer", value="keras.layers.Lambda"),
        sets("Embedding", "config", "embeddings_regularizer", value="l2"),
        sets("Embedding", "config", "embeddings_initializer", "config", "shape", value=[HUGE]),
        sets("Embedding", "config", "name", value="../../embedding"),
        sets("Dense", "config", "activation", value="keras.activations.deserialize"),
        sets("Dense", "config", "activation", value={"class_name": "softmax"}),
        sets("Dense", "config", "dtype", value="float64"),
        sets("Dense", "config", "dtype", "config", "name", value="mixed_float16"),
        sets("Dense", "config", "dtype", "class_name", value="QuantizedDTypePolicy"),
        sets("Dense", "config", "quantization_config", value={"mode": "int8"}),
        sets("Dense", "config", "lora_rank", value=4),
        sets("Dense", "config", "units", value=float("nan")),
        sets("Dense", "inner", value={"class_name": "Lambda"}),
        sets("Dense", "registered_name", value="Lambda"),
        sets("Dense", "class_name", value=["Dense"]),
        sets("Dense", "module", value="keras.src.layers"),
        sets("Dense", "config", value=[]),
        sets("Bidirectional", "config", "backward_layer", value=None),
        sets("Bidirectional", "config", "layer", "class_name", value="Dense"),
        sets("Bidirectional", "config", "layer", "config", "unroll", value=True),
        sets("Bidirectional", "config", "layer", "config", "stateful", value=True),
        sets("model", "compile_config", value={"loss": "mse"}),
        sets("model", "config", "layers", value=[]),
        sets("model", "config", "layers", value={}),
    ],
)
def test_a_name_or_value_that_rnnbuild_does_not_write_is_refused(
    change: Change, members: Members, tmp_path: Path
) -> None:
    inspect(written(tmp_path / "whole.keras", members))
    with pytest.raises(UnsafeArchive):
        inspect(written(tmp_path / "changed.keras", described(members, change)))


def test_every_argument_that_is_known_is_one_that_is_written(saved: list[Path]) -> None:
    seen: set[str] = set()

    def note_keys(value: Any) -> None:
        if isinstance(value, dict):
            seen.update(value)
            value = list(value.values())
        if isinstance(value, list):
            for item in value:
                note_keys(item)

    for path in saved:
        with zipfile.ZipFile(path) as archive:
            note_keys(json.loads(archive.read(CONFIG)))
    known = description.NUMBERS | description.SHAPES | description.FIXED.keys()
    known |= description.NAMES.keys() | description.PARTS
    # Only a translation has a RepeatVector.
    assert known - seen == {"n"}
