"""Trivial translations against plain loops over words."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbuild.metrics.tasks import scores
from tests.data.pairs.rows import loaded

WORDS = st.lists(st.sampled_from("abcde"), min_size=1, max_size=4).map(" ".join)
WRITTEN = st.dictionaries(WORDS, WORDS, min_size=1, max_size=8)


def answers(data, name):
    """What a method answers to each test row, as words; `?` for what no target has."""
    result = data.baselines("test")[name]
    words = dict(enumerate(data.codec.target_words, 1))
    return [
        " ".join(words.get(token, "?") for token in result.predictions[first:last].tolist())
        for first, last in zip(
            result.prediction_offsets, result.prediction_offsets[1:], strict=False
        )
    ]


def features(text):
    words = text.split()
    return {*words, *zip(["^", *words], words, strict=False)}


def nearest(train, text):
    """The first training source with the highest cosine, by dictionaries."""
    sets = {source: features(source) for source in train}

    def weight(feature):
        rows = sum(feature in known for known in sets.values())
        return math.log((len(train) + 1) / rows) ** 2 if rows else 0.0

    def cosine(source):
        shared = sum(map(weight, features(text) & sets[source]))
        return shared / max(math.sqrt(sum(map(weight, sets[source]))), 1e-9)

    best = max(map(cosine, train))
    return [source for source in train if cosine(source) > best - 1e-9]


@settings(deadline=None)
@given(WRITTEN, WRITTEN)
def test_the_nearest_source_is_the_one_that_a_plain_search_finds(train, test):
    result = answers(loaded(train, test), "target of the nearest source")
    for text, answer in zip(test, result, strict=True):
        assert answer in {train[source] for source in nearest(train, text)}


@settings(deadline=None)
@given(WRITTEN)
def test_a_source_that_training_has_finds_itself_or_one_with_the_same_features(train):
    result = answers(loaded(train, train), "target of the nearest source")
    for text, answer in zip(train, result, strict=True):
        same = [source for source in train if features(source) == features(text)]
        assert answer in {train[source] for source in same}


@settings(deadline=None)
@given(WRITTEN, WRITTEN)
def test_the_copy_is_the_source_where_targets_have_its_words(train, test):
    known = {word for target in train.values() for word in target.split()}
    expected = [" ".join(w if w in known else "?" for w in text.split()) for text in test]
    assert answers(loaded(train, test), "copy of the source") == expected


def test_the_most_common_tokens_end_where_most_targets_have_ended():
    train = {"1": "a b c", "2": "a b", "3": "a c", "4": "d", "5": "a b"}
    result = answers(loaded(train, {"6": "a b", "7": "x"}), "commonest token by position")
    assert result == ["a b", "a b"]
    data = loaded(train, {"6": "a b", "7": "x"})
    score = scores(data.baselines("test")["commonest token by position"], resamples=0)
    assert score["exact_match"].value == pytest.approx(0.5)
