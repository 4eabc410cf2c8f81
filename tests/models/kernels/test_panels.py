"""Weights in panels against the sums that kernels take of them."""

from typing import Any

import numpy as np
import pytest

from rnnbuild.models.kernels.cells import KERNELS
from rnnbuild.models.kernels.panels import BACK_WIDTH, packed, unpacked
from rnnbuild.models.kernels.weights import Weights

SIZES = [(1, 1), (3, 7), (20, 8), (5, 16), (33, 17), (40, 64)]


def weights(cell: Any, width: int, units: int) -> tuple[Any, Any, Any]:
    """W, U and biases of a cell, each number another one."""
    columns, rows = cell.gates * units, 2 if cell is KERNELS["GRU"] else 1
    return tuple(
        (start + np.arange(count * columns, dtype=np.float32)).reshape(count, columns)
        for start, count in ((1, width), (1e5, units), (2e5, rows))
    )


def columns_of(matrix: Any, order: Any, units: int) -> Any:
    """A matrix's columns with its gates in another order, (rows, gates, units)."""
    return matrix.reshape(len(matrix), -1, units)[:, order]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", KERNELS)
def test_panels_hold_every_weight_once_and_are_zero_elsewhere(
    name: str, size: tuple[int, int]
) -> None:
    cell, (width, units) = KERNELS[name], size
    kernel, recurrent, bias = weights(cell, width, units)
    panels = packed(cell.layout, kernel, recurrent, bias)
    for matrix, order, packs in (
        (kernel, cell.layout.inputs, panels.kernel),
        (recurrent, cell.layout.recurrents, panels.recurrent),
    ):
        # (panels, k, gates, span) -> (k, gates, panels · span)
        flat = packs.reshape(len(packs), len(matrix), -1, cell.span).transpose(1, 2, 0, 3)
        flat = flat.reshape(len(matrix), len(order), -1)
        np.testing.assert_array_equal(flat[..., :units], columns_of(matrix, order, units))
        assert not flat[..., units:].any()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", KERNELS)
def test_transposed_panels_multiply_as_the_transposed_weights(
    name: str, size: tuple[int, int]
) -> None:
    cell, (width, units) = KERNELS[name], size
    kernel, recurrent, bias = weights(cell, width, units)
    packs = Weights.of(cell.layout, kernel, recurrent, bias)
    for call in packs.transposing(2):
        call()
    forth, back = packs.panels, packs.back
    for matrix, there, transposed in (
        (kernel, forth.kernel, back.kernel),
        (recurrent, forth.recurrent, back.recurrent),
    ):
        # Columns of a row of the panels side by side, as a row of gates has them.
        rows = there.swapaxes(0, 1).reshape(len(matrix), -1)
        flat = transposed.swapaxes(0, 1).reshape(transposed.shape[1], -1)
        assert transposed.shape[2] == BACK_WIDTH
        np.testing.assert_array_equal(flat[:, : len(matrix)], rows.T)
        assert not flat[:, len(matrix) :].any()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", KERNELS)
def test_weights_come_back_from_panels_as_they_were(name: str, size: tuple[int, int]) -> None:
    cell, (width, units) = KERNELS[name], size
    kernel, recurrent, bias = weights(cell, width, units)
    panels = packed(cell.layout, kernel, recurrent, bias)
    got = unpacked(cell.layout, panels, len(bias))
    np.testing.assert_array_equal(got[0], kernel)
    np.testing.assert_array_equal(got[1], recurrent)
    if len(bias) == 1:
        np.testing.assert_array_equal(got[2], bias)


def test_a_gru_has_both_biases_at_z_and_r_and_each_of_its_own_at_the_candidate() -> None:
    cell, units = KERNELS["GRU"], 5
    kernel, recurrent, bias = weights(cell, 2, units)
    (z, r, g), (z_own, r_own, g_own) = bias.reshape(2, 3, units)
    slots = packed(cell.layout, kernel, recurrent, bias).bias.reshape(cell.slots, cell.span)
    expected = [g_own, z + z_own, r + r_own, g]
    np.testing.assert_array_equal(slots[:, :units], expected)
