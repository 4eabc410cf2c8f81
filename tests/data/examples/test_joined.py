"""Rows from several places, against rows taken one by one."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rnnbuild.data.examples.encoded import Encoded, end_to_end
from rnnbuild.data.examples.joined import joined


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


def test_overlapping_windows_stay_as_they_are() -> None:
    windows = Encoded(
        np.arange(5.0, dtype=np.float32)[:, None],
        np.array([0, 1, 2]),
        np.array([3, 3, 3], np.int32),
        np.zeros((3, 1), np.float32),
    )
    assert joined([windows, windows]).starts.tolist() == [0, 1, 2, 5, 6, 7]
