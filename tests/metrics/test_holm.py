"""Holm's adjustment, against statsmodels and the closed test of which it is the short form."""

from itertools import chain, combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from rnnbuild.metrics.holm import holm

P_VALUES = st.lists(st.floats(0, 1), min_size=1, max_size=8)


@given(P_VALUES)
def test_adjusted_p_values_are_those_of_statsmodels(p_values):
    assert holm(p_values) == pytest.approx(list(multipletests(p_values, method="holm")[1]))


@given(P_VALUES)
def test_a_test_is_significant_where_every_family_with_it_is_by_bonferroni(p_values):
    numbers = range(len(p_values))
    families = list(chain.from_iterable(combinations(numbers, n + 1) for n in numbers))
    for number, adjusted in enumerate(holm(p_values)):
        closed = max(
            min(1.0, len(family) * min(p_values[each] for each in family))
            for family in families
            if number in family
        )
        assert adjusted == pytest.approx(closed)


def test_holms_example():
    # Holm, 1979: 0.01 * 4, 0.02 * 3, then nothing below what came before.
    assert holm([0.01, 0.04, 0.03, 0.02]) == pytest.approx([0.04, 0.06, 0.06, 0.06])


def test_a_test_that_could_not_be_made_counts_as_one_of_the_family():
    assert holm([0.01, None, 0.02]) == [pytest.approx(0.03), None, pytest.approx(0.04)]


def test_no_test_is_no_family():
    assert holm([]) == []
