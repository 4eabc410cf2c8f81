"""Rows that are too long are read in pieces, and each step is answered once."""

import numpy as np
import pytest

from rnnbuild.data.examples.batches import make_batch
from rnnbuild.data.examples.encoded import UNSEEN, Encoded, end_to_end
from rnnbuild.inference.pieces import in_pieces, own_steps

LENGTHS = [1, 9, 10, 11, 15, 16, 40, 3]


def texts(per_step: bool = True) -> Encoded:
    """Rows whose values and targets are their steps' numbers, from 1 in all rows together."""
    offsets = np.concatenate(([0], np.cumsum(LENGTHS))).astype(np.int64)
    numbers = np.arange(1, offsets[-1] + 1, dtype=np.int32)
    return end_to_end(numbers, offsets, numbers, per_step=per_step)


@pytest.mark.parametrize("most", [2, 3, 10, 11])
def test_every_step_is_answered_once_in_order_and_after_half_a_piece_at_least(most: int) -> None:
    encoded = texts()
    pieces = in_pieces(encoded, most)
    assert pieces.lengths.max() <= most and pieces.context is not None
    batch = make_batch(pieces, np.arange(len(pieces)))
    steps = np.concatenate(
        [row[:length] for row, length in zip(batch.inputs, pieces.lengths, strict=True)]
    )
    np.testing.assert_array_equal(steps[own_steps(pieces)], encoded.values)
    # What is only read has no target.
    np.testing.assert_array_equal(
        np.sort(batch.targets[batch.targets != UNSEEN]), np.sort(encoded.targets)
    )
    begun = np.isin(pieces.starts, encoded.starts)
    assert set(pieces.context[~begun].tolist()) <= {most // 2}
    assert not pieces.context[begun].any()


def test_rows_that_fit_and_those_of_other_kinds_stay_as_they_are() -> None:
    for encoded, most in ((texts(), 40), (texts(), 1000), (texts(per_step=False), 4)):
        assert in_pieces(encoded, most) is encoded


def test_a_part_of_the_rows_is_these_rows() -> None:
    encoded = texts()
    part = encoded.part(slice(2, 5))
    expected = make_batch(encoded, np.array([2, 3, 4]))
    got = make_batch(part, np.arange(3))
    np.testing.assert_array_equal(got.inputs, expected.inputs)
    np.testing.assert_array_equal(got.targets, expected.targets)
    assert part.offsets.tolist() == [0, 10, 21, 36]
