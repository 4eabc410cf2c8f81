"""Products with panels against float64, and the promise that a sum does not depend on its tile."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import njit

from rnnbuild.models.kernels.products import product, product_with, tile_rows
from rnnbuild.models.kernels.vectors import BYTES, LANES, pointer_of

UNIT = 2.0**-24
"""Relative error of one rounding of a float32."""


@njit
def multiply(function: int, a: Any, b: Any, c: Any, transposed: bool, add: bool) -> None:
    """C = A · B, or Aᵀ · B, or C + that."""
    row, k = (1, a.shape[1]) if transposed else (a.shape[1], 1)
    left = (pointer_of(a), row, k, b.shape[0], 1, 0)
    product(
        function,
        left,
        (pointer_of(b), b.shape[1]),
        (pointer_of(c), c.shape[1]),
        c.shape[0],
        add,
    )


@njit
def multiply_panels(function: int, a: Any, b: Any, c: Any) -> None:
    """C = A · B for an A in panels, (panels, rows, columns)."""
    panels, rows, columns = a.shape
    left = (pointer_of(a), columns, 1, columns, panels, rows * columns)
    product(
        function,
        left,
        (pointer_of(b), b.shape[1]),
        (pointer_of(c), c.shape[1]),
        rows,
        False,
    )


def bound_of(a: Any, b: Any, before: Any) -> Any:
    """The error that the roundings of a sum of k products may make: (k + 1) · 2⁻²⁴ · (|A| · |B| +
    |C|), where C is what it starts from (Higham 2002, section 3.1)."""
    size = np.abs(a.astype(float)) @ np.abs(b.astype(float)) + np.abs(before)
    return (a.shape[1] + 1) * UNIT * size


@settings(max_examples=60, deadline=None)
@given(
    vectors=st.sampled_from([2, 3, 4]),
    rows=st.integers(1, 21),
    k=st.integers(1, 70),
    transposed=st.booleans(),
    add=st.booleans(),
    seed=st.integers(0, 99),
)
def test_a_product_of_any_size_is_within_the_error_of_its_roundings(
    vectors: int, rows: int, k: int, transposed: bool, add: bool, seed: int
) -> None:
    draw = np.random.default_rng(seed)
    a, b, c = (
        draw.normal(size=size).astype(np.float32)
        for size in ((rows, k), (k, vectors * LANES), (rows, vectors * LANES))
    )
    before = c.astype(float) if add else 0.0
    given_a = np.ascontiguousarray(a.T) if transposed else a
    multiply(product_with(vectors), given_a, b, c, transposed, add)
    error = np.abs(c - (before + a.astype(float) @ b))
    assert (error <= bound_of(a, b, before)).all()


@pytest.mark.parametrize("vectors", [2, 3, 4])
def test_a_matrix_in_panels_is_multiplied_as_its_panels_side_by_side(vectors: int) -> None:
    draw = np.random.default_rng(1)
    a = draw.normal(size=(3, 11, 5)).astype(np.float32)
    b = draw.normal(size=(15, vectors * LANES)).astype(np.float32)
    c, flat = np.empty((2, 11, vectors * LANES), np.float32), a.swapaxes(0, 1).reshape(11, 15)
    multiply_panels(product_with(vectors), a, b, c[0])
    multiply(product_with(vectors), np.ascontiguousarray(flat), b, c[1], False, False)
    np.testing.assert_array_equal(c[0], c[1])


@pytest.mark.parametrize("vectors", [2, 3, 4])
def test_a_row_has_the_same_bits_alone_as_in_a_tile(vectors: int) -> None:
    draw = np.random.default_rng(2)
    rows = 2 * tile_rows(vectors) + 7  # whole tiles, and every smaller one
    a = draw.normal(size=(rows, 33)).astype(np.float32)
    b = draw.normal(size=(33, vectors * LANES)).astype(np.float32)
    together, alone = (np.empty((rows, vectors * LANES), np.float32) for _ in range(2))
    multiply(product_with(vectors), a, b, together, False, False)
    for row in range(rows):
        multiply(product_with(vectors), a[row : row + 1], b, alone[row : row + 1], False, False)
    np.testing.assert_array_equal(together, alone)


@njit
def multiply_into(function: int, a: Any, b: Any, c: Any, first: int) -> None:
    """A · B, into the rows of a wider C from `first` on."""
    left = (pointer_of(a), a.shape[1], 1, a.shape[1], 1, 0)
    to = (pointer_of(c) + BYTES * first * c.shape[1], c.shape[1])
    product(function, left, (pointer_of(b), b.shape[1]), to, a.shape[0], False)


@pytest.mark.parametrize("vectors", [2, 3, 4])
def test_nothing_is_written_beside_a_product(vectors: int) -> None:
    a, b = np.ones((3, 4), np.float32), np.ones((4, vectors * LANES), np.float32)
    c = np.full((5, vectors * LANES + 3), -1, np.float32)
    multiply_into(product_with(vectors), a, b, c, 1)
    expected = np.full_like(c, -1)
    expected[1:4, : vectors * LANES] = 4
    np.testing.assert_array_equal(c, expected)
