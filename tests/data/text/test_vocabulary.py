"""Which words get an id: against sorting all of them in plain Python."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rnnbuild.data.text.frequent_words import NONE_KNOWN, vocabulary_from
from rnnbuild.data.text.shapes import learned_shapes
from rnnbuild.data.text.tokeniser import EMPTY

WORDS = st.text(st.sampled_from("abC1-"), min_size=1, max_size=3)
COUNTED = st.dictionaries(WORDS | st.just(EMPTY), st.integers(0, 4), min_size=1, max_size=20)
LIMITS = st.tuples(st.none() | st.integers(1, 20), st.integers(1, 3), st.booleans())


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


def vocabulary(counted, limits, known=NONE_KNOWN):
    return vocabulary_from(list(counted), np.array(list(counted.values())), *limits, known)


@given(before=COUNTED, counted=COUNTED, first=LIMITS, limits=LIMITS)
def test_a_known_vocabulary_keeps_its_ids_and_grows_by_the_rest(before, counted, first, limits):
    known, alone = vocabulary(before, first), vocabulary(counted, limits)
    both = vocabulary(counted, limits, known)
    assert all(both.ids[word] == number for word, number in known.ids.items())
    added = both.words[len(known.words) :]
    assert added == tuple(word for word in alone.words if word not in known)
    *_, shapes = limits
    rare = [w for w, n in counted.items() if n and w != EMPTY and w not in both]
    expected = dict.fromkeys((*known.shapes, *learned_shapes(rare))) if shapes else ()
    assert both.shapes == tuple(expected)


@given(before=COUNTED, counted=COUNTED, first=LIMITS, limits=LIMITS)
def test_growing_by_the_same_words_again_changes_nothing(before, counted, first, limits):
    once = vocabulary(counted, limits, vocabulary(before, first))
    assert vocabulary(counted, limits, once) == once
