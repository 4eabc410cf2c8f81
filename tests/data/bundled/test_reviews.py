"""`reviews`: labels follow from the words' order, and bags of words cannot tell."""

import re
from collections import Counter

import pytest

from rnnbuild.data.bundled.bounds import bag_of_words_bound
from rnnbuild.data.bundled.reviews import (
    ADJECTIVES,
    ASPECTS,
    FILLERS,
    LEADS,
    REVIEWS,
    TAILS,
)
from tests.data.bundled.contents import made

ASPECT = "|".join(word for words in ASPECTS.values() for word in words.split())
ADJECTIVE = "|".join(word for words in ADJECTIVES for word in words)
OPINION = re.compile(
    rf"(?:everybody agreed that |to my mind |)the (?P<aspect>{ASPECT})(?: , all in all ,| , as "
    rf"always ,|) (?:was|seemed) (?P<not>not )?(?P<adjective>{ADJECTIVE})(?: to us|)"
    rf"|(?:i would|one could) (?P<not_2>not )?call the (?P<aspect_2>{ASPECT}) "
    rf"(?P<adjective_2>{ADJECTIVE})"
)
# How a reader takes it, most telling first: which of two opinions is the review's.
READINGS = (
    (r"it matters little .* what counts", 1),
    (r"what counts .* it matters little", 0),
    (r"it matters little", 1),
    (r"they told us .* now we know that [^,]", 1),
    (r"now we know .* they told us", 0),
    (r"last year .* this year", 1),
    (r"this year .* last year", 0),
    (r"at first .* in the end", 1),
    (r"in the end .* at first", 0),
    (r"i take that back", 1),
    (r"> , (although|even if) <", 0),
    (r"(although|even if) <", 1),
    (r"> , (but|yet) <", 1),
)


def opinions(text: str) -> list[tuple[str, str, bool]]:
    """Aspect, adjective and whether it is negated, of each opinion in its order."""
    return [
        (
            result["aspect"] or result["aspect_2"],
            result["adjective"] or result["adjective_2"],
            bool(result["not"] or result["not_2"]),
        )
        for result in OPINION.finditer(text)
    ]


def sentiment(adjective: str, negated: bool) -> bool:
    return (adjective in ADJECTIVES[1]) != negated


@pytest.fixture(scope="module")
def splits():
    return made(REVIEWS, size=2000)


def test_every_label_follows_from_what_is_said_and_in_what_order(splits):
    for rows in splits.present:
        for text, (label,) in zip(rows.texts, rows.targets, strict=True):
            result = [sentiment(adjective, negated) for _, adjective, negated in opinions(text)]
            assert len(result) == 2, text
            frame = OPINION.sub("<>", text)
            counts = next((place for sign, place in READINGS if re.search(sign, frame)), None)
            assert (counts is None) == (result[0] == result[1]) or result[0] == result[1], text
            meant = result[0] if counts is None else result[counts]
            assert label == ("positive" if meant else "negative"), text


def test_the_bound_of_bags_of_words_is_a_half_of_the_mirrored_reviews_and_all_others(splits):
    for rows in splits.present:
        bags: dict[frozenset[tuple[str, int]], Counter[str]] = {}
        for text, (label,) in zip(rows.texts, rows.targets, strict=True):
            bags.setdefault(frozenset(Counter(text.split()).items()), Counter())[label] += 1
        mirrored = sum(counts.total() for counts in bags.values() if len(counts) == 2)
        assert all(len(set(counts.values())) == 1 for counts in bags.values() if len(counts) == 2)
        assert 0.6 < mirrored / len(rows) < 0.8
        assert bag_of_words_bound(rows) == pytest.approx(1 - mirrored / len(rows) / 2)


def test_both_labels_are_equally_common(splits):
    for rows in splits.present:
        assert set(Counter(rows.targets).values()) == {len(rows) // 2}


def test_pairs_of_aspect_and_adjective_that_are_tested_were_never_trained_on(splits):
    pairs = [
        {opinion[:2] for text in rows.texts for opinion in opinions(text)}
        for rows in (splits.train, splits.test)
    ]
    assert all(pairs) and not pairs[0] & pairs[1]


def frames_of(texts: list[str]) -> set[str]:
    """What is left of each review without its lead, tail, fillers, aspects and adjectives."""
    lead = [lead.format(thing=thing) for lead in LEADS if lead for thing in ASPECTS]
    ends = [f"{tail} ." for tail in TAILS if tail]
    result = set()
    for text in texts:
        for neutral in (*lead, *ends, *FILLERS):
            text = text.replace(neutral, "")
        text = re.sub(rf"\b({ASPECT})\b", "ASPECT", text)
        text = re.sub(rf"\b({ADJECTIVE})\b", "ADJECTIVE", text).replace(" not ", " ")
        result.add(" ".join(text.split()))
    return result


def test_frames_that_are_tested_were_never_trained_on(splits):
    train, test = frames_of(splits.train.texts), frames_of(splits.test.texts)
    assert len(test) > 20 and not train & test


def test_every_word_that_is_tested_was_trained_on(splits):
    words = [set(" ".join(rows.texts).split()) for rows in (splits.train, splits.test)]
    assert words[1] <= words[0]
