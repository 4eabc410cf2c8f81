"""How well the words of a text say each of its possible labels: which one was probably meant."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import log

from rnnbuild.data.text.tokeniser import Tokeniser

ROWS = 5_000
EVERY = 5
"""Every so many rows are predicted from the others."""


@dataclass(frozen=True)
class Predicted:
    """The share of held-out labels that naive Bayes answers, and that of the most common one."""

    share: float
    common: float

    @property
    def gain(self) -> float:
        """The part of the errors of the most common label that the words save."""
        return (self.share - self.common) / (1 - self.common) if self.common < 1 else 0.0


def predicted(texts: Sequence[str], labels: Sequence[str]) -> Predicted:
    """Multinomial naive Bayes with add-one smoothing, on every fifth of the rows with a label."""
    words = Tokeniser("word", lowercase=True)
    rows = [
        (words.tokens(text), label.strip())
        for text, label in zip(texts[:ROWS], labels[:ROWS], strict=True)
        if label.strip()
    ]
    train = [row for number, row in enumerate(rows) if number % EVERY]
    held_out = rows[::EVERY]
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for tokens, label in train:
        counts[label].update(tokens)
    priors = Counter(label for _, label in train)
    if not held_out or not priors:
        return Predicted(0.0, 0.0)
    vocabulary = len(set().union(*counts.values()))
    totals = {label: sum(count.values()) + vocabulary for label, count in counts.items()}

    def score(label: str, tokens: Sequence[str]) -> float:
        own, total = counts[label], totals[label]
        return log(priors[label]) + sum(log((own[token] + 1) / total) for token in tokens)

    common = priors.most_common(1)[0][0]
    correct = sum(
        max(priors, key=lambda each: score(each, tokens)) == label for tokens, label in held_out
    )
    usual = sum(label == common for _, label in held_out)
    return Predicted(correct / len(held_out), usual / len(held_out))
