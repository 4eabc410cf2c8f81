"""Tokens drawn from probabilities, against SciPy and against the definitions in exact numbers."""

from fractions import Fraction
from itertools import islice

import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from rnnbuild.inference.generation.sampling import (
    Sampling,
    drawn,
    next_token,
    random_numbers,
    shares_of,
)

PROBABILITIES = np.array([0.3, 0.02, 0.25, 0.08, 0.2, 0.15], np.float32)
EXACT = PROBABILITIES.astype(float)
EXPECTED = {
    Sampling(): EXACT,
    Sampling(0.5): EXACT**2,
    Sampling(2.0): EXACT**0.5,
    Sampling(top_k=3): np.where(EXACT >= 0.2, EXACT, 0),
    Sampling(top_p=0.74): np.where(EXACT >= 0.2, EXACT, 0),
    Sampling(top_p=0.76): np.where(EXACT >= 0.15, EXACT, 0),
    # Half the likeliest four: 0.3 and 0.25 of 0.9.
    Sampling(top_k=4, top_p=0.5): np.where(EXACT >= 0.25, EXACT, 0),
    # Squared, 0.09 and 0.0625 of 0.2223 are the first to be over 0.6.
    Sampling(0.5, top_p=0.6): np.where(EXACT >= 0.25, EXACT**2, 0),
}


@pytest.mark.parametrize("sampling", EXPECTED, ids=str)
def test_tokens_come_as_often_as_their_shares_say(sampling: Sampling) -> None:
    numbers, draws = random_numbers(7), 20_000
    chosen = [next_token(PROBABILITIES, sampling, numbers) for _ in range(draws)]
    counts = np.bincount(chosen, minlength=len(PROBABILITIES))
    expected = EXPECTED[sampling] / EXPECTED[sampling].sum() * draws
    assert not counts[expected == 0].any()
    # The seed is fixed: a probability below this is a fault, not bad luck.
    among = expected > 0
    assert scipy.stats.chisquare(counts[among], expected[among]).pvalue > 0.01


def test_the_numbers_are_those_of_numpys_generator_one_a_token() -> None:
    for seed in (0, 1, 2**32, 10**30):
        generator = np.random.Generator(np.random.PCG64(seed))
        assert list(islice(random_numbers(seed), 1000)) == generator.random(1000).tolist()
    numbers = random_numbers(3)
    chosen = [next_token(PROBABILITIES, Sampling(0.7, 5, 0.9), numbers) for _ in range(10)]
    assert len(set(chosen)) > 1
    assert next(numbers) == list(islice(random_numbers(3), 11))[-1]


WEIGHTS = st.lists(st.integers(0, 40), min_size=1, max_size=12).filter(any)
"""Small whole numbers, so that all sums and products below are exact in floating point."""


def kept_by_definition(weights: list[int], top_k: int | None, top_p: Fraction) -> set[int]:
    """The tokens by falling weight, the first of equal ones first; of the first k those whose
    predecessors have less than p of the weight of all k."""
    order = sorted(range(len(weights)), key=lambda place: (-weights[place], place))[:top_k]
    total = sum(weights[place] for place in order)
    kept = set()
    for number, place in enumerate(order):
        if sum(weights[before] for before in order[:number]) < top_p * total:
            kept.add(place)
    return {place for place in kept if weights[place]}


@given(WEIGHTS, st.none() | st.integers(1, 12), st.none() | st.integers(1, 31))
def test_top_k_and_top_p_leave_the_sets_of_their_definitions(
    weights: list[int], top_k: int | None, top_p: int | None
) -> None:
    share = Fraction(top_p, 32) if top_p else Fraction(1)
    sampling = Sampling(top_k=top_k, top_p=float(share) if top_p else None)
    shares = shares_of(np.array(weights, np.float32), sampling)
    kept = kept_by_definition(weights, top_k, share)
    assert set(np.flatnonzero(shares).tolist()) == kept
    assert all(shares[place] == weights[place] for place in kept)


@given(WEIGHTS, st.integers(0, 2**20 - 1))
def test_a_token_is_drawn_where_the_sum_of_shares_exceeds_the_number(
    weights: list[int], number: int
) -> None:
    place = drawn(np.array(weights, float), number / 2**20)
    below, total = sum(weights[:place]), sum(weights)
    assert Fraction(below, total) <= Fraction(number, 2**20)
    assert Fraction(below + weights[place], total) > Fraction(number, 2**20)


@given(st.lists(st.floats(0, 1, width=32), min_size=1, max_size=9).filter(any))
def test_what_has_no_share_is_never_drawn(weights: list[float]) -> None:
    shares = np.array([0, *weights, 0])
    for number in (0.0, float(np.nextafter(0, 1)), 0.5, float(np.nextafter(1, 0))):
        assert shares[drawn(shares, number)] > 0


@pytest.mark.parametrize("temperature", [0.0, 5e-324, 1e-300, 1e-3])
def test_a_low_temperature_takes_the_likeliest_and_0_draws_no_number(temperature: float) -> None:
    assert next_token(PROBABILITIES, Sampling(temperature), random_numbers(1)) == 0
    if not temperature:
        assert next_token(PROBABILITIES[::-1], Sampling(0.0), iter(())) == 5


def test_a_high_temperature_makes_all_that_may_come_equally_likely() -> None:
    shares = shares_of(np.array([0.9, 0, 0.1, 1e-30], np.float32), Sampling(1e300))
    assert shares.tolist() == [1, 0, 1, 1]


def test_shares_at_a_temperature_of_1_are_the_probabilities_to_the_bit() -> None:
    assert (shares_of(PROBABILITIES, Sampling()) == PROBABILITIES).all()
