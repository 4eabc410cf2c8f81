"""Where a decoded sequence ends."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbuild.data.examples.encoded import UNSEEN
from rnnbuild.data.pairs.ends import END, up_to_end, with_ends

# -1 is a word that the target vocabulary lacks.
ROWS = st.lists(st.lists(st.sampled_from([UNSEEN, 1, 2, 3]), max_size=5), max_size=6)


def flat(rows):
    tokens = np.array([token for row in rows for token in row], np.int32)
    return tokens, np.cumsum([0, *map(len, rows)])


@settings(deadline=None)
@given(ROWS, st.integers(1, 8))
def test_rows_come_back_from_their_table(rows, steps):
    table = with_ends(*flat(rows), steps)
    assert table.shape[1] >= steps
    for row, ids in zip(rows, table.tolist(), strict=True):
        assert ids == [*row, END, *[UNSEEN] * (len(ids) - len(row) - 1)]
    tokens, offsets = up_to_end(table)
    np.testing.assert_array_equal(tokens, flat(rows)[0])
    np.testing.assert_array_equal(offsets, flat(rows)[1])


def test_decoding_stops_at_the_first_end_mark_and_a_row_without_one_is_taken_whole():
    tokens, offsets = up_to_end(np.array([[5, END, 6, END], [END, 7, 7, 7], [1, 2, 3, 4]]))
    assert tokens.tolist() == [5, 1, 2, 3, 4]
    assert offsets.tolist() == [0, 1, 1, 5]
