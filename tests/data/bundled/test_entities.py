"""`entities`: no side of a name, and no name alone, tells what it is."""

from collections import Counter

import pytest

from rnnbuild.data.bundled.entities import (
    AFTER,
    BEFORE,
    ENTITIES,
    OPEN_AFTER,
    OPEN_BEFORE,
    TYPES,
    forward_only_bound,
)
from rnnbuild.tasks.tag import mark_entities
from tests.data.bundled.contents import made


@pytest.fixture(scope="module")
def splits():
    return made(ENTITIES, size=1500)


def names_of(rows) -> list[tuple[tuple[str, ...], str]]:
    """Each entity's words and its type, read from the BIO tags."""
    result: list[tuple[list[str], str]] = []
    for words, tags in zip(rows.words, rows.targets, strict=True):
        for word, tag in zip(words, tags, strict=True):
            if tag.startswith("B-"):
                result.append(([word], tag[2:]))
            elif tag.startswith("I-"):
                assert result[-1][1] == tag[2:]
                result[-1][0].append(word)
    return [(tuple(words), kind) for words, kind in result]


def one_sided_share(rows, side: slice) -> float:
    """How many words of names can be correct at best where only one side of each is seen."""
    seen: dict[tuple[str, ...], Counter[str]] = {}
    for words, tags in zip(rows.words, rows.targets, strict=True):
        turned, their_tags = words[side], tags[side]
        for place, tag in enumerate(their_tags):
            if tag != "O":
                seen.setdefault(turned[: place + 1], Counter())[tag] += 1
    return sum(max(c.values()) for c in seen.values()) / sum(c.total() for c in seen.values())


def test_neither_side_alone_identifies_more_than_three_of_four_names(splits):
    for rows in splits.present:
        forward, backward = (
            one_sided_share(rows, slice(None)),
            one_sided_share(rows, slice(None, None, -1)),
        )
        assert forward_only_bound(rows) == pytest.approx(forward)
        assert 0.55 < forward < 0.8
        assert 0.55 < backward < 0.85


def test_a_name_alone_says_next_to_nothing(splits):
    kinds: dict[tuple[str, ...], Counter[str]] = {}
    for name, kind in names_of(splits.train):
        kinds.setdefault(name, Counter())[kind] += 1
    common = [counts for counts in kinds.values() if counts.total() > 30]
    assert len(common) > 15
    assert all(set(counts) == set(TYPES) for counts in common)
    assert all(max(counts.values()) / counts.total() < 0.6 for counts in common)


def test_some_names_are_ordinary_words_elsewhere(splits):
    rows = splits.train
    names = {word for name, _ in names_of(rows) for word in name}
    others = {
        word
        for words, tags in zip(rows.words, rows.targets, strict=True)
        for word, tag in zip(words, tags, strict=True)
        if tag == "O"
    }
    assert {"rose", "may", "bill", "grant", "mark"} <= names & others


def test_names_of_two_words_that_are_tested_were_never_trained_on(splits):
    train, test = (
        {name for name, _ in names_of(rows) if len(name) == 2}
        for rows in (splits.train, splits.test)
    )
    assert len(test) > 20 and not train & test


def test_pairs_of_phrases_around_a_name_that_are_tested_were_never_trained_on(splits):
    before = (*OPEN_BEFORE, *(phrase for kind in TYPES for phrase in BEFORE[kind]))
    after = (*OPEN_AFTER, *(phrase for kind in TYPES for phrase in AFTER[kind]))

    def pairs(rows) -> set[tuple[str, str]]:
        result = set()
        for text, tags in zip(rows.texts, rows.targets, strict=True):
            words = text.split()
            hidden = " ".join(
                "NAME" if tag != "O" else word for word, tag in zip(words, tags, strict=True)
            )
            for one in before:
                for other in after:
                    if f"{one} NAME {other}" in hidden or f"{one} NAME NAME {other}" in hidden:
                        result.add((one, other))
        return result

    train, test = pairs(splits.train), pairs(splits.test)
    assert len(test) > 50 and not train & test


def test_the_tags_are_of_the_bio_kind(splits):
    assert mark_entities(tuple({tag for tags in splits.train.targets for tag in tags}))
