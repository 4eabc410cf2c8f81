"""The shape of a word: its capitals, digits and ending, for words that are rare or unseen.

A shape names capitals, digits and hyphens, and in its finer forms the last letters:
`Xx`, `Xx-ton`; `00`, `00:00`; `x`, `x-ing`. Such classes of unknown words are usual in parsing
and tagging: Petrov, Barrett, Thibaux and Klein 2006, Learning accurate, compact, and interpretable
tree annotation; Huang, Xu and Yu 2015, Bidirectional LSTM-CRF models for sequence tagging.
"""

import re
from collections import Counter
from collections.abc import Iterable

LEAST_WORDS = 5
"""Number of different rare training words that a shape needs; otherwise a coarser one is used."""

_RUNS = re.compile(r"(.)\1+")


def shapes_of(word: str) -> tuple[str, ...]:
    """The shapes of a word, the finest first."""
    coarse = _outline(word)
    if len(word) < 4 or not word[-2:].isalpha():
        return (coarse,)
    ending = word.lower()
    return (f"{coarse}-{ending[-3:]}", f"{coarse}-{ending[-2:]}", coarse)


def learned_shapes(rare: Iterable[str]) -> tuple[str, ...]:
    """The shapes that enough of the `rare` words have, in the order of their names."""
    counts = Counter(shape for word in rare for shape in shapes_of(word))
    return tuple(sorted(shape for shape, words in counts.items() if words >= LEAST_WORDS))


def _outline(word: str) -> str:
    """`Xx` of London, `X` of NASA, `xXx` of iPhone, `00` of 1984, `00.00` of 3.14, `x-x`."""
    signs = "".join(map(_sign, word))
    return _RUNS.sub(lambda run: "00" if run[1] == "0" else run[1], signs)


def _sign(character: str) -> str:
    if character.isdigit():
        return "0"
    if character.isalpha():
        return "X" if character.isupper() else "x"
    return character
