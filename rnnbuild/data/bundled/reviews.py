"""Whether a review is positive or negative, where the same words in another order say the opposite.

Most reviews come in pairs with exactly the same words and opposite labels: two opinions change
places around the phrase that says which of them counts, or a "not" moves from one to the other. On
these, a model that counts words is correct half of the time at most.
"""

from pathlib import Path

from rnnbuild.data.bundled.bounds import bag_of_words_bound
from rnnbuild.data.bundled.card import SEED, Card, Dataset, Option
from rnnbuild.data.bundled.draw import DRAW, Draw, add_labelled, generate_splits
from rnnbuild.data.rows.rows import Rows, RowSplits

LABELS = ("negative", "positive")
PLAIN = 0.3
"""The share of reviews whose two opinions agree; the others come in mirrored pairs."""

# Eight aspects each, so that every one has another of the same thing to go with it, whatever
# pairs of words a split has.
ASPECTS = {
    "film": "plot acting dialogue music photography ending pace humour",
    "restaurant": "soup service dessert wine menu bread kitchen fish",
    "hotel": "bed breakfast view lobby shower reception garden lift",
    "phone": "screen battery camera speaker keyboard design charger manual",
    "book": "opening prose translation cover hero preface index style",
}
NEGATIVE = (
    "dull awful dreadful terrible poor disappointing horrible tedious dismal mediocre annoying "
    "lousy miserable unpleasant careless appalling clumsy shabby ghastly feeble"
)
POSITIVE = (
    "superb lovely brilliant splendid delightful excellent charming marvellous wonderful "
    "impressive pleasing outstanding enjoyable admirable fantastic great flawless magnificent "
    "perfect clever"
)
ADJECTIVES = (NEGATIVE.split(), POSITIVE.split())
"""By label."""

OPINIONS = (
    "the {aspect} was {not}{adjective}",
    "the {aspect} seemed {not}{adjective} to us",
    "i would {not}call the {aspect} {adjective}",
    "the {aspect} , all in all , was {not}{adjective}",
    "everybody agreed that the {aspect} was {not}{adjective}",
    "to my mind the {aspect} was {not}{adjective}",
    "one could {not}call the {aspect} {adjective}",
    "the {aspect} , as always , was {not}{adjective}",
)
FIRST, SECOND = 0, 1
CONTRASTS = (
    ("{0} , but {1}", SECOND),
    ("although {0} , {1}", SECOND),
    ("{0} , although {1}", FIRST),
    ("{0} , yet {1}", SECOND),
    ("even if {0} , {1}", SECOND),
    ("{0} , even if {1}", FIRST),
    ("it matters little that {0} : {1}", SECOND),
    ("what counts is that {0} . {filler} . it matters little that {1}", FIRST),
    ("it matters little that {0} . {filler} . what counts is that {1}", SECOND),
    ("they told us that {0} . {filler} . now we know that {1}", SECOND),
    ("now we know that {0} . {filler} . they told us that {1}", FIRST),
    ("last year {0} . {filler} . {filler} . this year {1}", SECOND),
    ("this year {0} . {filler} . {filler} . last year {1}", FIRST),
    ("at first {0} . {filler} . {filler} . in the end {1}", SECOND),
    ("in the end {0} . {filler} . {filler} . at first {1}", FIRST),
    ("{0} . {filler} . i take that back : {1}", SECOND),
)
"""Frames for two opinions, and which of the two is the review's."""
AGREEMENTS = (
    "{0} , and {1}",
    "{0} ; what is more , {1}",
    "{0} . {filler} . besides , {1}",
    "{0} . {filler} . in the same way {1}",
    "last year {0} . {filler} . this year {1} too",
    "they told us that {0} . {filler} . now we know that , and that {1}",
    "what counts is that {0} and that {1}",
    "at first {0} . {filler} . {filler} . in the end , too , {1}",
)
LEADS = (
    "",
    "",
    "a few words on this {thing} .",
    "our second time with this {thing} .",
    "my uncle chose this {thing} .",
    "we had read about this {thing} before .",
)
FILLERS = (
    "we went on a tuesday",
    "it had been raining all day",
    "my sister came along",
    "the tickets were in my other coat",
    "we had taken the early train",
    "a neighbour had lent us the money",
    "the children were with their aunt",
    "it was the week after easter",
    "i have two brothers and a cat",
    "our bus was on time",
    "somebody sat beside us and read",
    "the clock on the wall said nine",
)
TAILS = ("", "", "that is all", "i write this at home", "thank you for reading", "see you there")


class _Writer:
    """Writes reviews for one split, with the pairs that are its own."""

    def __init__(self, draw: Draw):
        self.draw = draw

    def opinion(self, form: int, aspect: str, adjective: str, negated: bool) -> str:
        return OPINIONS[form].format(
            aspect=aspect, adjective=adjective, **{"not": "not " if negated else ""}
        )

    def around(self, thing: str, middle: str) -> str:
        """A lead, the middle with its fillers, and a tail, all neutral."""
        while "{filler}" in middle:
            middle = middle.replace("{filler}", self.draw.any(FILLERS), 1)
        lead = self.draw.any(LEADS).format(thing=thing)
        tail = self.draw.any(TAILS)
        return f"{lead} {middle} . {tail} {'.' if tail else ''}"

    def forms(self, link: int) -> tuple[int, int]:
        """Two forms of an opinion that this split pairs with the phrase of that number."""
        return (
            self.draw.partner_number(link, len(OPINIONS)),
            self.draw.partner_number(link, len(OPINIONS)),
        )

    def adjectives(self, *aspects: int) -> list[int]:
        """The numbers of the adjectives that this split pairs with every one of the aspects."""
        many = range(len(ADJECTIVES[0]))
        return [n for n in many if all(self.draw.allows(aspect, n) for aspect in aspects)]

    def agreeing_pair(self) -> list[tuple[str, str]]:
        """One review of each label, of opinions that agree."""
        return [(self.plain(sentiment), label) for sentiment, label in enumerate(LABELS)]

    def plain(self, sentiment: int) -> str:
        thing = self.draw.any(tuple(ASPECTS))
        aspects = ASPECTS[thing].split()
        link = self.draw.below(len(AGREEMENTS))
        opinions = []
        for form in self.forms(link):
            aspect, negated = self.draw.below(len(aspects)), self.draw.chance(0.3)
            adjective = self.draw.partner(aspect, ADJECTIVES[sentiment ^ negated])
            opinions.append(self.opinion(form, aspects[aspect], adjective, negated))
        return self.around(thing, AGREEMENTS[link].format(*opinions, filler="{filler}"))

    def mirrored_pair(self) -> list[tuple[str, str]]:
        """Two reviews with the same words, one of each label."""
        thing = self.draw.any(tuple(ASPECTS))
        link = self.draw.below(len(CONTRASTS))
        pattern, counts = CONTRASTS[link]
        forms = self.forms(link)
        pairs = self.move_adjectives(thing) if self.draw.chance(0.6) else self.move_not(thing)
        pattern = self.around(thing, pattern.replace("{0}", "<0>").replace("{1}", "<1>"))
        reviews = []
        for pair in pairs:
            review = pattern
            for place, (form, (aspect, adjective, negated, _)) in enumerate(
                zip(forms, pair, strict=True)
            ):
                opinion = self.opinion(form, aspect, adjective, negated)
                review = review.replace(f"<{place}>", opinion)
            reviews.append((review, LABELS[pair[counts][3]]))
        return reviews

    def two_aspects(self, thing: str) -> tuple[int, int]:
        """Two aspects of the thing that this split pairs with a common adjective."""
        many = len(ASPECTS[thing].split())
        first = self.draw.below(many)
        others = [n for n in range(many) if n != first and self.adjectives(first, n)]
        return first, self.draw.any(others)

    def move_adjectives(self, thing: str) -> list[list[tuple[str, str, bool, int]]]:
        """Two opposite opinions, and the same with their adjectives exchanged."""
        names, two = ASPECTS[thing].split(), self.two_aspects(thing)
        negated = self.draw.chance(0.25)
        common = self.adjectives(*two)
        words = [ADJECTIVES[kind][self.draw.any(common)] for kind in (0, 1)]
        return [
            [
                (names[aspect], words[kind], negated, kind ^ negated)
                for aspect, kind in zip(two, kinds, strict=True)
            ]
            for kinds in ((0, 1), (1, 0))
        ]

    def move_not(self, thing: str) -> list[list[tuple[str, str, bool, int]]]:
        """Two adjectives of a kind, one with "not", and the same with "not" at the other."""
        names, two = ASPECTS[thing].split(), self.two_aspects(thing)
        kind = self.draw.below(2)
        words = [self.draw.partner(aspect, ADJECTIVES[kind]) for aspect in two]
        return [
            [
                (names[aspect], word, negated, kind ^ negated)
                for aspect, word, negated in zip(two, words, negations, strict=True)
            ]
            for negations in ((True, False), (False, True))
        ]

    def rows(self, size: int) -> Rows:
        rows = Rows()
        while len(rows) < size:
            for text, label in (
                self.agreeing_pair() if self.draw.chance(PLAIN) else self.mirrored_pair()
            ):
                add_labelled(rows, " ".join(text.split()), label)
        return rows


def reviews(size: int, seed: int) -> RowSplits:
    """`size` reviews, half of each label; rounded down to an even number."""
    return generate_splits(
        "classify", lambda draw, rows: _Writer(draw).rows(rows), size, seed, together=2
    )


REVIEWS = Dataset(
    Card(
        name="reviews",
        task="classify",
        level="word",
        title="whether a review is positive or negative, where word order decides",
        rows=(8000, 1000, 1000),
        origin=(
            "generated from `size` and `seed`. Seven in ten reviews come in pairs with exactly the "
            "same words and opposite labels: two opinions exchange their adjectives, or a `not` "
            "moves from one to the other, around the words that say which opinion counts (but, "
            "although, in the end, i take that back). No review of the test split has a pair "
            "of aspect and adjective, or of phrase and form of opinion, that is in the training "
            "split"
        ),
        licence="MIT, as the package",
        teaches=(
            "the role of order and distance: negation, contrast and late reversals, with neutral "
            "sentences between. Counting words cannot exceed the bound given below"
        ),
        best="100 %: every label follows from the words in their order",
        reached=(
            "accuracy 99.8 % in 8 epochs (bidirectional GRU of 64 units); naive Bayes 54.8 %, "
            "TF-IDF linear 50.0 %"
        ),
    ),
    load=reviews,
    sources=(Path(__file__), DRAW),
    options={"size": Option(default=10000, least=20, most=200_000), "seed": SEED},
    bounds={"accuracy of any bag of words": bag_of_words_bound},
)
