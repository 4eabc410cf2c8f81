"""Arrays of float32 that TensorFlow takes over as they are; any other it copies."""

from math import prod
from typing import Any

import numpy as np

ALIGNMENT = 64
"""Bytes: an array must start at a multiple."""


def empty(shape: tuple[int, ...]) -> Any:
    """Room for numbers that are written before they are read."""
    size = prod(shape)
    room = np.empty(size + ALIGNMENT // 4, np.float32)
    start = -room.ctypes.data % ALIGNMENT // 4
    return room[start : start + size].reshape(shape)


def zeros(shape: tuple[int, ...]) -> Any:
    array = empty(shape)
    array.fill(0)
    return array
