"""The weights of a model: a file in HDF5, all of whose arrays are plain."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import h5py
import numpy as np

from rnnbuild.inference.archive.members import UnsafeArchive

DEEPEST = 12
"""Groups inside each other: a model has six."""


class OtherPrecision(UnsafeArchive):
    """Raised for weights that are not float32."""


@contextmanager
def open_weights(content: bytes, group: str | None = None) -> Iterator[Any]:
    """The file, checked, as h5py reads it; or one `group` of it, beside which there may be what
    nobody reads: the state of an optimizer.

    Raises UnsafeArchive if it is damaged, or has anything but arrays of float32, each as large in
    the file as in memory, in one piece.
    """
    try:
        with h5py.File(io.BytesIO(content), "r") as file:
            inside = file if group is None else _group_at(file, group)
            if _size_of(inside, set(), 0) > len(content):
                raise UnsafeArchive("has weights that overlap in the file")
            yield inside
    except (OSError, KeyError, RuntimeError) as error:
        raise UnsafeArchive(f"has damaged weights ({error})") from None


def _group_at(file: Any, name: str) -> Any:
    """A group of a file. Raises UnsafeArchive where it is none, or is a link to another place."""
    if not isinstance(file.get(name, getlink=True), h5py.HardLink) or not isinstance(
        file[name], h5py.Group
    ):
        raise UnsafeArchive(f"has no weights in a group `{name}`")
    return file[name]


def _size_of(group: Any, seen: set[int], depth: int) -> int:
    """Bytes of all arrays in a group, once each is checked; `seen` are the addresses of others."""
    if depth > DEEPEST:
        raise UnsafeArchive("has weights that are nested too deeply")
    size = 0
    for name in group:
        link = group.get(name, getlink=True)
        if not isinstance(link, h5py.HardLink):
            kind = "another file" if isinstance(link, h5py.ExternalLink) else "another place"
            raise UnsafeArchive(f"links its weights `{name}` to {kind}")
        item = group[name]
        # What is linked twice would be read twice, and a group that is in itself forever.
        address = h5py.h5o.get_info(item.id).addr
        if address in seen:
            raise UnsafeArchive(f"links its weights `{name}` to another place, or in a circle")
        seen.add(address)
        if isinstance(item, h5py.Group):
            size += _size_of(item, seen, depth + 1)
        elif isinstance(item, h5py.Dataset):
            _inspect_dataset(name, item)
            size += item.nbytes
        else:
            raise UnsafeArchive(f"has weights `{name}` that are not an array")
    return size


def _inspect_dataset(name: str, dataset: Any) -> None:
    if dataset.external or dataset.is_virtual:
        raise UnsafeArchive(f"keeps its weights `{name}` in another file")
    if dataset.dtype != np.float32:
        raise OtherPrecision(f"has weights `{name}` that are not float32")
    # A chunk may be larger than the array that it is a part of.
    if dataset.chunks is not None or dataset.nbytes > dataset.id.get_storage_size():
        raise UnsafeArchive(f"has weights `{name}` that are larger in memory than in the file")
