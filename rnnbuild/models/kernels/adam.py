"""Adam over arrays of weights, and over the rows of a large table of which a step reads few.

A row without a gradient still moves: its moments fall, and the weights follow them. It need not
move until it is read, though. Its steps are then taken one after the other, with its numbers in the
CPU's nearest cache, where Adam over the whole table would fetch all of it each step. How
the steps are cut into calls changes no bit.
"""

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from rnnbuild.models.kernels.compiled import cached_njit
from rnnbuild.models.kernels.functions import kernel
from rnnbuild.models.kernels.vectors import LANES, every, load, pointer_of, store

# As `kernel`, but sums and products stay as written, so that a row comes out the same however
# many steps a call takes.
exact: Any = cached_njit(nogil=True, error_model="numpy")

TINY = np.float32(np.finfo(np.float32).tiny)
"""What falls below is zero, as in TensorFlow's threads: such numbers are slow."""


def step_size(rate: Any, step: Any, beta_1: float, beta_2: float) -> Any:
    """Adam's alpha_t, float32: the learning rate with the correction of both moments' bias (Kingma
    and Ba 2015, end of section 2); steps count from 1."""
    return np.float32(rate * np.sqrt(1 - beta_2**step) / (1 - beta_1**step))


LOOK = 16
"""Steps of a row between two looks at whether it still moves."""


class Held(NamedTuple):
    """A table's weights and moments, float32 (rows, width), and the steps taken of each row."""

    weights: Any
    first: Any
    second: Any
    made: Any
    """int64 (rows,)."""


class Falls(NamedTuple):
    """What does not change between steps, as float32."""

    first: Any
    """1 - beta_1: the share of the first moment that goes in each step."""
    second: Any
    """1 - beta_2."""
    epsilon: Any
    ends: bool
    """Whether a step is always shorter than the one before it, where there is no gradient."""

    @classmethod
    def of(cls, adam: Any) -> "Falls":
        """Those of a `keras.optimizers.Adam`."""
        return cls(
            np.float32(1 - adam.beta_1),
            np.float32(1 - adam.beta_2),
            np.float32(adam.epsilon),
            adam.beta_1 < np.sqrt(adam.beta_2),
        )


@exact
def distinct(ids: Any, seen: Any, words: Any, places: Any) -> int:
    """How many ids differ. They go into `words` in the order of their first occurrence, and the
    place of each id among them into `places`. `seen` is -1 for every row of the table, before
    and after."""
    count = 0
    for i in range(len(ids)):
        word = ids[i]
        if seen[word] < 0:
            seen[word] = count
            words[count] = word
            count += 1
        places[i] = seen[word]
    for place in range(count):
        seen[words[place]] = -1
    return count


@exact
def catch_up(
    held: Held, falls: Falls, rates: Any, greatest: Any, words: Any, start: int, stop: int
) -> None:
    """Makes the steps that rows have missed, none of which had a gradient.

    Rows are `words[start:stop]`; `rates` has the size of each step so far, float32 (steps,), of
    which `greatest` is none smaller.
    """
    steps = len(rates)
    # Twice: what rounding adds to a step must not make one that is taken for none.
    reach = 2 * greatest
    for place in range(start, stop):
        word = words[place]
        weights, first, second = held.weights[word], held.first[word], held.second[word]
        step = held.made[word]
        while step < steps:
            if falls.ends and not would_move(weights, first, second, reach, falls.epsilon):
                break
            for at in range(step, min(step + LOOK, steps)):
                rate = rates[at]
                for i in range(len(weights)):
                    m = fallen(first[i], falls.first)
                    v = fallen(second[i], falls.second)
                    weights[i] -= rate * m / (np.sqrt(v) + falls.epsilon)
                    first[i], second[i] = m, v
            step += LOOK
        if step < steps and (any_not_zero(first) or any_not_zero(second)):
            for _ in range(step, steps):
                for i in range(len(weights)):
                    first[i] = fallen(first[i], falls.first)
                    second[i] = fallen(second[i], falls.second)
        held.made[word] = steps


@njit(inline="always")
def fallen(moment: Any, share: Any) -> Any:
    """A moment after a step without a gradient."""
    moment -= moment * share
    return moment if abs(moment) >= TINY else np.float32(0)


@exact
def would_move(weights: Any, first: Any, second: Any, rate: Any, epsilon: Any) -> bool:
    """Whether a step of this size changes a bit of a row's weights."""
    moved = 0
    for i in range(len(weights)):
        step = rate * first[i] / (np.sqrt(second[i]) + epsilon)
        moved += weights[i] - step != weights[i] or weights[i] + step != weights[i]
    return moved > 0


@exact
def any_not_zero(values: Any) -> bool:
    """Whether a moment has anything left to fall."""
    nonzero = 0
    for i in range(len(values)):
        nonzero += values[i] != 0
    return nonzero > 0


@exact
def move(
    held: Held, falls: Falls, rate: Any, words: Any, gradients: Any, start: int, stop: int
) -> None:
    """One step of rows that have missed none. `gradients` are float32 (words, width)."""
    for place in range(start, stop):
        word = words[place]
        weights, first, second = held.weights[word], held.first[word], held.second[word]
        for i in range(len(weights)):
            gradient = gradients[place, i]
            first[i] += (gradient - first[i]) * falls.first
            second[i] += (gradient * gradient - second[i]) * falls.second
            weights[i] -= rate * first[i] / (np.sqrt(second[i]) + falls.epsilon)
        held.made[word] += 1


@exact
def descend(
    weights: Any,
    firsts: Any,
    seconds: Any,
    gradients: Any,
    falls: Falls,
    rate: Any,
    scale: Any,
    part: Any,
) -> None:
    """One step of a part of the weights, of their gradients times `scale`.

    weights, firsts, seconds, gradients: float32 (weights,)
    rate: the size of the step, see `step_size`
    """
    # Parts of their own, since an index that may count from the end keeps a loop from vectors.
    at, end = part
    own, m, v, by_own = weights[at:end], firsts[at:end], seconds[at:end], gradients[at:end]
    for i in range(len(own)):
        gradient = by_own[i] * scale
        first = m[i] + (gradient - m[i]) * falls.first
        second = v[i] + (gradient * gradient - v[i]) * falls.second
        m[i] = first if abs(first) >= TINY else np.float32(0)
        v[i] = second if second >= TINY else np.float32(0)
        own[i] -= rate * m[i] / (np.sqrt(v[i]) + falls.epsilon)


@kernel
def sums_of_squares(matrices: Any, sums: Any, first: int, last: int) -> None:
    """Of each panel from `first` to `last` of some arrays, (panels, k, columns) each, into their
    row of `sums`, (arrays, panels, LANES), still to be added up."""
    for at, panels in enumerate(matrices):
        size, place = panels[0].size, pointer_of(panels)
        for panel in range(first, last):
            total = every(np.float32(0))
            for start in range(panel * size, (panel + 1) * size, LANES):
                value = load(place, start)
                total = total + value * value
            store(pointer_of(sums), (at * sums.shape[1] + panel) * LANES, total)
