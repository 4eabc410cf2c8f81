"""A Markov source: the next letter depends on the letters just before, and its entropy is known.

Of each letters before, a few letters may follow, with probabilities that the seed decides. So the
best possible score is known exactly: the entropy rate of the source (Shannon 1948, section 7).
"""

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.bundled.card import SEED, Card, Dataset, Option, Options
from rnnbuild.data.bundled.draw import DRAW, VALIDATION, Draw, split_sizes
from rnnbuild.data.rows.rows import Rows, RowSplits

FloatArray = NDArray[np.float64]

LETTERS = "abcdefgh"
FOLLOWING = 3
"""Letters that may follow each letters before."""
UNWRITTEN = 1000
"""Letters at the start that are not written: which come first is soon forgotten."""


@dataclass(frozen=True)
class Source:
    """A Markov source of some order, whose contexts are the last `order` letters.

    A context is a number in base 8, its last letter the last digit.

    probabilities: float64 (contexts, letters), of each letter after each context
    """

    order: int
    probabilities: FloatArray

    @property
    def following(self) -> NDArray[np.int64]:
        """The context after each context and letter, int64 (contexts, letters)."""
        contexts, letters = self.probabilities.shape
        after: NDArray[np.int64] = np.arange(contexts * letters) % contexts
        return after.reshape(contexts, letters)

    @cached_property
    def stationary(self) -> FloatArray:
        """How often each context occurs in the long run, (contexts,).

        It is the one solution of p = p P that adds up to 1: the next letter of the alphabet may
        follow everywhere, so that every context leads to the same others.
        """
        contexts = len(self.probabilities)
        equations = -np.eye(contexts)
        np.add.at(equations, (self.following, np.arange(contexts)[:, None]), self.probabilities)
        equations[-1] = 1
        solution: FloatArray = np.linalg.solve(equations, np.eye(contexts)[-1])
        # What never occurs is rounded to either side of 0.
        return np.clip(solution, 0.0, None)

    def conditional(self, known: int) -> FloatArray:
        """The probability of each letter after the last `known` ones, (8 ** known, letters).

        It is 0 for all letters after what never occurs.
        """
        joint = self.stationary[:, None] * self.probabilities
        # The first digits of a context are summed over: (forgotten, known) -> (known,).
        joint = joint.reshape(-1, len(LETTERS) ** known, len(LETTERS)).sum(axis=0)
        totals = joint.sum(axis=1, keepdims=True)
        given: FloatArray = np.divide(joint, totals, out=np.zeros_like(joint), where=totals > 0)
        return given

    @property
    def entropy_rate(self) -> float:
        """Nats a letter: what the best possible model is surprised by, in the long run."""
        logarithms = np.log(np.where(self.probabilities > 0, self.probabilities, 1.0))
        return float(-self.stationary @ (self.probabilities * logarithms).sum(axis=1))

    def nats(self, text: str, known: int) -> float:
        """Mean -ln of the source's probabilities of each letter but the first of a text.

        Each is given the last `known` letters, or as many as there are.
        """
        letters = np.frombuffer(text.encode("ascii"), np.uint8).astype(np.int64) - ord(LETTERS[0])
        contexts = np.zeros(len(letters), np.int64)
        total = 0.0
        for place in range(1, min(known, len(letters) - 1) + 1):
            contexts[place:] += letters[:-place] * len(LETTERS) ** (place - 1)
        for place in range(1, min(known, len(letters))):
            total -= np.log(self.conditional(place)[contexts[place], letters[place]])
        given = self.conditional(known)[contexts, letters]
        rest = given[max(known, 1) :]
        return float((total - np.log(rest).sum()) / (len(letters) - 1))


@lru_cache(maxsize=4)
def source_of(order: int, seed: int) -> Source:
    """The source of that order and seed."""
    # Random numbers that `markov` does not write with.
    draw, letters = Draw(seed, VALIDATION), len(LETTERS)
    rows = []
    for context in range(letters**order):
        # The next letter of the alphabet, and others at random.
        weights = [0.0] * letters
        others = [letter for letter in range(letters) if letter != (context + 1) % letters]
        weights[(context + 1) % letters] = draw.random()
        for _ in range(FOLLOWING - 1):
            weights[others.pop(draw.below(len(others)))] = draw.random()
        # Added up in this order: sums of NumPy and of Python 3.12 round in their own ways.
        *_, total = accumulate(weights)
        rows.append([weight / total for weight in weights])
    return Source(order, np.array(rows))


def markov(length: int, size: int, seed: int) -> RowSplits:
    """`size` letters in a row, of which the last two tenths are held out."""
    draw, source = Draw(seed), source_of(length, seed)
    cumulative = [list(accumulate(row)) for row in source.probabilities.tolist()]
    following = source.following.tolist()
    context, letters = 0, []
    for _ in range(UNWRITTEN + size):
        ends = cumulative[context]
        # Rounded, the end of the last may be below 1.
        letter = bisect_right(ends, draw.random() * ends[-1])
        letters.append(LETTERS[letter])
        context = following[context][letter]
    text = "".join(letters[UNWRITTEN:])
    train, validation, _ = split_sizes(size)
    return RowSplits(
        "language-model",
        "character",
        Rows([text[:train]]),
        Rows([text[train : train + validation]]),
        Rows([text[train + validation :]]),
    )


def entropy_rate(rows: Rows, options: Options) -> float:
    """The entropy rate of the source with these options, in nats, whatever its text."""
    return source_of(options["length"], options["seed"]).entropy_rate


def own_nats(rows: Rows, options: Options) -> float:
    """The mean nats of the source's own probabilities on its text."""
    return nats_knowing(options["length"], rows, options)


def bigram_nats(rows: Rows, options: Options) -> float:
    """The same of who knows the source, but only the last letter of the text."""
    return nats_knowing(1, rows, options)


def nats_knowing(known: int, rows: Rows, options: Options) -> float:
    (text,) = rows.texts
    return source_of(options["length"], options["seed"]).nats(text, known)


MARKOV = Dataset(
    Card(
        name="markov",
        task="language-model",
        level="character",
        title="the next letter of a random source whose entropy is known",
        rows=(400_000, 50_000, 50_000),
        origin=(
            "generated from `length`, `size` and `seed`: `size` letters from a to h. Which three "
            "letters may follow the last `length` ones, and how often, is drawn by the seed; the "
            "first eight tenths of the text are trained on, the last tenth is the test split"
        ),
        licence="MIT, as the package",
        teaches=(
            "what the scores of a language model mean: a source has an entropy, and the best model "
            "is as surprised as that. A network that remembers reaches it, and what remains is "
            "chance. So do n-grams of `length` + 1 letters, counted in a second"
        ),
        best=(
            "0.9167 nats per letter, perplexity 2.501: the entropy rate of the source, exact for "
            "the default `length` and `seed`; no model is better in the long run, though on few "
            "letters it may be by luck. Knowing only the last letter, 1.538 nats; knowing none, "
            "2.061"
        ),
        reached=(
            "0.9190 nats in 8 epochs (GRU of 64 units) on the test split, where the source itself "
            "scores 0.9157 and a Kneser-Ney 3-gram 0.9163"
        ),
        paper="Shannon 1948, A Mathematical Theory of Communication, section 7",
    ),
    load=markov,
    sources=(Path(__file__), DRAW),
    options={
        "length": Option(default=2, least=1, most=3),
        "size": Option(default=500_000, least=100, most=2_000_000),
        "seed": SEED,
    },
    source_scores={
        "the source, in the long run": entropy_rate,
        "the source, on this split": own_nats,
        "the source, knowing one letter back": bigram_nats,
    },
)
