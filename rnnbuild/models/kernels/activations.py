"""tanh, the sigmoid and their derivatives, of vectors."""

from typing import Any

from numba import float32

from rnnbuild.models.kernels.functions import inner
from rnnbuild.models.kernels.vectors import between, every


@inner
def tanh(x: Any) -> Any:
    """A ratio of polynomials of degree 13 and 6, as Eigen computes tanh: within 3e-7 of it.

    Eigen/src/Core/MathFunctionsImpl.h, ptanh_float. NaN stays NaN.
    """
    bound = float32(7.90531110763549805)
    x = between(x, every(-bound), every(bound))
    square = x * x
    top = every(float32(-2.76076847742355e-16))
    top = square * top + every(float32(2.00018790482477e-13))
    top = square * top + every(float32(-8.60467152213735e-11))
    top = square * top + every(float32(5.12229709037114e-08))
    top = square * top + every(float32(1.48572235717979e-05))
    top = square * top + every(float32(6.37261928875436e-04))
    top = square * top + every(float32(4.89352455891786e-03))
    bottom = every(float32(1.19825839466702e-06))
    bottom = square * bottom + every(float32(1.18534705686654e-04))
    bottom = square * bottom + every(float32(2.26843463243900e-03))
    bottom = square * bottom + every(float32(4.89352518554385e-03))
    return x * top / bottom


@inner
def sigmoid(x: Any) -> Any:
    """The logistic function, by way of tanh."""
    half = every(float32(0.5))
    return half + half * tanh(half * x)


@inner
def tanh_slope(value: Any) -> Any:
    """The derivative of tanh where it has this value."""
    return every(float32(1)) - value * value


@inner
def sigmoid_slope(value: Any) -> Any:
    """The derivative of the sigmoid where it has this value."""
    return value * (every(float32(1)) - value)
