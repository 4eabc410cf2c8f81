"""What no model of a kind can exceed on given rows: counted from the rows alone."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable

from rnnbuild.data.rows.rows import Rows


def best_share(answers: Iterable[tuple[Hashable, str]]) -> float:
    """The most that is right where all that is seen of each answer is its key.

    At best, the commonest answer of each key is given.
    """
    found: defaultdict[Hashable, Counter[str]] = defaultdict(Counter)
    for key, answer in answers:
        found[key][answer] += 1
    right = sum(max(counts.values()) for counts in found.values())
    return right / sum(counts.total() for counts in found.values())


def bag_of_words_bound(rows: Rows) -> float:
    """The best accuracy of any model that sees how often each word stands in a text, no more."""
    return best_share(
        (tuple(sorted(text.split())), label)
        for text, (label,) in zip(rows.texts, rows.targets, strict=True)
    )


def forward_only_bound(rows: Rows, counted: Callable[[str, str], bool]) -> float:
    """The best token accuracy of any tagger that has read up to each word and no further.

    `counted` tells of a word and its tag whether it counts.
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
