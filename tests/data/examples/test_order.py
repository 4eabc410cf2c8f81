"""Orders of rows in 32 bits are those that NumPy gives in 64."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnbuild.data.examples.order import row_type, shuffled_order


@given(rows=st.integers(0, 300), seed=st.integers(0, 5))
def test_rows_are_shuffled_as_numpy_permutes_them(rows, seed):
    ours, numpys = np.random.default_rng(seed), np.random.default_rng(seed)
    result = shuffled_order(rows, ours)
    assert result.tolist() == numpys.permutation(rows).tolist()
    assert result.dtype == np.int32
    assert ours.integers(1 << 60) == numpys.integers(1 << 60)


@pytest.mark.parametrize(("rows", "bits"), [(0, 32), (2**31 - 1, 32), (2**31, 64)])
def test_numbers_of_rows_take_32_bits_for_as_long_as_they_fit(rows, bits):
    assert row_type(rows)(0).itemsize * 8 == bits
