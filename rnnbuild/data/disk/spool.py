"""Arrays that are too long for memory: they grow on the disk as `.npy` files, then are mapped."""

import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib.format import open_memmap, write_array_header_1_0
from numpy.typing import DTypeLike, NDArray


class Spool:
    """A one-dimensional array that grows at its end, on the disk."""

    def __init__(self, path: Path, dtype: DTypeLike):
        self.path = path
        self.dtype = np.dtype(dtype)
        self.length = 0
        self._stream = path.open("wb")
        self._write_header()

    def extend(self, values: Any) -> None:
        array = np.ascontiguousarray(values, self.dtype)
        self._stream.write(array.data)
        self.length += len(array)

    def array(self) -> NDArray[Any]:
        """The whole array, memory-mapped; nothing can be added afterwards."""
        # NumPy leaves room in the header for a longer first axis, so it can be overwritten.
        self._stream.seek(0)
        self._write_header()
        self._stream.close()
        return map_array(self.path)

    def _write_header(self) -> None:
        header = {"shape": (self.length,), "fortran_order": False, "descr": self.dtype.str}
        write_array_header_1_0(self._stream, header)


def new_array(path: Path, dtype: DTypeLike, shape: tuple[int, ...]) -> NDArray[Any]:
    """A new `.npy` file of this shape, memory-mapped for writing."""
    if 0 in shape:
        np.save(path, np.zeros(shape, dtype))
        return np.zeros(shape, dtype)
    array = open_memmap(path, "w+", dtype, shape)
    # Room that is missing is an error here; where a page is written it would end the process.
    if hasattr(os, "posix_fallocate"):
        with path.open("r+b") as stream:
            os.posix_fallocate(stream.fileno(), 0, path.stat().st_size)
    return np.asarray(array)


def map_array(path: Path) -> NDArray[Any]:
    """The array of a `.npy` file, memory-mapped: its pages do not count as the process's own."""
    try:
        return np.asarray(np.load(path, "r", allow_pickle=False))
    except ValueError:
        # An array without elements cannot be mapped.
        return np.asarray(np.load(path, allow_pickle=False))
