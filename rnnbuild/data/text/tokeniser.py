"""Text into tokens: the one rule, used when training and when predicting.

Nothing is imported but Python's own modules: an exported model has a copy of this file.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Literal

Level = Literal["word", "character", "byte"]
"""`byte` is for running text, which has a tokeniser of its own."""

Punctuation = Literal["apart", "attached", "stripped"]
"""What becomes of it in running text: tokens of its own; it stays where it is in what spaces
separate; or it is removed before that, as Keras' TextVectorization does unless told otherwise."""

EMPTY = ""
"""The one token of an empty text; no text contains it, and every vocabulary calls it unknown."""


STRIPPED = re.compile(r"[!\"#$%&()*+,\-./:;<=>?@\[\\\]^_`{|}~']")
"""The punctuation of ASCII (keras/src/layers/preprocessing/text_vectorization.py)."""
SPACES = re.compile(r"[\t-\r\x1c-\x20]+")
"""The white space of ASCII at which `str.split` splits."""


@dataclass(frozen=True)
class Tokeniser:
    """How the data's text becomes tokens.

    Words of running text: a word is a run of letters, digits and marks, with apostrophes inside
    it ("it's"); every other visible character is a token of its own, a run of the same one
    counting once ("..."). Scripts that leave no space between words need `character`.

    That is `punctuation: apart`. Otherwise a word is what spaces separate.

    `pretokenised` text comes as words already (CoNLL), which are taken as they are.
    Text is brought to Unicode's NFC form, so that an accented letter has one spelling.
    """

    level: Level = "word"
    lowercase: bool = False
    pretokenised: bool = False
    punctuation: Punctuation = "apart"

    def normal(self, text: str) -> str:
        """`text` in NFC form and, where asked for, in lower case and without punctuation."""
        if not text.isascii():
            text = unicodedata.normalize("NFC", text)
        if self.lowercase:
            text = text.lower()
        return STRIPPED.sub("", text) if self.punctuation == "stripped" else text

    def tokens(self, text: str) -> tuple[str, ...]:
        """The tokens of one running text, never none: an empty text is the token EMPTY."""
        text = self.normal(text)
        if self.level == "character":
            return tuple(text) if text.strip() else (EMPTY,)
        if self.punctuation != "apart":
            return tuple(piece for piece in SPACES.split(text) if piece) or (EMPTY,)
        tokens = [token for piece in text.split() for token in words_of(piece)]
        return tuple(tokens) or (EMPTY,)

    def words_of_lines(self, text: str) -> list[str]:
        """The words of lines that are in normal form and have no other space, each with a line
        feed as a word between them."""
        if self.punctuation != "apart":
            words = [word for line in text.split("\n") for word in ("\n", line) if word]
            return words[1:]
        words = words_and_spaces(text)
        # A line may contain white space that ASCII lacks.
        return words if text.isascii() else [w for w in words if w == "\n" or not w.isspace()]


def words_of(piece: str) -> list[str]:
    """The words and punctuation of a piece of text without white space."""
    return [piece] if piece.isalnum() else words_and_spaces(piece)


def words_and_spaces(text: str) -> list[str]:
    """The same for any text, with a run of the same white space as a token among them."""
    return [match.group() for match in _pattern().finditer(text)]


@cache
def _pattern() -> re.Pattern[str]:
    # Python's \w leaves out combining marks, without which an Indic word falls to pieces,
    # and the two joiners that occur inside Persian and Indic words.
    marks = [
        chr(code) for code in range(0x300, 0x10000) if unicodedata.category(chr(code))[0] == "M"
    ]
    word = rf"[\w{''.join(marks)}\u200c\u200d]+"
    return re.compile(rf"{word}(?:['’]{word})*|(.)\1*", re.DOTALL)
