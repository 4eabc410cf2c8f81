"""`amazon`: what reading forward only can know, and what is held out."""

import re
from collections import Counter
from collections.abc import Iterable

import pytest

from rnnbuild.data.bundled.amazon import (
    ADJECTIVES,
    AMAZON,
    FRAMES_OF_MANY,
    FRAMES_OF_ONE,
    NOUNS_OF_MANY,
    NOUNS_OF_ONE,
    SENSES,
    SUBJECTS,
    VERBS,
    forward_only_bound,
)
from tests.data.bundled.contents import made


@pytest.fixture(scope="module")
def splits():
    return made(AMAZON, size=1000)


def test_reading_forward_only_exactly_half_can_be_correct(splits):
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


NOUNS = tuple(
    noun for table in (NOUNS_OF_ONE, NOUNS_OF_MANY) for words in table.values() for noun in words
)


def pairs_in(rows, first: Iterable[str], between: str, second: Iterable[str]) -> set[str]:
    """Every stretch of text that holds one of each."""
    one, other = ("|".join(map(re.escape, words)) for words in (first, second))
    pattern = re.compile(rf"(?:^| )((?:{one}){between}(?:{other}))(?= |$)")
    return {pair for text in rows.texts for pair in pattern.findall(text)}


def phrases(rows) -> set[tuple[str, str]]:
    """Each phrase about an "amazon" with its noun, without its adjective."""
    result = set()
    for frame in (*FRAMES_OF_ONE, *FRAMES_OF_MANY):
        words = re.escape(frame).replace(r"\{adjective\}", r"\w+").replace(r"\{noun\}", r"(\w+)")
        result |= {(frame, noun) for text in rows.texts for noun in re.findall(words, text)}
    return result


@pytest.mark.parametrize(
    "pairs",
    [
        lambda rows: pairs_in(rows, ADJECTIVES, " ", NOUNS),
        lambda rows: pairs_in(rows, SUBJECTS, " ", VERBS),
        phrases,
    ],
    ids=["adjective and noun", "subject and verb", "phrase and noun"],
)
def test_pairs_that_are_tested_were_never_trained_on(splits, pairs):
    train, test = pairs(splits.train), pairs(splits.test)
    assert len(test) > 20 and not train & test
