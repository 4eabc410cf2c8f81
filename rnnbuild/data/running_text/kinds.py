"""What kind of token it is: the first letter of a word, punctuation, a line end."""

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.running_text.codec import FIRST_UNIT, RunningTextCodec
from rnnbuild.data.running_text.tokens import LINE_END
from rnnbuild.data.text.tokeniser import Level

KINDS = (
    *("first letter of a word", "later letter of a word", "word"),
    *("digit", "blank", "line end", "punctuation", "unknown"),
)
FIRST_LETTER, LATER_LETTER, WORD, DIGIT, BLANK, ENDED, PUNCTUATION, UNKNOWN = range(len(KINDS))

Ids = NDArray[np.int32]


def kinds_of(codec: RunningTextCodec, before: Ids, tokens: Ids) -> NDArray[np.int64]:
    """The kind of each token, by its number in KINDS; `before` has the tokens before them.

    A byte beyond ASCII is a part of a letter.
    """
    alone = [kind_alone(word, codec.level) for word in codec.vocabulary.words]
    # Padding and the unknown token have the first ids.
    by_id = np.array([UNKNOWN] * (FIRST_UNIT + 1) + alone, np.int64)
    kinds: NDArray[np.int64] = by_id[tokens]
    kinds[(kinds == FIRST_LETTER) & (by_id[before] == FIRST_LETTER)] = LATER_LETTER
    return kinds


def kind_alone(token: str, level: Level) -> int:
    """The kind of a token whatever is before it: a letter is the first of its word."""
    if token == LINE_END:
        return ENDED
    if level == "byte" and not token.isascii():
        return FIRST_LETTER
    if token.isspace():
        return BLANK
    if token.isdigit():
        return DIGIT
    if any(map(str.isalnum, token)):
        return WORD if level == "word" else FIRST_LETTER
    return PUNCTUATION
