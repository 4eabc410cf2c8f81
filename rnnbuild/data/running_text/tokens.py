"""Running text into tokens and back: the one rule, in training, in answers and in generated text.

Nothing is imported but Python's own modules and the tokeniser: an exported model has a copy.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rnnbuild.data.text.tokeniser import Level, words_of

LINE_END = "\n"
"""Ends a line; of words, a token of its own, as <eos> is in the Penn Treebank."""
UNKNOWN_SIGN = "\N{REPLACEMENT CHARACTER}"
"""In place of a token that is not in training."""
BYTES = tuple(map(chr, range(256)))
"""Every token of `level: byte`: the character with the byte's number."""
CLOSING = frozenset(",.;:!?)]}’”…%")
OPENING = frozenset("([{‘“")


def start_of_text(ids: Mapping[str, int]) -> int:
    """The id that is read before a text without any token: as if a line had ended; where no line
    end is known, that of the most common token. `ids` are those of a vocabulary, in its order."""
    return ids.get(LINE_END) or next(iter(ids.values()))


@dataclass(frozen=True)
class RunningTokens:
    """How running text becomes tokens.

    character  each character, line ends among them
    byte       each byte of its UTF-8, as the character with that number
    word       words and punctuation as `Tokeniser` divides them, and the end of each line; blanks
               are not kept

    Characters and words are brought to Unicode's NFC form; line ends become LINE_END.
    """

    level: Level = "character"
    lowercase: bool = False

    @property
    def unit(self) -> str:
        """What one token is called: those of words are punctuation and line ends, too."""
        return "token" if self.level == "word" else self.level

    def normal(self, text: str) -> str:
        """The text as it is read."""
        if "\r" in text:
            text = text.replace("\r\n", LINE_END).replace("\r", LINE_END)
        if self.level != "byte" and not text.isascii():
            text = unicodedata.normalize("NFC", text)
        return text.lower() if self.lowercase else text

    def tokens(self, text: str) -> Sequence[str]:
        """The tokens of a text; none of an empty one."""
        text = self.normal(text)
        if self.level == "character":
            return text
        if self.level == "byte":
            # Half of a surrogate pair is three bytes, as any other character of its range.
            return text.encode("utf-8", "surrogatepass").decode("latin-1")
        return list(self._words(text))

    def _words(self, text: str) -> Iterator[str]:
        *lines, last = text.split(LINE_END)
        for line in lines:
            for piece in line.split():
                yield from words_of(piece)
            yield LINE_END
        for piece in last.split():
            yield from words_of(piece)

    def sizes(self, text: str) -> list[int]:
        """The number of characters of a text that each of its tokens is; together all of them.

        White space belongs to the word before it, or to the first of its line. Of bytes, the first
        of a character counts.
        """
        if self.level != "word":
            return list(map(self.characters, self.tokens(text)))
        *lines, last = self.normal(text).split(LINE_END)
        sizes: list[int] = []
        for line in lines:
            sizes += sizes_in(line)
            sizes.append(len(LINE_END))
            if not line.strip():
                sizes[-1] += len(line)
        if sizes and not last.strip():
            sizes[-1] += len(last)
        return sizes + sizes_in(last)

    def text_of(self, tokens: Iterable[str]) -> str:
        """The text of tokens: words are separated by blanks, but not from closing punctuation."""
        return "".join(self.pieces_of(tokens))

    def pieces_of(self, tokens: Iterable[str]) -> Iterator[str]:
        """The same token by token, as it is written while it comes.

        A character of several bytes comes with its last one; bytes that are none as U+FFFD.
        """
        if self.level == "character":
            yield from tokens
        elif self.level == "byte":
            yield from characters_of_bytes(tokens)
        else:
            before = LINE_END
            for token in tokens:
                # Two full stops would be one token without the blank between them.
                near = (token in CLOSING or before in OPENING) and before[-1] != token[0]
                yield token if near or LINE_END in (before, token) else f" {token}"
                before = token

    def readable(self, token: str) -> str:
        """A token as a person reads it by itself: `0xC3` of a byte beyond ASCII."""
        return f"0x{ord(token):02X}" if self.level == "byte" and not token.isascii() else token

    def characters(self, token: str) -> int:
        """The number of characters that a token adds to a text that is not there to be counted.

        Of a character in UTF-8 the first byte counts. A word counts with the white space after it,
        be it a line's end; with closing punctuation there, the white space is after that.
        """
        if self.level == "character":
            return 1
        if self.level == "byte":
            return int(not 0x80 <= ord(token) < 0xC0)
        if token == LINE_END:
            return 0
        return len(token) + (token not in CLOSING and token not in OPENING)


def sizes_in(line: str) -> list[int]:
    """The number of characters of each word of a line, white space included; none without words."""
    sizes: list[int] = []
    end = 0
    for piece in line.split():
        start = line.index(piece, end)
        first, *others = map(len, words_of(piece))
        if sizes:
            sizes[-1] += start - end
        else:
            first += start
        sizes += [first, *others]
        end = start + len(piece)
    if sizes:
        sizes[-1] += len(line) - end
    return sizes


def characters_of_bytes(tokens: Iterable[str]) -> Iterator[str]:
    """The text of bytes, each as the character with its number; some may give no character yet."""
    # Not at the top: only bytes need it.
    from codecs import getincrementaldecoder

    decoder = getincrementaldecoder("utf-8")("replace")
    for token in tokens:
        yield decoder.decode(token.encode("latin-1"))
    yield decoder.decode(b"", final=True)
