"""What all kernels share: how they are compiled, and small functions on arrays."""

from typing import Any

from numba import njit

from rnnbuild.models.kernels.compiled import cached_njit

# Adding in another order or fusing a product with a sum changes the last bit, as any BLAS does;
# that numbers are finite is not assumed, so that a NaN reaches the loss and stops the run.
OPTIONS = {"nogil": True, "error_model": "numpy", "fastmath": {"contract", "reassoc", "nsz"}}
kernel: Any = cached_njit(**OPTIONS)
"""Called from Python: the compiled code is cached on disk, with all that it calls."""
inline: Any = njit(inline="always", **OPTIONS)
"""Inlined by Numba, so that constants among its arguments stay constants."""
inner: Any = njit(forceinline=True, **OPTIONS)
"""Called from kernels alone, and inlined by LLVM: Numba would compile it anew for each call."""


@njit(inline="always")
def position(step: int, length: int, backwards: bool) -> int:
    """Where in the sequence a direction's step reads."""
    return length - 1 - step if backwards else step


# Loops instead of `values.max()`, `to[:] = source` and `row[:] = 0`: NumPy's forms check shapes and
# format a message where these do not fit, which took as long to compile as the rest of a GRU.


@njit(inline="always")
def greatest(values: Any) -> Any:
    """The greatest of some whole numbers above zero."""
    most = 0
    for value in values:
        most = max(most, value)
    return most


@njit(inline="always")
def copy(source: Any, to: Any) -> None:
    """Copies a row over one of the same size."""
    for j in range(to.size):
        to[j] = source[j]


@njit(inline="always")
def clear(row: Any) -> None:
    """Sets a row to zero."""
    for j in range(row.size):
        row[j] = 0
