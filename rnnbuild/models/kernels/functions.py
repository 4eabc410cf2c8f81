"""What all kernels share: how they are compiled, and functions that the compiler can vectorise."""

from typing import Any

from numba import float32, njit

from rnnbuild.models.kernels.compiled import cached_njit

# Adding in another order or fusing a product with a sum changes the last bit, as any BLAS does;
# that numbers are finite is not assumed, so that a NaN reaches the loss and stops the run.
OPTIONS = {"nogil": True, "error_model": "numpy", "fastmath": {"contract", "reassoc", "nsz"}}
kernel: Any = cached_njit(**OPTIONS)
"""Called from Python: the compiled code is cached on disk, with all that it calls."""
inner: Any = njit(inline="always", **OPTIONS)
"""Called from kernels alone, and inlined into them."""


@njit(inline="always")
def tanh(x: Any) -> Any:
    """A ratio of polynomials of degree 13 and 6, as Eigen computes tanh: within 3e-7 of it.

    Eigen/src/Core/MathFunctionsImpl.h, ptanh_float. NaN stays NaN.
    """
    bound = float32(7.90531110763549805)
    if x > bound:
        x = bound
    if x < -bound:
        x = -bound
    square = x * x
    top = float32(-2.76076847742355e-16)
    top = square * top + float32(2.00018790482477e-13)
    top = square * top + float32(-8.60467152213735e-11)
    top = square * top + float32(5.12229709037114e-08)
    top = square * top + float32(1.48572235717979e-05)
    top = square * top + float32(6.37261928875436e-04)
    top = square * top + float32(4.89352455891786e-03)
    bottom = float32(1.19825839466702e-06)
    bottom = square * bottom + float32(1.18534705686654e-04)
    bottom = square * bottom + float32(2.26843463243900e-03)
    bottom = square * bottom + float32(4.89352518554385e-03)
    return x * top / bottom


@njit(inline="always")
def sigmoid(x: Any) -> Any:
    """The logistic function, by way of tanh."""
    half = float32(0.5)
    return half + half * tanh(half * x)


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
