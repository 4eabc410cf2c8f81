"""The words of a text, each with what all of its tokens cost."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rnnbuild.data.text.tokeniser import words_and_spaces
from rnnbuild.data.text.vocabulary import UNKNOWN
from rnnbuild.inference.generation.surprise import Surprise, SurprisingToken


@dataclass(frozen=True)
class SurprisingWord:
    """A word or a sign of punctuation, without the blank before it.

    number:       from 1, through all of the file
    line, column: its place, from 1
    nats:         what all its tokens cost, to six digits; None where one of them is not scored
    tokens:       their number: of characters or bytes those of the word
    known:        whether the model knows them all
    """

    number: int
    word: str
    line: int
    column: int
    nats: float | None
    tokens: int
    known: bool


@dataclass(frozen=True)
class TextSurprise:
    """What a text costs: `nats` a token, and each of its tokens and words."""

    nats: float
    tokens: Sequence[SurprisingToken]
    words: Sequence[SurprisingWord]


def every_word(surprise: Surprise) -> tuple[list[SurprisingWord], list[int]]:
    """The words in the order of the text, and the place among all tokens of the one of each that
    costs most."""
    words, places, end = [], [], 0
    for word in words_and_spaces(surprise.text):
        begin, end = end, end + len(word)
        if not word.isspace():
            words.append(word)
            places.append((begin, end))
    bounds = np.searchsorted(surprise.starts, np.array(places, np.int64).reshape(-1, 2))
    lines, columns = surprise.lines_and_columns
    given: list[SurprisingWord] = []
    dearest: list[int] = []
    for word, (begin, end) in zip(words, bounds.tolist(), strict=True):
        if begin == end:
            continue
        costs = surprise.nats[begin:end]
        given.append(
            SurprisingWord(
                number=len(given) + 1,
                word=word,
                line=int(lines[begin]),
                column=int(columns[begin]),
                nats=None if np.isnan(costs).any() else round(float(costs.sum()), 6),
                tokens=end - begin,
                known=bool((surprise.ids[begin:end] != UNKNOWN).all()),
            )
        )
        dearest.append(begin + int(np.nan_to_num(costs).argmax()))
    return given, dearest


def text_surprise(surprise: Surprise) -> TextSurprise:
    """The same as plain values."""
    words, _ = every_word(surprise)
    return TextSurprise(round(surprise.mean, 6), tuple(surprise.every_token()), tuple(words))
