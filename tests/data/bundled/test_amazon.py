from collections import Counter
from itertools import pairwise

import pytest

from rnnbuild.data.bundled.amazon import (
    ADJECTIVES,
    AMAZON,
    NOUNS_OF_MANY,
    NOUNS_OF_ONE,
    SENSES,
    forward_only_bound,
)
from tests.data.bundled.contents import made


@pytest.fixture(scope="module")
def splits():
    return made(AMAZON, size=1000)


def test_reading_forward_only_exactly_half_can_be_right(splits):
    # Counted here by another way than the bound's own: after each beginning, both senses come
    # equally often.
    for rows in splits.present:
        senses = Counter(
            (text.split("amazon")[0], text.split("amazon")[1] if place else None, tag)
            for text, tags in zip(rows.texts, rows.targets, strict=True)
            for place, tag in enumerate(tag for tag in tags if tag in SENSES)
        )
        for before, between, sense in senses:
            counts = {senses[before, between, each] for each in SENSES}
            assert len(counts) == 1, (before, between, sense)
        assert forward_only_bound(rows) == 0.5


def test_pairs_of_adjective_and_noun_that_are_tested_were_never_trained_on(splits):
    nouns = {
        noun
        for table in (NOUNS_OF_ONE, NOUNS_OF_MANY)
        for words in table.values()
        for noun in words
    }
    pairs = [
        {
            pair
            for words in rows.words
            for pair in pairwise(words)
            if pair[0] in ADJECTIVES and pair[1] in nouns
        }
        for rows in (splits.train, splits.test)
    ]
    assert all(pairs) and not pairs[0] & pairs[1]
