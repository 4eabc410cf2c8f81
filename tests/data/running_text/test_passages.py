"""Ids as windows and passages: every token but the first is a target once."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnbuild.data.examples.batches import make_batch
from rnnbuild.data.examples.encoded import UNSEEN, Encoded
from rnnbuild.data.running_text.passages import (
    CONTEXT,
    PASSAGE,
    next_units,
    passages_of,
    windows_of,
)

LENGTHS = st.integers(1, 3 * PASSAGE + 2) | st.sampled_from(
    [1, 2, PASSAGE, PASSAGE + 1, PASSAGE + 2, 2 * PASSAGE + 1]
)


def ids_of(length: int) -> np.ndarray:
    """Each id says its place: 10, 11, ..."""
    return np.arange(10, 10 + length, dtype=np.int32)


def scored(encoded: Encoded) -> list[int]:
    """The targets with a weight, row by row."""
    if not len(encoded):
        return []
    batch = make_batch(encoded, np.arange(len(encoded)))
    return [int(target) for target in batch.targets[batch.targets != UNSEEN]]


@given(length=LENGTHS, window=st.integers(1, 70))
def test_windows_have_each_target_once_and_follow_one_another(length: int, window: int) -> None:
    windows = windows_of(ids_of(length), window, 1)
    assert windows.carries_state and windows.context is None
    assert scored(windows) == list(range(10, 10 + length - 1))
    assert (windows.lengths[:-1] == window).all()
    assert len(windows) == -(-(length - 1) // window)


@given(length=LENGTHS)
def test_passages_have_each_target_once_behind_what_comes_before(length: int) -> None:
    passages = passages_of(ids_of(length), 1)
    assert not passages.carries_state and passages.context is not None
    assert scored(passages) == list(range(10, 10 + length - 1))
    assert passages.context.tolist() == [
        min(CONTEXT, row * PASSAGE) for row in range(len(passages))
    ]
    assert (passages.lengths - passages.context <= PASSAGE).all()
    assert (passages.lengths > passages.context).all()


@pytest.mark.parametrize("row", [0, 1, 2])
def test_a_target_is_the_unit_of_the_id_after_its_step(row: int) -> None:
    passages = passages_of(ids_of(3 * PASSAGE), 1)
    batch = make_batch(passages, np.array([row]))
    seen = batch.targets[0] != UNSEEN
    # The id after each is one larger, and its unit one less than that.
    np.testing.assert_array_equal(batch.targets[0][seen], batch.inputs[0][seen])


def test_units_are_ids_from_the_first_on() -> None:
    assert next_units(np.array([5, 1, 2], np.int32), 1).tolist() == [0, 1]
    assert next_units(np.zeros(0, np.int32), 1).tolist() == []
