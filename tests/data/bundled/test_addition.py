"""`addition`: every target is the sum, and no pair of numbers stands twice."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbuild.data.bundled.addition import ADDITION, addition
from rnnbuild.errors import DataError


def sums(rows):
    return [tuple(map(int, text.split("+"))) for text in rows.texts]


@given(st.integers(2, 9), st.integers(20, 300), st.integers(0, 99))
@settings(deadline=None, max_examples=20)
def test_every_target_is_the_sum_and_no_two_numbers_are_added_twice(length, size, seed):
    splits = addition(length, size, seed)
    parts = (splits.train, splits.validation, splits.test)
    assert sum(map(len, parts)) == size
    for rows in parts:
        assert [str(sum(pair)) for pair in sums(rows)] == [target for (target,) in rows.targets]
        assert max(number for pair in sums(rows) for number in pair) < 10**length
    unordered = [frozenset(pair) for rows in parts for pair in sums(rows)]
    assert len(set(unordered)) == size


def test_numbers_of_every_length_are_on_both_sides():
    splits = addition(3, 2000, 1)
    pairs = sums(splits.train)
    for side in (0, 1):
        assert {len(str(pair[side])) for pair in pairs} == {1, 2, 3}


def test_more_sums_than_there_are_cannot_be_asked_for():
    with pytest.raises(DataError, match="hardly more than 55 sums"):
        addition(1, 100, 1)


def test_the_card_gives_the_rows_that_there_are_by_default():
    splits = ADDITION.load(**ADDITION.defaults)
    assert ADDITION.card.rows == (len(splits.train), len(splits.validation), len(splits.test))
