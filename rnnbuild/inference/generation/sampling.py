"""Which token comes next, drawn from a model's probabilities.

Nothing is imported but NumPy: an exported model has a copy of this file.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Shares = NDArray[np.float64]


@dataclass(frozen=True)
class Sampling:
    """How the next token is drawn.

    temperature: probabilities are raised to the power of 1 / temperature; 0 is the likeliest token
    top_k:       only this many tokens may come, the likeliest (Fan et al. 2018)
    top_p:       only the likeliest may come, as few as have this probability together: the nucleus
                 (Holtzman et al. 2020)

    They apply in this order, each to what the one before it leaves. Of equally likely tokens the
    first ones count as likelier.
    """

    temperature: float = 1.0
    top_k: int | None = None
    top_p: float | None = None


def random_numbers(seed: int) -> Iterator[float]:
    """Numbers from 0 to below 1, one for each token: `np.random.Generator(np.random.PCG64(seed))`.

    They are made of PCG64's bits here: these NumPy promises to keep in every release, and not what
    `Generator.random` makes of them.
    """
    bits = np.random.PCG64(seed)
    while True:
        yield (bits.random_raw() >> 11) * 2.0**-53


def next_token(probabilities: NDArray[Any], sampling: Sampling, numbers: Iterator[float]) -> int:
    """The place of the next token among `probabilities` (tokens,), one of which is above 0.

    They need not sum to one. One of the `numbers` is taken, unless the temperature is 0.
    """
    if not sampling.temperature:
        return int(probabilities.argmax())
    return drawn(shares_of(probabilities, sampling), next(numbers))


def shares_of(probabilities: NDArray[Any], sampling: Sampling) -> Shares:
    """What a token is drawn in proportion to, (tokens,): 0 for one that may not come."""
    shares = probabilities.astype(np.float64)
    if sampling.temperature != 1:  # else they stay exact, on any machine
        with np.errstate(divide="ignore", over="ignore"):
            shares = np.exp((np.log(shares) - np.log(shares.max())) / sampling.temperature)
    if sampling.top_k is None and sampling.top_p is None:
        return shares
    ordered = np.sort(shares)[::-1][: sampling.top_k]
    count = len(ordered)
    if sampling.top_p is not None:
        sums = ordered.cumsum()
        count = 1 + int(np.searchsorted(sums, sampling.top_p * sums[-1]))
    return np.where(likeliest(shares, ordered[count - 1], count), shares, 0)


def likeliest(shares: Shares, least: float, count: int) -> NDArray[np.bool_]:
    """Which are the `count` largest, whose smallest is `least`: the first ones of equal shares."""
    larger = shares > least
    equal = np.flatnonzero(shares == least)
    larger[equal[: count - np.count_nonzero(larger)]] = True
    return larger


def drawn(shares: Shares, number: float) -> int:
    """The token where the sum of shares, in their order, exceeds `number` times the whole sum.

    `number` is from 0 to below 1. A share of 0 is never drawn.
    """
    sums = shares.cumsum()
    return int(sums.searchsorted(number * sums[-1], side="right"))
