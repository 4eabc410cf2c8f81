"""Scores that no model of a kind can exceed on given rows, counted from the rows alone."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable

from rnnbuild.data.rows.rows import Rows


def best_share(answers: Iterable[tuple[Hashable, str]]) -> float:
    """The best share of correct answers where nothing but its key is known of each.

    The best strategy is to give the most common answer of each key.
    """
    by_key: defaultdict[Hashable, Counter[str]] = defaultdict(Counter)
    for key, answer in answers:
        by_key[key][answer] += 1
    correct = sum(max(counts.values()) for counts in by_key.values())
    return correct / sum(counts.total() for counts in by_key.values())


def bag_of_words_bound(rows: Rows) -> float:
    """The best accuracy of any model that sees only the count of each word in a text."""
    return best_share(
        (tuple(sorted(text.split())), label)
        for text, (label,) in zip(rows.texts, rows.targets, strict=True)
    )


def forward_only_bound(rows: Rows, counted: Callable[[str, str], bool]) -> float:
    """The best token accuracy of any tagger that has read up to each word and no further.

    `counted` says whether a word with its tag counts.
    """
    return best_share(
        (sentence[: place + 1], tags[place])
        for sentence, tags in zip(rows.words, rows.targets, strict=True)
        for place, word in enumerate(sentence)
        if counted(word, tags[place])
    )


def word_alone_bound(rows: Rows) -> float:
    """The best token accuracy of any tagger that sees each word without the others."""
    return best_share(
        pair
        for sentence, tags in zip(rows.words, rows.targets, strict=True)
        for pair in zip(sentence, tags, strict=True)
    )
