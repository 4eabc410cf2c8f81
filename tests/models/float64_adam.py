"""Adam in float64, and how far float32 may be from it: the authority for every way to take a step.

Weights at the end of two runs say little: Adam divides a gradient by its own size, so a weight
whose gradient is near epsilon turns a difference in the gradient's last bit into one of
learning rate / epsilon times that. Here each quantity is bounded by what its own arithmetic
rounds, given the same gradients (Higham, Accuracy and Stability of Numerical Algorithms, ch. 3).
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

ROUNDOFF = 2.0**-24
"""One float32 operation's error at most, relative to its result."""
TINY = float(np.finfo(np.float32).tiny)
"""What is smaller may be flushed to zero."""
SECOND_ORDER = 1.01
"""Products of two roundings, which the first-order bounds leave out."""

Floats = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Exact:
    """A weight and its moments in float64, each with a bound on the error of float32."""

    values: tuple[Floats, Floats, Floats]
    """Weight, first moment, second moment."""
    errors: tuple[Floats, Floats, Floats]


def exactly(weight: Floats, first: Floats, second: Floats) -> Exact:
    """A state that float32 holds without error."""
    values = tuple(np.asarray(one, np.float64) for one in (weight, first, second))
    zero = np.zeros_like(values[0])
    return Exact((values[0], values[1], values[2]), (zero, zero, zero))


def stepped(
    before: Exact,
    gradient: Floats,
    number: int,
    rate: float,
    optimizer: Any,
    gradient_error: float = 0.0,
    tensorflow: bool = False,
) -> Exact:
    """The state after step `number`, from 1 on, of Keras' Adam: epsilon is added to the root of
    the uncorrected second moment, and the bias correction is part of the rate.

    `gradient_error` bounds the float32 gradient's error, relative to each element. Keras rounds
    1 - beta to float32, `tensorflow`'s operation beta itself: 0.999 makes that 1.3e-5 of 1 - beta.
    """
    (weight, m, v), (weight_error, m_error, v_error) = before.values, before.errors
    g = gradient.astype(np.float64)
    betas = optimizer.beta_1, optimizer.beta_2
    share_1, share_2 = (1 - float(np.float32(beta)) if tensorflow else 1 - beta for beta in betas)
    new_m, new_v = m + (g - m) * share_1, v + (g * g - v) * share_2
    # m + (g - m)(1 - beta): three roundings of the product, one of the sum; in v one more, of the
    # square. The old error shrinks as the moment does.
    m_error = (
        (1 - share_1) * m_error
        + share_1 * (3 * ROUNDOFF * np.abs(g - m) + gradient_error * np.abs(g))
        + ROUNDOFF * np.abs(new_m)
        + 2 * TINY
    )
    v_error = (
        (1 - share_2) * v_error
        + share_2 * (4 * ROUNDOFF * (g * g + v) + 2 * gradient_error * g * g)
        + ROUNDOFF * new_v
        + 2 * TINY
    )
    after = Exact((weight, new_m, new_v), (weight_error, m_error, v_error))
    return moved(after, number, rate, optimizer)


def moved(moments: Exact, number: int, rate: float, optimizer: Any) -> Exact:
    """The same moments, and the weight after a step by them."""
    (weight, m, v), (weight_error, m_error, v_error) = moments.values, moments.errors
    size, size_error = step_size(number, rate, optimizer)
    root = np.sqrt(v)
    # |sqrt(a) - sqrt(b)| is at most sqrt|a - b|, and |a - b| / sqrt(a).
    root_error = np.minimum(np.sqrt(v_error), v_error / np.maximum(root, np.sqrt(TINY)))
    divisor = root + optimizer.epsilon
    step = size * m / divisor
    relative = size_error + 5 * ROUNDOFF + root_error / divisor
    step_error = size * m_error / divisor + relative * np.abs(step)
    new_weight = weight - step
    new_error = weight_error + SECOND_ORDER * (step_error + ROUNDOFF * np.abs(new_weight))
    return replace(moments, values=(new_weight, m, v), errors=(new_error, m_error, v_error))


def step_size(number: int, rate: float, optimizer: Any) -> tuple[float, float]:
    """The bias-corrected rate, of beta as float32 holds it, and float32's relative error in it.

    1 - beta^t cancels: two roundings of the power are so many more of the difference.
    """
    powers = [float(np.float32(beta)) ** number for beta in (optimizer.beta_1, optimizer.beta_2)]
    first, second = (2 * ROUNDOFF * power / (1 - power) for power in powers)
    return rate * np.sqrt(1 - powers[1]) / (1 - powers[0]), first + second / 2 + 4 * ROUNDOFF


def assert_within(found: tuple[Floats, ...], expected: Exact) -> None:
    """Weight, first and second moment are Adam's but for float32's roundings."""
    names = ("weight", "first moment", "second moment")
    for name, one, value, error in zip(names, found, expected.values, expected.errors, strict=True):
        excess = np.abs(one - value) - error
        worst = np.unravel_index(excess.argmax(), excess.shape)
        assert excess[worst] <= 0, (
            f"{name} at {worst}: {one[worst]:.9g} is not {value[worst]:.9g} +- {error[worst]:.2g}"
        )


def state_of(optimizer: Any, variables: list[Any], place: int = 0) -> tuple[Floats, ...]:
    """A copy of a variable and its moments."""
    held = (variables[place], optimizer._momentums[place], optimizer._velocities[place])
    return tuple(np.array(one.numpy()) for one in held)
