"""What a kernel's forward pass leaves for its backward pass, in arrays that are used again.

They are larger than all else in a step, and stay outside TensorFlow, which would copy them in and
out; only their number goes through its graph.
"""

from collections.abc import Sequence
from threading import Lock
from typing import Any

import numpy as np

Arrays = list[Any]


class Workspace:
    """The arrays of one call in a traced function; each run of it takes over the last one's.

    Whoever works on the arrays has taken them out, so that runs side by side do not meet: the
    second finds none, makes its own, and one of the two is forgotten.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._arrays: Arrays | None = None
        self._number = 0
        self._holds: int | None = None

    def take(self, sizes: Sequence[int]) -> Arrays:
        """Arrays of float32, of these sizes, with arbitrary contents."""
        with self._lock:
            arrays, self._arrays = self._arrays or [], None
        if len(arrays) == len(sizes) and all(
            array.size >= size for array, size in zip(arrays, sizes, strict=True)
        ):
            return arrays
        return [np.empty(size, np.float32) for size in sizes]

    def leave(self, arrays: Arrays) -> int:
        """Stores the arrays with their contents; returns the number to ask for them by."""
        with self._lock:
            self._number += 1
            self._arrays, self._holds = arrays, self._number
            return self._number

    def recall(self, number: int) -> Arrays | None:
        """The arrays that were left under this number; None where another run has used them."""
        with self._lock:
            if self._arrays is None or self._holds != number:
                return None
            arrays, self._arrays = self._arrays, None
            return arrays

    def spent(self, arrays: Arrays) -> None:
        """Gives the arrays back for another run to fill."""
        with self._lock:
            self._arrays, self._holds = arrays, None
