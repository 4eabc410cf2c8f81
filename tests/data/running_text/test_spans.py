"""Spans that occur again, against a search of every place."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rnnbuild.data.running_text import spans
from rnnbuild.data.running_text.spans import known, repeated

few_letters = st.lists(st.integers(1, 3), max_size=60).map(lambda ids: np.array(ids, np.int32))


def as_bytes(ids: np.ndarray) -> bytes:
    return ids.astype(np.uint8).tobytes()


@given(few_letters, st.integers(1, 7))
def test_a_span_is_repeated_where_a_search_finds_it_earlier(ids, span):
    text, starts = as_bytes(ids), range(0, len(ids) - span + 1, span)
    earlier = [text.find(text[start : start + span]) < start for start in starts]
    share = repeated(ids, span)
    assert (share.count, share.total) == (sum(earlier), len(starts))


@given(few_letters, few_letters, st.integers(1, 7))
def test_a_span_is_known_where_a_search_finds_it_in_the_other_text(before, after, span):
    text, starts = as_bytes(after), range(0, len(after) - span + 1, span)
    found = [text[start : start + span] in as_bytes(before) for start in starts]
    share = known(before, after, span)
    assert (share.count, share.total) == (sum(found), len(starts))


@given(few_letters, few_letters, st.integers(1, 7), st.integers(1, 9))
def test_blocks_of_any_size_find_the_same(before, after, span, block):
    whole = repeated(before, span), known(before, after, span)
    usual, spans.TOKENS_AT_ONCE = spans.TOKENS_AT_ONCE, block
    try:
        assert (repeated(before, span), known(before, after, span)) == whole
    finally:
        spans.TOKENS_AT_ONCE = usual


def test_a_text_that_was_pasted_twice_repeats_its_second_half():
    ids = np.random.default_rng(1).integers(1, 65, 5013).astype(np.int32)
    share = repeated(np.concatenate([ids, ids]), 100)
    # The span that spans both copies is new.
    assert (share.count, share.total) == (49, 100)
