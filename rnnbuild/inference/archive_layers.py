"""The layers of a `.keras` file with their weights, read without Keras."""

import io
import json
import re
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from rnnbuild.inference.archive import CONFIG, WEIGHTS, inspect
from rnnbuild.models.numpy_pass.stored import StoredLayer


def layers_in_archive(path: Path) -> list[StoredLayer]:
    """The layers in their order, once `archive` has checked the file.

    Raises UnsafeArchive and OSError as `inspect` does, and KeyError for a file without the names
    that Keras uses.
    """
    inspect(path)
    with zipfile.ZipFile(path) as archive:
        config = json.loads(archive.read(CONFIG))
        weights = archive.read(WEIGHTS)
    seen: Counter[str] = Counter()
    layers = []
    with h5py.File(io.BytesIO(weights), "r") as file:
        for described in config["config"]["layers"]:
            kind = described["class_name"].rpartition(">")[2]
            name = folder_of(kind)
            # keras/src/saving/saving_lib.py, _get_unique_name
            folder = f"layers/{name}_{seen[name]}" if seen[name] else f"layers/{name}"
            # The input is not one of the numbered layers of a Sequential.
            seen[name] += kind != "InputLayer"
            layers.append(StoredLayer(kind, described["config"], arrays_of(file, folder)))
    return layers


def folder_of(kind: str) -> str:
    """A class name in snake case, `simple_rnn` for SimpleRNN, as keras/src/utils/naming.py."""
    apart = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", kind)
    return re.sub("([a-z])([A-Z])", r"\1_\2", apart).lower()


def arrays_of(file: Any, folder: str) -> dict[str, Any]:
    """All arrays below a folder by their paths from it; empty if there is no such folder."""
    arrays: dict[str, Any] = {}

    def take(name: str, item: Any) -> None:
        if isinstance(item, h5py.Dataset):
            arrays[name] = np.ascontiguousarray(item[()])

    if folder in file:
        file[folder].visititems(take)
    return arrays
