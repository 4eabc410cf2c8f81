"""tanh, the sigmoid and their derivatives, and the exponential function, of vectors."""

from typing import Any

from numba import float32

from rnnbuild.models.kernels.functions import inner
from rnnbuild.models.kernels.vectors import between, every, power_of_two


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


@inner
def exp(x: Any) -> Any:
    """2^n times a polynomial of degree 7 of the rest, within 2e-7 of the exponential function.

    Cephes, single/expf.c. Beyond ±87 the result is that of the bound; NaN stays NaN.
    """
    bound = float32(87)
    x = between(x, every(-bound), every(bound))
    # Adding 1.5 · 2^23 leaves no bits behind the point.
    rounding = every(float32(12582912))
    n = (x * every(float32(1.44269504088896341)) + rounding) - rounding
    rest = x - n * every(float32(0.693359375)) - n * every(float32(-2.12194440e-4))
    terms = every(float32(1.9875691500e-4))
    terms = terms * rest + every(float32(1.3981999507e-3))
    terms = terms * rest + every(float32(8.3334519073e-3))
    terms = terms * rest + every(float32(4.1665795894e-2))
    terms = terms * rest + every(float32(1.6666665459e-1))
    terms = terms * rest + every(float32(5.0000001201e-1))
    return (terms * rest * rest + rest + every(float32(1))) * power_of_two(n)
