"""What a `.keras` file may contain, checked before Keras opens it.

Keras' safe mode refuses what it knows to run code. This is stricter: a file is refused unless it
contains exactly the three members that Keras writes, uncompressed, with only classes that rnnbuild
builds models from, and weights that are plain arrays inside the file. So an untrusted file can
neither run code, nor read or write another file, nor grow in memory.
"""

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import h5py

from rnnbuild.config.layer_classes import LAYER_CLASSES
from rnnbuild.errors import RunError
from rnnbuild.models.own_layers import MODULE, OWN_CLASSES, PACKAGE, own_class

CONFIG, WEIGHTS = "config.json", "model.weights.h5"
MEMBERS = frozenset({"metadata.json", CONFIG, WEIGHTS})

# A model contains these besides the layers of a config; there Bidirectional is a key, not a layer.
CLASSES = frozenset(
    {"keras.Sequential", "keras.DTypePolicy", "keras.layers.InputLayer"}
    | {"keras.layers.Bidirectional"}
    | {f"keras.{layer.path}" for layer in LAYER_CLASSES.values() if not own_class(layer.path)}
)
# rnnbuild's own layers by module and class, with the names that Keras looks them up by.
OWN = {f"{MODULE}.{name}": f"{PACKAGE}>{name}" for name in OWN_CLASSES}
FAMILIES = ("keras.initializers", "keras.regularizers", "keras.constraints")


class UnsafeArchive(ValueError):  # noqa: N818 (what it is says more than that it is an error)
    """Raised for a file that is not a trained model; the message completes "it ..."."""


def refuse_missing(path: Path) -> None:
    """Raise RunError if there is no such file."""
    if not path.is_file():
        raise RunError(
            f"{path} is missing, or not a file", "restore it from a copy, or train again"
        )


def inspect(path: Path) -> None:
    """Check a `.keras` file. Raises UnsafeArchive for anything foreign to a trained model.

    Raises OSError if the file cannot be read.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _inspect_members(archive.infolist(), path.stat().st_size)
            config, weights = archive.read(CONFIG), archive.read(WEIGHTS)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise UnsafeArchive(f"is not a complete .keras archive ({error})") from None
    _inspect_config(config)
    _inspect_weights(weights)


def _inspect_members(members: list[zipfile.ZipInfo], size: int) -> None:
    names = [member.filename for member in members]
    for name in names:
        if name not in MEMBERS:
            raise UnsafeArchive(f"contains {name!r}, which is not part of a model")
    if sorted(names) != sorted(MEMBERS):
        raise UnsafeArchive(f"does not contain {', '.join(sorted(MEMBERS))} once each")
    # Keras stores without compression: no member is larger than the file.
    compressed = [member for member in members if member.compress_type != zipfile.ZIP_STORED]
    if compressed or sum(member.file_size for member in members) > size:
        raise UnsafeArchive("is compressed, and could be too large when unpacked")


def _inspect_config(content: bytes) -> None:
    try:
        config = json.loads(content)
        for description in _objects(config):
            _inspect_object(description)
    except (ValueError, RecursionError) as error:
        if isinstance(error, UnsafeArchive):
            raise
        raise UnsafeArchive(f"has a {CONFIG} that cannot be read") from None
    if not isinstance(config, dict) or config.get("class_name") != "Sequential":
        raise UnsafeArchive("is not a Sequential model")


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    """Every mapping in it that names a class."""
    if isinstance(value, dict):
        if "class_name" in value:
            yield value
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _objects(item)


def _inspect_object(description: dict[str, Any]) -> None:
    module, name = description.get("module"), description["class_name"]
    whole = f"{module}.{name}" if module else str(name)
    registered = description.get("registered_name")
    if whole in OWN:
        known = registered == OWN[whole]
    else:
        known = whole in CLASSES or (module in FAMILIES and str(name).isidentifier())
        known = known and registered in (None, name)
    if not known:
        raise UnsafeArchive(f"contains `{registered or whole}`, which no model of rnnbuild has")


def _inspect_weights(content: bytes) -> None:
    try:
        with h5py.File(io.BytesIO(content), "r") as file:
            _inspect_group(file, set())
    except (OSError, KeyError, RuntimeError) as error:
        raise UnsafeArchive(f"has damaged weights ({error})") from None


def _inspect_group(group: Any, seen: set[int]) -> None:
    # A group that links to itself would be walked forever.
    address = h5py.h5o.get_info(group.id).addr
    if address in seen:
        raise UnsafeArchive("has weights that are linked in a circle")
    seen.add(address)
    for name in group:
        link = group.get(name, getlink=True)
        if not isinstance(link, h5py.HardLink):
            kind = "another file" if isinstance(link, h5py.ExternalLink) else "another place"
            raise UnsafeArchive(f"links its weights `{name}` to {kind}")
        item = group[name]
        if isinstance(item, h5py.Group):
            _inspect_group(item, seen)
        elif isinstance(item, h5py.Dataset):
            _inspect_dataset(name, item)
        else:
            raise UnsafeArchive(f"has weights `{name}` that are not an array")


def _inspect_dataset(name: str, dataset: Any) -> None:
    if dataset.external or dataset.is_virtual:
        raise UnsafeArchive(f"keeps its weights `{name}` in another file")
    if dataset.dtype.kind not in "biuf":
        raise UnsafeArchive(f"has weights `{name}` that are not numbers")
    if dataset.nbytes > dataset.id.get_storage_size():
        raise UnsafeArchive(f"has weights `{name}` that are larger in memory than in the file")
