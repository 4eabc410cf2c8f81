"""Pieces of text are numbered as by a dictionary, whatever the table's size and the blocks."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbuild.data.text.pieces import LONGEST, Pieces

PIECES = st.text(st.sampled_from("abcé"), min_size=1, max_size=20) | st.integers(
    LONGEST - 9, LONGEST + 9
).map("x".__mul__)


@settings(deadline=None)
@given(
    blocks=st.lists(st.lists(st.lists(PIECES, max_size=9), max_size=9), max_size=4),
    slots=st.sampled_from((2, 4, 1 << 16)),
)
def test_pieces_are_numbered_as_a_dictionary_numbers_them(blocks, slots):
    table = Pieces()
    table._make_table(slots)
    seen: list[bytes] = []
    numbers: dict[str, int] = {}
    for rows in blocks:
        texts = [" ".join(row).encode() for row in rows]
        ends = np.cumsum([len(text) + 1 for text in texts]).astype(np.int64) - 1
        found, counts, new = table.numbers_of(b"".join(text + b"\n" for text in texts), ends)
        seen += new
        assert found.tolist() == [
            numbers.setdefault(word, len(numbers)) for r in rows for word in r
        ]
        assert counts.tolist() == [len(row) for row in rows]
    assert seen == [word.encode() for word in numbers]


def test_pieces_that_would_share_a_slot_stay_apart():
    table = Pieces()
    hashes = np.arange(1, 3000, dtype=np.uint64)  # the high bits, which choose the slot, are all 0
    table._insert(hashes, hashes.astype(np.int32))
    numbers, lacking = table._look_up(np.arange(1, 3100, dtype=np.uint64))
    assert numbers[:2999].tolist() == list(range(1, 3000))
    assert lacking.tolist() == list(range(2999, 3099))
