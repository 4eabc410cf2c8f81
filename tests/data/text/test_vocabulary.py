"""Which words get an id: against sorting all of them in plain Python."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rnnbuild.data.text.frequent_words import vocabulary_from
from rnnbuild.data.text.shapes import learned_shapes
from rnnbuild.data.text.tokeniser import EMPTY

WORDS = st.text(st.sampled_from("abC1-"), min_size=1, max_size=3)


@given(
    counted=st.dictionaries(WORDS | st.just(EMPTY), st.integers(0, 4), min_size=1, max_size=20),
    size=st.none() | st.integers(1, 20),
    min_count=st.integers(1, 3),
    shapes=st.booleans(),
)
def test_the_most_frequent_words_are_those_of_sorting_all(counted, size, min_count, shapes):
    words, counts = list(counted), np.array(list(counted.values()))
    found = vocabulary_from(words, counts, size, min_count, shapes)
    seen = [word for word, count in counted.items() if count and word != EMPTY]
    frequent = [word for word in seen if counted[word] >= min_count]
    expected = sorted(frequent, key=lambda word: (-counted[word], word))[:size]
    assert found.words == tuple(expected)
    rare = [word for word in seen if word not in expected]
    assert found.shapes == (learned_shapes(rare) if shapes else ())
