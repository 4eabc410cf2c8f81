"""Sequences as numbers, and what is counted of them part by part."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rnnbuild.data.examples import encoded as module
from rnnbuild.data.examples.encoded import UNSEEN, end_to_end, label_counts


@given(targets=st.lists(st.integers(UNSEEN, 4), min_size=1, max_size=40), step=st.integers(1, 50))
def test_labels_are_counted_alike_in_parts_of_any_size(targets, step):
    rows = end_to_end(
        np.zeros(len(targets), np.int32),
        np.arange(len(targets) + 1),
        np.array(targets, np.int32),
    )
    usual, module.TARGETS_AT_ONCE = module.TARGETS_AT_ONCE, step
    try:
        counts = label_counts(rows, 5)
    finally:
        module.TARGETS_AT_ONCE = usual
    assert counts.tolist() == [targets.count(label) for label in range(5)]


@given(lengths=st.lists(st.integers(1, 9), max_size=9))
def test_sequences_that_lie_end_to_end_know_where_each_begins(lengths):
    offsets = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
    rows = end_to_end(np.zeros(offsets[-1], np.int32), offsets, np.zeros(len(lengths), np.int32))
    assert rows.starts.tolist() == offsets[:-1].tolist()
    assert rows.lengths.tolist() == lengths
    assert rows.lengths.dtype == np.int32
    assert rows.offsets.tolist() == offsets.tolist()
