"""The sense of each "amazon", river or company, where only words after it tell.

Sentences come in groups that are the same up to and including an "amazon" and then part: half go
on about the river, half about the company. So whatever a tagger has read by then, both senses
are equally common in every split: reading forward only, no tagger at all is right more than half
of the time.
"""

import random
from collections.abc import Sequence
from pathlib import Path

from rnnbuild.data.bundled.card import SEED, Card, Dataset, Option
from rnnbuild.data.rows import Rows, RowSplits

OTHER, RIVER, COMPANY = "O", "RIVER", "COMPANY"
SENSES = (RIVER, COMPANY)
AMBIGUOUS = "amazon"

# What comes before tells nothing, though some of it sounds as if it did.
LEADS = (
    "",
    "",
    "yesterday",
    "as you know ,",
    "after a long swim in the river ,",
    "while the parcels were unpacked ,",
    "with a canoe on the roof ,",
    "waiting for a refund ,",
    "deep in the forest ,",
    "at the warehouse ,",
)
SUBJECTS = (
    "i",
    "we",
    "my sister",
    "our neighbours",
    "the teacher",
    "an old friend",
    "her uncle",
    "both students",
    "the whole family",
    "someone at work",
    "his cousin",
    "the new guide",
)
VERBS = (
    "loved",
    "remembered",
    "praised",
    "described",
    "mentioned",
    "recommended",
    "discussed",
    "studied",
    "read about",
    "dreamt of",
    "heard of",
    "wrote about",
)
# What may stand between an "amazon" and the words that tell its sense.
BRIDGES = (
    "",
    "",
    "",
    "again and again",
    "last summer",
    ", as far as one can tell ,",
    ", or so they say ,",
    "with much delight",
    "in a long letter to a friend",
    ", after many years of doubt ,",
)
ADJECTIVES = (
    "great",
    "fantastic",
    "wonderful",
    "terrible",
    "strange",
    "famous",
    "remarkable",
    "dreadful",
    "lovely",
    "peculiar",
    "splendid",
    "disappointing",
    "brilliant",
    "mighty",
    "dull",
    "surprising",
)
FRAMES_OF_ONE = (
    ", it's a {adjective} {noun}",
    "because it is such a {adjective} {noun}",
    ", which to everybody is a {adjective} {noun}",
    ", truly a {adjective} {noun}",
)
FRAMES_OF_MANY = (
    "for its {adjective} {noun}",
    ", it has such {adjective} {noun}",
    "because of the {adjective} {noun}",
    ", mostly thanks to its {adjective} {noun}",
    "and above all the {adjective} {noun} there",
    ", where one always finds {adjective} {noun}",
    "although people complain about its {adjective} {noun}",
    "and told stories about the {adjective} {noun}",
)
NOUNS_OF_ONE = {
    RIVER: ("river", "stream", "waterway", "torrent", "estuary", "wilderness"),
    COMPANY: ("company", "shop", "retailer", "employer", "marketplace", "website"),
}
NOUNS_OF_MANY = {
    RIVER: (
        *("water", "currents", "rapids", "riverbanks", "dolphins", "piranhas", "forests"),
        *("tributaries", "islands", "floods", "mud", "wildlife", "canoes", "parrots"),
    ),
    COMPANY: (
        *("service", "delivery", "prices", "parcels", "refunds", "warehouses", "discounts"),
        *("customers", "orders", "returns", "shipping", "offers", "vouchers", "couriers"),
    ),
}
LINKS = ("and then", "but", ", whereas", "; later", "and so")
TAILS = ("", "", "that evening", "to everyone's surprise", "before dinner", ", nothing else")

# Pairs of words fall into four kinds; a split keeps to its own, so that what it says is new.
KINDS = 4
TEST, VALIDATION, TRAIN = (0,), (1,), (2, 3)


class _Writer:
    """Writes sentences for one split out of the pairs of words that it keeps to."""

    def __init__(self, seed: int, kinds: tuple[int, ...]):
        self.kinds = kinds
        # Only `random()` is promised to give the same numbers in every version of Python.
        self.draw = random.Random(seed * KINDS + kinds[0]).random

    def any(self, of: Sequence[str]) -> str:
        return of[int(self.draw() * len(of))]

    def partner(self, number: int, of: Sequence[str]) -> str:
        """One of those that this split pairs with the word of that number."""
        allowed = [word for place, word in enumerate(of) if (number + place) % KINDS in self.kinds]
        return self.any(allowed)

    def opening(self) -> list[str]:
        subject = int(self.draw() * len(SUBJECTS))
        words = (self.any(LEADS), SUBJECTS[subject], self.partner(subject, VERBS), AMBIGUOUS)
        return " ".join(words).split()

    def ending(self, sense: str) -> list[str]:
        one = self.draw() < 0.4
        nouns = (NOUNS_OF_ONE if one else NOUNS_OF_MANY)[sense]
        frames = FRAMES_OF_ONE if one else FRAMES_OF_MANY
        noun = int(self.draw() * len(nouns))
        clause = self.partner(noun, frames).format(
            adjective=self.partner(noun, ADJECTIVES), noun=nouns[noun]
        )
        return f"{self.any(BRIDGES)} {clause}".replace(", ,", ",").split()

    def close(self) -> list[str]:
        return f"{self.any(TAILS)} .".split()

    def two(self) -> list[tuple[list[str], list[str]]]:
        """Two sentences of one opening, one for each sense."""
        opening = self.opening()
        return [(opening + self.ending(sense) + self.close(), [sense]) for sense in SENSES]

    def four(self) -> list[tuple[list[str], list[str]]]:
        """Four sentences that name it twice, one for each pair of senses, parting at both."""
        opening = self.opening()
        sentences = []
        for first in SENSES:
            begun = opening + self.ending(first) + self.any(LINKS).split() + self.opening()
            sentences += [
                (begun + self.ending(second) + self.close(), [first, second]) for second in SENSES
            ]
        return sentences

    def rows(self, size: int) -> Rows:
        rows = Rows()
        while len(rows) < size:
            left = size - len(rows)
            for words, senses in self.four() if left >= 4 and self.draw() < 0.5 else self.two():
                following = iter(senses)
                tags = [next(following) if word == AMBIGUOUS else OTHER for word in words]
                rows.texts.append(" ".join(words))
                rows.words.append(tuple(words))
                rows.targets.append(tuple(tags))
        return rows


def amazon(size: int, seed: int) -> RowSplits:
    """`size` sentences, a tenth each for validation and test; odd numbers lose one, as sentences
    come at least in twos."""
    held_out = max(1, round(size / 20)) * 2
    training = (size - 2 * held_out) // 2 * 2
    return RowSplits(
        "tag",
        "word",
        train=_Writer(seed, TRAIN).rows(training),
        validation=_Writer(seed, VALIDATION).rows(held_out),
        test=_Writer(seed, TEST).rows(held_out),
        pretokenised=True,
    )


def forward_only_bound(rows: Rows) -> tuple[float, float]:
    """The best accuracy of any tagger that reads forward only: on "amazon", and on all words.

    Counted from the sentences alone: at each "amazon", the best that can be answered knowing
    all words up to it is the sense that is most frequent after those words.
    """
    senses: dict[tuple[str, ...], list[str]] = {}
    words = 0
    for sentence, tags in zip(rows.words, rows.targets, strict=True):
        words += len(sentence)
        for place, word in enumerate(sentence):
            if word == AMBIGUOUS:
                senses.setdefault(sentence[: place + 1], []).append(tags[place])
    ambiguous = sum(map(len, senses.values()))
    right = sum(max(map(found.count, SENSES)) for found in senses.values())
    return right / ambiguous, (words - ambiguous + right) / words


AMAZON = Dataset(
    Card(
        name="amazon",
        task="tag",
        level="word",
        title="which sense each `amazon` has, river or company, where words after it decide",
        rows=(4800, 600, 600),
        origin=(
            "generated from `size` and `seed`. Sentences are the same up to an `amazon` and then "
            "part, half to each sense; half of them name it twice. No sentence of the test "
            "split holds a pair of adjective and noun, of phrase and noun, or of subject and "
            "verb that the training split holds"
        ),
        licence="MIT, as the package",
        teaches=(
            "why a tagger reads both ways: forward only, it must answer before it can know, "
            "and no number of units mends that"
        ),
        best="",
        paper="Schuster and Paliwal 1997, Bidirectional Recurrent Neural Networks",
    ),
    load=amazon,
    sources=(Path(__file__),),
    options={"size": Option(default=6000, least=20), "seed": SEED},
)
