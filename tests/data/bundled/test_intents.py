"""`intents`: every intent in every split, and new pairs in the test split."""

import re
from collections import Counter
from string import Formatter

import pytest

from rnnbuild.data.bundled.bounds import bag_of_words_bound
from rnnbuild.data.bundled.intents import (
    FILLERS,
    FRAMES,
    HOLDERS,
    INTENTS,
    NAMES,
    OPENINGS,
    SIMPLE,
)
from tests.data.bundled.contents import made


@pytest.fixture(scope="module")
def splits():
    return made(INTENTS, size=3000)


def pattern_of(frame: str, request: str = ".*") -> re.Pattern[str]:
    """Reads the fillers out of requests of one frame."""
    pattern = ""
    for text, slot, _, _ in Formatter().parse(frame):
        pattern += re.escape(text)
        if slot == "request":
            pattern += request
        elif slot:
            longest_first = sorted(FILLERS[slot], key=len, reverse=True)
            pattern += f"(?P<{slot}>{'|'.join(map(re.escape, longest_first))})"
    return re.compile(rf"\b{pattern}(?!\w)")


def filled(texts: list[str]) -> set[tuple[str, str, str]]:
    return {
        (frame, slot, filler)
        for frames in FRAMES.values()
        for frame in frames
        for text in texts
        for result in pattern_of(frame).finditer(text)
        for slot, filler in result.groupdict().items()
    }


def test_there_are_ten_to_fifteen_intents_and_each_is_in_every_split(splits):
    assert 10 <= len(NAMES) <= 15
    for rows in splits.present:
        assert {label for (label,) in rows.targets} == set(NAMES)


def test_pairs_of_frame_and_filler_that_are_tested_were_never_trained_on(splits):
    train, test = filled(splits.train.texts[:800]), filled(splits.test.texts)
    assert len(test) > 50
    # "the weather" and the like stand in fillers of two slots: the frame's own are what counts.
    assert not train & test


def plain(rows) -> list[tuple[str, str]]:
    """Requests that take no other one back, with their intents."""
    signs = ("do not ", "instead of what", "i said", "rather than", "i know i wanted")
    return [
        (text, label)
        for text, (label,) in zip(rows.texts, rows.targets, strict=True)
        if "do not let me forget" in text or not any(sign in text for sign in signs)
    ]


def test_pairs_of_opening_and_intent_that_are_tested_were_never_trained_on(splits):
    longest_first = sorted(filter(None, OPENINGS), key=len, reverse=True)

    def pairs(rows) -> set[tuple[str, str]]:
        return {
            (next((words for words in longest_first if text.startswith(words)), ""), label)
            for text, label in plain(rows)
        }

    train, test = pairs(splits.train), pairs(splits.test)
    assert len(test) > 20 and not train & test


def test_pairs_of_a_request_and_the_one_inside_it_that_are_tested_were_never_trained_on(splits):
    inner = {name: list(map(pattern_of, FRAMES[name])) for name in SIMPLE}
    holding = [frame for name in HOLDERS for frame in FRAMES[name] if "{request}" in frame]

    def pairs(rows) -> set[tuple[str, str]]:
        result = set()
        for frame in holding:
            pattern = pattern_of(frame, request="(?P<request>.*)")
            for text, _ in plain(rows):
                if held := pattern.search(text):
                    result |= {
                        (frame, name)
                        for name, patterns in inner.items()
                        if any(one.match(held["request"]) for one in patterns)
                    }
        return result

    train, test = pairs(splits.train), pairs(splits.test)
    assert len(test) > 20 and not train & test


def test_every_word_that_is_tested_was_trained_on(splits):
    words = [set(" ".join(rows.texts).split()) for rows in (splits.train, splits.test)]
    assert words[1] <= words[0]


def test_three_in_ten_requests_have_a_twin_of_the_same_words_and_another_intent(splits):
    rows = splits.train
    bags: dict[str, Counter[str]] = {}
    for text, (label,) in zip(rows.texts, rows.targets, strict=True):
        bags.setdefault(" ".join(sorted(text.split())), Counter())[label] += 1
    twins = sum(counts.total() for counts in bags.values() if len(counts) > 1)
    assert twins / len(rows) == pytest.approx(0.3, abs=0.05)
    correct = sum(max(counts.values()) for counts in bags.values())
    assert bag_of_words_bound(rows) == pytest.approx(correct / len(rows))
    assert correct / len(rows) < 0.9
