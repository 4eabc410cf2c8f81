"""Kneser-Ney smoothing against its equations, written with dictionaries."""

import math
from collections import Counter, defaultdict
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbuild.data.bundled.shakespeare import shakespeare
from rnnbuild.data.running_text.kneser_ney import (
    best_model,
    discounts,
    kneser_ney,
    model_of_order,
)
from rnnbuild.data.running_text.ngrams import NGrams

TEXTS = st.lists(st.integers(0, 4), max_size=60)
LARGE = st.lists(st.sampled_from([0, 7, 49_998, 49_999]), max_size=60)


class Equations:
    """Chen and Goodman's modified Kneser-Ney: n-grams are tuples, their counts are looked up."""

    def __init__(self, train: list[int], order: int, tokens: int):
        self.tokens = tokens
        self.adjusted = {k: self.counts(train, k, k == order) for k in range(1, order + 1)}
        self.probability = cache(self.probability_of)  # type: ignore[method-assign]

    @staticmethod
    def counts(train: list[int], k: int, highest: bool) -> dict[tuple[int, ...], int]:
        places = range(len(train) - k + 1)
        if highest:
            return Counter(tuple(train[place : place + k]) for place in places)
        before = defaultdict(set)
        for place in places:
            previous = train[place - 1] if place else "start"
            before[tuple(train[place : place + k])].add(previous)
        return {gram: len(previous) for gram, previous in before.items()}

    def discount(self, k: int, count: int) -> float:
        n1, n2, n3, n4 = (list(self.adjusted[k].values()).count(times) for times in (1, 2, 3, 4))
        estimates = [0.5, 1.0, 1.5]
        if n1 and n2 and n3:
            y = n1 / (n1 + 2 * n2)
            by_equation = [1 - 2 * y * n2 / n1, 2 - 3 * y * n3 / n2, 3 - 4 * y * n4 / n3]
            if min(by_equation) > 0:
                estimates = by_equation
        return estimates[min(count, 3) - 1]

    def probability_of(self, token: int, context: tuple[int, ...]) -> float:
        k = len(context) + 1
        lower = self.probability(token, context[1:]) if context else 1 / self.tokens
        followers = {
            gram[-1]: count for gram, count in self.adjusted[k].items() if gram[:-1] == context
        }
        if not followers:
            return lower
        total = sum(followers.values())
        left_over = sum(self.discount(k, count) for count in followers.values()) / total
        count = followers.get(token, 0)
        share = (count - self.discount(k, count)) / total if count else 0.0
        return share + left_over * lower

    def probability(self, token: int, context: tuple[int, ...]) -> float:
        raise NotImplementedError


def contexts_of(text: list[int], order: int) -> list[tuple[int, ...]]:
    """The tokens that a model of this order sees before each token but the first."""
    return [tuple(text[max(0, place - order + 1) : place]) for place in range(1, len(text))]


@settings(deadline=None)
@given(st.one_of(TEXTS, LARGE), st.one_of(TEXTS, LARGE), st.integers(1, 6))
def test_probabilities_are_those_of_the_equations(
    train: list[int], text: list[int], order: int
) -> None:
    model = model_of_order(order, np.array(train, np.int32), 50_000)
    equations = Equations(train, order, 50_000)
    expected = [
        equations.probability(token, context)
        for token, context in zip(text[1:], contexts_of(text, order), strict=True)
    ]
    probabilities, _ = model.predict(np.array(text, np.int32))
    # Sums of some tens of terms, each rounded.
    assert probabilities.tolist() == pytest.approx(expected, rel=1e-12)


@settings(deadline=None)
@given(TEXTS, TEXTS, st.integers(1, 6))
def test_the_likeliest_token_has_the_highest_probability_of_all(
    train: list[int], text: list[int], order: int
) -> None:
    _, likeliest = model_of_order(order, np.array(train, np.int32), 5).predict(
        np.array(text, np.int32)
    )
    equations = Equations(train, order, 5)
    for token, context in zip(likeliest.tolist(), contexts_of(text, order), strict=True):
        highest = max(equations.probability(other, context) for other in range(5))
        assert equations.probability(token, context) == pytest.approx(highest, rel=1e-12)


@settings(deadline=None)
@given(TEXTS, st.lists(st.integers(0, 6), min_size=1, max_size=8), st.integers(1, 6))
def test_probabilities_of_all_tokens_after_any_context_sum_to_1(
    train: list[int], context: list[int], order: int
) -> None:
    model = model_of_order(order, np.array(train, np.int32), 7)
    after = [model.predict(np.array([*context, token], np.int32))[0][-1] for token in range(7)]
    assert min(after) > 0
    assert sum(after) == pytest.approx(1, rel=1e-12)


def test_a_token_that_training_lacks_has_an_equal_part_of_what_discounts_leave() -> None:
    train = np.array([0, 1, 0, 2, 0, 1], np.int32)
    # One token each occurs once, twice and three times: Y = 1/3, and D = 1 - 2Y, 2 - 3Y, 3.
    discounts = 1 / 3 + 1 + 3
    nats = model_of_order(1, train, 5).nats(np.array([0, 4, 3]))
    assert nats.tolist() == pytest.approx([-math.log(discounts / 6 / 5)] * 2, rel=1e-12)


def test_without_training_text_all_tokens_are_equally_likely() -> None:
    nothing = np.zeros(0, np.int32)
    for model in kneser_ney(NGrams.of(nothing, 8, 6)):
        assert model.nats(np.array([0, 5, 7])).tolist() == pytest.approx([math.log(8)] * 2)
        assert len(model.nats(nothing)) == 0


def test_frequent_tokens_have_their_share_of_the_training_text() -> None:
    train = np.repeat(np.arange(4), [4000, 2000, 1000, 1000]).astype(np.int32)
    nats = model_of_order(1, train, 4).nats(np.array([0, 0, 1, 2, 3]))
    # Each is discounted by 1.5 of 1,000 or more, and gets 1.5 of them back.
    assert np.exp(-nats) == pytest.approx([0.5, 0.25, 0.125, 0.125], rel=1.5e-3)


def test_noise_costs_its_entropy_whatever_the_order() -> None:
    train, validation, test = np.split(
        np.random.default_rng(1).integers(0, 20, 70_000).astype(np.int32), [50_000, 60_000]
    )
    model = best_model(train, validation, 20)
    assert model.order == 1
    # (tokens - 1) / 2n = 0.0002 nats for shares that are estimated, and as much for chance.
    assert model.nats(test).mean() == pytest.approx(math.log(20), abs=1e-3)


def test_a_bigram_comes_near_a_markov_chain_of_order_1() -> None:
    generator = np.random.default_rng(2)
    transitions = generator.dirichlet(np.full(8, 0.5), 8)
    text = [0]
    for uniform in generator.random(120_000):
        following = np.searchsorted(np.cumsum(transitions[text[-1]]), uniform)
        text.append(min(int(following), 7))
    train, validation, test = np.split(np.array(text, np.int32), [100_000, 110_000])
    model = best_model(train, validation, 8)
    assert model.order == 2
    # 8 · 7 free shares cost 56 / 2n = 0.0003 nats; chance is shared with the true probabilities.
    true = -np.log(transitions[test[:-1], test[1:]])
    assert model.nats(test).mean() == pytest.approx(true.mean(), abs=1e-3)


def test_a_6_gram_of_shakespeare_is_the_one_that_kenlm_computes() -> None:
    # lmplz --order 6 --discount_fallback on the characters of train, query on those of validation.
    splits = shakespeare()
    assert splits.validation is not None
    characters, ids = np.unique([*"".join(splits.train.texts)], return_inverse=True)
    model = model_of_order(6, ids.astype(np.int32), len(characters))
    assert discounts(model.layers[5].level.counts).tolist() == pytest.approx(
        [0, 0.648592, 1.08394, 1.49241], rel=1e-5
    )
    text = np.searchsorted(characters, [*"".join(splits.validation.texts)]).astype(np.int32)
    # KenLM also counts the n-grams at the ends of the text: 7 of 460,000.
    assert model.nats(text).mean() == pytest.approx(1.522600, abs=5e-5)


@pytest.mark.parametrize("tokens", [500, 2_000, 20_000])
def test_the_order_is_the_one_that_costs_validation_the_fewest_nats(tokens: int) -> None:
    # Each token is the sum of the last three, or one time in four any: more text, higher orders.
    generator = np.random.default_rng(3)
    text = [0, 1, 2]
    for drawn in generator.integers(0, 4 * 5, tokens):
        text.append(int(drawn) if drawn < 5 else sum(text[-3:]) % 5)
    train, validation = np.split(np.array(text, np.int32), [int(0.8 * tokens)])
    nats = [model_of_order(order, train, 5).nats(validation).sum() for order in range(1, 7)]
    assert best_model(train, validation, 5).order == 1 + np.argmin(nats)


def test_without_validation_the_order_is_chosen_by_the_end_of_training() -> None:
    cycle = np.tile(np.array([0, 0, 1, 0, 0, 2], np.int32), 50)
    nothing = np.zeros(0, np.int32)
    model = best_model(cycle, nothing, 3)
    assert model.order == best_model(cycle[:270], cycle[269:], 3).order > 2
    assert model.layers[0].level.counts.sum() == len(cycle)
    assert best_model(nothing, nothing, 3).order == 1
