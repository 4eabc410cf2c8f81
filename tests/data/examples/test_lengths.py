"""Figures of lengths are those that NumPy gives for all of them."""

import json
from dataclasses import asdict

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rnnbuild.data.examples.lengths import Lengths

LENGTHS = st.lists(st.integers(1, 60), min_size=1, max_size=80)


@given(LENGTHS, st.floats(0.01, 1), st.integers(1, 60), st.integers(1, 20))
def test_figures_of_lengths_are_those_of_numpy_over_all_of_them(rows, share, limit, bins):
    lengths, array = Lengths.of(rows), np.array(rows)
    assert (lengths.rows, lengths.steps) == (len(rows), array.sum())
    assert (lengths.shortest, lengths.longest) == (array.min(), array.max())
    for quantile in (share, 0.5, 0.99):
        assert lengths.quantile(quantile) == np.quantile(array, quantile, method="inverted_cdf")
    over = array[array > limit]
    assert lengths.over(limit) == (len(over), (over - limit).sum())
    histogram = lengths.histogram(bins)
    assert sum(histogram) == len(rows)
    assert len(histogram) <= bins
    assert histogram[0] and histogram[-1]


def test_a_bin_for_each_length_where_they_are_few():
    assert Lengths.of([3, 5, 3, 6]).histogram(16) == [2, 0, 1, 1]


def test_nothing_has_no_lengths():
    none = Lengths.of([])
    assert (none.rows, none.steps, none.longest, none.quantile(0.5)) == (0, 0, 0, 0)
    assert (none.over(3), none.over(None), none.histogram(4)) == ((0, 0), (0, 0), [])


@given(LENGTHS)
def test_lengths_are_read_back_from_json(rows):
    lengths = Lengths.of(rows)
    assert Lengths.from_json(json.loads(json.dumps(asdict(lengths)))) == lengths
