"""`parts-of-speech`: how many words have one reading, in a sentence and alone."""

from functools import cache
from itertools import pairwise

import pytest

from rnnbuild.data.bundled.bounds import word_alone_bound
from rnnbuild.data.bundled.parts_of_speech import CONTENT, GRAMMAR, PARTS_OF_SPEECH, WORDS
from rnnbuild.formatting import percent
from tests.data.bundled.contents import made

Tags = tuple[str, ...]
CONTENT_TAGS = {tag for tag, _ in CONTENT.values()}


@pytest.fixture(scope="module")
def splits():
    return made(PARTS_OF_SPEECH, size=3000)


def readings(words: tuple[str, ...]) -> frozenset[Tags]:
    """All sequences of tags that the grammar allows: a chart parser over spans of words."""

    @cache
    def phrase(name: str, start: int, end: int) -> frozenset[Tags]:
        if name in GRAMMAR:
            ways = {tuple(way) for way in GRAMMAR[name]}
            return frozenset(tags for way in ways for tags in sequence(way, start, end))
        tag, listed = WORDS[name]
        fits = end == start + 1 and words[start] in listed
        return frozenset({(tag,)}) if fits else frozenset()

    @cache
    def sequence(names: tuple[str, ...], start: int, end: int) -> frozenset[Tags]:
        if len(names) == 1:
            return phrase(names[0], start, end)
        return frozenset(
            first + rest
            for middle in range(start + 1, end - len(names) + 2)
            for first in phrase(names[0], start, middle)
            for rest in sequence(names[1:], middle, end)
        )

    return phrase("sentence", 0, len(words))


def test_nearly_every_word_has_one_reading_in_its_sentence(splits):
    words = certain = 0
    for sentence, tags in list(zip(splits.test.words, splits.test.targets, strict=True))[:60]:
        result = readings(sentence)
        assert tags in result
        words += len(sentence)
        certain += sum(
            len({reading[place] for reading in result}) == 1 for place in range(len(tags))
        )
    assert certain / words > 0.98


def test_the_share_of_words_with_one_reading_is_the_one_on_the_card():
    rows = made(PARTS_OF_SPEECH).test
    words = certain = 0
    for sentence in rows.words:
        result = readings(sentence)
        words += len(sentence)
        certain += sum(len({reading[n] for reading in result}) == 1 for n in range(len(sentence)))
    assert percent(certain / words) in PARTS_OF_SPEECH.card.best


def test_words_have_up_to_four_classes_and_alone_tell_four_fifths(splits):
    classes: dict[str, set[str]] = {}
    for words, tags in zip(splits.train.words, splits.train.targets, strict=True):
        for word, tag in zip(words, tags, strict=True):
            classes.setdefault(word, set()).add(tag)
    assert max(map(len, classes.values())) == 4
    assert sum(len(result) > 1 for result in classes.values()) > 30
    assert 0.75 < word_alone_bound(splits.test) < 0.85


def test_sequences_of_tags_that_are_tested_were_never_trained_on(splits):
    assert not set(splits.train.targets) & set(splits.test.targets)


def test_successive_content_words_that_are_tested_were_never_trained_on(splits):
    def pairs(rows) -> set[tuple[str, str]]:
        result = set()
        for words, tags in zip(rows.words, rows.targets, strict=True):
            content = [
                word
                for word, tag in zip(words, tags, strict=True)
                if tag in CONTENT_TAGS and any(word in WORDS[name][1] for name in CONTENT)
            ]
            result |= set(pairwise(content))
        return result

    train, test = pairs(splits.train), pairs(splits.test)
    assert len(test) > 100 and not train & test


def test_every_word_that_is_tested_was_trained_on_in_the_same_class():
    splits = made(PARTS_OF_SPEECH)
    train, test = (
        {
            pair
            for words, tags in zip(rows.words, rows.targets, strict=True)
            for pair in zip(words, tags, strict=True)
        }
        for rows in (splits.train, splits.test)
    )
    assert test <= train
