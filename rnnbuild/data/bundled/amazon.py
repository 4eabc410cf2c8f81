"""The sense of each "amazon", river or company, which only the words after it show.

Sentences come in groups that are the same up to and including an "amazon" and differ after it:
half continue about the river, half about the company. Whatever a tagger has read by then, both
senses are equally common in every split: reading forward only, half can be correct at most.
"""

from pathlib import Path

from rnnbuild.data.bundled import bounds
from rnnbuild.data.bundled.card import SEED, Card, Dataset, Option
from rnnbuild.data.bundled.draw import DRAW, Draw, add_tagged, generate_splits
from rnnbuild.data.rows.rows import Rows, RowSplits

OTHER, RIVER, COMPANY = "O", "RIVER", "COMPANY"
SENSES = (RIVER, COMPANY)
AMBIGUOUS = "amazon"

# The words before carry no information, though some sound as if they did.
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
# Words that may come between an "amazon" and the words that show its sense.
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


class _Writer:
    """Writes sentences for one split, with the pairs of words that are its own."""

    def __init__(self, draw: Draw):
        self.draw = draw

    def opening(self) -> list[str]:
        subject = self.draw.below(len(SUBJECTS))
        words = (
            self.draw.any(LEADS),
            SUBJECTS[subject],
            self.draw.partner(subject, VERBS),
            AMBIGUOUS,
        )
        return " ".join(words).split()

    def ending(self, sense: str) -> list[str]:
        one = self.draw.chance(0.4)
        nouns = (NOUNS_OF_ONE if one else NOUNS_OF_MANY)[sense]
        frames = FRAMES_OF_ONE if one else FRAMES_OF_MANY
        noun = self.draw.below(len(nouns))
        clause = self.draw.partner(noun, frames).format(
            adjective=self.draw.partner(noun, ADJECTIVES), noun=nouns[noun]
        )
        return f"{self.draw.any(BRIDGES)} {clause}".replace(", ,", ",").split()

    def close(self) -> list[str]:
        return f"{self.draw.any(TAILS)} .".split()

    def two(self) -> list[tuple[list[str], list[str]]]:
        """Two sentences of one opening, one for each sense."""
        opening = self.opening()
        return [(opening + self.ending(sense) + self.close(), [sense]) for sense in SENSES]

    def four(self) -> list[tuple[list[str], list[str]]]:
        """Four sentences that name it twice, one for each pair of senses."""
        opening = self.opening()
        sentences = []
        for first in SENSES:
            begun = opening + self.ending(first) + self.draw.any(LINKS).split() + self.opening()
            sentences += [
                (begun + self.ending(second) + self.close(), [first, second]) for second in SENSES
            ]
        return sentences

    def rows(self, size: int) -> Rows:
        rows = Rows()
        while len(rows) < size:
            left = size - len(rows)
            for words, senses in self.four() if left >= 4 and self.draw.chance(0.5) else self.two():
                following = iter(senses)
                add_tagged(
                    rows, words, [next(following) if word == AMBIGUOUS else OTHER for word in words]
                )
        return rows


def amazon(size: int, seed: int) -> RowSplits:
    """`size` sentences, rounded down to an even number, since they come in pairs."""
    return generate_splits(
        "tag", lambda draw, rows: _Writer(draw).rows(rows), size, seed, together=2
    )


def forward_only_bound(rows: Rows) -> float:
    """The best accuracy on "amazon" of any tagger that reads forward only."""
    return bounds.forward_only_bound(rows, lambda word, tag: word == AMBIGUOUS)


AMAZON = Dataset(
    Card(
        name="amazon",
        task="tag",
        level="word",
        title="which sense each `amazon` has, river or company, where words after it decide",
        rows=(4800, 600, 600),
        origin=(
            "generated from `size` and `seed`. Sentences are the same up to an `amazon` and then "
            "differ, half for each sense; half of them name it twice. No sentence of the test "
            "split has a pair of adjective and noun, of phrase and noun, or of subject and "
            "verb that is in the training split"
        ),
        licence="MIT, as the package",
        teaches=(
            "why a tagger reads in both directions: forward only, it must answer before it can "
            "know, and no number of units changes that"
        ),
        best="100 %: the words after it decide; forward only, half of them can be correct",
        reached=(
            "token accuracy 100 % in 8 epochs (bidirectional GRU of 64 units); the same forward "
            "only 97.6 %, the same as the most frequent tag, which is 50 % on `amazon`"
        ),
        paper="Schuster and Paliwal 1997, Bidirectional Recurrent Neural Networks",
    ),
    load=amazon,
    sources=(Path(__file__), DRAW),
    options={"size": Option(default=6000, least=20, most=200_000), "seed": SEED},
    bounds={"accuracy on `amazon`, reading forward only": forward_only_bound},
)
