"""Rows from several places, and some of them, against rows taken one by one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnbuild.data.examples.encoded import Encoded, end_to_end
from rnnbuild.data.examples.joined import chosen, joined


def encoded(lengths: list[int], first: int, per_step: bool) -> Encoded:
    total = sum(lengths)
    values = np.arange(first, first + total, dtype=np.int32)
    targets = values * 10 if per_step else np.arange(len(lengths), dtype=np.int32) + first
    return end_to_end(values, np.cumsum([0, *lengths]), targets, per_step)


def rows_in(examples: Encoded) -> list[tuple[list[int], list[int] | int]]:
    """Each row's values and targets."""
    rows = []
    for row, (start, length) in enumerate(zip(examples.starts, examples.lengths, strict=True)):
        own = slice(start, start + length)
        target = examples.targets[own].tolist() if examples.per_step else examples.targets[row]
        rows.append((examples.values[own].tolist(), target))
    return rows


lengths_of_parts = st.lists(st.lists(st.integers(1, 5), min_size=1, max_size=4), min_size=1)


@given(lengths_of_parts, st.booleans())
def test_joined_parts_have_all_rows_in_their_order(parts: list[list[int]], steps: bool) -> None:
    every = [encoded(lengths, 100 * at, steps) for at, lengths in enumerate(parts)]
    assert rows_in(joined(every)) == [row for part in every for row in rows_in(part)]


@given(st.lists(st.integers(1, 5), min_size=1), st.booleans(), st.data())
def test_chosen_rows_are_those_in_their_order(
    lengths: list[int], steps: bool, data: st.DataObject
) -> None:
    examples = encoded(lengths, 7, steps)
    rows = data.draw(st.lists(st.integers(0, len(lengths) - 1), min_size=1))
    some = chosen(examples, np.array(rows))
    assert rows_in(some) == [rows_in(examples)[row] for row in rows]
    assert some.offsets.tolist() == [*some.starts.tolist(), len(some.values)]


def test_rows_of_overlapping_windows_are_copied() -> None:
    windows = Encoded(
        np.arange(5.0, dtype=np.float32)[:, None],
        np.array([0, 1, 2]),
        np.array([3, 3, 3], np.int32),
        np.zeros((3, 1), np.float32),
    )
    assert chosen(windows, np.array([2, 0])).values[:, 0].tolist() == [2, 3, 4, 0, 1, 2]
    assert joined([windows, windows]).starts.tolist() == [0, 1, 2, 5, 6, 7]
    with pytest.raises(IndexError):
        chosen(windows, np.array([3]))
